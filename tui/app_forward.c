/* Forwarding, switched on and off, and what came while nothing forwarded. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/app_parts.h"

/* Missed events of one endpoint that are on their way to the forwarder. */
struct fetching {
	struct fetching *next;
	struct forwarding *forwarding;
	client_request request;
};

struct forwarding {
	struct forwarding *next;
	struct app *app;
	struct forward *forward;
	struct missed *missed;
	client_request follow; /* its events, with their bytes */
	struct fetching *fetching;
};

/* Only the one in force has something to tell of itself. */
static bool in_force(const struct forwarding *forwarding) {
	return forwarding->app->forwarding == forwarding;
}

/* --- what it tells --- */

static void on_attempted(void *data, const struct forwarded *forwarded) {
	struct forwarding *forwarding = data;
	app_tell(forwarding->app,
		&(struct msg){
			.type = MSG_FORWARD_SENT, .attempt = forwarded->attempt, .error = forwarded->err});
}

static void on_lease(void *data, const struct target *target, bool mine, struct span holder) {
	struct forwarding *forwarding = data;
	if (in_force(forwarding)) {
		retrier_look(forwarding->app->retrier);
		app_tell(forwarding->app, &(struct msg){.type = MSG_FORWARD_LEASE,
									  .target = span_text(target->url),
									  .mine = mine,
									  .text = holder});
		app_ask_leases(forwarding->app);
	}
}

static void on_away(void *data, const struct target *target, const struct error *why) {
	struct forwarding *forwarding = data;
	if (in_force(forwarding)) {
		app_tell(forwarding->app,
			&(struct msg){
				.type = MSG_FORWARD_AWAY, .target = span_text(target->url), .error = why});
	}
}

static void on_missed(void *data, const struct missed_events *missed) {
	struct forwarding *forwarding = data;
	const struct msg_missed told = {.endpoint = span_text(missed->endpoint),
		.count = missed->count,
		.first_seq = missed->first_seq,
		.last_seq = missed->last_seq,
		.more = missed->more};
	app_tell(forwarding->app, &(struct msg){.type = MSG_MISSED, .missed = &told});
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct forwarding *forwarding = data;
	forward_take(forwarding->forward, event, bytes);
}

static void on_follow_done(void *data, const struct error *err) {
	struct forwarding *forwarding = data;
	if (err && in_force(forwarding)) {
		app_note_error(forwarding->app, err);
	}
}

/* --- beginning and end --- */

static void fetching_free(struct fetching *fetching) {
	struct fetching **at = &fetching->forwarding->fetching;
	while (*at != fetching) {
		at = &(*at)->next;
	}
	*at = fetching->next;
	free(fetching);
}

/* What it asks the relay for, but for what the forwarder itself does. */
static void ask_no_more(struct forwarding *forwarding) {
	struct client *client = forwarding->app->client;
	client_cancel(client, forwarding->follow);
	while (forwarding->fetching) {
		client_cancel(client, forwarding->fetching->request);
		fetching_free(forwarding->fetching);
	}
	missed_free(forwarding->missed);
	forwarding->missed = NULL;
}

static void forwarding_free(struct forwarding *forwarding) {
	struct forwarding **at = &forwarding->app->forwardings;
	while (*at != forwarding) {
		at = &(*at)->next;
	}
	*at = forwarding->next;
	ask_no_more(forwarding);
	forward_free(forwarding->forward);
	free(forwarding);
}

static void on_stopped(void *data) {
	forwarding_free(data);
}

static void stop(struct app *app) {
	struct forwarding *forwarding = app->forwarding;
	if (forwarding) {
		app->forwarding = NULL;
		app_retry_use(app, NULL);
		ask_no_more(forwarding);
		forward_stop(forwarding->forward, on_stopped);
	}
}

static void ask_missed(struct forwarding *forwarding) {
	missed_free(forwarding->missed);
	forwarding->missed = forward_ask_missed(forwarding->forward, "", on_missed, forwarding);
}

/* What another store has is history: it is forwarded when somebody asks for it. */
static void on_anew(void *data) {
	ask_missed(data);
}

/* The events themselves: a subscription of its own, since only who forwards needs their bytes. */
static void follow(struct forwarding *forwarding) {
	struct client_query query = {.bytes = true, .live_only = true};
	struct client_receiver receiver = {
		.event = on_event, .anew = on_anew, .done = on_follow_done, .data = forwarding};
	forwarding->follow = client_subscribe(forwarding->app->client, &query, &receiver);
}

/* One route, to a target that was named, instead of the table there was. */
static bool take_target(struct app *app, const char *text, struct error *err) {
	struct routes *routes = &app->options.settings->routes;
	struct target target = {0};
	struct buffer line = {0};
	if (!app_target(app, &target, text, err)) {
		return false;
	}
	target_clear(&target);
	routes_clear(routes);
	buffer_printf(&line, "=> %s", text);
	bool ok = routes_add(routes, buffer_span(&line), app->options.deliver->anywhere, err);
	buffer_clear(&line);
	app->routes_changed = true;
	return ok;
}

