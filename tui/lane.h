/* How far one endpoint has been brought to a target: a cursor over the relay's history, and the pages that move it on. */
#pragma once

#include <stdint.h>

#include "tui/client.h"

struct lane_events {
	/* The next event behind the cursor, in order. */
	void (*take)(void *data, const struct event *event, const struct client_bytes *bytes);
	/* A page is through: there may be room for the next. Not after a page that failed. */
	void (*more)(void *data);
};

/* To be changed by lane.c, but for `cursor` and `head`. */
struct lane {
	struct lane *next;
	const struct lane_events *events;
	void *data;
	int64_t cursor;   /* seq of the last event that was taken */
	int64_t head;     /* seq of the newest event that was seen */
	int64_t position; /* of that event */
	client_request listing;
	int64_t until; /* the listing under way goes up to this seq; `head` may have moved on since */
	size_t listed; /* events of this page */
	char name[ENDPOINT_NAME_LEN + 1];
};

/* NULL: there is none of that endpoint. */
struct lane *lane_find(struct lane *first, struct span endpoint);
/* One more, first in the list; `events` is borrowed. */
struct lane *lane_add(struct lane **first, struct span endpoint, int64_t cursor,
	const struct lane_events *events, void *data);
/* The endpoint was removed and made again: it begins behind `cursor`. */
void lane_begin_anew(struct lane *lane, struct client *client, int64_t cursor);
/* Asks for the next page of what matches `filter` between cursor and head. None may be under way. */
void lane_catch_up(struct lane *lane, struct client *client, const char *filter);
/* Stops the pages, and frees all. */
void lanes_clear(struct lane **first, struct client *client);
