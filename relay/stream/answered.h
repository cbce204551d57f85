/*
 * What became known of events only after they were stored: what their senders were answered, and what people say of them.
 * Encoded once, kept for a while for all who follow. Who falls behind is told how many were missed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"
#include "relay/store/store.h"

#define ANSWERED_KEPT 1024

struct answered {
	int64_t endpoint;
	const char *type; /* of the frame: "answered", "annotated" */
	char *text;       /* members of a frame, from `"endpoint":` on */
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
/* The same of what somebody said; `told.endpoint` is that called `name`. */
void answered_push_annotated(
	struct answered_ring *ring, struct span name, const struct annotated *told);
/* The members that tell of it, from `"endpoint":` on. */
void answered_append_annotated(struct buffer *out, struct span name, const struct annotated *told);

/* The next one from `*at` on of `endpoint` (0: of any), which is passed; false at the end. */
bool answered_next(const struct answered_ring *ring, uint64_t *at, int64_t endpoint,
	const char **type, struct span *text);
/* How many before `*at` are gone that were not seen; `*at` is set to the oldest there is. */
int64_t answered_skip_lost(const struct answered_ring *ring, uint64_t *at);
