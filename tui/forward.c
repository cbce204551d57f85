#include "tui/forward.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/same_target.h"
#include "tui/courier.h"

/* Requests handed out beyond those under way, all targets together. */
#define AHEAD_BYTES (64 * 1024 * 1024)

/* One target. */
struct target_place {
	struct courier *courier;
	bool stopping;
};

struct forward {
	uv_loop_t *loop;
	struct client *client;
	const struct routes *routes;
	char *endpoint, *filter, *who;
	struct deliver_options deliver;
	struct forward_events events;
	void *data;
	/* those that end stay until what is at their app is over */
	struct target_place **places;
	size_t place_count;
	void (*stopped)(void *data); /* set: nothing more is sent */
	uv_timer_t *soon;            /* tells it, from the loop */
};

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static const char *url_of(const struct target_place *place) {
	return courier_target(place->courier)->url;
}

static struct target_place *find_place(const struct forward *forward, const char *url) {
	for (size_t i = 0; i < forward->place_count; i++) {
		if (!forward->places[i]->stopping && target_same_text(url_of(forward->places[i]), url)) {
			return forward->places[i];
		}
	}
	return NULL;
}

static void place_free(struct forward *forward, struct target_place *place) {
	for (size_t i = 0; i < forward->place_count; i++) {
		if (forward->places[i] == place) {
			forward->places[i] = forward->places[--forward->place_count];
			break;
		}
	}
	courier_free(place->courier);
	free(place);
}

/* --- what couriers ask and tell --- */

const struct route *forward_route(const struct forward *forward, struct span target_url,
	const struct event *event, struct span head, struct span body) {
	const struct route *picked[ROUTE_TARGETS_MAX];
	if (event->origin != ORIGIN_RECEIVED) {
		return NULL; /* it goes where whoever made it wanted: nobody sent it to the app */
	}
	size_t count = routes_pick(forward->routes, event, head, body, now_ns(), picked);
	for (size_t i = 0; i < count; i++) {
		if (target_same(target_url, span_text(picked[i]->target.url))) {
			return picked[i];
		}
	}
	return NULL;
}

static const struct route *on_route(void *data, const struct courier *courier,
	const struct event *event, const struct client_bytes *bytes) {
	return forward_route(
		data, span_text(courier_target(courier)->url), event, bytes->head, bytes->body);
}

static const struct route *on_find(void *data, uint32_t id) {
	struct forward *forward = data;
	return routes_find(forward->routes, id);
}

static void on_attempted(void *data, const struct forwarded *forwarded) {
	struct forward *forward = data;
	forward->events.attempted(forward->data, forwarded);
}

static void on_lease(void *data, const struct target *target, bool mine, struct span holder) {
	struct forward *forward = data;
	forward->events.lease(forward->data, target, mine, holder);
}

static void on_away(void *data, const struct target *target, const struct error *why) {
	struct forward *forward = data;
	forward->events.away(forward->data, target, why);
}

static bool on_tried(void *data, const struct forward_tried *tried) {
	struct forward *forward = data;
	return forward->events.tried && forward->events.tried(forward->data, tried);
}

static bool on_tries_again(void *data, const struct uuid *event, const struct target *target) {
	struct forward *forward = data;
	return forward->events.tries_again && forward->events.tries_again(forward->data, event, target);
}

static int64_t on_total_ms(void *data, const struct route *route, const struct event *event) {
	struct forward *forward = data;
	int64_t ms =
		forward->events.total_ms ? forward->events.total_ms(forward->data, route, event) : 0;
	return ms > 0 ? ms : route->total_ms;
}

static void on_soon(uv_timer_t *timer) {
	struct forward *forward = timer->data;
	forward->stopped(forward->data);
}

static void check_stopped(struct forward *forward) {
	if (forward->stopped && forward->place_count == 0) {
		uv_timer_start(forward->soon, on_soon, 0, 0);
	}
}

static void on_courier_stopped(void *data, struct courier *courier) {
	struct forward *forward = data;
	for (size_t i = 0; i < forward->place_count; i++) {
		if (forward->places[i]->courier == courier) {
			place_free(forward, forward->places[i]);
			break;
		}
	}
	check_stopped(forward);
}

/* --- targets --- */

/* No more than routes may want, where that can be said in one filter; who gets the events has the last word. */
bool forward_append_filter(
	struct buffer *out, const struct forward *forward, const char *target_url) {
	struct buffer asked = {0};
	buffer_append_text(&asked, "is:received ");
	if (*forward->filter) {
		buffer_printf(&asked, "(%s) ", forward->filter);
	}
	bool any = routes_append_filter(&asked, forward->routes, target_url);
	if (asked.len <= FILTER_MAX) {
		buffer_append_span(out, buffer_span(&asked));
	} else {
		buffer_append_text(out, forward->filter);
	}
	buffer_clear(&asked);
	return any;
}

static bool begin(
	struct forward *forward, const struct route *route, struct buffer *filter, struct error *err) {
	static const struct courier_events events = {on_route, on_find, on_attempted, on_lease, on_away,
		on_courier_stopped, on_tried, on_tries_again, on_total_ms};
	struct courier_options options = {.endpoint = span_text(forward->endpoint),
		.filter = buffer_span(filter),
		.deliver = route_deliver(route, &forward->deliver),
		.ahead_bytes = AHEAD_BYTES / ROUTE_TARGETS_MAX};
	struct courier *courier = courier_new(
		forward->loop, forward->client, &route->target, &options, &events, forward, err);
	if (!courier) {
		return false;
	}
	struct target_place *place = alloc_zero(1, sizeof *place);
	place->courier = courier;
	forward->places =
		alloc_resize(forward->places, (forward->place_count + 1) * sizeof(struct target_place *));
	forward->places[forward->place_count++] = place;
	return true;
}

