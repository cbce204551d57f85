/* Takes webhooks: each becomes an event of its endpoint, is judged, stored, and only then answered. */
#pragma once

#include "common/error.h"
#include "relay/endpoints.h"
#include "relay/ingest/counts.h"
#include "relay/ingest/listener.h"
#include "relay/store/store.h"

struct hub;
struct ingest;
struct waiting;

struct ingest_options {
	struct listener_options listener; /* handler and data are filled in here */
	bool catch_all;                   /* paths of no endpoint belong to the endpoint `default` */
	int64_t backlog_bytes;            /* waiting for the disk: beyond, 503 */
	int64_t refusals_per_second;      /* so many are kept; the others are only counted */
	int64_t waiting_ms;               /* the longest a sender waits for an app */

	/* The disk lost three groups in a row: nothing is acknowledged any more, and the program has to end. */
	void (*gave_up)(void *data, const char *why);
	void *data;
};

/* `store`, `endpoints`, `hub` and `waiting` outlive it. */
struct ingest *ingest_new(struct lws_context *context, uv_loop_t *loop,
	const struct ingest_options *options, struct store *store, struct endpoints *endpoints,
	struct hub *hub, struct waiting *waiting, struct error *err);

/* Other limits from now on (but for the number of connections), and catch_all. */
void ingest_configure(struct ingest *ingest, const struct ingest_options *options);

/* The listener, for its port, its drain and its counts. */
struct listener *ingest_listener(struct ingest *ingest);
const struct ingest_counts *ingest_counts(const struct ingest *ingest);

/* No new connections; who waits for an app or a delay is answered now, and nobody waits from here on. */
void ingest_drain(struct ingest *ingest);
/* Ends every connection. */
void ingest_stop(struct ingest *ingest);
/* After the store was closed: until then it may still answer what was under way. */
void ingest_free(struct ingest *ingest);
