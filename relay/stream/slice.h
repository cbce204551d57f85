/*
 * A run of entries read from the store, short enough to be held for a client that may never take it. One after the
 * other they make up a list of any length.
 */
#pragma once

#include "common/filter.h"
#include "relay/stream/hub_state.h"

#define SLICE_ITEMS 64
#define SLICE_BYTES (256 * 1024)

/* All zero but the first seven is a slice that was never read. */
struct slice {
	struct hub *hub;
	bool keep_content;         /* items have their bytes, if the query reads them */
	bool only_look;            /* keep nothing: where the first hit stands is all that is wanted */
	bool early;                /* items may be taken while it is read: `ready` comes with each */
	bool tells;                /* how far it has come, too: `ready` comes with that */
	void (*ready)(void *data); /* it was read, or failed */
	void *data;

	/* public, read-only: of the last read */
	bool reading;
	bool complete; /* nothing is left behind it */
	bool failed;
	struct error error;
	int64_t first_seq, last_seq; /* of all hits, also those the filter did not want; 0: none */
	int64_t last_position;
	bool progressed; /* since the caller set it to false */
	struct store_progress progress;

	/* private */
	struct store_read *read;
	size_t count, at, bytes;
	struct item *items[SLICE_ITEMS];
};

/*
 * Reads; `ready` comes on the loop. Where `filter` is not NULL, events that it does not match are left out, and
 * attempts pass it. False, and hub->starved, when clients hold too many bytes
 * already: try again later.
 */
bool slice_read(struct slice *slice, const struct store_query *query, const struct filter *filter);
/* The next item, a reference for the caller, or NULL. */
struct item *slice_take(struct slice *slice);
void slice_stop(struct slice *slice);
