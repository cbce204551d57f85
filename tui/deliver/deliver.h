/*
 * Sends captured requests to the local app: byte for byte what arrived, but for what request.h names (Host, the length,
 * headers of one connection). Many at once on the loop, connections are kept. What came of it is an attempt. Redirects
 * are told, not followed; nothing is ever sent twice by itself.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "common/span.h"
#include "tui/deliver/fault.h"
#include "tui/deliver/request.h"
#include "tui/deliver/resign.h"
#include "tui/deliver/target.h"

/* Most requests that may be under way at once. */
#define DELIVER_CONCURRENCY_MAX 256

/* Limits, settings of the command line; zero takes the default. */
struct deliver_options {
	int64_t connect_ms;        /* 2000 */
	int64_t total_ms;          /* 30000 */
	int64_t answer_bytes;      /* body kept of an answer; the rest is counted (1 MiB) */
	int64_t answer_read_bytes; /* body read at all before the connection is closed (16 MiB) */
	int64_t answer_head_bytes; /* beyond: failed (64 KiB) */
	int64_t concurrency;       /* requests under way at once (16); the rest waits in order */
	int64_t idle_ms;           /* a connection is kept open for the next request (2000) */
	const char *who;           /* kept with attempts: "alice@laptop"; copied */
	bool anywhere;             /* other than loopback */
	bool insecure;             /* https without checking the certificate */
	const char *ca_file;       /* https: certificates to trust; NULL: the system's. Copied */
};

struct deliver;

struct deliver *deliver_new(
	uv_loop_t *loop, const struct deliver_options *options, struct error *err);
/* Other limits, other trust and another `anywhere` for what begins from now on; connections that are kept are closed. */
void deliver_change(struct deliver *deliver, const struct deliver_options *options);
/* Ends what is under way without callbacks. */
void deliver_free(struct deliver *deliver);

/* How long an attempt may take that names no time of its own: connecting, and all the rest. */
int64_t deliver_longest_ms(const struct deliver *deliver);

/*
 * `attempt` is complete but for seq and number: a fresh id, target, changes, status, lengths, error, started_at_ns,
 * took_us; event, endpoint, event_seq and cause as given. `connected` is false when the app could not be reached at all:
 * then it has seen nothing of the event. A status with an error beside it: the answer broke off. Everything is valid
 * during the call, which comes from the loop, never from within deliver_send. Not to be called in it: deliver_free.
 */
struct delivery {
	struct attempt attempt;
	struct span answer_head, answer_body;
	bool connected;
};
typedef void delivered_fn(void *data, const struct delivery *delivery);

/* One try, with all that can be asked of it. */
struct deliver_order {
	const struct target *target;
	const struct event *event;
	struct span head, body;                /* as captured */
	const struct request_options *options; /* NULL: none */
	const struct resign *resign;           /* NULL: as received */
	const struct deliver_fault *fault;     /* NULL: none */
	int64_t total_ms;                      /* 0: that of deliver_options */
	enum cause cause;
};
void deliver_send_order(struct deliver *deliver, const struct deliver_order *order,
	delivered_fn *delivered, void *data);

/*
 * One try. Everything is copied. A request that cannot be sent as it is (a control byte in a header, a bad method or
 * target) is refused before anything is sent: the attempt says so. Requests start in the order of the calls.
 */
void deliver_send(struct deliver *deliver, const struct target *target, const struct event *event,
	struct span head, struct span body, enum cause cause, delivered_fn *delivered, void *data);

/* The same with headers that were signed anew (tui/deliver/resign.h); NULL: as received. */
void deliver_send_anew(struct deliver *deliver, const struct target *target,
	const struct event *event, struct span head, struct span body, const struct resign *resign,
	enum cause cause, delivered_fn *delivered, void *data);

/* A new id: of an attempt, or of an event that is made here. */
struct uuid deliver_fresh_id(void);

/* Forgets the requests that wait and have not begun: `dropped` comes for each, with its data, within this call. */
void deliver_drop_waiting(struct deliver *deliver, void (*dropped)(void *data));

/* Requests waiting or under way. */
int64_t deliver_pending(const struct deliver *deliver);

/* Bytes of the requests waiting or under way: for callers that bound what they hand over. */
size_t deliver_pending_bytes(const struct deliver *deliver);
