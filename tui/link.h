/*
 * One websocket to the relay: found, opened, kept alive, and opened again with growing pauses. Knows messages, not what
 * they say.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/span.h"
#include "tui/relay_url.h"

struct link;

struct link_options {
	const char *url;
	const char *token_file; /* NULL: none */
	const char *ca_file;    /* NULL: the system's */
	bool once;
	int64_t retry_least_ms, retry_most_ms; /* pauses, each shortened by up to half at random */
	int64_t ping_ms;                       /* pings of our own so often; 0: none */
};

/* Called on the loop, never from within a call to the link. */
struct link_events {
	/* A whole message; valid during the call. */
	void (*message)(void *data, struct span message, bool binary);
	/* It is down; `retry_ms` -1: for good. */
	void (*down)(void *data, const struct error *err, int64_t retry_ms);
	/* After link_free: it is gone. */
	void (*freed)(void *data);
};

struct link *link_new(uv_loop_t *loop, const struct link_options *options,
	const struct link_events *events, void *data, struct error *err);
/* No event but `freed` comes after it. */
void link_free(struct link *link);

/* The relay has greeted us: pauses begin small again. */
void link_is_good(struct link *link);
/* Loop time (uv_now) when anything came last, an answer to a ping included; 0: never. */
int64_t link_heard_ms(const struct link *link);
/* How long the last ping of our own took there and back; -1: none was answered on this connection. */
int64_t link_round_trip_us(const struct link *link);
/* The relay has said that it stops: the end is expected. */
void link_expect_end(struct link *link);
/* Sends a message; copied. Does nothing while the link is down. */
void link_send(struct link *link, struct span message, bool binary);
/* Sends bytes as binary messages of one kind. */
void link_send_bytes(struct link *link, uint32_t request, int kind, struct span bytes);
/* Stops reading for a while, so that the relay waits. */
void link_pause(struct link *link, bool paused);
/* Ends the connection: what came was nonsense. It is opened again. */
void link_break(struct link *link, const struct error *err);
