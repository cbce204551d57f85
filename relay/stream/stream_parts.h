/* The inside of the stream, for the files of this folder. */
#pragma once

#include <libwebsockets.h>

#include "common/buffer.h"
#include "common/loop/turn.h"
#include "relay/stream/company.h"
#include "relay/stream/hub_state.h"
#include "relay/stream/leases.h"
#include "relay/stream/retries.h"
#include "relay/stream/stream.h"
#include "relay/stream/tokens.h"
#include "relay/waiting.h"

struct job;
struct session;

/* A short list of texts of our own. */
struct texts {
	char **items;
	size_t count;
};

struct stream {
	struct lws_context *context;
	struct lws_vhost *vhost;
	struct hub *hub;
	struct store *store;
	struct endpoints *endpoints;
	struct leases *leases;
	struct retries *retries;
	struct lease_watch *forwarders; /* for those who wait */
	struct waiting *waiting;        /* may be NULL */
	struct tokens *tokens;          /* NULL: none is needed */
	struct texts hosts, origins;
	char *ingest_url;
	char bound_host[64];
	int64_t max_sessions, stall_ms, client_bytes, attempt_bytes, event_bytes, explain_rate;
	int64_t explained_in_s, explained; /* begun within this second of the loop */
	struct session *sessions;
	struct session *due; /* those the end of this turn of the loop writes to */
	struct turn *turn;
	bool flushing; /* that is going on */
	struct job *jobs;
	struct buffer out; /* what is being written: LWS_PRE bytes of room, then the bundle */
	struct stream_state state;
	bool stopping;
	struct company company;
	lws_sorted_usec_list_t tick;
};
