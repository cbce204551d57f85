/* The members of a small JSON object from outside (a JOSE header, claims, a JWK): strict, bounded, nothing copied. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"

#define JSON_OBJECT_MEMBERS 64 /* an object with more is refused */
#define JSON_OBJECT_DEPTH 32   /* and so is one that nests deeper */

/* Values point into the text, names into `bytes`. */
struct json_object {
	struct json_member {
		size_t name_at, name_len; /* in `bytes`, escapes undone */
		struct span value;        /* as written */
	} members[JSON_OBJECT_MEMBERS];
	size_t count;
	struct buffer bytes;
};

/*
 * Reads one complete object, nothing behind it but blanks. False with a static sentence in `*why`: no JSON object, a
 * member twice (which one a receiver takes differs), too many members, too deep. Free with json_object_clear in any case.
 */
bool json_object_read(struct json_object *object, struct span text, const char **why);
void json_object_clear(struct json_object *object);

/* The value as written, or an empty span with data NULL. */
struct span json_object_get(const struct json_object *object, const char *name);

/* Whether a value as written is a string; json_object_text appends what it says and gives false when it is none. */
bool json_is_text(struct span value);
bool json_object_text(const struct json_object *object, const char *name, struct buffer *out);

/* A number without fraction or exponent (RFC 7519 dates may have a fraction: it is cut off). False when it is none. */
bool json_whole_number(struct span value, int64_t *number);

/* Takes the elements of an array apart: the next one, or false at the end. Begin with `*rest` as the whole array. */
bool json_array_next(struct span *rest, struct span *element);
