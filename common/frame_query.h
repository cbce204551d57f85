/* Which entries a `subscribe` or `list` request asks for: written by the client, read by the relay. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

struct cJSON;

#define FRAME_CURSORS 10000  /* most cursors in a request */
#define FRAME_EVERY_MS 60000 /* longest pause a subscription may ask for */

/* Spans point into what it was made of. */
struct frame_query {
	struct span endpoint; /* empty: all */
	struct span filter;
	struct span store;  /* which the cursors are of; empty: any */
	struct span target; /* list: events tell what attempts to it came to; empty: they do not */
	bool attempts, bytes, newest_first, live_only;
	bool progress; /* list: how far it has come is told */
	bool
		deliveries; /* list: attempts alone, each with its event; `filter` is that of common/attempt_filter */
	int64_t after, before, beyond, limit;
	int64_t at_most,
		every_ms; /* at most so many entries in so many milliseconds; 0: all, at once */
	const struct cJSON *cursors; /* object of endpoint: seq; NULL: none */
};

/* Appends the members behind `{"type":...,"id":...`; the cursors are left to the caller. */
void frame_query_append(struct buffer *out, const struct frame_query *query);

/*
 * Reads them from a request. ERROR_USAGE for members of the wrong kind, negative numbers, an impossible endpoint name,
 * and a seq without an endpoint.
 */
bool frame_query_read(struct frame_query *query, const struct cJSON *request, struct error *err);

/* The value of one member of `cursors`: a number from 0, also as a string. False for anything else. */
bool frame_cursor_read(int64_t *seq, const struct cJSON *cursor);
