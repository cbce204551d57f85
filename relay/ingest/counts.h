/* What /metrics tells of ingest. Everything is bounded: labels come from endpoints, providers and verdicts. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/signature/verdict.h"
#include "common/span.h"

#define HISTOGRAM_BUCKETS 12

/* Counts of values up to each bound, and beyond the last. */
struct histogram {
	const double *bounds; /* HISTOGRAM_BUCKETS of them, rising */
	int64_t counts[HISTOGRAM_BUCKETS + 1];
	double sum;
};

/* With bounds from half a millisecond to half a minute. */
struct histogram histogram_of_seconds(void);
void histogram_add(struct histogram *histogram, double value);

/* Events of one endpoint, provider and verdict. */
struct event_count {
	int64_t endpoint;
	const char *provider; /* static; "": not recognised */
	enum verdict verdict;
	int64_t count;
};

#define EVENT_COUNTS 1024
#define REFUSAL_COUNTS 32

struct ingest_counts {
	struct event_count
		*events; /* EVENT_COUNTS places, found by hash; what does not fit is in `other` */
	int64_t other;
	struct {
		int status; /* 0: cut off */
		int64_t count;
	} refusals[REFUSAL_COUNTS];
	struct histogram body_bytes;
	struct histogram seconds; /* first byte to answer */
	int64_t not_stored;
};

void ingest_counts_init(struct ingest_counts *counts);
void ingest_counts_clear(struct ingest_counts *counts);
void ingest_counts_event(
	struct ingest_counts *counts, int64_t endpoint, const char *provider, enum verdict verdict);
void ingest_counts_refusal(struct ingest_counts *counts, int status);
