/*
 * Counts, for each endpoint, the events nobody has tried to deliver since the newest one somebody did: what came while no
 * client was there. The relay's attempts are the memory; nothing is kept beside it.
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
	int64_t count;
	int64_t first_seq, last_seq;
	bool more; /* there are more than were counted */
};

typedef void missed_fn(void *data, const struct missed_events *missed);

struct missed;

/* Asks for one endpoint, or for all when `endpoint` is "". `told` comes for each that has some. */
struct missed *missed_ask(
	struct client *client, const char *endpoint, struct span filter, missed_fn *told, void *data);

/* To be called before client_free; no callback comes any more. */
void missed_free(struct missed *missed);
