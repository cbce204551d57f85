/* Moments as nanoseconds since 1970 UTC, and as people and RFC 3339 write them. Pure: nobody here asks a clock. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

#define MOMENT_NS_PER_MS INT64_C(1000000)
#define MOMENT_NS_PER_S INT64_C(1000000000)

/* "2026-11-21T03:43:41.123456789Z", always with nine digits, so that it reads back exactly. */
void moment_append(struct buffer *out, int64_t ns);

/* "2026-11-21 03:43:41", in UTC, for people. */
void moment_append_short(struct buffer *out, int64_t ns);

/* RFC 3339 with any number of digits behind the second and Z or an offset. */
bool moment_parse(int64_t *ns, struct span text);

/* Seconds since 1970, a fraction allowed ("1767225590", "1767225590.25"), or RFC 3339: what `--at` takes. */
bool moment_parse_any(int64_t *ns, struct span text);
