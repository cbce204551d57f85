/*
 * The part of the relay's history that the list shows: a run of events without holes, oldest first, ordered by position.
 * It is filled by pages (asked for by the model when the cursor comes near an end) and by what comes live, and never grows beyond
 * WINDOW_ROWS_MAX: a million events cost no more memory than one screen of them.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/event.h"

#define WINDOW_ROWS_MAX 1024
/* Rows asked for at once. */
#define WINDOW_PAGE 256

struct row {
	struct event *event; /* owned */
	int sending;         /* tries of ours under way */
	bool selected;
};

struct window {
	struct row *rows; /* `count` of them; room for WINDOW_ROWS_MAX */
	size_t count;
	bool older; /* there is more in front of the first row */
	bool newer; /* there is more behind the last row: what comes live is not part of the window */
};

void window_init(struct window *window);
void window_clear(struct window *window);
/* Forgets all rows. */
void window_empty(struct window *window);

/*
 * Puts a copy of an event where its position belongs; one that is there already is replaced (its verdict or attempts may
 * have changed). At the limit a row is let go at the end farther from the new one, and `older` or `newer` set.
 * Returns the row's index. `dropped_front` gets how many rows went from the front (0 or 1), so that indices can follow.
 */
size_t window_put(struct window *window, const struct event *event, size_t *dropped_front);

/* Lets one row go. */
void window_remove(struct window *window, size_t at);

/* The first row whose position is not before `position`; `count` when there is none. */
size_t window_place(const struct window *window, int64_t position);

/* The row of an event, or WINDOW_NONE. */
#define WINDOW_NONE SIZE_MAX
size_t window_find(const struct window *window, const struct uuid *event);
size_t window_find_seq(const struct window *window, struct span endpoint, int64_t seq);

/* An attempt that was made: the row of its event, if it is here, tells so from now on. Returns the row or WINDOW_NONE. */
size_t window_attempted(struct window *window, const struct attempt *attempt);
