/*
 * Counts that are kept up with each entry: for each span of common/counts.h a ring of time slots, and in each slot how many events there were and
 * what became of them, in all and by provider, type and endpoint. Pure, in memory, and bounded: so many slots, and in each so many names.
 *
 * Entries may come in any order. What an event's attempt changes is told as a move from one status to another, and a move may come before its event:
 * numbers below zero are there for a moment, and are told as zero.
 */
#pragma once

#include <stdint.h>

#include "common/counts.h"

struct rollup;

struct rollup *rollup_new(void);
void rollup_free(struct rollup *rollup);

/* What is counted of an event. Names longer than ROLLUP_NAME_LEN are counted with others for which there is no room. */
#define ROLLUP_NAME_LEN 127
struct rollup_event {
	int64_t received_at_ns;
	struct span endpoint, provider,
		type; /* the endpoint by whatever names it: rollup_name_fn tells it to people */
	enum verdict verdict;
};

/* An event whose last attempt came to `status`. */
void rollup_add(struct rollup *rollup, const struct rollup_event *event, enum counts_status status);
/* Another attempt of it came to something else. */
void rollup_move(struct rollup *rollup, const struct rollup_event *event, enum counts_status from,
	enum counts_status to);
/* An attempt that began then was answered after so long. */
void rollup_took(
	struct rollup *rollup, struct span provider, int64_t started_at_ns, int64_t took_us);

/*
 * Adds up a span into `counts`, which is all zero but for `span`; rows of endpoints get their names from `name` (NULL data: it is
 * gone, and the row is left out; `name` NULL: they have them already).
 */
typedef struct span rollup_name_fn(const void *data, struct span endpoint);
void rollup_read(const struct rollup *rollup, int64_t now_ns, rollup_name_fn *name,
	const void *data, struct counts *counts);
