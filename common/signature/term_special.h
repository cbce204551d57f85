/*
 * Terms that one provider asks for. Each is an operation with a name of its own, so that the engine needs no branch by provider.
 * All append to `out` and return false when a part is missing.
 */
#pragma once

#include "common/message.h"
#include "common/signature/json_object.h"
#include "common/signature/request_url.h"

/* Names and values of the form's fields, by name; of a repeated name each different value once, by value (Twilio). */
bool term_form_sorted(struct span form, struct buffer *out);

/* Origin, path, '?' and the sorted query; '.' where there are both; the sorted form (Plivo V3). */
bool term_url_form_sorted(const struct request_url *url, struct span form, struct buffer *out);

/* The headers that `list` names ("a,b"), as "a:value;b:value" with small names (Contentful). */
bool term_signed_headers(const struct message *message, struct span list, struct buffer *out);

/* Path and query, the query percent-encoded as a whole and then once more with the path (Contentful). */
bool term_path_reescaped(const struct request_url *url, struct buffer *out);

/* PHP's serialize() of the form's fields but `without`, by name, all of them texts (Paddle Classic). */
bool term_php_form(struct span form, struct span without, struct buffer *out);

/* "Name\nvalue\n" of the members Amazon SNS signs, which depend on Type. */
bool term_sns_text(struct span body, struct buffer *out);

/*
 * "Name: value\n" for each header that the member `list` of a token's header names, in that order and spelling, separated
 * by commas (TrueLayer). Nothing when the member is not there; false when one of the headers is not.
 */
bool term_token_headers(const struct message *message, const struct json_object *token,
	const char *list, struct buffer *out);
