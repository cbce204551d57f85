/* What the relay counts, as Prometheus reads it. Labels come from bounded sets. */
#pragma once

#include "common/buffer.h"
#include "relay/endpoints.h"
#include "relay/ingest/ingest.h"
#include "relay/store/store.h"
#include "relay/stream/stream.h"

struct metrics_sources {
	struct store *store;
	struct endpoints *endpoints;
	struct ingest *ingest;
	struct stream *stream;
};

void metrics_append(struct buffer *out, const struct metrics_sources *sources);
