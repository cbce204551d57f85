/* The time line of a business key: every event of any provider and endpoint that has it, the oldest on top. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

/* The newest so many are shown. */
#define TIMELINE_SHOWN_MAX 500

/* All zero is empty. */
struct timeline_panel {
	struct buffer name, value; /* whose time line it is; empty: nobody's yet */
	struct buffer keys;        /* of the event it was opened from: Tab goes from one to the next */
	size_t chosen;             /* of `keys` */
	struct uuid from;          /* that event; all zero: it was asked for by name */
	struct event *rows[TIMELINE_SHOWN_MAX]; /* owned; newest first */
	size_t count, cursor;                   /* the cursor counts from the oldest */
	uint32_t asked, last;                   /* question under way (0: none), and the last number */
	bool learning;                          /* it is for the keys of the event */
	bool loaded;
	char error[200];
};

/* Forgets the rows. */
void timeline_panel_empty(struct timeline_panel *panel);
void timeline_panel_clear(struct timeline_panel *panel);
/* The event at a place counted from the oldest, or NULL. */
const struct event *timeline_panel_at(const struct timeline_panel *panel, size_t place);
size_t timeline_panel_keys(const struct timeline_panel *panel);
/* Takes the key at that place of `keys`; false: there is none. */
bool timeline_panel_choose(struct timeline_panel *panel, size_t place);
/* The keys of an event, with the one chosen that people ask by most. */
void timeline_panel_take_keys(struct timeline_panel *panel, struct span keys);
