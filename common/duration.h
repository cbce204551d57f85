/* Durations as people write them: a whole number with its unit. Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

/* "250ms", "10s", "5m", "2h", "3d"; false for anything else, and for what is longer than ten years. */
bool duration_parse(int64_t *ms, struct span text);

/* With the largest unit that divides it: "90s", "2m". */
void duration_append(struct buffer *out, int64_t ms);
