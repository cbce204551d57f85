#include "tui/forward.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"

#define PROBE_FIRST_MS 250
#define PROBE_MOST_MS 5000
/* Fetched in one go when catching up. */
#define PAGE_EVENTS 32
/*
 * Handed to deliver beyond what is under way: so many times what it does at once, and most bytes of it. What finds no room
 * is asked for a second time, page by page, so a burst had better find some.
 */
#define AHEAD_FACTOR 64
#define AHEAD_BYTES (64 * 1024 * 1024)

/* One endpoint. */
struct lane {
	struct forward *forward;
	struct lane *next;
	int64_t cursor; /* seq of the last event that was taken */
	int64_t head;   /* seq of the newest event that was seen */
	client_request listing;
	int64_t until; /* the listing under way goes up to this seq; `head` may have moved on since */
	size_t listed; /* events of this page */
	char name[ENDPOINT_NAME_LEN + 1];
};

/* One event on its way to the app, or its attempt on its way to the relay. */
struct errand {
	struct forward *forward;
	struct errand *next, **link;
	struct uuid event;
	enum cause cause;
	int users;            /* the request that fetches it, and whoever delivers and keeps it */
	client_request fetch; /* that request; 0: over */
	bool sent, silent; /* silent: a failure of the kind that is known already is not stored again */
	struct attempt *attempt;
};

struct forward {
	uv_loop_t *loop;
	struct client *client;
	struct deliver *deliver;
	struct target target;
	char *endpoint, *filter;
	size_t ahead;
	struct forward_events events;
	void *data;
	struct lane *lanes;
	struct errand *errands;
	size_t fetching;
	/* events to be fetched and sent before any lane goes on */
	struct uuid *waiting;
	size_t waiting_count, waiting_capacity;
	bool mine, away;
	client_request lease;
	void (*stopped)(void *data); /* set: nothing more is sent */
	uint64_t probe_ms;
	uv_timer_t *probe;
};

static void pump(struct forward *forward);
static void on_probe(uv_timer_t *timer);

static struct lane *find_lane(struct forward *forward, struct span endpoint) {
	for (struct lane *lane = forward->lanes; lane; lane = lane->next) {
		if (span_is(endpoint, lane->name)) {
			return lane;
		}
	}
	return NULL;
}

static struct lane *add_lane(struct forward *forward, struct span endpoint, int64_t cursor) {
	struct lane *lane = alloc_zero(1, sizeof *lane);
	size_t len = endpoint.len < ENDPOINT_NAME_LEN ? endpoint.len : ENDPOINT_NAME_LEN;
	memcpy(lane->name, endpoint.data, len);
	lane->forward = forward;
	lane->cursor = lane->head = cursor;
	lane->next = forward->lanes;
	forward->lanes = lane;
	return lane;
}

static struct errand *errand_new(
	struct forward *forward, const struct uuid *event, enum cause cause) {
	struct errand *errand = alloc_zero(1, sizeof *errand);
	errand->forward = forward;
	errand->event = *event;
	errand->cause = cause;
	errand->users = 1;
	errand->next = forward->errands;
	errand->link = &forward->errands;
	if (errand->next) {
		errand->next->link = &errand->next;
	}
	forward->errands = errand;
	return errand;
}

static void errand_free(struct errand *errand) {
	*errand->link = errand->next;
	if (errand->next) {
		errand->next->link = errand->link;
	}
	free(errand->attempt);
	free(errand);
}

/* The last one under way is over: told from the loop, since whoever is told may free us. */
static void check_stopped(struct forward *forward) {
	if (forward->stopped && !forward->errands) {
		uv_timer_start(forward->probe, on_probe, 0, 0);
	}
}

static void errand_release(struct errand *errand) {
	struct forward *forward = errand->forward;
	if (--errand->users == 0) {
		errand_free(errand);
		check_stopped(forward);
	}
}

/* What was made here goes where whoever made it wanted: nobody sent it to the app. */
static bool is_undelivered(const struct event *event) {
	return event->origin == ORIGIN_RECEIVED && (event->attempts == 0 || event->last_status < 0);
}

static bool has_room(const struct forward *forward) {
	size_t pending = (size_t)deliver_pending(forward->deliver) + forward->fetching;
	return pending < forward->ahead && deliver_pending_bytes(forward->deliver) < AHEAD_BYTES;
}

/* --- what became of it --- */

static void on_stored(void *data, int64_t seq, int64_t number, const struct error *err) {
	struct errand *errand = data;
	struct forward *forward = errand->forward;
	errand->attempt->seq = seq;
	errand->attempt->number = number;
	forward->events.attempted(forward->data, errand->attempt, err);
	errand_release(errand);
}

