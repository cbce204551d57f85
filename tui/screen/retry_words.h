/* "attempt 2 of 4 in 4 min 12 s", the same wherever it is told. */
#pragma once

#include "common/buffer.h"
#include "common/retry.h"

void retry_words(struct buffer *out, const struct retry *retry, int64_t now_ms);
