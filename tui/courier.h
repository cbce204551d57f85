/*
 * Brings events to one target, each once. Each endpoint is a cursor over the relay's history, never a queue: a slow app
 * costs no memory.
 *
 *   - an event is sent when nobody has delivered it to this target yet: no attempt to it is stored, or the newest one has
 *     no status. Where the event has attempts these are asked for, since they may be to other targets
 *   - an app that cannot be reached at all has seen nothing: the failure is stored once, then connecting is tried again
 *     (after 250 ms, doubling to 5 s) and everything is sent, in order, as soon as it is there
 *   - whatever the app answered, or did after it was connected to, ends the matter: trying again is for whoever is told (`tried`)
 *   - the lease of the target says which of several clients forwards
 *
 * For tui/forward.c, which knows the routes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "tui/client.h"
#include "tui/forward.h"

struct courier;

struct courier_events {
	/* The route that takes the event to this target; NULL: none. Valid until the table changes. */
	const struct route *(*route)(void *data, const struct courier *courier,
		const struct event *event, const struct client_bytes *bytes);
	/* The route of that id, as in struct forwarded. */
	const struct route *(*find)(void *data, uint32_t id);
	void (*attempted)(void *data, const struct forwarded *forwarded);
	void (*lease)(void *data, const struct target *target, bool mine, struct span holder);
	void (*away)(void *data, const struct target *target, const struct error *why);
	/* After courier_stop: nothing is under way any more. courier_free is allowed in it. */
	void (*stopped)(void *data, struct courier *courier);
	/* As those of struct forward_events; `total_ms` is the last word, 0: as the target has it. */
	bool (*tried)(void *data, const struct forward_tried *tried);
	bool (*tries_again)(void *data, const struct uuid *event, const struct target *target);
	int64_t (*total_ms)(void *data, const struct route *route, const struct event *event);
};

struct courier_options {
	struct span endpoint; /* empty: all; copied */
	struct span filter;   /* what the relay is asked for when catching up; copied */
	struct deliver_options deliver;
	size_t ahead_bytes; /* handed to deliver at most, beyond one request */
};

/* `target` is copied. Asks for the lease at once. */
struct courier *courier_new(uv_loop_t *loop, struct client *client, const struct target *target,
	const struct courier_options *options, const struct courier_events *events, void *data,
	struct error *err);
void courier_free(struct courier *courier);
/* Gives the lease back and sends nothing more; `stopped` comes from the loop. */
void courier_stop(struct courier *courier);

void courier_take(
	struct courier *courier, const struct event *event, const struct client_bytes *bytes);
void courier_fetch(struct courier *courier, const struct uuid *event);
/* Another filter and other options from now on. */
void courier_change(
	struct courier *courier, struct span filter, const struct deliver_options *deliver);

const struct target *courier_target(const struct courier *courier);
bool courier_is_mine(const struct courier *courier);
bool courier_has(const struct courier *courier, const struct uuid *event);
/* Whether its request is on its way to the app, or about to be: what merely waits for its turn is not. */
bool courier_sends(const struct courier *courier, const struct uuid *event);
