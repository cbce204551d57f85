/*
 * Which business keys (business_key.h) are the busiest: of each, how many events had it in the last hour, day and week (the spans of counts.h).
 * Senders choose the values, so there may be a new one in every event: what is kept is bounded, and what the bounds cost is told. Pure.
 *
 * Up to KEY_TALLY_KEYS_MAX different keys of a week are counted exactly. With more, the rarest are let go, and a count may be short by as many
 * events as key_tally_short_by says. What was counted is noted by the minute, so that it can be taken back when it leaves a span; with more than
 * KEY_TALLY_NOTES_MAX notes the oldest minutes are let go, and key_tally_from says since when it is.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/counts.h"

#define KEY_TALLY_KEYS_MAX ((size_t)1 << 17)
#define KEY_TALLY_NOTES_MAX ((size_t)1 << 22)

struct key_tally;

/* Who does not know `secret` cannot make keys that are slow to find. */
struct key_tally *key_tally_new(const uint64_t secret[2]);
void key_tally_free(struct key_tally *tally);

/* Time goes on, to `now_ns`: what has left a span counts there no more. Before the first event; going back is nothing. True: another minute has begun. */
bool key_tally_advance(struct key_tally *tally, int64_t now_ns);
/* Whether there is anything that time will change. */
bool key_tally_is_empty(const struct key_tally *tally);

struct key_tally_event {
	int64_t received_at_ns;
	struct span keys; /* a run, as business_keys_next reads it */
	bool failed;      /* counts_is_failure of its last attempt */
	bool rejected;
};
/* Those older than a week are not counted, in any order. */
void key_tally_add(struct key_tally *tally, const struct key_tally_event *event);
/* An event that was added has failed since (`failed` true), or does no longer. */
void key_tally_move(struct key_tally *tally, const struct key_tally_event *event);

/* How many events a count of this span may be short of; 0: it is exact. */
int64_t key_tally_short_by(const struct key_tally *tally, enum counts_span span);
/* What came before this moment is not counted (any more), though the week is longer; 0: all of it is. */
int64_t key_tally_from(const struct key_tally *tally);

/* The busiest of the span of `counts` become its rows of COUNTS_KEY, at most COUNTS_KEYS_MAX, and `keys_short_by` is set. */
void key_tally_top(const struct key_tally *tally, struct counts *counts);
