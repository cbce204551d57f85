/*
 * JSON of our own frames and outputs: a small writer, and typed readers over cJSON that say what was wrong and
 * where. Never for payloads: cJSON does not keep numbers; payloads go through common/json_lexer.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

struct cJSON;

/* Appends a JSON string of UTF-8 text; bytes that are no UTF-8 become U+FFFD. */
void json_append_text(struct buffer *out, struct span text);

/* Appends a JSON string of raw bytes: each byte beyond ASCII as the Latin-1 character \u00XX, so that nothing is lost. */
void json_append_bytes(struct buffer *out, struct span bytes);

/* Appends standard base64 with padding, without quotes. */
void json_append_base64(struct buffer *out, struct span bytes);

/*
 * Members: `,"name":value`, or without the comma right behind a '{'. The `_opt` form writes null for an empty span.
 */
void json_member_text(struct buffer *out, const char *name, struct span value);
void json_member_text_opt(struct buffer *out, const char *name, struct span value);
void json_member_bytes(struct buffer *out, const char *name, struct span value);
void json_member_int(struct buffer *out, const char *name, int64_t value);
void json_member_bool(struct buffer *out, const char *name, bool value);
/* Only `,"name":`; the value follows by another call. */
void json_member_name(struct buffer *out, const char *name);

/*
 * Parses one complete document, at most 32 levels deep, nothing but blanks behind it. Free with cJSON_Delete.
 * NULL and `err` when it is not one. A NUL in a text (\u0000) stands there as the bytes c0 80, which no UTF-8 has:
 * json_bytes_from_text and json_append_parsed make a NUL of it again.
 */
struct cJSON *json_parse(struct span text, struct error *err);

/* Appends what json_parse has read, on one line; NULL is null. */
void json_append_parsed(struct buffer *out, const struct cJSON *item);

/*
 * Typed members of an object, names compared with their case. The plain form fails with "expected a string at
 * .NAME"; the `_opt` form leaves `*value` alone and returns true when the member is missing or null.
 * Spans point into `object`. Integers beyond 2^53 travel as strings and are accepted as both.
 */
bool json_get_text(
	const struct cJSON *object, const char *name, struct span *value, struct error *err);
bool json_get_text_opt(
	const struct cJSON *object, const char *name, struct span *value, struct error *err);
bool json_get_int(const struct cJSON *object, const char *name, int64_t *value, struct error *err);
bool json_get_int_opt(
	const struct cJSON *object, const char *name, int64_t *value, struct error *err);
bool json_get_bool_opt(
	const struct cJSON *object, const char *name, bool *value, struct error *err);

/*
 * Turns a string written by json_append_bytes back into its bytes (appended to `out`); false when a character beyond
 * U+00FF is in it.
 */
bool json_bytes_from_text(struct buffer *out, struct span text);
