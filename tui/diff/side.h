/* One of two that are compared: an event with its bytes and its attempts. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"
#include "common/span.h"

/* Attempts that are kept, the newest. */
#define SIDE_ATTEMPTS_MAX 20

struct side_attempt {
	struct attempt *attempt;
	struct buffer head, body; /* of the answer, as stored */
};

/* All zero is empty. */
struct side {
	struct event *event; /* NULL: it has not come */
	struct buffer head, body;
	struct side_attempt attempts[SIDE_ATTEMPTS_MAX]; /* oldest first */
	size_t attempt_count;
	int64_t number; /* of the attempt that is compared; 0: the newest */
};

/* Both copy. */
void side_take_event(
	struct side *side, const struct event *event, struct span head, struct span body);
void side_take_attempt(
	struct side *side, const struct attempt *attempt, struct span head, struct span body);
/* Forgets all but `number`. */
void side_empty(struct side *side);

/* NULL: it was never sent to an app, or not that often. */
const struct side_attempt *side_attempt(const struct side *side);
/* The number of the attempt before that one; 0: there is none. */
int64_t side_attempt_before(const struct side *side);

/* What was sent to the app, as far as it differs from what came in: "POST http://localhost:3000/hooks" and lines that say what was changed and why it was sent. */
void side_append_request(struct buffer *out, const struct side *side);

/* "stripe#1042", "stripe#1042@2" when an attempt is named */
void side_append_ref(struct buffer *out, const struct side *side);

/*
 * Reads "stripe#1042@2" or the UUID of an event, with the number of an attempt or without (0). False and `err`: it is neither.
 */
bool side_ref_parse(struct event_ref *ref, int64_t *number, struct span text, struct error *err);

/*
 * Appends the filter of those that went well and are like this event: of its endpoint and type, rightly signed, answered 2xx by the app.
 */
void side_append_good_filter(struct buffer *out, const struct event *event);
