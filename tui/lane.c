#include "tui/lane.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

/* Fetched in one go. */
#define PAGE_EVENTS 32

struct lane *lane_find(struct lane *first, struct span endpoint) {
	struct lane *lane = first;
	while (lane && !span_is(endpoint, lane->name)) {
		lane = lane->next;
	}
	return lane;
}

struct lane *lane_add(struct lane **first, struct span endpoint, int64_t cursor,
	const struct lane_events *events, void *data) {
	struct lane *lane = alloc_zero(1, sizeof *lane);
	size_t len = endpoint.len < ENDPOINT_NAME_LEN ? endpoint.len : ENDPOINT_NAME_LEN;
	memcpy(lane->name, endpoint.data, len);
	lane->events = events;
	lane->data = data;
	lane->cursor = lane->head = cursor;
	lane->next = *first;
	*first = lane;
	return lane;
}

void lane_begin_anew(struct lane *lane, struct client *client, int64_t cursor) {
	client_cancel(client, lane->listing);
	lane->listing = 0;
	lane->cursor = lane->head = cursor;
}

static void on_listed(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct lane *lane = data;
	lane->listed++;
	/* beyond the newest that was seen: of an endpoint of this name that was made since, and comes live */
	if (event->seq > lane->cursor && event->position <= lane->position) {
		lane->cursor = event->seq;
		lane->events->take(lane->data, event, bytes);
	}
}

static void on_list_done(void *data, const struct error *err) {
	struct lane *lane = data;
	lane->listing = 0;
	if (!err && lane->listed < PAGE_EVENTS && lane->until > lane->cursor) {
		lane->cursor = lane->until; /* the rest is for others, or is gone */
	}
	if (!err) {
		lane->events->more(lane->data);
	}
}

void lane_catch_up(struct lane *lane, struct client *client, const char *filter) {
	lane->until = lane->head;
	struct client_query query = {.endpoint = span_text(lane->name),
		.filter = span_text(filter),
		.bytes = true,
		.after = lane->cursor,
		.before = lane->until + 1,
		.limit = PAGE_EVENTS};
	struct client_receiver receiver = {.event = on_listed, .done = on_list_done, .data = lane};
	lane->listed = 0;
	lane->listing = client_list(client, &query, &receiver);
}

void lanes_clear(struct lane **first, struct client *client) {
	while (*first) {
		struct lane *lane = *first;
		*first = lane->next;
		client_cancel(client, lane->listing);
		free(lane);
	}
}
