#include "tui/bulk_pace.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define US_PER_S 1000000.0
#define RATE_CREDIT_US 20000
#define ORIGINAL_CREDIT_US 1000000

/* A number of at most 20 characters in front of `rest`. */
static bool read_number(double *value, struct span text, struct span *rest) {
	char copy[24];
	char *end;
	snprintf(copy, sizeof copy, "%.*s", (int)(text.len < 20 ? text.len : 20),
		text.data ? text.data : "");
	*value = strtod(copy, &end);
	*rest = span_after(text, (size_t)(end - copy));
	return end != copy && isfinite(*value);
}

static double seconds_of(struct span unit) {
	if (unit.len == 0 || span_is(unit, "/s")) {
		return 1;
	}
	return span_is(unit, "/m") ? 60 : span_is(unit, "/h") ? 3600 : 0;
}

bool bulk_pace_read_rate(struct bulk_pace *pace, struct span text, struct error *err) {
	struct span unit;
	double number = 0, seconds = read_number(&number, text, &unit) ? seconds_of(unit) : 0;
	double per_s = seconds > 0 ? number / seconds : 0;
	if (!(per_s >= BULK_RATE_LEAST) || !(per_s <= BULK_RATE_MOST)) {
		return error_set(err, ERROR_USAGE,
			"expected a rate such as 10/s, 30/m or 100/h (at most %.0f/s), not \"%.*s\"",
			BULK_RATE_MOST, (int)(text.len < 40 ? text.len : 40), text.data ? text.data : "");
	}
	*pace = (struct bulk_pace){.spacing = BULK_RATE, .per_s = per_s};
	return true;
}

bool bulk_pace_read_speed(struct bulk_pace *pace, struct span text, struct error *err) {
	struct span unit;
	double speed = 0;
	bool ok = read_number(&speed, text, &unit) && (unit.len == 0 || span_is(unit, "x"));
	if (!ok || !(speed >= BULK_SPEED_LEAST) || !(speed <= BULK_SPEED_MOST)) {
		return error_set(err, ERROR_USAGE, "expected a speed such as 60x or 0.5x, not \"%.*s\"",
			(int)(text.len < 40 ? text.len : 40), text.data ? text.data : "");
	}
	*pace = (struct bulk_pace){.spacing = BULK_ORIGINAL, .speed = speed};
	return true;
}

/* In the largest unit in which it is a handy number. */
static void append_rate(struct buffer *out, double per_s) {
	if (per_s >= 1 || per_s * 60 < 1) {
		buffer_printf(out, per_s >= 1 ? "%g/s" : "%g/h", per_s >= 1 ? per_s : per_s * 3600);
	} else {
		buffer_printf(out, "%g/m", per_s * 60);
	}
}

void bulk_pace_append(struct buffer *out, const struct bulk_pace *pace) {
	switch (pace->spacing) {
	case BULK_AT_ONCE:
		buffer_append_text(out, "as fast as the app answers");
		return;
	case BULK_RATE:
		append_rate(out, pace->per_s);
		return;
	case BULK_ORIGINAL:
		buffer_append_text(out, "spaced as received");
		if (pace->speed != 1) {
			buffer_printf(out, " at %gx", pace->speed);
		}
		return;
	}
}

/* When it should go out, however late it is by now. */
static int64_t planned_us(
	const struct bulk_clock *clock, const struct bulk_pace *pace, int64_t received_at_ns) {
	if (pace->spacing == BULK_RATE) {
		return clock->due_us + (int64_t)(US_PER_S / pace->per_s);
	}
	double gap_us = fabs((double)(received_at_ns - clock->last_ns)) / 1000 / pace->speed;
	return clock->due_us + (int64_t)gap_us;
}

int64_t bulk_clock_due_us(const struct bulk_clock *clock, const struct bulk_pace *pace,
	int64_t received_at_ns, int64_t now_us) {
	if (!clock->begun || pace->spacing == BULK_AT_ONCE) {
		return now_us;
	}
	int64_t due_us = planned_us(clock, pace, received_at_ns);
	return due_us > now_us ? due_us : now_us;
}

void bulk_clock_started(struct bulk_clock *clock, const struct bulk_pace *pace,
	int64_t received_at_ns, int64_t now_us) {
	int64_t due_us = now_us;
	if (clock->begun && pace->spacing != BULK_AT_ONCE) {
		int64_t least_us =
			now_us - (pace->spacing == BULK_RATE ? RATE_CREDIT_US : ORIGINAL_CREDIT_US);
		due_us = planned_us(clock, pace, received_at_ns);
		due_us = due_us > least_us ? due_us : least_us;
	}
	*clock = (struct bulk_clock){.begun = true, .due_us = due_us, .last_ns = received_at_ns};
}
