/*
 * Proves something of an app: sends it what a webhook handler has to stand, and says what it did. The same for the screen and the
 * commands; the kinds are twice.c, reject.c, retries.c and chaos.c.
 */
#pragma once

#include <uv.h>

#include "tui/prove/lab.h"
#include "tui/prove/order.h"

enum prove_result {
	PROVE_GOOD,
	PROVE_BAD,
	PROVE_SKIPPED, /* does not apply to this event: why */
	PROVE_TOLD,    /* neither good nor bad, but to be known */
};
/* "ok", "BAD", "-", "" */
const char *prove_result_mark(enum prove_result result);
/* "ok", "bad", "skipped", "told": in JSON */
const char *prove_result_name(enum prove_result result);

/* One thing that was found out; valid during the call. */
struct prove_finding {
	enum prove_result result;
	const char *name; /* "stale", "second" */
	struct span text; /* a sentence; may hold what the app said: to be escaped */
	int64_t status;   /* of the app's answer; 0: none, or not about an answer */
	int64_t took_us;  /* -1: not about an answer */
};

struct prove_outcome {
	bool proven;
	const char *verdict;  /* "safe", "different", "error", "slower"; "refused"; ... */
	struct span sentence; /* what it means */
	struct span repeat;   /* the command line that does it again */
	int64_t good, bad, skipped;
};

/* All from the loop. */
struct prove_events {
	void (*found)(void *data, const struct prove_finding *finding);
	/* Once, the end: `outcome`, or `err` when it could not be carried out. prove_free is not allowed in it. */
	void (*ended)(void *data, const struct prove_outcome *outcome, const struct error *err);
};

struct prove;

/*
 * Begins; everything comes later, from the loop. `order` and all it points to must stay. `client` NULL: no relay, and the order
 * has a file. NULL and `err` when it cannot begin.
 */
struct prove *prove_begin(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, const struct prove_order *order,
	const struct prove_events *events, void *data, struct error *err);

/* Ends it without callbacks; to be called before client_free. NULL is allowed. */
void prove_free(struct prove *prove);
