/* When the next event of a bulk replay may go out: at once, at a rate, or as far apart as they came. Pure: the clock is handed in. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* Fastest and slowest that can be asked for: a second, and times the original speed. */
#define BULK_RATE_MOST 1000.0
#define BULK_RATE_LEAST (1.0 / 86400)
#define BULK_SPEED_MOST 1000000.0
#define BULK_SPEED_LEAST 0.001

enum bulk_spacing {
	BULK_AT_ONCE,  /* as fast as the app answers */
	BULK_RATE,     /* at most `per_s` a second */
	BULK_ORIGINAL, /* as far apart as they were received, divided by `speed` */
};

struct bulk_pace {
	enum bulk_spacing spacing;
	double per_s, speed;
};

/* "10", "10/s", "30/m", "100/h": ERROR_USAGE for anything else. */
bool bulk_pace_read_rate(struct bulk_pace *pace, struct span text, struct error *err);
/* "60x", "60", "0.5x" */
bool bulk_pace_read_speed(struct bulk_pace *pace, struct span text, struct error *err);
/* "10/s", "spaced as received at 60x", "as fast as the app answers" */
void bulk_pace_append(struct buffer *out, const struct bulk_pace *pace);

/* Where a run stands in time. Zero is one that has not begun. */
struct bulk_clock {
	bool begun;
	int64_t due_us;  /* when the last one was due */
	int64_t last_ns; /* when it had been received */
};

/*
 * When the next event may go out, in the microseconds of `now_us` (of any clock that only grows): never before now. A run
 * that fell behind catches up only a little (20 ms at a rate, a second of original spacing): it does not end in a burst.
 */
int64_t bulk_clock_due_us(const struct bulk_clock *clock, const struct bulk_pace *pace,
	int64_t received_at_ns, int64_t now_us);
/* It goes out now. */
void bulk_clock_started(
	struct bulk_clock *clock, const struct bulk_pace *pace, int64_t received_at_ns, int64_t now_us);
