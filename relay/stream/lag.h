/* How far those who follow are behind what is stored, for /metrics. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "relay/stream/hub.h"

/* Entries, over all subscriptions; all 0 when there are none. */
struct lag {
	size_t subscriptions;
	int64_t half, most_of_ten, worst; /* quantiles 0.5, 0.9 and 1 */
};
struct lag lag_of(const struct hub *hub);
