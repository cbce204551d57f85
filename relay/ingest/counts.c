#include "relay/ingest/counts.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

static const double byte_bounds[HISTOGRAM_BUCKETS] = {
	64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 10485760, 26214400, 104857600};
static const double second_bounds[HISTOGRAM_BUCKETS] = {
	0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5, 30};

struct histogram histogram_of_seconds(void) {
	return (struct histogram){.bounds = second_bounds};
}

void histogram_add(struct histogram *histogram, double value) {
	size_t at = 0;
	while (at < HISTOGRAM_BUCKETS && value > histogram->bounds[at]) {
		at++;
	}
	histogram->counts[at]++;
	histogram->sum += value;
}

void ingest_counts_init(struct ingest_counts *counts) {
	*counts = (struct ingest_counts){
		.events = alloc_zero(EVENT_COUNTS, sizeof *counts->events),
		.body_bytes.bounds = byte_bounds,
		.seconds = histogram_of_seconds(),
	};
}

void ingest_counts_clear(struct ingest_counts *counts) {
	free(counts->events);
	counts->events = NULL;
}

void ingest_counts_event(
	struct ingest_counts *counts, int64_t endpoint, const char *provider, enum verdict verdict) {
	size_t hash = (size_t)endpoint * 31 + (uintptr_t)provider / 16 * 7 + verdict;
	for (size_t i = 0; i < EVENT_COUNTS; i++) {
		struct event_count *place = &counts->events[(hash + i) % EVENT_COUNTS];
		if (place->count == 0) {
			*place = (struct event_count){endpoint, provider, verdict, 1};
			return;
		}
		if (place->endpoint == endpoint && place->provider == provider &&
			place->verdict == verdict) {
			place->count++;
			return;
		}
	}
	counts->other++;
}

void ingest_counts_refusal(struct ingest_counts *counts, int status) {
	for (size_t i = 0; i < REFUSAL_COUNTS; i++) {
		if (counts->refusals[i].count == 0 || counts->refusals[i].status == status) {
			counts->refusals[i].status = status;
			counts->refusals[i].count++;
			return;
		}
	}
}
