/*
 * "provider:stripe verdict:invalid (status:5xx or is:undelivered) text" as a predicate on events. Terms that stand beside
 * each other must all hold; `or` between them (weaker than standing beside, so parentheses help) makes alternatives; `!` or
 * `-` in front of a term or a parenthesis turns it around; values of one key may be a list: verdict:invalid,expired. Linear
 * time, no backtracking.
 *
 *   endpoint: provider: method: type:   the whole of it, with * as a wildcard (method in any letter case); provider:"" and
 *                  type:"": none is known
 *   path:          the same, of the path handed on, without its query
 *   verdict:       one of the names of verdict_name
 *   status:        of the last attempt: 200, 5xx, none (no attempt), failed (no answer)
 *   is:undelivered the last attempt was not answered 2xx, or there is none
 *   is:repeat      the provider delivered this before; `duplicate`, also without is:, is the same
 *   is:marked      somebody has marked it; `marked`, also without is:, is the same
 *   is:received    it came from outside; is:edited is a changed copy, is:sent a sample that was sent
 *   age:<1h        since it was received, of filter_set_now: < <= > >=, and ms, s, m, h, d
 *   since:2026-11-21T03:43:41Z  received at that moment or later; until: before it. RFC 3339, or seconds since 1970
 *   size:>10k      of the body, the same, or exactly so many bytes: B, k, M, G, KiB, MiB, GiB
 *   header:NAME=VALUE  there is such a header: NAME in any letter case, VALUE in its own; both may have *
 *   header:NAME    there is one of that name
 *   .data.items[0].id=VALUE   of a JSON body: a text, number, true, false or null there; VALUE may have *
 *   .data.object   there is something there
 *   body:TEXT      a piece of text in the body, A to Z in any case
 *   body~"RE"      a regular expression (common/regex.h) fits somewhere in the body. So path~ type~ endpoint~ provider~ method~,
 *                  header:NAME~ and .data.id~; one pattern, in which a comma is a comma
 *   order:42       the business key of that name (common/business_key.h), * as a wildcard; key.NAME:42 for names not everybody
 *                  knows, key:42 for any name
 *   any other word: a piece of text in head or body, A to Z in any case
 *
 * "Quotes" keep blanks, commas, colons and parentheses together: "order 42", type:"a,b"; in them \" is a quotation mark. A text with
 * a colon or a ~ behind letters needs them, so that a mistyped key is told instead of searched for; so do the words `or`, `and`,
 * `duplicate` and `marked`, and what begins with a dot.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "common/event.h"
#include "common/span.h"

/* Longest filter, in bytes, and parentheses in each other. */
#define FILTER_MAX 4096
#define FILTER_DEPTH_MAX 32
/* Most regular expressions in one. */
#define FILTER_PATTERNS_MAX 8

struct filter;

/* An empty text matches everything. ERROR_USAGE says at which column what is wrong, and what is allowed. */
struct filter *filter_parse(struct span text, struct error *err);
void filter_free(struct filter *filter);

/* How many bytes belong to the quotes that `text` begins with, both marks included; 0: they are not closed. */
size_t filter_quoted_len(struct span text);

/* The moment ages are counted from, in nanoseconds since 1970; before it is set, everything is as old as 1970. */
void filter_set_now(struct filter *filter, int64_t now_ns);

/* False when the facts alone decide that it does not match; what head and body say is not looked at. */
bool filter_matches_event(const struct filter *filter, const struct event *event);

/*
 * Some terms ask only for what a store may group its events by: endpoint, provider, verdict and last_status.
 * `filter_narrows`: these may decide; `filter_may_match`: whether they leave it open for an event of which no more is
 * filled in.
 */
bool filter_narrows(const struct filter *filter);
bool filter_may_match(const struct filter *filter, const struct event *group);

/*
 * The same of the type alone: whether it may decide, and whether an event of that type may match. What may match begins with the prefix, which may be empty
 * and points into the filter.
 */
bool filter_narrows_type(const struct filter *filter);
bool filter_may_match_type(const struct filter *filter, struct span type);
struct span filter_type_prefix(const struct filter *filter);

/* Only what is marked can match it. */
bool filter_wants_marked(const struct filter *filter);

/*
 * Whether head and body are needed, too, or business keys that the event does not have yet: filter_matches_bytes then has the
 * last word, and an event whose keys are still not known has none.
 */
bool filter_needs_bytes(const struct filter *filter);
/* Whether the keys are; and whether head and body are, for themselves. */
bool filter_needs_keys(const struct filter *filter);
bool filter_searches(const struct filter *filter);
bool filter_matches_bytes(
	const struct filter *filter, const struct event *event, struct span head, struct span body);

/* The same, some of the bytes at a time: a body of many MiB, or a pattern made to take long, holds nobody up. */
struct filter_scan;
enum filter_scanned { FILTER_DIFFERS, FILTER_MATCHES, FILTER_GO_ON };
/* All is borrowed until filter_scan_free. */
struct filter_scan *filter_scan_new(
	const struct filter *filter, const struct event *event, struct span head, struct span body);
void filter_scan_free(struct filter_scan *scan);
/* Looks at about `budget` bytes. What it answers but FILTER_GO_ON, it answers again. */
enum filter_scanned filter_scan_step(struct filter_scan *scan, size_t budget);

#define FILTER_KEYS_MAX 16
/* Business keys one of which an event must have; name empty: of any name. Points into the filter. */
struct filter_keys {
	struct span name;
	struct span values[FILTER_KEYS_MAX];
	size_t count;
};
/* False: the filter asks for no key, or not for one alone that an index could look up. */
bool filter_wants_keys(const struct filter *filter, struct filter_keys *keys);
