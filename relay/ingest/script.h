/*
 * Failing on purpose, for a while: what an endpoint answers before its policy is asked. Text, so that a person can type it:
 *
 *   script = rule *( "," rule )        at most SCRIPT_RULES of them
 *   rule   = which ":" what
 *   which  = "next" N                  the next N requests
 *          | "every" N                 the Nth, the 2Nth, ... from now on
 *          | "for" TIME                all, until so long after the script was set
 *   what   = STATUS [ "retry-after" TIME ]
 *          | "hang-up"                 the connection is closed without an answer
 *          | "drip" TIME [ STATUS ]    the answer comes in drops, over so long (200)
 *   TIME   = digits and ms, s, m, h or d
 *
 * The first rule that fits a request decides; a rule is asked only when those before it did not fit. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

struct cJSON;

#define SCRIPT_RULES 8
#define SCRIPT_TEXT_MOST 512
#define SCRIPT_COUNT_MOST 1000000
#define SCRIPT_DRIP_MOST_MS (INT64_C(3600) * 1000)

enum script_which { SCRIPT_NEXT, SCRIPT_EVERY, SCRIPT_FOR };
enum script_what { SCRIPT_STATUS, SCRIPT_HANG_UP, SCRIPT_DRIP };

struct script_rule {
	enum script_which which;
	int64_t n; /* requests, or milliseconds */
	enum script_what what;
	int status;
	int64_t retry_after_ms; /* -1: not said */
	int64_t drip_ms;
};

struct script {
	struct script_rule rules[SCRIPT_RULES];
	size_t count;
};

/* What has become of it. `since_ms` (since 1970) is when the script was set: a state is that of one setting. */
struct script_state {
	int64_t since_ms;
	int64_t counts[SCRIPT_RULES]; /* next: taken so far; every: asked since the last one taken */
};

/* An empty text is an empty script. ERROR_USAGE says which rule is wrong. */
bool script_parse(struct script *script, struct span text, struct error *err);
void script_append(struct buffer *out, const struct script *script);

/* The rule that decides about one more request, which is counted; NULL: none. */
const struct script_rule *script_take(
	const struct script *script, struct script_state *state, int64_t now_ms);

/* Whether it may still decide about something. */
bool script_is_spent(const struct script *script, const struct script_state *state, int64_t now_ms);

/* The rules that are left, as they would be written now: "next 2: 500, for 90s: hang-up"; nothing when it is spent. */
void script_append_left(struct buffer *out, const struct script *script,
	const struct script_state *state, int64_t now_ms);

/* How a state is kept. What cannot be read, or is of another setting than `since_ms`, is a state at its beginning. */
void script_state_append_json(struct buffer *out, const struct script_state *state);
struct script_state script_state_from_json(struct span json, int64_t since_ms);
