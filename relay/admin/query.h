/* The parts of a request target of ours: path and parameters, percent signs undone. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* "/api/events?limit=5" -> "/api/events" and "limit=5". A host in front is cut off. */
struct span query_split(struct span target, struct span *query);

/* Appends the text with %HH and, with `plus`, + as a blank, undone; false when a percent sign stands alone. */
bool query_decode(struct buffer *out, struct span text, bool plus);

/* Appends the value of a parameter; false when it is not there. `err` is set when it cannot be decoded. */
bool query_get(struct span query, const char *name, struct buffer *value, struct error *err);

/* A number from `least` to `most`; `otherwise` when it is not there. ERROR_USAGE says what is allowed. */
bool query_get_int(struct span query, const char *name, int64_t least, int64_t most,
	int64_t otherwise, int64_t *value, struct error *err);
