#include "relay/stream/lag.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "relay/endpoints.h"
#include "relay/stream/hub_state.h"
#include "relay/stream/subscription.h"

struct sum {
	const struct endpoints *endpoints;
	int64_t entries;
};

static void add_endpoint(void *data, int64_t id, int64_t seq) {
	struct sum *sum = data;
	const struct endpoint *endpoint = endpoints_find_id(sum->endpoints, id);
	int64_t head = endpoint ? endpoint_head(endpoint) : 0;
	sum->entries += head > seq ? head - seq : 0;
}

static int by_size(const void *a, const void *b) {
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

struct lag lag_of(const struct hub *hub) {
	struct lag lag = {.subscriptions = hub->count};
	if (hub->count == 0) {
		return lag;
	}
	int64_t *lags = alloc_zero(hub->count, sizeof *lags);
	for (size_t i = 0; i < hub->count; i++) {
		struct sum sum = {.endpoints = hub->endpoints};
		subscription_each_cursor(hub->subscriptions[i], add_endpoint, &sum);
		lags[i] = sum.entries;
	}
	qsort(lags, hub->count, sizeof *lags, by_size);
	lag.half = lags[(hub->count - 1) / 2];
	lag.most_of_ten = lags[(hub->count - 1) * 9 / 10];
	lag.worst = lags[hub->count - 1];
	free(lags);
	return lag;
}
