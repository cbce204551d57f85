/*
 * Forwards events to an app by itself, each once: what comes live is sent at once; what came while the app, the lease or
 * the room was missing is fetched from the relay afterwards, in order. Each endpoint is a cursor over the relay's history,
 * never a queue: a slow app costs no memory.
 *
 *   - an event is sent when nobody has delivered it yet: no attempt is stored, or the newest one never reached an app
 *   - an event that was not received (an edited copy, a sample) is never sent by itself
 *   - an app that cannot be reached at all has seen nothing: the failure is stored once, then connecting is tried again
 *     (after 250 ms, doubling to 5 s) and everything is sent, in order, as soon as it is there
 *   - whatever the app answered, or did after it was connected to, ends the matter: trying again is for replay
 *   - the lease of the target says which of several clients forwards
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

struct forward_events {
	/* An attempt was made and is kept by the relay (or could not be: `err`). Valid during the call. */
	void (*attempted)(void *data, const struct attempt *attempt, const struct error *err);
	/* The lease: ours now, or `holder` has it. */
	void (*lease)(void *data, bool mine, struct span holder);
	/* The app cannot be reached (`why`), or can be again (NULL): events wait meanwhile. */
	void (*away)(void *data, const struct error *why);
};

struct forward;

struct forward_options {
	struct span endpoint; /* empty: all; copied */
	struct span filter;   /* text of common/filter; copied */
	const struct deliver_options *deliver;
};

/* `target` is copied. Asks for the lease at once. NULL and `err` when libcurl does not start. */
struct forward *forward_new(uv_loop_t *loop, struct client *client, const struct target *target,
	const struct forward_options *options, const struct forward_events *events, void *data,
	struct error *err);
/*
 * Gives the lease back and sends nothing more. What is at the app already is waited for, and its attempts are kept: only
 * `attempted` comes meanwhile, then `stopped`, in which forward_free is allowed.
 */
void forward_stop(struct forward *forward, void (*stopped)(void *data));
/* Ends what is under way; to be called after `stopped`, or before client_free. */
void forward_free(struct forward *forward);

/* An event of a subscription, in order. Sent now, or later from the relay. */
void forward_take(
	struct forward *forward, const struct event *event, const struct client_bytes *bytes);

/* An event that is to be sent although it was not in a subscription: fetched, and sent when nobody has delivered it. */
void forward_fetch(struct forward *forward, const struct uuid *event);
