/*
 * Senders that are not answered yet: they wait for the app their event is forwarded to, or for a delay. What ends the waiting
 * comes from three sides: the app's answer, which the stream gets as an attempt; the end of whoever forwards; the clock.
 * Bounded in number and bytes.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/event.h"
#include "common/span.h"
#include "relay/store/store.h"

struct waiting;
struct waiter;

struct waiting_limits {
	int64_t count; /* at a time */
	int64_t bytes; /* of their requests, all together */
};

enum waited {
	WAITED_REPLY,   /* the app has answered, or is known not to */
	WAITED_TIME,    /* the time is over */
	WAITED_NOBODY,  /* whoever forwarded it left, or cannot reach its app */
	WAITED_STOPPED, /* the relay ends */
};

/* Comes once, on the loop; the waiter is gone. `attempt`, `head` and `body` are set for WAITED_REPLY, during the call. */
typedef void waited_fn(
	void *data, enum waited how, const struct attempt *attempt, struct span head, struct span body);

struct waiting *waiting_new(uv_loop_t *loop, const struct waiting_limits *limits);
/* After waiting_stop. */
void waiting_free(struct waiting *waiting);
void waiting_set_limits(struct waiting *waiting, const struct waiting_limits *limits);

/* Whoever knows: is an app there for this event? */
typedef bool waiting_forwarded_fn(void *data, const struct entry *entry);
/* NULL: nobody forwards anything, and who waits for an app has waited enough. */
void waiting_ask(struct waiting *waiting, waiting_forwarded_fn *forwarded, void *data);
bool waiting_is_forwarded(const struct waiting *waiting, const struct entry *entry);
/* Somebody who forwarded may have left, or cannot reach its app: looked at within this turn of the loop. */
void waiting_look(struct waiting *waiting);

/* Whether one more request of so many bytes may wait. */
bool waiting_has_room(const struct waiting *waiting, int64_t bytes);
/* Its place, so that it is sure before the event is stored. */
struct waiter *waiting_take_place(struct waiting *waiting, int64_t bytes);
/* Gives it back before it began. NULL is allowed. */
void waiter_leave(struct waiter *waiter);
/*
 * Begins to wait: `for_app` for its answer to the event of `entry`, else for the time alone. `entry` stays as it is until
 * `done`, which may come before this returns.
 */
void waiter_begin(struct waiter *waiter, const struct entry *entry, bool for_app, int64_t most_ms,
	waited_fn *done, void *data);

/*
 * An attempt came: true when a sender was waiting for it. Only what is forwarded or tried again counts, and the first one.
 */
bool waiting_reply(
	struct waiting *waiting, const struct attempt *attempt, struct span head, struct span body);

/* Nobody waits any more, nor will. */
void waiting_stop(struct waiting *waiting);

/* For /metrics. */
struct waiting_counts {
	int64_t now, bytes;
};
struct waiting_counts waiting_counts(const struct waiting *waiting);
