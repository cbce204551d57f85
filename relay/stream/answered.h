/*
 * What senders were answered, where that became known only after their event was stored: encoded once, kept for a while for
 * all who follow. Who falls behind is told how many were missed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"
#include "relay/store/store.h"

#define ANSWERED_KEPT 1024

struct answered {
	int64_t endpoint;
	char *text; /* members of a frame, from `"endpoint":` on */
	size_t len;
};

/* All zero is empty. */
struct answered_ring {
	struct answered kept[ANSWERED_KEPT];
	uint64_t end; /* so many were put in, in all */
};

void answered_clear(struct answered_ring *ring);
void answered_push(struct answered_ring *ring, int64_t endpoint, struct span name, int64_t seq,
	const struct answer_record *record);

/* The next one from `*at` on of `endpoint` (0: of any), which is passed; false at the end. */
bool answered_next(
	const struct answered_ring *ring, uint64_t *at, int64_t endpoint, struct span *text);
/* How many before `*at` are gone that were not seen; `*at` is set to the oldest there is. */
int64_t answered_skip_lost(const struct answered_ring *ring, uint64_t *at);
