/* Endpoints, providers, types and names of business keys the screen has seen: what is offered while a filter is typed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/event.h"
#include "common/span.h"

/* Of each kind; the longest that is kept. */
#define FILTER_KNOWN_MAX 64
#define FILTER_KNOWN_LEN 63

enum filter_known_kind { KNOWN_ENDPOINT, KNOWN_PROVIDER, KNOWN_TYPE, KNOWN_KEY, KNOWN_KINDS };

/* All zero knows nothing. */
struct filter_known {
	struct {
		/* of KNOWN_KEY as a filter begins with it: "order:", "key.shop-id:" */
		char values[FILTER_KNOWN_MAX][FILTER_KNOWN_LEN + 1]; /* the newest first */
		size_t count;
	} of[KNOWN_KINDS];
};

/* What would have to be quoted in a filter is passed over; where there are too many, the oldest go. */
void filter_known_take(struct filter_known *known, const struct event *event);
