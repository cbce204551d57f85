/*
 * How an endpoint answers its senders. Pure: what was set, what a script has left, a request and the moment in; what to do
 * out. The order, written down once:
 *
 *   1. a handshake of the provider is answered as the provider's file says (unless `handshake` leaves it to the app)
 *   2. what is not rightly signed gets 401 where the endpoint is strict (reject_invalid)
 *   3. a script that fits fails it on purpose
 *   4. fixed: the answer that was set, perhaps after a delay;
 *      app: the app's own answer, and in its place the answer that was set (the fallback) when nobody forwards the
 *      event, when too many wait already, when the app gives no whole answer, or not in time
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "relay/ingest/script.h"

struct cJSON;

#define POLICY_HEADERS_MOST 2048
#define POLICY_BODY_MOST ((size_t)64 * 1024)
#define POLICY_DELAY_MOST_MS (INT64_C(600) * 1000)

enum policy_mode { POLICY_FIXED, POLICY_APP };

/* What was set. All zero but `status` 200 is the answer of an endpoint nobody has set anything for. */
struct policy {
	enum policy_mode mode;
	int status;            /* of the fixed answer, or of the fallback */
	struct buffer headers; /* its header lines, each with CR LF */
	struct buffer body;    /* its body; empty: the reference of the event */
	bool has_body;
	int64_t delay_ms; /* POLICY_FIXED: it goes out so much later */
	int64_t
		after_ms; /* POLICY_APP: so long the app has; 0: as long as the relay lets it (policy_limits) */
	struct script script;
	int64_t script_since_ms; /* when it was set */
};

/* What a person says of it. NULL, data NULL and -1: as it is; a mode begins anew, with everything else as at first. */
struct policy_change {
	const char *mode; /* "fixed", "app" */
	int64_t status;
	struct span headers; /* lines as they are sent, with CR LF or LF */
	struct span body;
	int64_t delay_ms, after_ms;
	struct span script; /* empty: none */
	bool again;         /* the same script begins anew; else it goes on */
};

struct policy policy_default(void);
void policy_copy(struct policy *to, const struct policy *from);
void policy_clear(struct policy *policy);
/* Nothing is changed on an error: ERROR_USAGE. */
bool policy_change(
	struct policy *policy, const struct policy_change *change, int64_t now_ms, struct error *err);

/* In one allocation; free with free(). */
struct policy_change *policy_change_copy(const struct policy_change *change);

/* The object as it is kept, and back: a policy that was never kept is the default. */
void policy_append_json(struct buffer *out, const struct policy *policy);
bool policy_from_json(struct policy *policy, const struct cJSON *object, struct error *err);
/* The object as it is told: without the body but with its length, and what the script has left. */
void policy_append_told(struct buffer *out, const struct policy *policy,
	const struct script_state *state, int64_t now_ms);
/* A change out of such an object ("mode", "status", ...; docs/protocol.md); bodies are decoded into `bytes`. */
bool policy_change_from_json(struct policy_change *change, const struct cJSON *object,
	struct buffer *bytes, struct error *err);

/* What is known of a request that is to be answered. */
struct policy_request {
	int handshake_status; /* of the answer the provider's file gives; 0: it is no handshake */
	bool rejected;        /* not rightly signed, on a strict endpoint */
	bool forwarded;       /* somebody is there who forwards it to an app */
	bool room;            /* one more may wait */
	bool stopping;        /* the relay ends: nobody waits any more */
};

enum policy_action {
	POLICY_ANSWER, /* after delay_ms */
	POLICY_WAIT,   /* for the app; the fallback after delay_ms */
	POLICY_HANG_UP,
	POLICY_DRIP, /* over delay_ms */
};

struct policy_decision {
	enum policy_action action;
	enum answered_by by; /* POLICY_WAIT: ANSWERED_BY_APP */
	int status;          /* POLICY_WAIT: of the fallback */
	int64_t delay_ms;
	int64_t retry_after_ms; /* -1: not said */
	bool as_set;            /* headers and body are those of the policy */
	const char *why;        /* static; "": plain */
};

/* `app_most_ms`: the longest anybody waits for an app. `state` counts the request where a script looks at it. */
struct policy_decision policy_decide(const struct policy *policy, struct script_state *state,
	const struct policy_request *request, int64_t app_most_ms, int64_t now_ms);

/* The app's answer is there, or is known to be missing. */
struct policy_reply {
	int64_t status;     /* 0: no answer */
	struct span error;  /* why there was none, or why it broke off; empty: whole */
	int64_t kept, sent; /* bytes of the body that came to the relay, and that the app sent */
	bool usable;        /* it can be passed back: see passed.h */
};
/* NULL: it is passed back. Else the fallback goes out, and why. */
const char *policy_refuse_reply(const struct policy_reply *reply);
