/* The relay's own state. Only relay.c, relay_start.c and relay_reload.c include this. */
#pragma once

#include <uv.h>

#include "relay/admin/admin.h"
#include "relay/after/key_index.h"
#include "relay/config.h"
#include "relay/ingest/ingest.h"
#include "relay/relay.h"
#include "relay/stream/hub.h"
#include "relay/stream/stream.h"
#include "relay/vault.h"
#include "relay/waiting.h"

#define RELAY_SIGNALS 3

enum relay_phase { RELAY_STARTING, RELAY_RUNNING, RELAY_DRAINING, RELAY_CLOSING };

struct relay {
	uv_loop_t loop;
	struct config *config;
	const struct options *options;
	enum relay_phase phase;
	int exit_code;
	struct error failure; /* why it could not start */
	int ready_fd;
	bool signalled, warming_up;
	uv_thread_t warm_up; /* of OpenSSL, beside the start */
	uint64_t draining_since_ms;

	struct lws_context *context;
	struct store *store;
	struct vault *vault;
	struct endpoints *endpoints;
	struct fetcher *fetcher;
	struct keys *keys;
	struct confirm *confirm;
	struct hub *hub;
	struct key_index *key_index;
	struct waiting *waiting;
	struct stream *stream;
	struct ingest *ingest;
	struct admin *admin;
	struct deliveries deliveries;
	char *
		certificates[METRICS_LISTENERS]; /* of the start: the configuration may be another by now */

	uv_signal_t signals[RELAY_SIGNALS];
	uv_timer_t drain;
	uv_timer_t watchdog;

	size_t applying; /* endpoints of the configuration that are not in use yet */
	void (*applied)(struct relay *relay);
};

/* Takes the endpoints of the configuration into use, then calls `applied`. */
void relay_apply_endpoints(struct relay *relay, void (*applied)(struct relay *relay));
/* The last step of the start: listens, and says that it is ready. */
void relay_open_listeners(struct relay *relay);
/* Reads the configuration again; on an error the old one stays. */
void relay_reload(struct relay *relay);
/* Drains, then ends with this exit code. */
void relay_stop(struct relay *relay, int exit_code);
/* For the keys: what waited for one is judged again. */
void relay_keys_arrived(void *data);
/* For ingest: the disk fails for good. */
void relay_gave_up(void *data, const char *why);

struct waiting_limits relay_waiting_limits(const struct relay *relay);
/* What the configuration says to ingest. */
struct ingest_options relay_ingest_options(struct relay *relay);
