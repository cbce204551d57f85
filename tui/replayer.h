/*
 * Delivers captured events again when somebody asks for it: each is fetched from the relay as it was received, signed anew
 * where the relay has a secret for it, sent, and the attempt kept at the relay. Several at once; the rest waits in order. What is due to
 * be tried again of an event that is named by its id is held back meanwhile, and an attempt that somebody else makes of it is waited for.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"

/* Most events that may wait for their turn. */
#define REPLAYER_WAITING_MAX 100000

/* What became of one event. */
struct replayed {
	const struct event_ref *ref;   /* as given to replayer_add */
	const struct attempt *attempt; /* NULL: it was not sent */
	bool kept;                     /* the relay has the attempt: it has its seq and number */
	bool unwanted;                 /* replayer_wanted_fn said no: nothing was sent */
};

/* All are called from the loop, in this order for each event. */
struct replayer_events {
	/* An attempt of it is under way there already, by whomever: it waits for its end. At most once for each event. May be NULL. */
	void (*waits)(void *data, const struct event_ref *ref);
	/* Its request goes out. May be NULL. */
	void (*begun)(void *data, const struct event *event);
	/* The app answered, or there was no answer; the relay is about to keep it. May be NULL. */
	void (*delivered)(void *data, const struct delivery *delivery);
	/*
	 * The end: `err` when it could not be sent (ERROR_NO: there is no such event) or not be kept. replayer_add is allowed
	 * in it, replayer_free is not.
	 */
	void (*ended)(void *data, const struct replayed *replayed, const struct error *err);
};

struct replayer;

/* `options->concurrency` says how many at once. NULL and `err` when libcurl does not start. */
struct replayer *replayer_new(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, const struct replayer_events *events, void *data,
	struct error *err);

/* What the attempts of an event to the target of its replay came to: positions of the newest ones, 0: none. */
struct replayer_seen {
	int64_t delivered_at; /* answered 2xx in full */
	int64_t answered_at;  /* answered at all */
	int64_t tried_at;     /* whatever came of it */
};
enum replayer_word {
	REPLAYER_SEND,
	REPLAYER_LEAVE, /* it is not sent */
	REPLAYER_HOLD,  /* not yet: replayer_ask_again */
};
/* Asked right before an event would be sent, with what the relay knows of it at this moment. Without it all are sent. */
typedef enum replayer_word replayer_wanted_fn(
	void *data, const struct event *event, const struct replayer_seen *seen);
void replayer_ask_first(struct replayer *replayer, replayer_wanted_fn *wanted);
/* Asks again for each that is held. */
void replayer_ask_again(struct replayer *replayer);

/* Whether this program makes an attempt of the event there already: it is waited for, also right before the event is sent. */
typedef bool replayer_busy_fn(void *data, const struct uuid *event, const char *target_url);
void replayer_wait_while(struct replayer *replayer, replayer_busy_fn *busy, void *data);

/* Ends what is under way without callbacks; to be called before client_free. */
void replayer_free(struct replayer *replayer);

/*
 * One more event; `ref` and `target` are copied. `as_received`: exactly what was captured, not signed anew. ERROR_FULL when too
 * many wait.
 */
bool replayer_add(struct replayer *replayer, const struct event_ref *ref,
	const struct target *target, bool as_received, struct error *err);

/* Events that wait or are under way, until their attempt is kept. */
size_t replayer_open(const struct replayer *replayer);
