/* Finds a piece of text in linear time, whatever both are made of (Knuth, Morris and Pratt). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"

struct needle;

/* Copies `text`. With `any_case` the case of A to Z does not count. */
struct needle *needle_new(struct span text, bool any_case);
void needle_free(struct needle *needle);

size_t needle_len(const struct needle *needle);

/* Whether it stands in `hay`, and where it first does; an empty needle stands at the front of everything. */
bool needle_find(const struct needle *needle, struct span hay, size_t *at);

/* The same, some of the hay at a time. All zero: it begins. */
struct needle_run {
	size_t at,
		matched; /* so much of the hay is looked at; so much of the needle stands in front of it */
	bool found;
};
/* Looks through `budget` bytes, which are taken off it. True: it is through, or `found`: then the needle ends at `at`. */
bool needle_run(
	const struct needle *needle, struct needle_run *run, struct span hay, size_t *budget);
