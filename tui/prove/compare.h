/* Whether an app said the same twice, and if not, what was different, in words. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

/* The second answer is "slower" when it took so many times as long as the first, and at least so much longer. */
#define COMPARE_SLOWER_TIMES 3
#define COMPARE_SLOWER_LEAST_US 100000

/*
 * Compares two bodies: JSON value by value, anything else byte by byte. `ignore`: members that may differ, with commas between
 * them ("id,data.at"; a name without a dot means it anywhere); NULL: none. Appends what differs first: "$.total: 5, then 10".
 */
bool compare_bodies(
	struct buffer *words, struct span first, struct span second, const char *ignore);

/* The same for what a probe printed: line by line. */
bool compare_states(struct buffer *words, struct span before, struct span after);

bool compare_is_slower(int64_t first_us, int64_t second_us);
