/*
 * The attempts that are still to be made, for all endpoints: in memory, each change written to the store. A client takes one
 * before it makes the attempt, so that no two make it at once; what it took comes back by itself after a while.
 *
 * Who watches is a cursor over changes, never a queue: each retry has the number of its newest change, and one that is
 * over is remembered until everybody who watches has heard of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "common/retry.h"
#include "common/span.h"
#include "relay/store/store.h"

/* Longest name a client gives itself for what it takes. */
#define RETRIES_CLAIM_MAX 64

struct retries;

/* Reads what the store keeps. NULL and `err` when that cannot be read. The store outlives it. */
struct retries *retries_new(struct store *store, struct error *err);
/* All watches must have ended. NULL is allowed. */
void retries_free(struct retries *retries);

size_t retries_count(const struct retries *retries);

/* What there is at a moment; looks at all of them. */
struct retries_state {
	int64_t waiting;       /* due later */
	int64_t due;           /* due, and nobody makes the attempt */
	int64_t taken, paused; /* somebody makes it; held back */
	int64_t overdue_s;     /* for how long the oldest of those due is */
};
struct retries_state retries_state(const struct retries *retries, int64_t now_ns);

/* Which one, and who speaks of it. */
struct retry_key {
	struct uuid event;
	struct span target;
	struct span claim; /* of the client that took it, or wants to; may be empty */
};

/*
 * Each change is in force at once; `done` comes when it is durable. False and `err` when it is not allowed, and `done` does not come:
 * ERROR_NO there is none, or somebody else has taken it; ERROR_FULL too many. `now_ns` is since 1970.
 */

/* A new one (`fresh`; it takes the place of an older one), or what became of one that is there, which is then not taken any more. */
bool retries_put(struct retries *retries, const struct retry *retry, int64_t endpoint,
	struct span claim, bool fresh, int64_t now_ns, store_done_fn *done, void *data,
	struct error *err);
/* For an attempt, until `until_ns` at most: it must not be paused, and `tries` have been made so far. */
bool retries_take(struct retries *retries, const struct retry_key *key, int64_t tries,
	int64_t until_ns, int64_t now_ns, store_done_fn *done, void *data, struct error *err);

/*
 * For an attempt that somebody wants to make beside the schedule, such as a replay: nobody else makes one until `until_ns`, also when it
 * is paused. `*held` says whether there is anything to be held; where not, `done` does not come. False and ERROR_NO: somebody else makes
 * an attempt just now.
 */
bool retries_hold(struct retries *retries, const struct retry_key *key, int64_t until_ns,
	int64_t now_ns, bool *held, store_done_fn *done, void *data, struct error *err);

struct retry_change {
	int paused;     /* 0, 1, or -1: as it is */
	int64_t due_ns; /* 0: as it is */
};
bool retries_change(struct retries *retries, const struct retry_key *key,
	const struct retry_change *change, store_done_fn *done, void *data, struct error *err);
/* It is over; `reason` says why to those who watch. Also while somebody has taken it: whose attempt it is may not put it again. */
bool retries_remove(struct retries *retries, const struct retry_key *key, struct span reason,
	store_done_fn *done, void *data, struct error *err);
/* The endpoint is gone, and the store has forgotten them already. */
void retries_forget_endpoint(struct retries *retries, struct span endpoint);

/* `changed` comes whenever there is something new, and at once. */
struct retry_watch;
struct retry_watch *retries_watch(struct retries *retries, void (*changed)(void *data), void *data);
void retries_unwatch(struct retries *retries, struct retry_watch *watch);

/*
 * Calls `each` with what is new, oldest change first, until it says false: that one comes again the next time. `over`: why it is
 * gone, else NULL data. True: there is more. Everything is valid during the call.
 */
typedef bool retries_each_fn(void *data, const struct retry *retry, struct span over);
bool retries_each_new(
	struct retries *retries, struct retry_watch *watch, retries_each_fn *each, void *data);
