#include "common/duration.h"

#define MOST_MS (INT64_C(3650) * 86400000)

static const struct {
	const char *name;
	int64_t ms;
} units[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000}, {"s", 1000}, {"ms", 1}};
#define UNIT_COUNT (sizeof units / sizeof *units)

bool duration_parse(int64_t *ms, struct span text) {
	int64_t number = 0;
	size_t digits = 0;
	while (digits < text.len && text.data[digits] >= '0' && text.data[digits] <= '9') {
		number = number * 10 + (text.data[digits++] - '0');
		if (number > MOST_MS) {
			return false;
		}
	}
	struct span unit = span_after(text, digits);
	for (size_t i = 0; digits > 0 && i < UNIT_COUNT; i++) {
		if (span_is(unit, units[i].name)) {
			*ms = number <= MOST_MS / units[i].ms ? number * units[i].ms : MOST_MS + 1;
			return *ms <= MOST_MS;
		}
	}
	return false;
}

void duration_append(struct buffer *out, int64_t ms) {
	size_t unit = ms == 0 ? UNIT_COUNT - 2 : 0;
	while (unit + 1 < UNIT_COUNT && ms % units[unit].ms != 0) {
		unit++;
	}
	buffer_append_int(out, ms / units[unit].ms);
	buffer_append_text(out, units[unit].name);
}
