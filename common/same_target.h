/*
 * When two URLs are one target. The one place that decides it: for leases, for what was delivered already, for what is tried again and
 * for routes. What is stored and shown keeps the spelling in which it was typed.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"

/*
 * Both as target_parse leaves them. The same bytes, or both this machine under one of its names (localhost, 127.0.0.1, [::1]), with the
 * same scheme, port (that of the scheme where none stands), path and query.
 */
bool target_same(struct span a, struct span b);
/* The same for texts. */
bool target_same_text(const char *a, const char *b);

/* How a target may be spelled, for whoever can only compare bytes: itself first. `out` to be cleared by the caller. */
#define TARGET_SPELLINGS 3

size_t target_spellings(struct buffer out[TARGET_SPELLINGS], struct span url);
