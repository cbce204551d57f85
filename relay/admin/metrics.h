/* What the relay counts, as Prometheus reads it. Labels come from bounded sets. */
#pragma once

#include "common/buffer.h"
#include "relay/admin/deliveries.h"
#include "relay/endpoints.h"
#include "relay/ingest/ingest.h"
#include "relay/store/store.h"
#include "relay/stream/hub.h"
#include "relay/stream/stream.h"
#include "relay/waiting.h"

enum { METRICS_INGEST, METRICS_STREAM, METRICS_ADMIN, METRICS_LISTENERS };

struct metrics_sources {
	struct store *store;
	struct endpoints *endpoints;
	struct ingest *ingest;
	const struct waiting *waiting;
	struct hub *hub;
	struct stream *stream; /* NULL: nothing of it is told */
	const struct deliveries *deliveries;
	const char *certificates[METRICS_LISTENERS]; /* of ingest, stream and admin; NULL: no TLS */
};

/* The text of all of them; reads the certificates again. */
void metrics_append(struct buffer *out, const struct metrics_sources *sources);
