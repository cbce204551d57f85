/*
 * Sends captured requests to the local app: byte for byte what arrived, but for Host, the length and hop-by-hop
 * headers. libcurl on the loop, many at once. What came of it is an attempt.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "common/span.h"

/* Where to. */
struct target {
	char *url;   /* as given, normalised: scheme://host:port/path */
	char *base;  /* scheme://host:port */
	char *path;  /* "" or "/hooks" */
	char *query; /* "" or "a=b" */
};

/*
 * http and https only, no user:password in it; "3000" and "localhost:3000/hooks" are understood. ERROR_USAGE otherwise.
 * Loopback (127.0.0.0/8, ::1, localhost) only, unless `anywhere`; the address really connected to is checked again.
 */
bool target_parse(struct target *target, const char *text, bool anywhere, struct error *err);
void target_clear(struct target *target);

/*
 * The request target for an event: the path of the target, then what follows the endpoint in the captured target, byte
 * for byte; one slash where both have one. Queries: the target's, then the event's, joined by '&'. Appends to `out`.
 */
void target_join(struct buffer *out, const struct target *target, struct span captured_rest);

/* Limits, settings of the command line; zero takes the default. */
struct deliver_options {
	int64_t connect_ms;        /* 2000 */
	int64_t total_ms;          /* 30000 */
	int64_t answer_bytes;      /* body kept of an answer; the rest is counted (1 MiB) */
	int64_t answer_head_bytes; /* beyond: failed (64 KiB) */
	int64_t concurrency;       /* requests under way at once (16); the rest waits in order */
	bool anywhere;             /* other than loopback */
	bool insecure;             /* https without checking the certificate */
};

struct deliver;

struct deliver *deliver_new(
	uv_loop_t *loop, const struct deliver_options *options, struct error *err);
/* Ends what is under way without callbacks. */
void deliver_free(struct deliver *deliver);

/*
 * `attempt` has target, changes, status, lengths, error, started_at_ns, took_us filled in; id, event, endpoint, cause
 * and who as given. Valid during the call.
 */
typedef void delivered_fn(
	void *data, const struct attempt *attempt, struct span answer_head, struct span answer_body);

/*
 * One try. `event`, `head` and `body` are copied. A request that cannot be sent as it is (a control byte in a header, a
 * bad method or target) is refused before anything is sent: the attempt says so.
 */
void deliver_send(struct deliver *deliver, const struct target *target, const struct event *event,
	struct span head, struct span body, enum cause cause, delivered_fn *delivered, void *data);

/* Requests waiting or under way. */
int64_t deliver_pending(const struct deliver *deliver);
