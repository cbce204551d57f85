/*
 * Which things of two rows belong together so that as few as can be are left over: the algorithm of Myers in linear space. Things
 * are compared by a number (a hash); whoever asks looks at them again. Pure, a slice at a time, bounded.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The partner of what has none. */
#define ALIGN_NONE UINT32_MAX

struct align;

/* Both are borrowed until align_free, and shorter than ALIGN_NONE. `effort`: comparisons in all. */
struct align *align_new(
	const uint64_t *old, size_t old_count, const uint64_t *new, size_t new_count, size_t effort);
void align_free(struct align *align);

/* Goes on for about `budget` comparisons. True: it is done. */
bool align_step(struct align *align, size_t budget);
/* Done: for each of the old ones the place of its partner among the new ones, rising; ALIGN_NONE: it has none. */
const uint32_t *align_partners(const struct align *align);
/* The effort was not enough: some that belong together may not have been found. */
bool align_gave_up(const struct align *align);
