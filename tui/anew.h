/* Asks the relay, which has the secrets, to sign an event as its provider would now: one it has stored, or one being made. */
#pragma once

#include "common/buffer.h"
#include "common/error.h"
#include "tui/client.h"
#include "tui/deliver/request.h"

/* What came of it. */
struct anew {
	struct buffer lines; /* header lines with CR LF; empty: it cannot be signed anew */
	struct buffer how;   /* in words: "signed anew with secret live at ...", or why it cannot be */
};
void anew_clear(struct anew *anew);
/* For deliver_send_anew; borrowed. */
struct resign anew_resign(const struct anew *anew);

/*
 * `told` once: with what came of it, valid during the call; or with `err` when the relay could not be asked. A relay that knows
 * no such request cannot sign anew, and that is said in `how`.
 */
typedef void anew_told_fn(void *data, const struct anew *anew, const struct error *err);
void anew_ask(struct client *client, const struct event_ref *ref, anew_told_fn *told, void *data);

/* A request that is not stored. All borrowed for the call. */
struct anew_draft {
	struct span endpoint; /* whose secrets */
	struct span provider; /* empty: the endpoint's, or the one that is recognised */
	struct span secret;   /* label of the one to try first; may be empty */
	struct span head, body;
};
void anew_ask_draft(
	struct client *client, const struct anew_draft *draft, anew_told_fn *told, void *data);
