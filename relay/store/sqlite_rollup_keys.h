/*
 * Counts which business keys are the busiest (common/key_tally.h), on the thread of sqlite_rollup.h and with its connection. Keys are indexed behind
 * the commit, new ones first and then what there was (relay/after/key_index.h), so this follows how far the index is: forward as it takes what is
 * new, backward as it goes through the past. Where keys stand in other places from then on, all is counted anew.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/counts.h"
#include "common/error.h"
#include "common/key_tally.h"
#include "relay/store/store.h"

struct sqlite_rollup_keys {
	sqlite3_stmt *events, *one;
	uint64_t secret[2];
	struct key_tally *shown; /* what is told */
	struct key_tally
		*building;  /* as in sqlite_rollup.h: `shown` itself until the past is in it; NULL: it is */
	int64_t cursor; /* what stands at a higher position is new */
	int64_t below;  /* of `building`: what stands up to here is still to be counted */
	int64_t from_ns;       /* of `shown`: from then on nothing is missing */
	bool changed;          /* since it was told */
	int64_t again;         /* as of `told`, when counting began */
	uint64_t published_ns; /* uv_hrtime */

	/* shared, guarded by the mutex of sqlite_rollup.h */
	struct key_mark mark; /* how far the index is */
	int64_t restarts;     /* how often it has stepped back */
	struct counts tops[COUNTS_SPANS];
	int64_t told_from_ns;
};

/* How far the index is, copied with the mutex held. */
struct sqlite_rollup_mark {
	int64_t low, head, restarts;
};

void sqlite_rollup_keys_init(
	struct sqlite_rollup_keys *keys, const uint64_t secret[2], const struct key_mark *mark);
/* On the thread; the connection must outlive it. */
bool sqlite_rollup_keys_prepare(struct sqlite_rollup_keys *keys, sqlite3 *db, struct error *err);
/* Allowed on one that was only initialised. */
void sqlite_rollup_keys_release(struct sqlite_rollup_keys *keys);

/* On the loop, with the mutex held: the index is that far now. */
void sqlite_rollup_keys_tell(struct sqlite_rollup_keys *keys, const struct key_mark *mark);
struct sqlite_rollup_mark sqlite_rollup_keys_mark(const struct sqlite_rollup_keys *keys);
/* On the loop, with the mutex held: the rows of keys of `counts`. */
void sqlite_rollup_keys_read(
	const struct sqlite_rollup_keys *keys, int64_t now_ns, struct counts *counts);

/* --- on the thread --- */

/* An attempt made the event at this position fail, or fail no more. */
void sqlite_rollup_keys_move(
	struct sqlite_rollup_keys *keys, int64_t position, int64_t received_at_ns, bool failed);
/* All is to be counted anew, beside what is told. */
void sqlite_rollup_keys_again(struct sqlite_rollup_keys *keys);
/* Whether there is something to count, when attempts up to `attempts` were counted. */
bool sqlite_rollup_keys_is_idle(
	const struct sqlite_rollup_keys *keys, struct sqlite_rollup_mark mark, int64_t attempts);
/* Counts a few. */
void sqlite_rollup_keys_step(
	struct sqlite_rollup_keys *keys, struct sqlite_rollup_mark mark, int64_t attempts);
/* Nanoseconds until time alone changes what is told; 0: it does not. */
uint64_t sqlite_rollup_keys_due_ns(const struct sqlite_rollup_keys *keys);
/* Whether what is told is to be made anew now: seldom while there is `more` to count. */
bool sqlite_rollup_keys_should_publish(const struct sqlite_rollup_keys *keys, bool more);
/* What is to be told, made ready beside the mutex, and put in place with it held; the old ones come back, to be freed. */
void sqlite_rollup_keys_make(struct sqlite_rollup_keys *keys, struct counts tops[COUNTS_SPANS]);
void sqlite_rollup_keys_put(struct sqlite_rollup_keys *keys, struct counts tops[COUNTS_SPANS]);
