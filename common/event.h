/*
 * What is kept and streamed: an event (a webhook that came in) and an attempt (one try to deliver one event to one
 * target). Both take their number from the same counter of their endpoint.
 *
 * The spans in these structs are borrowed: they point into a row, a frame or a connection, and are valid as long as
 * the one who handed the struct out says. event_copy and attempt_copy keep one.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/signature/verdict.h"
#include "common/span.h"
#include "common/uuid.h"

struct cJSON;

/* Longest endpoint name: letters, digits, '-', '_', '.', beginning with a letter or digit. */
#define ENDPOINT_NAME_LEN 63

/* Who made the answer an event's sender got; kept as numbers, so new ones come at the end. */
enum answered_by {
	ANSWERED_BY_UNKNOWN,   /* from before this was kept */
	ANSWERED_BY_FIXED,     /* the relay, by the endpoint's settings */
	ANSWERED_BY_APP,       /* the app that events are forwarded to, its answer passed back */
	ANSWERED_BY_FALLBACK,  /* the relay, in place of the app; `answer_why` says why */
	ANSWERED_BY_SCRIPT,    /* the relay, failing on purpose */
	ANSWERED_BY_HANDSHAKE, /* the relay, as the provider's file says */
	ANSWERED_BY_REJECT,    /* the relay: the signature is not right, and the endpoint is strict */
	ANSWERED_BY_WAITING,   /* nobody yet: the sender waits */
	ANSWERED_BY_NOBODY,    /* the sender left, or was left, without an answer */
};

/* Where an event came from: a provider's request, or somebody here who made it. Kept as numbers: only add at the end. */
enum origin {
	ORIGIN_RECEIVED,
	ORIGIN_EDITED, /* a changed copy of another event, its parent */
	ORIGIN_SENT,   /* made by `hookline send` */
	ORIGIN_COUNT
};

/* Longest note of an annotation, in bytes, and longest name of who made it. */
#define ANNOTATION_NOTE_MAX 2000
#define ANNOTATION_WHO_MAX 160

/* What people here say of an event; kept with it, and shared by all who look at it. */
struct annotation {
	bool marked;
	struct span note; /* UTF-8; empty: none */
	struct span who;  /* changed it last: "alice@laptop" */
	int64_t at_ns;    /* when, since 1970; 0: nobody ever did */
};

/* The facts of an event; its bytes (head and body) travel apart. */
struct event {
	struct uuid id;
	struct span endpoint;   /* name */
	int64_t seq;            /* of the endpoint, from 1, no gaps; 0: not stored yet */
	int64_t position;       /* among everything stored, from 1; 0: not stored, or not told */
	int64_t received_at_ns; /* since 1970: when its last byte was there */
	struct span peer;       /* "203.0.113.7:51034" */
	struct span method;
	struct span target;  /* raw, as received */
	int64_t path_offset; /* where in `target` the path handed on begins (behind /e/NAME) */
	int64_t head_len, body_len, trailers_len;
	int64_t
		answer_status; /* what the sender was told; 0: nothing, or nothing yet, or there was no sender */
	enum answered_by answer_by;
	struct span answer_why;  /* where it is not plain: "no answer of the app within 10s" */
	int64_t answer_after_us; /* how long the sender had to wait on purpose; 0: answered at once */
	enum origin origin;
	struct uuid parent; /* the event it is a copy of; all zero: of none */
	int64_t parent_seq; /* of that, which is of the same endpoint; 0: there is none */
	/* derived, beside what was received, never instead */
	struct span provider;    /* empty: not recognised */
	struct span type;        /* the provider's name for what happened */
	struct span provider_id; /* the provider's id of the event or delivery */
	int64_t
		repeat; /* 1 for the first event with this provider_id on the endpoint, 2 for the next (among the newest 32,768), ...; 0 without one */
	enum verdict verdict;
	struct span reason;
	struct span secret; /* label of the secret that matched */
	struct span
		recipe; /* version of the recipes it was judged with; empty: with none, or before they were kept */
	/* of a handshake, which the relay itself answers; empty for any other event */
	struct span handshake; /* what was done: "slack url_verification answered" */
	struct span answer;    /* header lines, an empty line and the body as sent; secrets left out */
	struct span
		keys; /* what people ask by: a run as common/business_key.h has it; data NULL: not known here */
	/* of its attempts */
	int64_t attempts;
	int64_t
		last_status; /* of the newest attempt: HTTP status, 0: none yet, -1: failed without an answer */
	bool late;     /* the app's first answer came when its sender had been answered in its place */
	bool replayed; /* somebody sent it again by hand */
	struct annotation annotation;
	/*
	 * Only where a target was named with the question: positions of the newest attempt to exactly it that was answered 2xx
	 * in full, and of the newest that was answered at all; 0: none.
	 */
	int64_t delivered_at, answered_at;
};