static bool on_tried(void *data, const struct forward_tried *tried) {
	return retrier_tried(((struct forwarding *)data)->app->retrier, tried);
}

static bool on_tries_again(void *data, const struct uuid *event, const struct target *target) {
	return retrier_tries_again(((struct forwarding *)data)->app->retrier, event, target);
}

static int64_t on_total_ms(void *data, const struct route *route, const struct event *event) {
	return retrier_total_ms(((struct forwarding *)data)->app->retrier, route, event);
}

static bool begin(struct app *app, struct error *err) {
	static const struct forward_events events = {
		on_attempted, on_lease, on_away, on_tried, on_tries_again, on_total_ms};
	struct routes *routes = &app->options.settings->routes;
	if (!routes_check_loop(routes, span_text(app->ingest_url), err)) {
		return false;
	}
	struct forwarding *forwarding = alloc_zero(1, sizeof *forwarding);
	forwarding->app = app;
	forwarding->next = app->forwardings;
	app->forwardings = app->forwarding = forwarding;
	struct forward_options options = {.deliver = app->options.deliver};
	forwarding->forward =
		forward_new(app->loop, app->client, routes, &options, &events, forwarding, err);
	if (!forwarding->forward) {
		app->forwarding = NULL;
		forwarding_free(forwarding);
		return false;
	}
	app_retry_use(app, forwarding->forward);
	follow(forwarding);
	ask_missed(forwarding);
	return true;
}

void app_forward(struct app *app, const char *target, bool by_routes) {
	struct error err = {0};
	stop(app);
	bool named = *target && !by_routes;
	bool on = by_routes || (named && take_target(app, target, &err));
	if (named) {
		app_tell_routes(app);
	}
	if (!on || !begin(app, &err)) {
		app_tell(app,
			&(struct msg){.type = MSG_FORWARD_OFF, .error = err.code == ERROR_NONE ? NULL : &err});
	}
}

bool app_is_forwarding(const struct app *app, const struct uuid *event, const char *target_url) {
	for (const struct forwarding *at = app->forwardings; at; at = at->next) {
		if (at->forward && forward_sends(at->forward, event, target_url)) {
			return true;
		}
	}
	return false;
}

struct forward *app_forward_in_force(const struct app *app) {
	return app->forwarding ? app->forwarding->forward : NULL;
}

void app_forward_changed(struct app *app) {
	struct error err = {0};
	if (app->forwarding &&
		!forward_change(app->forwarding->forward, &app->options.settings->routes, &err)) {
		app_note_error(app, &err);
	}
}

bool app_holds(const struct app *app, struct span endpoint, struct span target) {
	const struct forwarding *forwarding = app->forwarding;
	return forwarding && endpoint.len == 0 && forward_holds(forwarding->forward, target);
}

void app_forward_clear(struct app *app) {
	app->forwarding = NULL;
	while (app->forwardings) {
		forwarding_free(app->forwardings);
	}
}

/* --- missed events --- */

static void on_missed_event(
	void *data, const struct event *event, const struct client_bytes *bytes) {
	struct fetching *fetching = data;
	(void)bytes;
	forward_fetch(fetching->forwarding->forward, &event->id);
}

static void on_missed_done(void *data, const struct error *err) {
	struct fetching *fetching = data;
	struct app *app = fetching->forwarding->app;
	fetching_free(fetching);
	if (err) {
		struct error told = *err;
		error_prefix(&told, "forward what was missed");
		app_note_error(app, &told);
	}
}

void app_forward_missed(
	struct app *app, struct span endpoint, int64_t first_seq, int64_t last_seq) {
	struct forwarding *forwarding = app->forwarding;
	if (!forwarding) {
		return;
	}
	struct fetching *fetching = alloc_zero(1, sizeof *fetching);
	fetching->forwarding = forwarding;
	fetching->next = forwarding->fetching;
	forwarding->fetching = fetching;
	struct buffer filter = {0}; /* as what was missed was counted */
	forward_append_filter(&filter, forwarding->forward, NULL);
	struct client_query query = {.endpoint = endpoint,
		.filter = buffer_span(&filter),
		.after = first_seq > 0 ? first_seq - 1 : 0,
		.before = last_seq + 1};
	struct client_receiver receiver = {
		.event = on_missed_event, .done = on_missed_done, .data = fetching};
	client_request request = client_list(app->client, &query, &receiver);
	buffer_clear(&filter);
	if (forwarding->fetching ==
		fetching) { /* a client that is over says so at once, and it is gone */
		fetching->request = request;
	}
}
