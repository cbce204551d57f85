#include "tui/courier.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/same_target.h"
#include "common/signature/provider_read.h"
#include "tui/lane.h"

#define PROBE_FIRST_MS 250
#define PROBE_MOST_MS 5000
/*
 * Handed to deliver beyond what is under way: so many times what it does at once. What finds no room is asked for a
 * second time, page by page, so a burst had better find some.
 */
#define AHEAD_FACTOR 64

/* An event whose turn has come, and who was put off. */
struct waiting {
	struct uuid event;
	uint64_t turn; /* counted up as events are taken: they are sent in that order */
};

/* One event on its way to the app, or its attempt on its way to the relay. */
struct errand {
	struct courier *courier;
	struct errand *next, **link;
	struct uuid event;
	uint64_t turn;
	uint32_t route;
	char provider[PROVIDER_NAME_LEN + 1]; /* of the event, once it is sent */
	enum cause cause;
	int users;            /* the request that fetches it, and whoever delivers and keeps it */
	client_request fetch; /* that request; 0: over */
	bool sent, silent; /* silent: a failure of the kind that is known already is not stored again */
	bool waits;        /* the app was not reached: it is among those waiting again */
	/* fetched, while its attempts are still to come */
	struct event *fetched;
	struct buffer head, body;
	bool tried; /* there is one to this target, */
	int64_t last_status;

	struct attempt *attempt;
};

struct courier {
	uv_loop_t *loop;
	struct client *client;
	struct deliver *deliver;
	struct target target;
	char *endpoint, *filter;
	size_t ahead, ahead_bytes;
	struct courier_events events;
	void *data;
	struct lane *lanes;
	struct buffer store; /* whose numbers those of the lanes are */
	struct errand *errands;
	size_t fetching;
	/* events to be fetched and sent before any lane goes on, by their turn */
	struct waiting *waiting;
	size_t waiting_count, waiting_capacity;
	uint64_t turns;
	bool mine, away, stopping;
	client_request lease;
	uint64_t probe_ms;
	uv_timer_t *probe;
};

static void pump(struct courier *courier);
static void on_probe(uv_timer_t *timer);

const struct target *courier_target(const struct courier *courier) {
	return &courier->target;
}

bool courier_is_mine(const struct courier *courier) {
	return courier->mine;
}

static struct errand *errand_new(
	struct courier *courier, const struct uuid *event, uint64_t turn, enum cause cause) {
	struct errand *errand = alloc_zero(1, sizeof *errand);
	errand->courier = courier;
	errand->event = *event;
	errand->turn = turn;
	errand->cause = cause;
	errand->users = 1;
	errand->next = courier->errands;
	errand->link = &courier->errands;
	if (errand->next) {
		errand->next->link = &errand->next;
	}
	courier->errands = errand;
	return errand;
}

/* What was held of the event until its attempts were known. */
static void drop_fetched(struct errand *errand) {
	free(errand->fetched);
	errand->fetched = NULL;
	buffer_clear(&errand->head);
	buffer_clear(&errand->body);
}

static void errand_free(struct errand *errand) {
	*errand->link = errand->next;
	if (errand->next) {
		errand->next->link = errand->link;
	}
	drop_fetched(errand);
	free(errand->attempt);
	free(errand);
}

/* The last one under way is over: told from the loop, since whoever is told may free us. */
static void check_stopped(struct courier *courier) {
	if (courier->stopping && !courier->errands) {
		uv_timer_start(courier->probe, on_probe, 0, 0);
	}
}

static void errand_release(struct errand *errand) {
	struct courier *courier = errand->courier;
	if (--errand->users == 0) {
		errand_free(errand);
		check_stopped(courier);
	}
}

static bool has_room(const struct courier *courier) {
	size_t pending = (size_t)deliver_pending(courier->deliver) + courier->fetching;
	return pending < courier->ahead &&
	       deliver_pending_bytes(courier->deliver) < courier->ahead_bytes;
}

