#include "tui/commands/since.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/commands/print.h"

bool since_read(struct since *since, const char *text, struct error *err) {
	if (strcmp(text, "start") == 0 || strcmp(text, "0") == 0) {
		since->kind = SINCE_START;
		return true;
	}
	if (*text && strspn(text, "0123456789") == strlen(text)) {
		long long last = strlen(text) > 9 ? 0 : strtoll(text, NULL, 10);
		since->kind = SINCE_LAST;
		since->last = last;
		return (last >= 1 && last <= SINCE_EVENTS_MAX) ||
		       error_set(err, ERROR_USAGE, "--since: expected a number from 1 to %d, not \"%s\"",
				   SINCE_EVENTS_MAX, text);
	}
	since->kind = SINCE_REF;
	return position_parse(&since->ref, span_text(text), err) || error_prefix(err, "--since");
}

static void fail(struct since *since, const struct error *err) {
	since->events.live.done(since->events.live.data, err);
}

static void give_gap(
	struct since *since, struct span endpoint, int64_t from, int64_t to, struct span why) {
	const struct client_receiver *live = &since->events.live;
	if (live->gap) {
		live->gap(live->data, endpoint, from, to, why);
	}
}

/* --- from one event on --- */

/* Live events of all endpoints, while the one of `ref` has a subscription of its own. */
static void on_other_event(
	void *data, const struct event *event, const struct client_bytes *bytes) {
	struct since *since = data;
	if (since->left_ref || !span_equal(event->endpoint, since->ref.endpoint)) {
		since->events.live.event(since->events.live.data, event, bytes);
	}
}

static void on_other_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct since *since = data;
	if (since->left_ref || !span_equal(attempt->endpoint, since->ref.endpoint)) {
		since->events.live.attempt(since->events.live.data, attempt, bytes);
	}
}

static void on_other_gap(
	void *data, struct span endpoint, int64_t from, int64_t to, struct span why) {
	struct since *since = data;
	if (since->left_ref || !span_equal(endpoint, since->ref.endpoint)) {
		give_gap(since, endpoint, from, to, why);
	}
}

/* Another store may have no such endpoint: from here on all are alike. */
static void on_other_anew(void *data) {
	struct since *since = data;
	client_cancel(since->client, since->of_ref);
	since->left_ref = true;
	if (since->events.live.anew) {
		since->events.live.anew(since->events.live.data);
	}
}

static void on_other_done(void *data, const struct error *err) {
	if (err) {
		fail(data, err);
	}
}

static void begin_at_ref(struct since *since) {
	struct client_query query = since->query;
	if (query.endpoint.len == 0) {
		struct client_receiver others = {.event = on_other_event,
			.attempt = on_other_attempt,
			.gap = on_other_gap,
			.anew = on_other_anew,
			.done = on_other_done,
			.data = since};
		query.live_only = true;
		client_subscribe(since->client, &query, &others);
	}
	query.endpoint = since->ref.endpoint;
	query.live_only = false;
	query.after = since->ref.seq > 0 ? since->ref.seq - 1 : 0;
	since->of_ref = client_subscribe(since->client, &query, &since->events.live);
}

static void on_newest(void *data, const struct event *event, const struct client_bytes *bytes) {
	(void)bytes;
	((struct since *)data)->head = event->seq;
}

static void on_newest_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	(void)bytes;
	((struct since *)data)->head = attempt->seq;
}

/* What is beyond the next one to come is a slip; to the relay it would be a place in another history. */
static void on_head(void *data, const struct error *err) {
	struct since *since = data;
	struct span endpoint = since->ref.endpoint;
	struct error beyond = {0};
	if (!err && since->ref.seq > since->head + 1) {
		error_set(&beyond, ERROR_NO, "there is no event %.*s#%" PRId64 " yet: %.*s is at #%" PRId64,
			(int)endpoint.len, endpoint.data, since->ref.seq, (int)endpoint.len, endpoint.data,
			since->head);
		err = &beyond;
	}
	if (err) {
		fail(since, err);
	} else {
		begin_at_ref(since);
	}
}

static void ask_head(struct since *since) {
	struct client_query query = {
		.endpoint = since->ref.endpoint, .attempts = true, .newest_first = true, .limit = 1};
	struct client_receiver receiver = {
		.event = on_newest, .attempt = on_newest_attempt, .done = on_head, .data = since};
	client_list(since->client, &query, &receiver);
}

static void on_found(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct since *since = data;
	(void)bytes;
	if (!since->found) {
		since->found = event_copy(event);
		since->ref = (struct event_ref){.endpoint = since->found->endpoint, .seq = event->seq};
		begin_at_ref(since);
	}
}

