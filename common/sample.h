/*
 * Webhooks as providers send them, for whoever has none at hand: written by us from what is documented of each, with ids and moments that
 * are made anew each time. Pure: the moment and the seed of what is random are the caller's.
 *
 * A sample is a file, common/samples/PROVIDER/TYPE.json (or .form), and the provider's own header lines stand in PROVIDER/headers.
 * JSON is sent without the blanks of the file. In both, {{...}} is filled in:
 *
 *   {{type}}                           the type of the event
 *   {{id N}} {{hex N}} {{digits N}}    N letters and digits, hexadecimal digits, decimal digits
 *   {{uuid}}                           a UUID
 *   {{unix}} {{unix_ms}} {{iso}} {{iso_ms}} {{date}}
 *                                      the moment; {{unix -60}}: so many seconds before or after it
 *
 * A name behind it, as in {{id 14 charge}} or {{uuid delivery}}, stands for the same text wherever it is used again.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/signature/signature.h"

/* Static, immutable. */
struct sample {
	const char *provider;
	const char *type;
	const char *headers; /* header lines with LF, of its provider */
	const char *body;
	bool json; /* the body is JSON; else it is sent as it stands */
};

/* Sorted by provider, then by type. */
extern const struct sample samples_builtin[];
extern const size_t samples_builtin_count;

/* `type` NULL: the first of the provider. NULL and ERROR_NO with the nearest name when there is none. */
const struct sample *sample_find(const char *provider, const char *type, struct error *err);

/* The provider's first sample and how many it has; NULL: none. */
const struct sample *sample_first(const char *provider, size_t *count);

/* What is filled in. */
struct sample_fill {
	int64_t now_ms; /* since 1970 */
	uint64_t seed;  /* the same one makes the same ids */
};

/* Appends the header lines, with CR LF, and the body. */
void sample_make(const struct sample *sample, const struct sample_fill *fill,
	struct buffer *headers, struct buffer *body);

/* A request put together of header lines and a body. All zero is empty. */
struct sample_request {
	struct buffer head, body;
};
void sample_request_clear(struct sample_request *request);

/* "POST target HTTP/1.1", Host, the header lines (with CR LF), the length of the body, and the body. */
void sample_request_set(struct sample_request *request, const char *target, const char *host,
	struct span headers, struct span body);

/*
 * Signs it with a secret of the keyring, or in the provider's place with `options->private_key`: the header lines stand where those of
 * their names stood, or behind all others, and a signature that stands in the body is written there. `options->body` is not for the
 * caller to set. ERROR_USAGE as signature_sign.
 */
bool sample_request_sign(struct sample_request *request, struct keyring *keyring,
	const struct sign_options *options, struct error *err);
