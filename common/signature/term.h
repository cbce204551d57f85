/* What the terms of a template stand for in one request. */
#pragma once

#include "common/signature/json_object.h"
#include "common/signature/keyring.h"

/* What the terms of one call are taken from. */
struct term_source {
	struct keyring *keyring;
	const struct scheme *scheme;
	const struct message *message;
	struct span carrier;   /* the whole value that carries the signature, for {signature:...} */
	struct span timestamp; /* as received */
	struct span id;
	const struct json_object
		*token; /* header of a detached token, for {token_headers:...}; or NULL */
};

/*
 * The bytes of a term before its steps; `data` NULL when it is missing. They stand in the message, in the recipe or in `out`, to
 * which they are then appended. {secret} is no value of the request and always missing here.
 */
struct span term_value(
	const struct term_source *source, const struct term *term, struct buffer *out);

/* Whether such a term holds all of the body that a receiver reads. */
bool term_covers_body(enum term_kind kind);
