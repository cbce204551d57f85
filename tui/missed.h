/*
 * Counts, for each endpoint, the events that came while no client was there: those nobody has tried to deliver since the newest
 * one somebody did. Of several targets each is looked at by itself: what it has not answered since the newest event that it
 * has, or, where it never answered, what nobody was sent. The relay's attempts are the memory; nothing is kept beside it.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"
#include "tui/client.h"

/* Counted at most, for each endpoint. */
#define MISSED_MAX 10000

struct missed_events {
	const char *endpoint;
	int64_t count; /* of several targets that of the one with most; their ranges together: */
	int64_t first_seq, last_seq;
	bool more; /* there are more than were counted */
};

typedef void missed_fn(void *data, const struct missed_events *missed);

struct missed;

/* What is looked for, for one target. */
struct missed_target {
	struct span url;    /* empty: there is only one, and an attempt to anywhere counts */
	struct span filter; /* for the relay */
};

/* Asks for one endpoint, or for all when `endpoint` is "". `told` comes for each that has some. All is copied. */
struct missed *missed_ask(struct client *client, const char *endpoint,
	const struct missed_target *targets, size_t count, missed_fn *told, void *data);

/* To be called before client_free; no callback comes any more. */
void missed_free(struct missed *missed);
