/* All deliveries, over all events: what the screen knows of them. The newest are asked for, and older ones when the end is reached. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

/* Asked for at once, and shown at most. */
#define DELIVERIES_PAGE 100
#define DELIVERIES_SHOWN_MAX 1000

/* Both owned. */
struct delivery_shown {
	struct attempt *attempt;
	struct event *event;
};

/* All zero is empty. */
struct deliveries_panel {
	struct buffer filter;                             /* of common/attempt_filter */
	struct delivery_shown rows[DELIVERIES_SHOWN_MAX]; /* newest first */
	size_t count, cursor;
	uint32_t asked, last; /* page under way (0: none), and the last number */
	int64_t asked_at_ms;
	bool fresh;    /* the first row of the page replaces all */
	bool loaded;   /* a page has come: an empty list is then truly empty */
	bool complete; /* there are no older ones */
	bool stale;    /* an attempt was made since */
	char error[200];
};

/* Copies both. False: there is no room. */
bool deliveries_panel_put(
	struct deliveries_panel *panel, const struct attempt *attempt, const struct event *event);
/* Forgets the rows; filter and numbers stay. */
void deliveries_panel_empty(struct deliveries_panel *panel);
void deliveries_panel_clear(struct deliveries_panel *panel);
/* The chosen one, or NULL. */
const struct delivery_shown *deliveries_panel_current(const struct deliveries_panel *panel);
