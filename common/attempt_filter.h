/*
 * "target:*localhost* status:5xx provider:stripe" as a predicate on attempts. Five keys ask about the attempt itself:
 *
 *   target:   the URL it was sent to, with or without its scheme, with * as a wildcard
 *   cause:    forward, retry, replay, edit or test
 *   status:   of this attempt: 200, 5xx, failed (no answer)
 *   who:      who made it, with * as a wildcard
 *   took:     how long: <1s, >=250ms
 *
 * All other terms are those of common/filter and ask about its event. Several values, `!` or `-` in front, and quotes are as there; what asks
 * about the attempt stands beside everything else, not in parentheses. Pure, linear time.
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"
#include "common/event.h"
#include "common/filter.h"
#include "common/span.h"

struct attempt_filter;

/* An empty text matches everything. ERROR_USAGE says which term is wrong and what is allowed. */
struct attempt_filter *attempt_filter_parse(struct span text, struct error *err);
void attempt_filter_free(struct attempt_filter *filter);

/* As filter_set_now. */
void attempt_filter_set_now(struct attempt_filter *filter, int64_t now_ns);

/* The terms about the attempt itself. */
bool attempt_filter_matches(const struct attempt_filter *filter, const struct attempt *attempt);

/* The terms about its event; NULL: there are none. */
const struct filter *attempt_filter_event(const struct attempt_filter *filter);
