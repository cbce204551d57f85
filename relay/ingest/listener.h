/*
 * Takes HTTP/1.1 requests on a port and hands each to a handler: ingest and admin are two of these. Connections are
 * accepted here, read by common/http_reader, answered in order, and ended by deadlines and limits.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/http_reader.h"
#include "relay/context.h"
#include "relay/ingest/answer.h"
#include "relay/ingest/deadline.h"
#include "relay/store/store.h"

struct listener;
struct connection;

struct listener_limits {
	struct http_limits http;
	struct deadlines deadlines;
	int64_t connections;             /* at a time; fixed when the listener is made */
	int64_t connections_per_address; /* loopback is not counted: a proxy stands there */
	int64_t buffered_bytes; /* of requests that are not complete or not answered, all connections */
};

/* What is done with requests. All calls come on the loop. */
struct listener_handler {
	/* Bytes of its own each connection brings along, all zero at first (connection_extra). */
	size_t extra_bytes;
	void (*forget)(void *data, void *extra); /* when the connection is gone; may be NULL */

	/*
	 * The head is fine: 0 to read on, or the status to refuse it with before its body is read, and `*reason` (static).
	 * May be NULL.
	 */
	int (*check)(void *data, const struct message *message, const char **reason);

	/*
	 * The request is complete. The message stays as it is until connection_answer, which must be called once, now
	 * or later, also when the sender has hung up by then.
	 */
	void (*request)(void *data, struct connection *connection, const struct message *message);

	/* A request or connection was refused or cut off. May be NULL. */
	void (*refused)(void *data, const struct refusal *refusal);
};

struct listener_options {
	const char *name; /* "ingest": also the setting named when the address is in use */
	struct listen_address address;
	const char *certificate, *key; /* PEM files; NULL: no TLS */
	struct listener_limits limits;
	struct listener_handler handler;
	void *data; /* of the handler */
};

/*
 * Binds and listens; requests come as soon as the loop runs. ERROR_IO says why the address cannot be had and which
 * setting to change. Keeps nothing of `options`.
 */
struct listener *listener_new(struct lws_context *context, uv_loop_t *loop,
	const struct listener_options *options, struct error *err);

/* Other limits from now on (but for `connections`). */
void listener_set_limits(struct listener *listener, const struct listener_limits *limits);
/* Reads certificate and key again; connections that are open keep theirs. */
bool listener_reload_tls(struct listener *listener, struct error *err);

int listener_port(const struct listener *listener);

/* No new connections; idle ones end; requests that have begun are answered, with Connection: close. */
void listener_drain(struct listener *listener);
/* Requests that have begun and are not answered: none are left to wait for at 0. */
int64_t listener_in_flight(const struct listener *listener);

/*
 * Ends every connection. Requests that were handed out may still be answered (into the void) afterwards; the memory
 * goes with the last of them. The loop has to run on for it.
 */
void listener_free(struct listener *listener);

struct listener_counts {
	int64_t connections, buffered_bytes; /* now */
	int64_t accepted, turned_away;       /* in all */
};
struct listener_counts listener_counts(const struct listener *listener);

/* Answers the request that is being handled. The connection may be gone afterwards. */
void connection_answer(struct connection *connection, const struct answer *answer);

/* The same, but the answer comes in drops, evenly over so long: a test for the sender's patience. */
void connection_drip(struct connection *connection, const struct answer *answer, int64_t over_ms);
/* Closes the connection instead of answering. */
void connection_hang_up(struct connection *connection);
/* Whether nobody is there any more to take an answer. */
bool connection_is_deserted(const struct connection *connection);

/* The handler's bytes of this connection. */
void *connection_extra(struct connection *connection);
/* "203.0.113.7:51034" */
struct span connection_peer(const struct connection *connection);
/* When the first byte of the request came, by uv_hrtime. */
uint64_t connection_begun_ns(const struct connection *connection);
