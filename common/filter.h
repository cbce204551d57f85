/*
 * "provider:stripe verdict:invalid status:5xx text" as a predicate on events. Terms are joined by AND; `!` or `-` in
 * front of a term negates it; values of one key may be a list: verdict:invalid,expired. Linear time, no backtracking.
 *
 *   endpoint: provider: method: type: path: (with * as a wildcard)   verdict:   status: (of the last attempt; 200, 5xx,
 *   none, failed)   is:undelivered is:repeat   any other word: a piece of text in head or body, A to Z in any case
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"
#include "common/event.h"
#include "common/span.h"

struct filter;

/* An empty text matches everything. ERROR_USAGE says which term is wrong and what is allowed. */
struct filter *filter_parse(struct span text, struct error *err);
void filter_free(struct filter *filter);

/* Matches the facts alone; text terms are not looked at. */
bool filter_matches_event(const struct filter *filter, const struct event *event);

/* Whether head and body are needed, too: filter_matches_bytes then has the last word. */
bool filter_needs_bytes(const struct filter *filter);
bool filter_matches_bytes(const struct filter *filter, struct span head, struct span body);
