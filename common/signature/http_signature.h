/*
 * HTTP message signatures (RFC 9421) and Content-Digest (RFC 9530): the two headers taken apart strictly, and the text
 * that is signed put together. Pure.
 */
#pragma once

#include <stdint.h>

#include "common/buffer.h"
#include "common/message.h"

#define HTTP_SIGNATURES_MAX 8 /* of one message; more are refused */
#define HTTP_COMPONENTS_MAX 32
#define HTTP_SIGNATURE_REASON_LEN 200

/* One member of Signature-Input. Spans point into the header. */
struct http_signature {
	struct span label;
	struct span input; /* the whole value: components and parameters, as it is signed */
	struct span components[HTTP_COMPONENTS_MAX]; /* names, without their quotes */
	size_t component_count;
	int64_t created_s, expires_s;  /* -1: not said */
	struct span key_id, algorithm; /* without quotes; data NULL: not said */
};

/*
 * Takes the value of Signature-Input apart; returns how many signatures stand in it, or 0 with a sentence in `reason`
 * (HTTP_SIGNATURE_REASON_LEN). Only the canonical spelling is taken, since that is what is signed; components with
 * parameters of their own (;sf, ;key, ;bs, ;req, ;tr) are refused, not guessed at.
 */
size_t http_signature_parse(
	struct http_signature signatures[HTTP_SIGNATURES_MAX], struct span input, char *reason);

/* Appends the bytes of the member `label` of a Signature header; false with a sentence when it has none. */
bool http_signature_bytes(struct span header, struct span label, struct buffer *out, char *reason);

/* Whether the component is among those the signature covers. */
bool http_signature_covers(const struct http_signature *signature, const char *component);

/*
 * Appends the signature base: one line a component, then the parameters. `url` is the public one, in full. False with a
 * sentence when something covered is not there.
 */
bool http_signature_base(const struct http_signature *signature, const struct message *message,
	struct span url, struct buffer *out, char *reason);

/*
 * Whether the Content-Digest header is there and every digest in it that is known here (sha-256, sha-512; at least one)
 * is that of the body; else a sentence.
 */
bool http_content_digest_check(const struct message *message, char *reason);

/* Appends all values of a header, joined with ", " as RFC 9110 does; false when there is none. */
bool http_header_joined(const struct message *message, struct span name, struct buffer *out);
