/*
 * Forwards events to apps by itself, by a table of routes: each event once to each target it has a route to. What comes
 * live is sent at once; what came while an app, its lease or the room was missing is fetched from the relay afterwards,
 * in order. Each target has a courier (tui/courier.h) with a lease, connections and cursors of its own: one that is down
 * holds up no other, and none holds more memory for it. An event that was not received (an edited copy, a sample) is never
 * sent by itself.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "common/span.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"
#include "tui/missed.h"
#include "tui/routes.h"

/* What has become of an event on a route. */
struct forwarded {
	const struct route *route; /* of the table in force; NULL: it is not there any more */
	const struct attempt *attempt;
	/*
	 * The app was not reached at all: it has seen nothing, and the event is sent as soon as it is there. Nothing is to be
	 * done about it by anybody else.
	 */
	bool waits;
	const struct error *err; /* the relay does not keep it; NULL: it does */
};

/* An attempt of which the relay has not heard yet. Valid during the call. */
struct forward_tried {
	const struct route *route; /* NULL: it is not there any more */
	const struct delivery *delivery;
	struct span provider; /* of the event */
};

struct forward_events {
	/* An attempt was made and is kept by the relay, or not. Valid during the call. */
	void (*attempted)(void *data, const struct forwarded *forwarded);
	/* The lease of a target: ours now, or `holder` has it. */
	void (*lease)(void *data, const struct target *target, bool mine, struct span holder);
	/* The app cannot be reached (`why`), or can be again (NULL): its events wait meanwhile. */
	void (*away)(void *data, const struct target *target, const struct error *why);

	/* Of somebody who tries again what failed, as a retrier does; all three or none. */

	/* True: it is tried again, so it is nothing to wait for, even when the app was not reached. */
	bool (*tried)(void *data, const struct forward_tried *tried);
	/* Whether that is to come for an event that has attempts: it is left alone. */
	bool (*tries_again)(void *data, const struct uuid *event, const struct target *target);
	/* How long the app may take for the event on its route; 0: as usual. */
	int64_t (*total_ms)(void *data, const struct route *route, const struct event *event);
};

struct forward;

struct forward_options {
	struct span endpoint; /* empty: all; copied */
	struct span filter;   /* text of common/filter, in front of all routes; copied */
	const struct deliver_options *deliver; /* for what a route does not say; its `who` is copied */
};

/*
 * `routes` is borrowed until forward_free or the next forward_change. Asks for the leases at once. NULL and `err` when
 * libcurl does not start.
 */
struct forward *forward_new(uv_loop_t *loop, struct client *client, const struct routes *routes,
	const struct forward_options *options, const struct forward_events *events, void *data,
	struct error *err);
/*
 * Another table from now on, instead of the one before, which is looked at no more. A target that stays keeps what it has
 * yet to send, by the new routes; one that is gone sends nothing more.
 */
bool forward_change(struct forward *forward, const struct routes *routes, struct error *err);
/*
 * Gives the leases back and sends nothing more. What is at an app already is waited for, and its attempts are kept: only
 * `attempted` comes meanwhile, then `stopped`, in which forward_free is allowed.
 */
void forward_stop(struct forward *forward, void (*stopped)(void *data));
/* Ends what is under way; to be called after `stopped`, or before client_free. */
void forward_free(struct forward *forward);

/* An event of a subscription with bytes, in order. Sent now, or later from the relay. */
void forward_take(
	struct forward *forward, const struct event *event, const struct client_bytes *bytes);

/* An event that is to be sent although it was not in a subscription: to each target nobody has delivered it to. */
void forward_fetch(struct forward *forward, const struct uuid *event);

/* A filter for the events that have a route (to that target; NULL: to any), for asking the relay. False: none can have one. */
bool forward_append_filter(
	struct buffer *out, const struct forward *forward, const char *target_url);

/* What came while nobody forwarded, of one endpoint or of all (""), as missed_ask tells it. */
struct missed *forward_ask_missed(
	const struct forward *forward, const char *endpoint, missed_fn *told, void *data);

/* Whether the event is on its way to that target, or waits for its turn. */
bool forward_has(const struct forward *forward, const struct uuid *event, const char *target_url);
/* Whether its request is on its way to that target just now. */
bool forward_sends(const struct forward *forward, const struct uuid *event, const char *target_url);
/* The route an event takes to that target now; NULL: none. Valid until the table changes. */
const struct route *forward_route(const struct forward *forward, struct span target_url,
	const struct event *event, struct span head, struct span body);

/* Whether the lease of that target is ours. */
bool forward_holds(const struct forward *forward, struct span target_url);