static void wait_for(struct forward *forward, const struct uuid *event) {
	if (forward->waiting_count == forward->waiting_capacity) {
		forward->waiting_capacity = forward->waiting_capacity ? 2 * forward->waiting_capacity : 64;
		forward->waiting =
			alloc_resize(forward->waiting, forward->waiting_capacity * sizeof *forward->waiting);
	}
	forward->waiting[forward->waiting_count++] = *event;
}

static void app_is_away(struct forward *forward, const struct delivery *delivery) {
	if (!forward->away) {
		struct error why = {0};
		error_set(&why, ERROR_APP, "%.*s", (int)delivery->attempt.error.len,
			delivery->attempt.error.data);
		forward->away = true;
		forward->probe_ms = PROBE_FIRST_MS;
		forward->events.away(forward->data, &why);
	} else if (forward->probe_ms < PROBE_MOST_MS) {
		forward->probe_ms *= 2;
		forward->probe_ms = forward->probe_ms < PROBE_MOST_MS ? forward->probe_ms : PROBE_MOST_MS;
	}
	if (!uv_is_active((uv_handle_t *)forward->probe)) {
		uv_timer_start(forward->probe, on_probe, forward->probe_ms, 0);
	}
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct errand *errand = data;
	struct forward *forward = errand->forward;
	bool silent = errand->silent && !delivery->connected;
	if (forward->stopped) {
		/* whether the app is there is nobody's concern any more */
	} else if (!delivery->connected) {
		wait_for(forward, &errand->event);
		app_is_away(forward, delivery);
	} else if (forward->away) {
		forward->away = false;
		uv_timer_stop(forward->probe);
		forward->events.away(forward->data, NULL);
	}
	if (silent) {
		errand_release(errand);
	} else {
		errand->attempt = attempt_copy(&delivery->attempt);
		client_store_attempt(forward->client, &delivery->attempt, delivery->answer_head,
			delivery->answer_body, on_stored, errand);
	}
	pump(forward);
}

static void send_errand(
	struct errand *errand, const struct event *event, const struct client_bytes *bytes) {
	errand->sent = true;
	deliver_send(errand->forward->deliver, &errand->forward->target, event, bytes->head,
		bytes->body, errand->cause, on_delivered, errand);
}

/* --- events fetched one by one --- */

static void on_fetched(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct errand *errand = data;
	if (is_undelivered(event)) {
		errand->silent = event->attempts > 0;
		errand->cause = event->attempts > 0 ? CAUSE_RETRY : CAUSE_FORWARD;
		errand->forward->fetching--;
		errand->users++;
		send_errand(errand, event, bytes);
	}
}

/* An event that is gone or was delivered by somebody else is no errand any more. */
static void on_fetch_done(void *data, const struct error *err) {
	struct errand *errand = data;
	struct forward *forward = errand->forward;
	errand->fetch = 0;
	if (!errand->sent) {
		forward->fetching--;
		if (err && err->code != ERROR_NO) {
			wait_for(forward, &errand->event);
		}
	}
	errand_release(errand);
	pump(forward);
}

static void fetch_first(struct forward *forward) {
	struct uuid event = forward->waiting[0];
	forward->waiting_count--;
	memmove(forward->waiting, forward->waiting + 1, forward->waiting_count * sizeof event);
	struct errand *errand = errand_new(forward, &event, CAUSE_RETRY);
	struct event_ref ref = {.by_id = true, .id = event};
	struct client_receiver receiver = {.event = on_fetched, .done = on_fetch_done, .data = errand};
	forward->fetching++;
	errand->users++; /* a client that is over says so at once */
	client_request fetch = client_get(forward->client, &ref, &receiver);
	errand->fetch = errand->users > 1 ? fetch : 0;
	errand_release(errand);
}

void forward_fetch(struct forward *forward, const struct uuid *event) {
	wait_for(forward, event);
	pump(forward);
}

static void on_probe(uv_timer_t *timer) {
	struct forward *forward = timer->data;
	if (forward->stopped) {
		forward->stopped(forward->data);
	} else if (forward->mine && forward->waiting_count > 0) {
		fetch_first(forward);
	} else {
		/* nothing to try with, or not ours to try: the next event finds out */
		forward->away = false;
		pump(forward);
	}
}

/* --- catching up --- */

static void on_listed(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct lane *lane = data;
	lane->listed++;
	if (event->seq <= lane->cursor) {
		return;
	}
	lane->cursor = event->seq;
	if (is_undelivered(event)) {
		struct errand *errand = errand_new(lane->forward, &event->id, CAUSE_FORWARD);
		errand->silent = event->attempts > 0;
		send_errand(errand, event, bytes);
	}
}

static void on_list_done(void *data, const struct error *err) {
	struct lane *lane = data;
	lane->listing = 0;
	if (!err && lane->listed < PAGE_EVENTS && lane->until > lane->cursor) {
		lane->cursor = lane->until; /* the rest was delivered by somebody else, or is gone */
	}
	if (!err) {
		pump(lane->forward);
	}
}