/* The target of a route begins, or goes on by what is said of it now. */
static bool serve(struct forward *forward, const struct route *route, struct error *err) {
	struct target_place *place = find_place(forward, route->target.url);
	struct buffer filter = {0};
	bool ok = true;
	forward_append_filter(&filter, forward, route->target.url);
	if (place) {
		const struct deliver_options deliver = route_deliver(route, &forward->deliver);
		courier_change(place->courier, buffer_span(&filter), &deliver);
	} else {
		ok = begin(forward, route, &filter, err);
	}
	buffer_clear(&filter);
	return ok;
}

/* Each target once, by the first route that leads there. */
static bool serve_all(struct forward *forward, struct error *err) {
	const struct routes *routes = forward->routes;
	for (size_t i = 0; i < routes->count; i++) {
		const struct route *route = &routes->list[i];
		if (route == routes_to(routes, route->target.url) && !serve(forward, route, err)) {
			return false;
		}
	}
	return true;
}

static void stop_places(struct forward *forward, bool all) {
	for (size_t i = 0; i < forward->place_count; i++) {
		struct target_place *place = forward->places[i];
		if (!place->stopping && (all || !routes_to(forward->routes, url_of(place)))) {
			place->stopping = true;
			courier_stop(place->courier);
		}
	}
}

bool forward_change(struct forward *forward, const struct routes *routes, struct error *err) {
	forward->routes = routes;
	stop_places(forward, false);
	return serve_all(forward, err);
}

/* --- events --- */

void forward_take(
	struct forward *forward, const struct event *event, const struct client_bytes *bytes) {
	for (size_t i = 0; i < forward->place_count; i++) {
		courier_take(forward->places[i]->courier, event, bytes);
	}
}

void forward_fetch(struct forward *forward, const struct uuid *event) {
	for (size_t i = 0; i < forward->place_count; i++) {
		courier_fetch(forward->places[i]->courier, event);
	}
}

bool forward_has(const struct forward *forward, const struct uuid *event, const char *target_url) {
	for (size_t i = 0; i < forward->place_count; i++) {
		const struct target_place *place = forward->places[i];
		if (target_same_text(url_of(place), target_url) && courier_has(place->courier, event)) {
			return true;
		}
	}
	return false;
}

bool forward_sends(
	const struct forward *forward, const struct uuid *event, const char *target_url) {
	for (size_t i = 0; i < forward->place_count; i++) {
		const struct target_place *place = forward->places[i];
		if (target_same_text(url_of(place), target_url) && courier_sends(place->courier, event)) {
			return true;
		}
	}
	return false;
}

bool forward_holds(const struct forward *forward, struct span target_url) {
	for (size_t i = 0; i < forward->place_count; i++) {
		const struct target_place *place = forward->places[i];
		if (target_same(target_url, span_text(url_of(place))) && courier_is_mine(place->courier)) {
			return true;
		}
	}
	return false;
}

/* One target is asked for as a whole: what went elsewhere was looked after by somebody. */
struct missed *forward_ask_missed(
	const struct forward *forward, const char *endpoint, missed_fn *told, void *data) {
	struct missed_target targets[ROUTE_TARGETS_MAX] = {{{0}}};
	struct buffer filters[ROUTE_TARGETS_MAX] = {{0}};
	size_t count = 0;
	for (size_t i = 0; i < forward->place_count && count < ROUTE_TARGETS_MAX; i++) {
		const char *url = url_of(forward->places[i]);
		if (!forward->places[i]->stopping && forward_append_filter(&filters[count], forward, url)) {
			targets[count].url = span_text(url);
			targets[count].filter = buffer_span(&filters[count]);
			count++;
		}
	}
	if (count == 1) {
		targets[0].url = (struct span){0};
	}
	struct missed *missed = missed_ask(forward->client, endpoint, targets, count, told, data);
	for (size_t i = 0; i < count; i++) {
		buffer_clear(&filters[i]);
	}
	return missed;
}

/* --- beginning and end --- */

static void timer_closed(uv_handle_t *handle) {
	free(handle);
}

struct forward *forward_new(uv_loop_t *loop, struct client *client, const struct routes *routes,
	const struct forward_options *options, const struct forward_events *events, void *data,
	struct error *err) {
	struct forward *forward = alloc_zero(1, sizeof *forward);
	const char *who = options->deliver->who ? options->deliver->who : "";
	forward->loop = loop;
	forward->client = client;
	forward->routes = routes;
	forward->endpoint = alloc_text(options->endpoint.data, options->endpoint.len);
	forward->filter = alloc_text(options->filter.data, options->filter.len);
	forward->who = alloc_text(who, strlen(who));
	forward->deliver = *options->deliver;
	forward->deliver.who = forward->who;
	forward->events = *events;
	forward->data = data;
	forward->soon = alloc_zero(1, sizeof *forward->soon);
	uv_timer_init(loop, forward->soon);
	forward->soon->data = forward;
	if (!serve_all(forward, err)) {
		forward_free(forward);
		return NULL;
	}
	return forward;
}

void forward_stop(struct forward *forward, void (*stopped)(void *data)) {
	forward->stopped = stopped;
	stop_places(forward, true);
	check_stopped(forward);
}

void forward_free(struct forward *forward) {
	if (!forward) {
		return;
	}
	while (forward->place_count > 0) {
		place_free(forward, forward->places[0]);
	}
	uv_close((uv_handle_t *)forward->soon, timer_closed);
	free(forward->places);
	free(forward->endpoint);
	free(forward->filter);
	free(forward->who);
	free(forward);
}