/* Who was put off comes back to the place of its turn, which is the last one mostly. */
static void wait_for(struct courier *courier, const struct uuid *event, uint64_t turn) {
	if (courier->waiting_count == courier->waiting_capacity) {
		courier->waiting_capacity = courier->waiting_capacity ? 2 * courier->waiting_capacity : 64;
		courier->waiting =
			alloc_resize(courier->waiting, courier->waiting_capacity * sizeof *courier->waiting);
	}
	size_t at = courier->waiting_count++;
	for (; at > 0 && courier->waiting[at - 1].turn > turn; at--) {
		courier->waiting[at] = courier->waiting[at - 1];
	}
	courier->waiting[at] = (struct waiting){*event, turn};
}

/* --- what became of it --- */

static void tell(struct errand *errand, const struct error *err) {
	struct courier *courier = errand->courier;
	const struct forwarded forwarded = {
		.route = courier->events.find(courier->data, errand->route),
		.attempt = errand->attempt,
		.waits = errand->waits,
		.err = err,
	};
	courier->events.attempted(courier->data, &forwarded);
}

static void on_stored(void *data, const struct client_stored *stored, const struct error *err) {
	struct errand *errand = data;
	errand->attempt->seq = stored->seq;
	errand->attempt->number = stored->number;
	errand->attempt->late = stored->late;
	tell(errand, err);
	errand_release(errand);
}

static void put_off(void *data) {
	struct errand *errand = data;
	wait_for(errand->courier, &errand->event, errand->turn);
	errand_release(errand);
}

/* So that no sender waits for an app that is not there, or for an event that no route takes. */
static void tell_lease(const struct courier *courier) {
	client_lease_tell(courier->client, courier->lease, courier->away, span_text(courier->filter));
}

/* What was not begun waits, too: the app may be there a moment later, and gets its events in their order. */
static void app_is_away(struct courier *courier, const struct delivery *delivery) {
	if (!courier->away) {
		struct error why = {0};
		error_set(&why, ERROR_APP, "%.*s", (int)delivery->attempt.error.len,
			delivery->attempt.error.data);
		courier->away = true;
		courier->probe_ms = PROBE_FIRST_MS;
		deliver_drop_waiting(courier->deliver, put_off);
		tell_lease(courier);
		courier->events.away(courier->data, &courier->target, &why);
	} else if (courier->probe_ms < PROBE_MOST_MS) {
		courier->probe_ms *= 2;
		courier->probe_ms = courier->probe_ms < PROBE_MOST_MS ? courier->probe_ms : PROBE_MOST_MS;
	}
	if (!uv_is_active((uv_handle_t *)courier->probe)) {
		uv_timer_start(courier->probe, on_probe, courier->probe_ms, 0);
	}
}

static void app_is_there(struct courier *courier) {
	if (courier->away) {
		courier->away = false;
		tell_lease(courier);
		uv_timer_stop(courier->probe);
		courier->events.away(courier->data, &courier->target, NULL);
	}
}

/* Whoever tries again what failed is told before the relay: what is due is kept even if we end in between. */
static bool is_tried_again(struct errand *errand, const struct delivery *delivery) {
	struct courier *courier = errand->courier;
	const struct route *route = courier->events.find(courier->data, errand->route);
	return courier->events.tried(
		courier->data, &(struct forward_tried){route, delivery, span_text(errand->provider)});
}

static void on_delivered(void *data, const struct delivery *delivery) {
	struct errand *errand = data;
	struct courier *courier = errand->courier;
	bool again = is_tried_again(errand, delivery);
	bool silent = errand->silent && !delivery->connected && !again;
	if (courier->stopping) {
		/* whether the app is there is nobody's concern any more */
	} else if (delivery->connected || again) {
		app_is_there(courier); /* or others try again, and nothing waits for it */
	} else {
		errand->waits = true;
		wait_for(courier, &errand->event, errand->turn);
		app_is_away(courier, delivery);
	}
	if (silent) {
		errand_release(errand);
	} else {
		errand->attempt = attempt_copy(&delivery->attempt);
		client_store_attempt(courier->client, &delivery->attempt, delivery->answer_head,
			delivery->answer_body, on_stored, errand);
	}
	pump(courier);
}

