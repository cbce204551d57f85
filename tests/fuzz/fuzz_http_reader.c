/*
 * The reader says the same of the same bytes however they are cut into segments, and what it accepts is what stands in
 * them (http_transcript compares head and body with the input). A head it accepts can be read again from a store.
 */
#include <string.h>

#include "common/http_reader.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/http_transcript.h"

/* Limits so low that short inputs meet all of them. */
static struct http_limits low_limits(void) {
	return (struct http_limits){
		.head_bytes = 120,
		.header_lines = 4,
		.target_bytes = 24,
		.body_bytes = 40,
		.trailer_bytes = 24,
		.chunk_overhead = 24,
	};
}

/* A number that follows from the bytes, so that a finding can be repeated. */
static uint64_t hash_of(struct span input) {
	uint64_t hash = 1469598103934665603u;
	for (size_t i = 0; i < input.len; i++) {
		hash = (hash ^ (unsigned char)input.data[i]) * 1099511628211u;
	}
	return hash;
}

static void check(struct span input, struct http_limits limits) {
	uint64_t hash = hash_of(input);
	size_t cut = input.len > 0 ? 1 + hash % input.len : 0;
	const struct http_cuts cuts[] = {{.every = 1}, {.seed = hash | 1}, {.once = cut}};
	struct buffer whole = {0}, again = {0};
	size_t complete = http_transcript(&whole, &limits, input, (struct http_cuts){0});
	HOLDS(complete <= input.len);
	for (size_t i = 0; i < sizeof cuts / sizeof cuts[0]; i++) {
		buffer_reset(&again);
		HOLDS(http_transcript(&again, &limits, input, cuts[i]) == complete);
		HOLDS(span_equal(buffer_span(&whole), buffer_span(&again)));
	}
	buffer_clear(&whole);
	buffer_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span input = {(const char *)data, len};
	check(input, http_limits_default());
	check(input, low_limits());
	return 0;
}