static void on_found_done(void *data, const struct error *err) {
	if (err) {
		fail(data, err);
	}
}

static void ask_where(struct since *since) {
	struct client_receiver receiver = {.event = on_found, .done = on_found_done, .data = since};
	client_get(since->client, &since->ref, &receiver);
}

/* --- with the last so many --- */

static void hold(struct since *since, const struct event *event) {
	if (since->held_count == since->held_capacity) {
		since->held_capacity = since->held_capacity ? 2 * since->held_capacity : 16;
		since->held = alloc_resize(since->held, since->held_capacity * sizeof *since->held);
	}
	since->held[since->held_count++] = event_copy(event);
}

static void on_live(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct since *since = data;
	if (since->holding) {
		hold(since, event);
	} else {
		since->events.live.event(since->events.live.data, event, bytes);
	}
}

static void on_live_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct since *since = data;
	if (!since->holding) { /* as those to what is past, which nobody asked for */
		since->events.live.attempt(since->events.live.data, attempt, bytes);
	}
}

static void on_live_gap(
	void *data, struct span endpoint, int64_t from, int64_t to, struct span why) {
	give_gap(data, endpoint, from, to, why);
}

static void on_live_anew(void *data) {
	struct since *since = data;
	if (since->events.live.anew) {
		since->events.live.anew(since->events.live.data);
	}
}

static void on_live_done(void *data, const struct error *err) {
	if (err) {
		fail(data, err);
	}
}

static void on_begins(void *data, struct span endpoint, int64_t seq) {
	struct since *since = data;
	if (!since->holding || endpoint.len > ENDPOINT_NAME_LEN) {
		return;
	}
	since->begins = alloc_resize(since->begins, (since->begin_count + 1) * sizeof *since->begins);
	struct since_begin *begin = &since->begins[since->begin_count++];
	*begin = (struct since_begin){.seq = seq};
	memcpy(begin->endpoint, endpoint.data, endpoint.len);
}

/* The list is made behind the beginning of the subscription: what came between the two is told by both. */
static bool comes_live(const struct since *since, const struct event *event) {
	for (size_t i = 0; i < since->begin_count; i++) {
		if (span_is(event->endpoint, since->begins[i].endpoint)) {
			return event->seq > since->begins[i].seq;
		}
	}
	return true; /* its endpoint was made since */
}

static void on_past(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct since *since = data;
	(void)bytes;
	if ((int64_t)since->past_count < since->last && !comes_live(since, event)) {
		since->past[since->past_count++] = event_copy(event);
	}
}

static void give_past(struct since *since, struct event *event) {
	since->events.past(since->events.live.data, event);
	free(event);
}

static void give_all(struct since *since) {
	while (since->past_count > 0) {
		give_past(since, since->past[--since->past_count]);
	}
	for (size_t i = 0; i < since->held_count; i++) {
		give_past(since, since->held[i]);
	}
	since->held_count = 0;
}

static void on_past_done(void *data, const struct error *err) {
	struct since *since = data;
	since->holding = false;
	if (err) {
		fail(since, err);
	} else {
		give_all(since);
	}
}

static void ask_past(struct since *since) {
	struct client_query query = since->query, list = {.endpoint = query.endpoint,
												  .filter = query.filter,
												  .newest_first = true,
												  .limit = since->last};
	struct client_receiver receiver = {.event = on_past, .done = on_past_done, .data = since};
	struct client_receiver live = {.event = on_live,
		.attempt = on_live_attempt,
		.gap = on_live_gap,
		.anew = on_live_anew,
		.begins = on_begins,
		.done = on_live_done,
		.data = since};
	since->past = alloc_zero((size_t)since->last, sizeof *since->past);
	since->holding = true;
	query.live_only = true;
	client_subscribe(since->client, &query, &live);
	client_list(since->client, &list, &receiver);
}

void since_begin(struct since *since, struct client *client, const struct client_query *query,
	const struct since_events *events) {
	since->client = client;
	since->query = *query;
	since->events = *events;
	if (since->kind == SINCE_LAST) {
		ask_past(since);
	} else if (since->kind == SINCE_REF && since->ref.by_id) {
		ask_where(since);
	} else if (since->kind == SINCE_REF) {
		ask_head(since);
	} else {
		since->query.live_only = since->kind == SINCE_NOW;
		client_subscribe(client, &since->query, &since->events.live);
	}
}

static void free_all(struct event **events, size_t count) {
	while (count > 0) {
		free(events[--count]);
	}
	free(events);
}

void since_clear(struct since *since) {
	free_all(since->past, since->past_count);
	free_all(since->held, since->held_count);
	free(since->begins);
	free(since->found);
	*since = (struct since){0};
}
