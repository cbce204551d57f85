/*
 * Where one who follows events begins: with what comes from now on, with all there is, with one event, or with the last
 * so many. Each event comes once and in order, whatever arrives while it begins.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/event.h"
#include "tui/client.h"

/* Of `--since N`. */
#define SINCE_EVENTS_MAX 1000

enum since_kind { SINCE_NOW, SINCE_START, SINCE_REF, SINCE_LAST };

struct since_events {
	/* As for a subscription; `done` comes only with an error: it does not begin. */
	struct client_receiver live;
	/* SINCE_LAST: an event that was there already, or came meanwhile: without its bytes. `data` is that of `live`. */
	void (*past)(void *data, const struct event *event);
};

struct since_begin {
	char endpoint[ENDPOINT_NAME_LEN + 1];
	int64_t seq; /* what is beyond comes live */
};

/* Zero is SINCE_NOW. What `query` points to in since_begin is borrowed until since_clear. */
struct since {
	enum since_kind kind;
	struct event_ref ref; /* SINCE_REF */
	int64_t last;         /* SINCE_LAST */

	struct client *client;
	struct client_query query;
	struct since_events events;
	int64_t head;        /* of the endpoint of `ref`; 0: nothing came yet */
	struct event *found; /* what `ref` named by its id */
	client_request
		of_ref; /* the subscription to its endpoint, until that is followed with all others */
	bool left_ref;
	/* SINCE_LAST: where the subscription begins, what was listed before that (newest first), and what came since (oldest first) */
	struct since_begin *begins;
	size_t begin_count;
	struct event **past, **held;
	size_t past_count, held_count, held_capacity;
	bool holding;
};

/* "start", "0", "NAME#SEQ", a UUID, or a number of events. ERROR_USAGE. */
bool since_read(struct since *since, const char *text, struct error *err);
/* `query` is one for client_subscribe without where it begins. An event beyond those there are is ERROR_NO. */
void since_begin(struct since *since, struct client *client, const struct client_query *query,
	const struct since_events *events);
/* After client_free, or before it when nothing more is to come. */
void since_clear(struct since *since);
