/* Which endpoint a request belongs to, by its target and host. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/message.h"

struct route {
	struct span host;   /* without a port; that of the target when it names one */
	struct span name;   /* of /e/NAME; empty when the path does not begin so */
	size_t path_start;  /* where the path begins in the target */
	size_t behind_name; /* where what follows /e/NAME begins in the target */
};

/* Nothing is decoded or normalised: a name is its very bytes. */
struct route route_find(const struct message *message);
