/* Patterns with * for any run of bytes, matched in linear time. */
#pragma once

#include <stdbool.h>

#include "common/needle.h"
#include "common/span.h"

struct glob;

/* With `any_case` the case of A to Z does not count. No other byte than * is special. */
struct glob *glob_new(struct span pattern, bool any_case);
void glob_free(struct glob *glob);

/* What every text that fits begins with, written as the pattern has it. */
struct span glob_prefix(const struct glob *glob);

/* Whether the whole of `text` fits the pattern. */
bool glob_matches(const struct glob *glob, struct span text);

/* The same, some of the text at a time. All zero: it begins. */
struct glob_run {
	size_t piece, from; /* of those between the stars; where it may begin */
	struct needle_run needle;
};
/* Looks through `budget` bytes, which are taken off it. True: it is through, and `matches` says how it came out. */
bool glob_run(
	const struct glob *glob, struct glob_run *run, struct span text, size_t *budget, bool *matches);