static void send_errand(struct errand *errand, const struct route *route, const struct event *event,
	const struct client_bytes *bytes) {
	struct courier *courier = errand->courier;
	const struct request_options options = route_request(route);
	const struct deliver_order order = {.target = &courier->target,
		.event = event,
		.head = bytes->head,
		.body = bytes->body,
		.options = &options,
		.total_ms = courier->events.total_ms(courier->data, route, event),
		.cause = errand->cause};
	if (event->provider.len > 0 && event->provider.len <= PROVIDER_NAME_LEN) {
		memcpy(errand->provider, event->provider.data, event->provider.len);
	}
	errand->sent = true;
	errand->route = route->id;
	deliver_send_order(courier->deliver, &order, on_delivered, errand);
}

/* Sends an event that came with its bytes, or puts it off where its attempts must be known first. */
static void take(
	struct courier *courier, const struct event *event, const struct client_bytes *bytes) {
	const struct route *route = courier->events.route(courier->data, courier, event, bytes);
	uint64_t turn = ++courier->turns;
	if (!route) {
		return;
	}
	if (event->attempts > 0 || courier->waiting_count > 0 || courier->fetching > 0) {
		wait_for(courier, &event->id, turn);
	} else {
		send_errand(errand_new(courier, &event->id, turn, CAUSE_FORWARD), route, event, bytes);
	}
}

/* --- events fetched one by one --- */

static void send_fetched(
	struct errand *errand, const struct event *event, const struct client_bytes *bytes) {
	struct courier *courier = errand->courier;
	const struct route *route = courier->events.route(courier->data, courier, event, bytes);
	bool elsewhere =
		errand->tried && courier->events.tries_again(courier->data, &event->id, &courier->target);
	if (route && !elsewhere && (!errand->tried || errand->last_status == 0)) {
		errand->silent = errand->tried;
		errand->cause = errand->tried ? CAUSE_RETRY : CAUSE_FORWARD;
		courier->fetching--;
		errand->users++;
		send_errand(errand, route, event, bytes);
	}
}

static void on_fetched(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct errand *errand = data;
	if (event->attempts == 0) {
		send_fetched(errand, event, bytes);
		return;
	}
	errand->fetched = event_copy(event);
	buffer_append_span(&errand->head, bytes->head);
	buffer_append_span(&errand->body, bytes->body);
}

static void on_fetched_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct errand *errand = data;
	(void)bytes;
	if (target_same(attempt->target, span_text(errand->courier->target.url))) {
		errand->tried = true;
		errand->last_status = attempt->status;
	}
}

/* What was to find out whether the app is there again did not: the next one does. */
static void probe_on(struct courier *courier) {
	bool probing = courier->fetching > 0 || deliver_pending(courier->deliver) > 0 ||
	               uv_is_active((uv_handle_t *)courier->probe);
	if (courier->away && !courier->stopping && !probing) {
		uv_timer_start(courier->probe, on_probe, 0, 0);
	}
}

/* An event that is gone or was delivered here by somebody else is no errand any more. */
static void on_fetch_done(void *data, const struct error *err) {
	struct errand *errand = data;
	struct courier *courier = errand->courier;
	errand->fetch = 0;
	if (errand->fetched && !err) {
		const struct client_bytes bytes = {
			.head = buffer_span(&errand->head), .body = buffer_span(&errand->body)};
		send_fetched(errand, errand->fetched, &bytes);
	}
	drop_fetched(errand);
	if (!errand->sent) {
		courier->fetching--;
		if (err && err->code != ERROR_NO) {
			wait_for(courier, &errand->event, errand->turn);
		}
	}
	errand_release(errand);
	probe_on(courier);
	pump(courier);
}

