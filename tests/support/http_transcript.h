/* Drives the HTTP reader over bytes and writes down what it said, for tests, fuzz targets and oracles. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/http_reader.h"
#include "common/span.h"

/* How the bytes are cut into segments. All zero: not at all. */
struct http_cuts {
	size_t every;  /* segments of this size */
	uint64_t seed; /* segments of 1 to 64 bytes, differently for each seed */
	size_t once;   /* one cut, behind so many bytes */
};

/*
 * Appends a line of JSON for each request (head_len, method, target, version, headers, keep_alive, expects_continue,
 * chunked, body_len, body_sha256, trailers), then one for how it ended: {"end":"refused","status":400,"reason":"..."},
 * {"end":"idle"} or {"end":"unfinished"}. Returns how many bytes the complete requests took.
 *
 * Aborts when the reader breaks its contract: takes more than it was given, stops without need, changes a head it has
 * told, tells a head or body other than what stands in the input, or accepts a head that message_parse refuses.
 */
size_t http_transcript(
	struct buffer *out, const struct http_limits *limits, struct span input, struct http_cuts cuts);
