/*
 * Splits a JSON payload into tokens without changing or losing a byte: no tree, no recursion, no allocation, any
 * size, linear. What is shown, searched and signed of a payload comes from here.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

enum json_token_kind {
	JSON_END,   /* nothing but blanks was left */
	JSON_ERROR, /* not JSON from here on; the token holds the offending byte */
	JSON_OBJECT_BEGIN,
	JSON_OBJECT_END,
	JSON_ARRAY_BEGIN,
	JSON_ARRAY_END,
	JSON_COLON,
	JSON_COMMA,
	JSON_STRING, /* with its quotes, escapes as written */
	JSON_NUMBER, /* as written */
	JSON_TRUE,
	JSON_FALSE,
	JSON_NULL,
};

struct json_token {
	enum json_token_kind kind;
	struct span text; /* points into the payload */
};

/* Deepest nesting that is followed; a deeper payload is JSON_ERROR there (shown as plain text then). */
#define JSON_LEXER_DEPTH 512

/* Treat as opaque. */
struct json_lexer {
	struct span rest;
	size_t depth;
	unsigned expects;
	unsigned char stack[JSON_LEXER_DEPTH / 8];
	size_t ahead;     /* bytes of the token to come that are looked at */
	size_t part_from; /* of a number: where the digits at hand begin */
	unsigned char part;
	bool is_name;
};

/* A UTF-8 byte order mark at the front is skipped. */
void json_lexer_init(struct json_lexer *lexer, struct span payload);

/*
 * The next token. The grammar of RFC 8259 is enforced (a missing comma, 01, a raw tab in a string are JSON_ERROR),
 * but for bytes in strings that are no UTF-8, which pass. JSON_END and JSON_ERROR repeat.
 */
struct json_token json_lexer_next(struct json_lexer *lexer);

/*
 * Looks through about `budget` bytes of the token to come, where it is a long one. True: json_lexer_next has nothing left to look at. So one
 * string of many MiB can be read in slices.
 */
bool json_lexer_look(struct json_lexer *lexer, size_t budget);
/* How many bytes of the token to come have been looked at: where it is a short one, none. */
size_t json_lexer_looked(const struct json_lexer *lexer);
/* Whether the token that was taken last is the name of a member. */
bool json_lexer_is_name(const struct json_lexer *lexer);

/*
 * Right behind JSON_OBJECT_BEGIN or JSON_ARRAY_BEGIN: leaves out what is in it, up to `rest`, which begins behind its closing bracket. Where
 * that is, the caller knows: from an earlier reading of the same bytes.
 */
void json_lexer_leave(struct json_lexer *lexer, struct span rest);

/* Whether all of the payload is one JSON value. */
bool json_is_whole(struct span payload);

/*
 * Appends the text of a JSON_STRING token with its escapes undone, as UTF-8; a lone surrogate escape is written as
 * its three bytes (WTF-8), so that two different strings stay different.
 */
void json_unescape(struct buffer *out, struct span string_token);
/* The same, about `budget` bytes at a time: `rest` is what is left between the quotes. True: nothing is. */
bool json_unescape_some(struct buffer *out, struct span *rest, size_t budget);

/* Whether that text is `text`: no more of it is looked at than is the same. */
bool json_string_is(struct span string_token, struct span text);

/*
 * Takes the escape that begins `rest` (from inside a JSON_STRING token) and returns its code point; two escapes that are
 * a surrogate pair are one, a lone surrogate is returned as it is.
 */
uint32_t json_take_escape(struct span *rest);

/* Writes a code point (a lone surrogate too) as UTF-8; returns the number of bytes, 1 to 4. */
size_t json_encode_utf8(char out[4], uint32_t point);

/*
 * Appends what ECMAScript's JSON.stringify(JSON.parse(payload)) gives, byte for byte (number spelling, key order with
 * array-index keys first, repeated keys, escapes, lone surrogates as \udXXX). False when the payload is not JSON;
 * what was appended so far is then taken back.
 */
bool json_stringify(struct buffer *out, struct span payload);
