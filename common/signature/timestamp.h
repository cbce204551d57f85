/* The moment a provider signed at: read, judged, written. */
#pragma once

#include <stdint.h>

#include "common/buffer.h"
#include "common/signature/recipe.h"
#include "common/span.h"

/* Milliseconds since 1970. False when `text` is no plain decimal number (no sign, no leading zero), or no RFC 3339. */
bool timestamp_parse(int64_t *ms, enum timestamp_unit unit, struct span text);

void timestamp_append(struct buffer *out, enum timestamp_unit unit, int64_t ms);

/* Whole seconds between then and now, in the unit's own steps; positive: `ms` is past. */
int64_t timestamp_age_s(enum timestamp_unit unit, int64_t ms, int64_t now_ms);

/* Whether the age is one the provider's own code puts up with. */
bool timestamp_is_timely(const struct recipe_timestamp *timestamp, int64_t ms, int64_t now_ms);