bool courier_has(const struct courier *courier, const struct uuid *event) {
	for (const struct errand *errand = courier->errands; errand; errand = errand->next) {
		if (uuid_equal(&errand->event, event)) {
			return true;
		}
	}
	for (size_t i = 0; i < courier->waiting_count; i++) {
		if (uuid_equal(&courier->waiting[i].event, event)) {
			return true;
		}
	}
	return false;
}

bool courier_sends(const struct courier *courier, const struct uuid *event) {
	for (const struct errand *errand = courier->errands; errand; errand = errand->next) {
		if (errand->sent && !errand->attempt && uuid_equal(&errand->event, event)) {
			return true;
		}
	}
	return false;
}

static void fetch_first(struct courier *courier) {
	static const struct client_receiver calls = {
		.event = on_fetched, .attempt = on_fetched_attempt, .done = on_fetch_done};
	struct waiting first = courier->waiting[0];
	struct client_receiver receiver = calls;
	courier->waiting_count--;
	memmove(courier->waiting, courier->waiting + 1, courier->waiting_count * sizeof first);
	struct errand *errand = errand_new(courier, &first.event, first.turn, CAUSE_RETRY);
	struct event_ref ref = {.by_id = true, .id = first.event};
	receiver.data = errand;
	courier->fetching++;
	errand->users++; /* a client that is over says so at once */
	client_request fetch = client_get(courier->client, &ref, &receiver);
	errand->fetch = errand->users > 1 ? fetch : 0;
	errand_release(errand);
}

void courier_fetch(struct courier *courier, const struct uuid *event) {
	if (!courier->stopping && !courier_has(courier, event)) {
		wait_for(courier, event, ++courier->turns);
		pump(courier);
	}
}

static void on_probe(uv_timer_t *timer) {
	struct courier *courier = timer->data;
	if (courier->stopping) {
		courier->events.stopped(courier->data, courier);
	} else if (courier->mine && courier->waiting_count > 0) {
		fetch_first(courier);
	} else {
		/* nothing to try with, or not ours to try: the next event finds out */
		courier->away = false;
		tell_lease(courier);
		pump(courier);
	}
}

/* --- catching up --- */

static void take_listed(void *data, const struct event *event, const struct client_bytes *bytes) {
	take(data, event, bytes);
}

static void go_on(void *data) {
	pump(data);
}

static const struct lane_events lane_events = {.take = take_listed, .more = go_on};

/* The lanes count by the numbers of one store: in another one they mean nothing. */
static void meet_store(struct courier *courier) {
	struct span store = client_store(courier->client);
	if (!span_equal(store, buffer_span(&courier->store))) {
		lanes_clear(&courier->lanes, courier->client);
		buffer_reset(&courier->store);
		buffer_append_span(&courier->store, store);
	}
}

/* Starts whatever can be started. */
static void pump(struct courier *courier) {
	meet_store(courier);
	if (!courier->mine || courier->away) {
		return;
	}
	/* one after the other: answers to several at once come in any order, and the app gets events in theirs */
	while (courier->waiting_count > 0 && courier->fetching == 0 && has_room(courier)) {
		fetch_first(courier);
	}
	for (struct lane *lane = courier->lanes; lane; lane = lane->next) {
		if (courier->waiting_count == 0 && courier->fetching == 0 && has_room(courier) &&
			lane->cursor < lane->head && !lane->listing) {
			lane_catch_up(lane, courier->client, courier->filter);
		}
	}
}

/* An endpoint that was removed and made again gives numbers it gave before, at another position. */
static struct lane *lane_for(struct courier *courier, const struct event *event) {
	meet_store(courier);
	struct lane *lane = lane_find(courier->lanes, event->endpoint);
	if (!lane) {
		return lane_add(&courier->lanes, event->endpoint, event->seq - 1, &lane_events, courier);
	}
	if (event->seq <= lane->head && event->position > lane->position) {
		lane_begin_anew(lane, courier->client, event->seq - 1);
	}
	return lane;
}

