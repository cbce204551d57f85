/*
 * The listener for screens and commands: websockets that speak hookline.v1 (docs/protocol.md), and nothing else.
 * What libwebsockets does with strangers is fenced in here: no plain HTTP is ever served, no extension, no HTTP/2.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/error.h"
#include "relay/context.h"
#include "relay/endpoints.h"
#include "relay/store/store.h"
#include "relay/stream/hub.h"

struct stream;
struct waiting;

/* Borrowed during stream_new; zero takes the default. */
struct stream_options {
	struct listen_address address;
	/*
	 * One token a line (# begins a comment), at least 16 characters each; the file must not be readable by others.
	 * NULL: no token, which is refused unless the address is loopback.
	 */
	const char *token_file;
	const char *certificate_file,
		*key_file;     /* PEM; both or none. Needed where the address is not loopback. */
	bool behind_proxy; /* TLS is done in front of us: plain text on any address is meant */
	const char *const
		*hosts; /* Host headers to take beside the loopback names: "hooks.example.com" with any
	                              port, "10.0.0.5:8081" with this one */
	size_t host_count;
	const char *const *origins; /* Origin headers to take: "https://example.com"; none otherwise */
	size_t origin_count;
	const char *ingest_url; /* told to clients: where webhooks are sent */
	int64_t max_sessions;   /* clients at once (1000) */
	int64_t stall_ms;       /* a client that takes nothing for so long is cut off (30000) */
	int64_t client_bytes;   /* the system keeps so much of what a client does not take (128 KiB) */
	int64_t
		held_bytes; /* heads and bodies read from the store for clients, all together (64 MiB) */
	int64_t explain_rate;  /* explanations begun in a second, for all clients together (20) */
	int64_t attempt_bytes; /* longest body of an answer that is kept (4 MiB) */
	int64_t event_bytes;   /* longest body of an event that a client made, or has signed (10 MiB) */
	struct waiting *waiting; /* senders that wait for what clients bring; NULL: none ever does */
	/*
	 * Where set, it is called when the last client has left and none came for `alone_ms`, or none came in the first 30 s, unless
	 * a client has asked the relay to stay. A client that fell silent without leaving is waited for for an hour.
	 */
	void (*deserted)(void *data);
	void *deserted_data;
	int64_t alone_ms; /* from 0 */
};

/* All but `options` outlives it. ERROR_CONFIG for options that are not safe or not there, ERROR_IO when it cannot listen. */
struct stream *stream_new(struct lws_context *context, const struct stream_options *options,
	struct hub *hub, struct store *store, struct endpoints *endpoints, struct error *err);

/* The port really bound. */
int stream_port(const struct stream *stream);

/* Other tokens for those who connect from now on; on an error the old ones stay. */
bool stream_reload_tokens(struct stream *stream, const char *token_file, struct error *err);

/* Tells every client that the relay stops, and takes no new ones. They hang up when they have heard it. */
void stream_say_bye(struct stream *stream);

/* For /metrics. */
struct stream_state {
	int64_t sessions; /* connected now */
	int64_t refused;  /* handshakes refused, in all */
	int64_t cut;      /* clients cut off because they were too slow, in all */
	int64_t sent;     /* bytes, in all */
};
struct stream_state stream_state(const struct stream *stream);
struct retries;
const struct retries *stream_retries(const struct stream *stream);

/*
 * Hangs up on everybody. Before hub_free, store_close and context_free; what clients asked to be stored is still
 * stored.
 */
void stream_free(struct stream *stream);
