/*
 * An attempt that is still to be made: which event, to which target, for whom, when. Kept by the relay, carried out by a client
 * of its owner (docs/protocol.md, `retry.*`). At most one for an event and a target.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"
#include "common/uuid.h"

struct cJSON;

/* Limits: retries a relay keeps, the length of each text, how long one may be taken for an attempt. */
#define RETRIES_MAX 50000
#define RETRY_TEXT_MAX 2048
#define RETRY_TAKEN_MAX_MS (INT64_C(3600) * 1000)

/* Spans are borrowed: valid as long as the one who hands it out says. Times are nanoseconds since 1970. */
struct retry {
	struct uuid event;
	struct span endpoint; /* name */
	int64_t event_seq;    /* of the event */
	struct span target;   /* as the lease names it */
	struct span owner;    /* "alice@laptop": whose client makes the attempt */
	struct span policy;   /* text of tui/deliver/schedule.h, resolved: it asks for no provider */
	int64_t tries;        /* attempts made so far */
	int64_t attempts;     /* that there are at most, the first included */
	int64_t tried_at_ns;  /* when the newest of them was begun */
	int64_t due_ns;
	bool paused;
	struct span reason;     /* what came of the newest, in words */
	int64_t taken_until_ns; /* an attempt is under way, until this at most; 0: none */
};

/* `{...}`, and only its members: "event", "event_ref", ..., "taken_until". */
void retry_append_json(struct buffer *out, const struct retry *retry);
void retry_append_json_members(struct buffer *out, const struct retry *retry);

/* The way back; spans point into `object`. ERROR_USAGE for what is missing, too long or impossible. */
bool retry_from_json(struct retry *retry, const struct cJSON *object, struct error *err);

/* A copy in one allocation; free with free(). */
struct retry *retry_copy(const struct retry *retry);

/* Whether both are of one event and one target. */
bool retry_is_same(const struct retry *a, const struct retry *b);
