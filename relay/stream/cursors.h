/* Where a subscription is in each endpoint it follows: sorted by endpoint, so that an event finds its cursor at once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	int64_t endpoint;
	int64_t seq;    /* everything up to it was handed out or passed over */
	int64_t told;   /* the client knows that we are here */
	int64_t target; /* where the store is to be read to */
	bool probed;    /* where its history begins was looked at */
	int64_t gap_from, gap_to;
	const char *gap_text; /* constant; NULL: no gap is to be told */
};

struct cursors {
	struct cursor *items;
	size_t count, capacity;
	size_t gaps;   /* cursors with a gap to be told */
	size_t passed; /* entries passed over since a cursor was last told; an estimate */
};

/* Pointers to cursors are valid until the next cursors_add. */
struct cursor *cursors_add(struct cursors *cursors, int64_t endpoint, int64_t seq);
struct cursor *cursors_find(const struct cursors *cursors, int64_t endpoint);
void cursors_clear(struct cursors *cursors);

void cursors_set_gap(
	struct cursors *cursors, struct cursor *cursor, int64_t from, int64_t to, const char *text);
/* A copy of a cursor whose gap is to be told now; false when there is none. */
bool cursors_take_gap(struct cursors *cursors, struct cursor *out);

/* Moves on without handing anything out. */
void cursors_pass(struct cursors *cursors, struct cursor *cursor, int64_t seq);
/* A cursor that passed at least `most` entries since it was told, or NULL. */
struct cursor *cursors_take_passed(struct cursors *cursors, int64_t most);
