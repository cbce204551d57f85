/*
 * Makes events of one's own: an edited copy, or a sample. Each is signed by the relay, which has the secrets, kept there as an event with
 * an origin, sent to an app, and the attempt is kept, too.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"

/* What is to be made; all of it is copied. */
struct maker_order {
	struct span endpoint; /* it belongs to */
	struct span provider; /* empty: the endpoint's, or the one that is recognised */
	struct span secret;   /* label of the one to try first; may be empty */
	struct span head, body;
	int64_t path_offset; /* where in the target the path handed on begins */
	enum origin origin;
	struct uuid parent;          /* all zero: none */
	bool as_it_is;               /* not signed by the relay */
	const struct target *target; /* NULL: it is only kept */
	enum cause cause;            /* of the attempt */
};

/* What became of it. */
struct made {
	const struct event *event;     /* as it is kept; NULL: it is not */
	const char *how;               /* "signed anew with secret live at ...", or why not */
	const struct attempt *attempt; /* NULL: it was not sent */
};

/* All are called from the loop, in this order for each. */
struct maker_events {
	/* It is kept, and its request goes out next. May be NULL. */
	void (*kept)(void *data, const struct made *made);
	/* The app answered, or there was no answer; the relay is about to keep that. May be NULL. */
	void (*delivered)(void *data, const struct delivery *delivery);
	/* The end: `err` when something could not be done. maker_free is not allowed in it. */
	void (*ended)(void *data, const struct made *made, const struct error *err);
};

struct maker;

/* NULL and `err` when libcurl does not start. */
struct maker *maker_new(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, const struct maker_events *events, void *data,
	struct error *err);
/* Ends what is under way without callbacks; to be called before client_free. */
void maker_free(struct maker *maker);

/* Begins to make one. */
void maker_make(struct maker *maker, const struct maker_order *order);
