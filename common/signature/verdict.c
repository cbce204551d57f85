#include "common/signature/verdict.h"

static const char *const names[VERDICT_COUNT] = {
	[VERDICT_UNVERIFIED] = "unverified",
	[VERDICT_VALID] = "valid",
	[VERDICT_INVALID] = "invalid",
	[VERDICT_EXPIRED] = "expired",
	[VERDICT_UNSIGNED] = "unsigned",
	[VERDICT_PARTIAL] = "partial",
	[VERDICT_RESERIALISED] = "reserialised",
};

const char *verdict_name(enum verdict verdict) {
	return (unsigned)verdict < VERDICT_COUNT ? names[verdict] : "unknown";
}

int verdict_from_name(struct span name) {
	for (int i = 0; i < VERDICT_COUNT; i++) {
		if (span_is(name, names[i])) {
			return i;
		}
	}
	return -1;
}