enum cause { CAUSE_FORWARD, CAUSE_RETRY, CAUSE_REPLAY, CAUSE_EDIT, CAUSE_TEST };

/* The facts of an attempt; the answer's head and body travel apart. Append-only. */
struct attempt {
	struct uuid id;
	struct uuid event;
	struct span endpoint;
	int64_t seq;       /* shares the endpoint's counter; 0: not stored yet */
	int64_t position;  /* as that of an event: both are counted together */
	int64_t event_seq; /* of the event it delivered */
	int64_t number;    /* 1, 2, ... over all attempts of this event; 0: not stored yet */
	enum cause cause;
	struct span target; /* URL it was sent to */
	struct span
		changes; /* what differed from the capture, in words: "Host, Content-Length"; empty: nothing */
	int64_t status;                           /* HTTP status; 0: no answer */
	int64_t answer_head_len, answer_body_len; /* as stored */
	int64_t
		answer_body_total; /* bytes the app sent or would have: larger than answer_body_len means it was cut */
	struct span error;     /* why there was no answer, with a hint; empty: there was one */
	int64_t started_at_ns; /* since 1970 */
	int64_t took_us;
	struct span who; /* "alice@laptop" */
	bool late; /* the first answer of the app, but its sender had been answered in its place */
};

/* "fixed", "app", ...; "" for ANSWERED_BY_UNKNOWN. */
const char *answered_by_name(enum answered_by by);
/* ANSWERED_BY_UNKNOWN for a name that is not known here. */
enum answered_by answered_by_from_name(struct span name);

const char *origin_name(enum origin origin);
int origin_from_name(struct span name); /* -1: unknown */

/*
 * What is to be seen at once of an event that nobody sent us: "edited", "unsigned edit" (its signature is not that of its
 * bytes), "sent". NULL: it was received.
 */
const char *event_badge(const struct event *event);
/* The same with what it is a copy of: "edited, from stripe#1042". Nothing for an event that was received. */
void event_append_badge(struct buffer *out, const struct event *event);

const char *cause_name(enum cause cause);
int cause_from_name(struct span name); /* -1: unknown */

/* "stripe#1042" */
void event_append_ref(struct buffer *out, struct span endpoint, int64_t seq);

/* What a person or script may call an event by: "stripe#1042", or its UUID. */
struct event_ref {
	bool by_id;
	struct uuid id;
	struct span endpoint; /* points into the text it was read from */
	int64_t seq;
};
bool event_ref_parse(struct event_ref *ref, struct span text, struct error *err);

/* Whether `name` may be an endpoint; the rule is at ENDPOINT_NAME_LEN. */
bool endpoint_name_is_valid(struct span name);

/*
 * The JSON object of an event or attempt as `list --json`, frames and exports have it (docs/protocol.md). Appends
 * `{...}` without newline. `event_json_members` leaves the braces to the caller, who may add members.
 */
void event_append_json(struct buffer *out, const struct event *event);
void event_append_json_members(struct buffer *out, const struct event *event);
void attempt_append_json(struct buffer *out, const struct attempt *attempt);
void attempt_append_json_members(struct buffer *out, const struct attempt *attempt);

/*
 * The members of an annotation: all of them for a frame that tells of it. Those of an event that has neither mark nor
 * note are left out.
 */
void annotation_append_json_members(struct buffer *out, const struct annotation *annotation);
/* Missing members: as if nobody had said anything. Spans point into `object`. */
bool annotation_from_json(
	struct annotation *annotation, const struct cJSON *object, struct error *err);

/*
 * The way back. Texts that hold raw bytes (target) are decoded into `bytes`, to which spans may point: keep it as long
 * as the event.
 */
bool event_from_json(
	struct event *event, const struct cJSON *object, struct buffer *bytes, struct error *err);
bool attempt_from_json(
	struct attempt *attempt, const struct cJSON *object, struct buffer *bytes, struct error *err);

/* A copy in one allocation, and its size; free with free(). */
struct event *event_copy(const struct event *event);
struct attempt *attempt_copy(const struct attempt *attempt);
size_t event_copy_size(const struct event *event);
size_t attempt_copy_size(const struct attempt *attempt);