void courier_take(
	struct courier *courier, const struct event *event, const struct client_bytes *bytes) {
	if (courier->stopping) {
		return;
	}
	struct lane *lane = lane_for(courier, event);
	if (event->seq <= lane->head) {
		return;
	}
	bool in_line = lane->cursor == lane->head && !lane->listing && courier->waiting_count == 0 &&
	               courier->fetching == 0;
	lane->head = event->seq;
	lane->position = event->position;
	if (!courier->mine || courier->away || !in_line || !has_room(courier)) {
		return; /* pump comes back to it */
	}
	lane->cursor = event->seq;
	take(courier, event, bytes);
	if (courier->waiting_count > 0) {
		pump(courier);
	}
}

static size_t most_ahead(const struct deliver_options *deliver) {
	return AHEAD_FACTOR * (size_t)(deliver->concurrency > 0 ? deliver->concurrency : 1);
}

void courier_change(
	struct courier *courier, struct span filter, const struct deliver_options *deliver) {
	free(courier->filter);
	courier->filter = alloc_text(filter.data, filter.len);
	tell_lease(courier);
	courier->ahead = most_ahead(deliver);
	deliver_change(courier->deliver, deliver);
}

static void on_lease(void *data, bool mine, struct span holder) {
	struct courier *courier = data;
	courier->mine = mine;
	tell_lease(courier);
	courier->events.lease(courier->data, &courier->target, mine, holder);
	pump(courier);
}

/* --- beginning and end --- */

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

struct courier *courier_new(uv_loop_t *loop, struct client *client, const struct target *target,
	const struct courier_options *options, const struct courier_events *events, void *data,
	struct error *err) {
	struct deliver *deliver = deliver_new(loop, &options->deliver, err);
	if (!deliver) {
		return NULL;
	}
	struct courier *courier = alloc_zero(1, sizeof *courier);
	courier->loop = loop;
	courier->client = client;
	courier->deliver = deliver;
	courier->endpoint = alloc_text(options->endpoint.data, options->endpoint.len);
	courier->filter = alloc_text(options->filter.data, options->filter.len);
	courier->ahead = most_ahead(&options->deliver);
	courier->ahead_bytes = options->ahead_bytes;
	courier->events = *events;
	courier->data = data;
	courier->probe = alloc_zero(1, sizeof *courier->probe);
	uv_timer_init(loop, courier->probe);
	courier->probe->data = courier;
	target_copy(&courier->target, target);
	courier->lease = client_lease(
		client, span_text(courier->endpoint), span_text(courier->target.url), on_lease, courier);
	return courier;
}

/* One that was not begun yet. */
static void forget(void *data) {
	struct errand *errand = data;
	if (errand->fetch) {
		client_cancel(errand->courier->client, errand->fetch);
	}
	errand_free(errand);
}

void courier_stop(struct courier *courier) {
	courier->stopping = true;
	courier->mine = false;
	courier->waiting_count = 0;
	uv_timer_stop(courier->probe);
	client_cancel(courier->client, courier->lease);
	for (struct lane *lane = courier->lanes; lane; lane = lane->next) {
		client_cancel(courier->client, lane->listing);
	}
	deliver_drop_waiting(courier->deliver, forget);
	for (struct errand *errand = courier->errands; errand;) {
		struct errand *next = errand->next;
		if (!errand->sent) {
			forget(errand);
		}
		errand = next;
	}
	check_stopped(courier);
}

void courier_free(struct courier *courier) {
	if (!courier) {
		return;
	}
	deliver_free(courier->deliver);
	while (courier->errands) {
		errand_free(courier->errands);
	}
	lanes_clear(&courier->lanes, courier->client);
	uv_close((uv_handle_t *)courier->probe, timer_closed);
	target_clear(&courier->target);
	buffer_clear(&courier->store);
	free(courier->waiting);
	free(courier->endpoint);
	free(courier->filter);
	free(courier);
}
