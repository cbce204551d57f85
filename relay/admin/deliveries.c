#include "relay/admin/deliveries.h"

#include <stdlib.h>

#include "common/alloc.h"

const char *outcome_name(enum outcome outcome) {
	static const char *const names[OUTCOMES] = {"failed", "1xx", "2xx", "3xx", "4xx", "5xx"};
	return names[outcome];
}

enum outcome outcome_of(int64_t status) {
	return status >= 100 && status < 600 ? (enum outcome)(status / 100) : OUTCOME_FAILED;
}

void deliveries_init(struct deliveries *deliveries) {
	*deliveries = (struct deliveries){
		.endpoints = alloc_zero(DELIVERY_ENDPOINTS, sizeof *deliveries->endpoints),
		.seconds = histogram_of_seconds(),
	};
}

void deliveries_clear(struct deliveries *deliveries) {
	free(deliveries->endpoints);
	deliveries->endpoints = NULL;
}

static struct delivery_count *find(struct deliveries *deliveries, int64_t endpoint) {
	for (size_t i = 0; i < DELIVERY_ENDPOINTS; i++) {
		size_t at = ((size_t)endpoint + i) % DELIVERY_ENDPOINTS;
		struct delivery_count *place = &deliveries->endpoints[at];
		if (place->endpoint == 0 || place->endpoint == endpoint) {
			place->endpoint = endpoint;
			return place;
		}
	}
	return &deliveries->other;
}

void deliveries_observe(void *data, const struct entry *entry) {
	struct deliveries *deliveries = data;
	if (entry->kind != ENTRY_ATTEMPT) {
		return;
	}
	enum outcome outcome = outcome_of(entry->attempt->status);
	find(deliveries, entry->endpoint)->counts[outcome]++;
	if (outcome != OUTCOME_FAILED) {
		histogram_add(&deliveries->seconds, (double)entry->attempt->took_us / 1e6);
	}
}
