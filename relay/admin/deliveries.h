/* What /metrics tells of attempts to deliver: counted when they are stored. Bounded, whatever is delivered. */
#pragma once

#include "relay/ingest/counts.h"
#include "relay/store/store.h"

/* Endpoints that are told apart; attempts of more of them count together. */
#define DELIVERY_ENDPOINTS 1024

enum outcome {
	OUTCOME_FAILED, /* there was no answer */
	OUTCOME_1XX,
	OUTCOME_2XX,
	OUTCOME_3XX,
	OUTCOME_4XX,
	OUTCOME_5XX,
	OUTCOMES,
};

const char *outcome_name(enum outcome outcome);
enum outcome outcome_of(int64_t status);

struct delivery_count {
	int64_t endpoint; /* id; 0: a place nobody has */
	int64_t counts[OUTCOMES];
};

struct deliveries {
	struct delivery_count *endpoints; /* DELIVERY_ENDPOINTS places, found by id */
	struct delivery_count other;
	struct histogram seconds; /* of attempts that were answered */
};

void deliveries_init(struct deliveries *deliveries);
void deliveries_clear(struct deliveries *deliveries);
/* A store_observe_fn; `data` is the struct deliveries. Events are passed over. */
void deliveries_observe(void *data, const struct entry *entry);
