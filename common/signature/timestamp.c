#include "common/signature/timestamp.h"

#include <inttypes.h>

#include "common/moment.h"

/* More digits are no moment of the next 30,000 years, and would not fit. */
#define DIGITS_MAX 15

static bool parse_decimal(int64_t *number, struct span text) {
	*number = 0;
	if (text.len == 0 || text.len > DIGITS_MAX || (text.len > 1 && text.data[0] == '0')) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] < '0' || text.data[i] > '9') {
			return false;
		}
		*number = *number * 10 + (text.data[i] - '0');
	}
	return true;
}

bool timestamp_parse(int64_t *ms, enum timestamp_unit unit, struct span text) {
	int64_t number = 0;
	if (unit == UNIT_ISO) {
		bool ok = moment_parse(&number, text);
		*ms = number / MOMENT_NS_PER_MS;
		return ok;
	}
	bool ok = parse_decimal(&number, text);
	*ms = unit == UNIT_S ? number * 1000 : number;
	return ok;
}

void timestamp_append(struct buffer *out, enum timestamp_unit unit, int64_t ms) {
	if (unit == UNIT_ISO) {
		moment_append(out, ms * MOMENT_NS_PER_MS);
	} else {
		buffer_printf(out, "%" PRId64, unit == UNIT_S ? ms / 1000 : ms);
	}
}

/* Seconds are compared as seconds, as every receiver does whose clock is in them; the rest in milliseconds. */
static int64_t age_ms(enum timestamp_unit unit, int64_t ms, int64_t now_ms) {
	if (unit == UNIT_S) {
		now_ms -= now_ms % 1000;
	}
	return now_ms - ms;
}

int64_t timestamp_age_s(enum timestamp_unit unit, int64_t ms, int64_t now_ms) {
	return age_ms(unit, ms, now_ms) / 1000;
}

bool timestamp_is_timely(const struct recipe_timestamp *timestamp, int64_t ms, int64_t now_ms) {
	int64_t age = age_ms(timestamp->unit, ms, now_ms);
	int64_t tolerance = (int64_t)timestamp->tolerance_s * 1000;
	if (timestamp->tolerance_s < 0) {
		return true;
	}
	if (age >= 0) {
		return age <= tolerance;
	}
	switch (timestamp->future) {
	case FUTURE_ACCEPT:
		return true;
	case FUTURE_REJECT:
		return false;
	case FUTURE_SAME:
		break;
	}
	return -age <= tolerance;
}
