/*
 * "provider:stripe verdict:invalid status:5xx text" as a predicate on events. Terms are joined by AND; `!` or `-` in
 * front of a term negates it; values of one key may be a list: verdict:invalid,expired. Linear time, no backtracking.
 *
 *   endpoint: provider: method: type:   the whole of it, with * as a wildcard (method in any letter case)
 *   path:          the same, of the path handed on, without its query
 *   verdict:       one of the names of verdict_name
 *   status:        of the last attempt: 200, 5xx, none (no attempt), failed (no answer)
 *   is:undelivered the last attempt was not answered 2xx, or there is none
 *   is:repeat      the provider delivered this before
 *   is:received    it came from outside; is:edited is a changed copy, is:sent a sample that was sent
 *   any other word: a piece of text in head or body, A to Z in any case
 *
 * "Quotes" keep blanks, commas and colons together: "order 42", type:"a,b". A text with a colon behind letters needs
 * them, so that a mistyped key is told instead of searched for.
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"
#include "common/event.h"
#include "common/span.h"

/* Longest filter, in bytes. */
#define FILTER_MAX 4096

struct filter;

/* An empty text matches everything. ERROR_USAGE says which term is wrong and what is allowed. */
struct filter *filter_parse(struct span text, struct error *err);
void filter_free(struct filter *filter);

/* Matches the facts alone; text terms are not looked at. */
bool filter_matches_event(const struct filter *filter, const struct event *event);

/*
 * Some terms ask only for what a store may group its events by: endpoint, provider, verdict and last_status.
 * `filter_narrows`: there are such; `filter_may_match`: these alone, of an event of which no more is filled in.
 */
bool filter_narrows(const struct filter *filter);
bool filter_may_match(const struct filter *filter, const struct event *group);

/* Whether head and body are needed, too: filter_matches_bytes then has the last word. */
bool filter_needs_bytes(const struct filter *filter);
bool filter_matches_bytes(const struct filter *filter, struct span head, struct span body);
