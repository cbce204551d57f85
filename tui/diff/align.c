#include "tui/diff/align.h"

#include <stdlib.h>

#include "common/alloc.h"

/* So many differences are followed at once; beyond them the way that came furthest is taken. */
#define DISTANCE_MAX 1024
#define REACH (2 * DISTANCE_MAX + 5)
/* Ways of one search from both ends, in comparisons. */
#define SEARCH_EFFORT 500000

/* Old ones from .. to against new ones from .. to. */
struct box {
	uint32_t old_from, old_to, new_from, new_to;
};

struct align {
	const uint64_t *old, *new;
	uint32_t *partners;
	struct box *boxes; /* still to be done; the first of them last */
	size_t box_count, box_capacity;
	int64_t ahead[REACH], back[REACH]; /* furthest place of each way; -1: there is none */
	size_t spent, effort;
	bool gave_up;
};

static void push(struct align *align, struct box box) {
	if (align->box_count == align->box_capacity) {
		align->box_capacity = align->box_capacity ? 2 * align->box_capacity : 32;
		align->boxes = alloc_resize(align->boxes, align->box_capacity * sizeof *align->boxes);
	}
	align->boxes[align->box_count++] = box;
}

struct align *align_new(
	const uint64_t *old, size_t old_count, const uint64_t *new, size_t new_count, size_t effort) {
	struct align *align = alloc_zero(1, sizeof *align);
	align->old = old;
	align->new = new;
	align->effort = effort;
	align->partners = alloc_bytes((old_count > 0 ? old_count : 1) * sizeof *align->partners);
	for (size_t i = 0; i < old_count; i++) {
		align->partners[i] = ALIGN_NONE;
	}
	push(align, (struct box){0, (uint32_t)old_count, 0, (uint32_t)new_count});
	return align;
}

void align_free(struct align *align) {
	if (align) {
		free(align->partners);
		free(align->boxes);
		free(align);
	}
}

const uint32_t *align_partners(const struct align *align) {
	return align->partners;
}

bool align_gave_up(const struct align *align) {
	return align->gave_up;
}

/* What is the same at both ends belongs together. */
static void trim(struct align *align, struct box *box) {
	while (box->old_from < box->old_to && box->new_from < box->new_to &&
		   align->old[box->old_from] == align->new[box->new_from]) {
		align->partners[box->old_from++] = box->new_from++;
		align->spent++;
	}
	while (box->old_from < box->old_to && box->new_from < box->new_to &&
		   align->old[box->old_to - 1] == align->new[box->new_to - 1]) {
		align->partners[--box->old_to] = --box->new_to;
		align->spent++;
	}
}

/* One search: from the beginning, or, `backwards`, from the end. */
struct search {
	struct align *align;
	struct box box;
	int64_t old_len, new_len;
	size_t spent;
};

static bool same(const struct search *search, int64_t x, int64_t y, bool backwards) {
	const struct box *box = &search->box;
	return backwards
	           ? search->align->old[box->old_to - 1 - x] == search->align->new[box->new_to - 1 - y]
	           : search->align->old[box->old_from + x] == search->align->new[box->new_from + y];
}

/* The furthest place on way `k` with one more difference. */
static int64_t advance(
	struct search *search, const int64_t *reach, int64_t k, int64_t distance, bool backwards) {
	int64_t down = reach[k + 1], right = reach[k - 1], x = distance == 0 ? 0 : -1;
	if (distance > 0 && right >= 0 && right < search->old_len) {
		x = right + 1;
	}
	if (distance > 0 && down > x && down - k <= search->new_len) {
		x = down;
	}
	if (x < 0 || x - k < 0 || x - k > search->new_len) {
		return -1;
	}
	while (x < search->old_len && x - k < search->new_len && same(search, x, x - k, backwards)) {
		x++;
		search->spent++;
	}
	search->spent++;
	return x;
}

/* Where the ways from both ends meet, or, when that takes too long, where the one from the beginning has come furthest. */
static void find_middle(struct search *search, int64_t *x_found, int64_t *y_found) {
	int64_t *ahead = search->align->ahead + DISTANCE_MAX + 2;
	int64_t *back = search->align->back + DISTANCE_MAX + 2;
	int64_t delta = search->old_len - search->new_len;
	for (int64_t d = 0;; d++) {
		ahead[-d - 1] = ahead[d + 1] = back[-d - 1] = back[d + 1] = -1;
		bool last = d == DISTANCE_MAX || search->spent > SEARCH_EFFORT;
		int64_t furthest = -1;
		for (int64_t k = -d; k <= d; k += 2) {
			int64_t x = ahead[k] = advance(search, ahead, k, d, false), other = delta - k;
			bool met = x >= 0 && delta % 2 != 0 && other > -d && other < d && back[other] >= 0 &&
			           x + back[other] >= search->old_len;
			if (met || (last && x >= 0 && 2 * x - k > furthest)) {
				furthest = 2 * x - k;
				*x_found = x;
				*y_found = x - k;
			}
			if (met) {
				return;
			}
		}
		if (last) {
			return;
		}
		for (int64_t k = -d; k <= d; k += 2) {
			int64_t x = back[k] = advance(search, back, k, d, true), other = delta - k;
			if (x >= 0 && delta % 2 == 0 && other >= -d && other <= d && ahead[other] >= 0 &&
				x + ahead[other] >= search->old_len) {
				*x_found = search->old_len - x;
				*y_found = search->new_len - (x - k);
				return;
			}
		}
	}
}

static void part(struct align *align, struct box box) {
	trim(align, &box);
	if (box.old_from == box.old_to || box.new_from == box.new_to) {
		return;
	}
	if (align->spent >= align->effort) {
		align->gave_up = true;
		return;
	}
	struct search search = {align, box, box.old_to - box.old_from, box.new_to - box.new_from, 0};
	int64_t x = 0, y = 0;
	find_middle(&search, &x, &y);
	align->spent += search.spent;
	if (x + y == 0 || (x == search.old_len && y == search.new_len)) {
		return;
	}
	uint32_t old_at = box.old_from + (uint32_t)x, new_at = box.new_from + (uint32_t)y;
	push(align, (struct box){old_at, box.old_to, new_at, box.new_to});
	push(align, (struct box){box.old_from, old_at, box.new_from, new_at});
}

bool align_step(struct align *align, size_t budget) {
	size_t until = align->spent + budget;
	while (align->box_count > 0 && align->spent <= until) {
		align->spent++;
		part(align, align->boxes[--align->box_count]);
	}
	return align->box_count == 0;
}
