/* A whole relay but for ingest, on one loop with whoever talks to it: store, hub, context, stream on a port of its own. */
#pragma once

#include "relay/stream/stream.h"
#include "tests/unit/fake_endpoints.h"
#include "tests/unit/store_bed.h"

struct stream_bed {
	struct store_bed store;
	struct endpoints *endpoints;
	struct lws_context *context;
	struct hub *hub;
	struct stream *stream; /* NULL: the relay is not running */
	int64_t shop;          /* id of the endpoint "shop" */
	int port;              /* 0 before the first start; kept over a restart */
	char url[64];
	char token_file[96]; /* empty: none is asked for */
};

/* With an endpoint "shop" and a hub; the stream is started apart. */
void stream_bed_make(struct stream_bed *bed);
void stream_bed_remove(struct stream_bed *bed);
/* Both as cmocka calls them: `*state` is a bed of its own. */
int stream_bed_set_up(void **state);
int stream_bed_tear_down(void **state);

void stream_bed_start(struct stream_bed *bed, const struct stream_options *options);
/* Hangs up on everybody; store and hub stay. */
void stream_bed_stop(struct stream_bed *bed);

/* Writes a file of tokens that nobody else may read. */
void stream_bed_token(const char *file, const char *text);

/* Adds an endpoint; returns its id. */
int64_t stream_bed_endpoint(struct stream_bed *bed, const char *name);
/* Stores events with this body and tells the hub; returns the last seq. */
int64_t stream_bed_events(struct stream_bed *bed, int64_t endpoint, int count, struct span body);
/* The same with an attempt for the newest event of the last call. */
int64_t stream_bed_attempt(struct stream_bed *bed);

/* Turns the loop until `*value` is at least `least`; fails after ten seconds. */
void stream_bed_until(struct stream_bed *bed, const int64_t *value, int64_t least);
/* Turns the loop for a while. */
void stream_bed_turn(struct stream_bed *bed, int64_t ms);
