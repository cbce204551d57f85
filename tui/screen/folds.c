#include "tui/screen/folds.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

void folds_reset(struct folds *folds, size_t from) {
	folds->from = from;
	folds->turned_count = 0;
}

void folds_clear(struct folds *folds) {
	free(folds->turned);
	*folds = (struct folds){0};
}

/* The first one that does not begin before `begin`. */
static size_t find(const struct folds *folds, size_t begin) {
	size_t low = 0, high = folds->turned_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (folds->turned[middle] < begin) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static bool is_turned(const struct folds *folds, size_t begin, size_t at) {
	return at < folds->turned_count && folds->turned[at] == begin;
}

bool folds_has(const struct folds *folds, size_t begin, size_t depth) {
	bool all = folds->from > 0 && depth + 1 >= folds->from;
	return all != is_turned(folds, begin, find(folds, begin));
}

void folds_turn(struct folds *folds, size_t begin) {
	size_t at = find(folds, begin), behind = folds->turned_count - at;
	if (is_turned(folds, begin, at)) {
		memmove(folds->turned + at, folds->turned + at + 1, (behind - 1) * sizeof *folds->turned);
		folds->turned_count--;
		return;
	}
	if (folds->turned_count == FOLDS_TURNED_MAX) {
		return;
	}
	if (folds->turned_count == folds->turned_capacity) {
		folds->turned_capacity = folds->turned_capacity > 0 ? folds->turned_capacity * 2 : 16;
		folds->turned = alloc_resize(folds->turned, folds->turned_capacity * sizeof *folds->turned);
	}
	memmove(folds->turned + at + 1, folds->turned + at, behind * sizeof *folds->turned);
	folds->turned[at] = begin;
	folds->turned_count++;
}

bool folds_any(const struct folds *folds) {
	return folds->from > 0 || folds->turned_count > 0;
}