static void catch_up(struct lane *lane) {
	struct forward *forward = lane->forward;
	lane->until = lane->head;
	struct client_query query = {.endpoint = span_text(lane->name),
		.filter = span_text(forward->filter),
		.bytes = true,
		.after = lane->cursor,
		.before = lane->until + 1,
		.limit = PAGE_EVENTS};
	struct client_receiver receiver = {.event = on_listed, .done = on_list_done, .data = lane};
	lane->listed = 0;
	lane->listing = client_list(forward->client, &query, &receiver);
}

/* Starts whatever can be started. */
static void pump(struct forward *forward) {
	if (!forward->mine || forward->away) {
		return;
	}
	/* one after the other: answers to several at once come in any order, and the app gets events in theirs */
	while (forward->waiting_count > 0 && forward->fetching == 0 && has_room(forward)) {
		fetch_first(forward);
	}
	for (struct lane *lane = forward->lanes; lane; lane = lane->next) {
		if (forward->waiting_count == 0 && has_room(forward) && lane->cursor < lane->head &&
			!lane->listing) {
			catch_up(lane);
		}
	}
}

void forward_take(
	struct forward *forward, const struct event *event, const struct client_bytes *bytes) {
	struct lane *lane = find_lane(forward, event->endpoint);
	if (!lane) {
		lane = add_lane(forward, event->endpoint, event->seq - 1);
	}
	if (event->seq <= lane->head) {
		return;
	}
	bool in_line = lane->cursor == lane->head && !lane->listing && forward->waiting_count == 0;
	lane->head = event->seq;
	if (!forward->mine || forward->away || !in_line || !has_room(forward)) {
		return; /* pump comes back to it */
	}
	lane->cursor = event->seq;
	if (is_undelivered(event)) {
		struct errand *errand = errand_new(forward, &event->id, CAUSE_FORWARD);
		send_errand(errand, event, bytes);
	}
}

static void on_lease(void *data, bool mine, struct span holder) {
	struct forward *forward = data;
	forward->mine = mine;
	forward->events.lease(forward->data, mine, holder);
	pump(forward);
}

/* --- beginning and end --- */

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

static char *copy(struct span text) {
	return alloc_text(text.data, text.len);
}

struct forward *forward_new(uv_loop_t *loop, struct client *client, const struct target *target,
	const struct forward_options *options, const struct forward_events *events, void *data,
	struct error *err) {
	struct deliver *deliver = deliver_new(loop, options->deliver, err);
	if (!deliver) {
		return NULL;
	}
	struct forward *forward = alloc_zero(1, sizeof *forward);
	forward->loop = loop;
	forward->client = client;
	forward->deliver = deliver;
	forward->endpoint = copy(options->endpoint);
	forward->filter = copy(options->filter);
	int64_t at_once = options->deliver->concurrency > 0 ? options->deliver->concurrency : 1;
	forward->ahead = AHEAD_FACTOR * (size_t)at_once;
	forward->events = *events;
	forward->data = data;
	forward->probe = alloc_zero(1, sizeof *forward->probe);
	uv_timer_init(loop, forward->probe);
	forward->probe->data = forward;
	target_copy(&forward->target, target);
	forward->lease = client_lease(
		client, span_text(forward->endpoint), span_text(forward->target.url), on_lease, forward);
	return forward;
}

/* One that was not begun yet. */
static void forget(void *data) {
	struct errand *errand = data;
	if (errand->fetch) {
		client_cancel(errand->forward->client, errand->fetch);
	}
	errand_free(errand);
}

void forward_stop(struct forward *forward, void (*stopped)(void *data)) {
	forward->stopped = stopped;
	forward->mine = false;
	forward->waiting_count = 0;
	uv_timer_stop(forward->probe);
	client_cancel(forward->client, forward->lease);
	for (struct lane *lane = forward->lanes; lane; lane = lane->next) {
		client_cancel(forward->client, lane->listing);
	}
	deliver_drop_waiting(forward->deliver, forget);
	for (struct errand *errand = forward->errands; errand;) {
		struct errand *next = errand->next;
		if (!errand->sent) {
			forget(errand);
		}
		errand = next;
	}
	check_stopped(forward);
}

void forward_free(struct forward *forward) {
	if (!forward) {
		return;
	}
	deliver_free(forward->deliver);
	while (forward->errands) {
		errand_free(forward->errands);
	}
	while (forward->lanes) {
		struct lane *lane = forward->lanes;
		forward->lanes = lane->next;
		free(lane);
	}
	uv_close((uv_handle_t *)forward->probe, timer_closed);
	target_clear(&forward->target);
	free(forward->waiting);
	free(forward->endpoint);
	free(forward->filter);
	free(forward);
}
