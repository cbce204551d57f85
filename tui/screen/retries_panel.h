/*
 * What is to be tried again over all events (`w`): a row for each event and target, those that are due first on top and paused ones at the end. The
 * rows follow `dues` as it changes; the cursor, and what is chosen, stay with their own.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/retry.h"
#include "tui/screen/dues.h"

struct retry_shown {
	const struct retry *retry; /* of `dues` */
	bool chosen;
};

/* All zero is empty. */
struct retries_panel {
	struct buffer words; /* only rows that have them all, in any letter case; "": all */
	struct retry_shown *rows;
	size_t count, capacity, cursor;
	size_t chosen; /* rows that are */
};

/* How a row was before it changed. */
struct retry_place {
	bool chosen, at_cursor;
};

/* Takes the row of a retry out, before it goes; all false where it has none. */
struct retry_place retries_panel_take(struct retries_panel *panel, const struct retry *retry);
/* Puts one where it belongs, if it has the words. */
void retries_panel_put(
	struct retries_panel *panel, const struct retry *retry, struct retry_place place);
/* Other words: all rows anew, none chosen, the cursor on the same retry where it is still there. */
void retries_panel_narrow(struct retries_panel *panel, const struct dues *dues, struct span words);
void retries_panel_clear(struct retries_panel *panel);

/* The one under the cursor, or NULL. */
const struct retry *retries_panel_current(const struct retries_panel *panel);
/* Moves the cursor there; false: it has no row. */
bool retries_panel_go(struct retries_panel *panel, const struct retry *retry);
/* At most SELECTED_MAX (model.h) can be chosen; false: this one is one too many. */
bool retries_panel_choose(struct retries_panel *panel, size_t row, bool chosen);
