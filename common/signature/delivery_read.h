/* Reads `delivery:` of a provider's file: how it delivers, and when it tries again. */
#pragma once

#include "common/signature/reading.h"

/* Most delays of a schedule, and the longest time there may be in it. */
#define DELIVERY_DELAYS_MAX 100
#define DELIVERY_SECONDS_MAX (30 * 86400)
#define DELIVERY_ATTEMPTS_MAX 1000

/* `node` NULL: the file does not say, and nothing is changed. */
bool delivery_read(
	struct reading *reading, const struct yaml_node *node, struct provider *provider);
