/* A time line of events in words: how long after the one before, and what became of the delivery. */
#pragma once

#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

/* "+2 min", with nothing for the first of a time line (`before_ns` 0); "=" within a millisecond. */
void timeline_append_gap(struct buffer *out, int64_t before_ns, int64_t at_ns);
/* "200", "200 after 3 tries", "503, 2 tries", "no answer", "not delivered". */
void timeline_append_outcome(struct buffer *out, const struct event *event);
