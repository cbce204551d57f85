#include "common/signature/lookup.h"

#include <stdio.h>
#include <string.h>

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/form.h"
#include "common/signature/multipart.h"
#include "common/signature/request_url.h"

/* Longest path that is followed. */
#define PATH_MAX_BYTES 255

static struct span nothing(void) {
	return (struct span){NULL, 0};
}

struct span lookup_json_text(struct span value, struct buffer *out) {
	if (value.len == 0 || value.data[0] == 'n') {
		return nothing();
	}
	if (value.data[0] != '"') {
		return value;
	}
	if (!memchr(value.data, '\\', value.len)) {
		return (struct span){value.data + 1, value.len - 2};
	}
	size_t before = out->len;
	json_unescape(out, value);
	return out->len > before ? (struct span){out->data + before, out->len - before} : span_text("");
}

static struct span find_multipart(
	const struct message *message, const char *name, struct buffer *out) {
	struct span path = span_text(name);
	struct span field = multipart_find(message, span_cut(&path, '.'));
	char rest[PATH_MAX_BYTES + 1];
	if (!field.data || path.len > PATH_MAX_BYTES) {
		return nothing();
	}
	snprintf(rest, sizeof rest, "%.*s", (int)path.len, path.len > 0 ? path.data : "");
	return path.len > 0 ? lookup_json_text(json_find(field, rest), out) : field;
}

void lookup_target(const struct message *message, struct span *path, struct span *query) {
	struct request_url url = request_url_of(message, NULL);
	*path = url.path;
	*query = url.query;
}

static struct span find_query(const struct message *message, const char *name, struct buffer *out) {
	struct span path, query;
	lookup_target(message, &path, &query);
	return form_find(query, name, out);
}

struct span lookup_value(
	const struct message *message, enum place place, const char *name, struct buffer *out) {
	switch (place) {
	case PLACE_HEADER:
		return message_header_value(message, name);
	case PLACE_QUERY:
		return find_query(message, name, out);
	case PLACE_FORM:
		return form_find(message->body, name, out);
	case PLACE_JSON:
		return lookup_json_text(json_find(message->body, name), out);
	case PLACE_MULTIPART_JSON:
		return find_multipart(message, name, out);
	case PLACE_BODY:
		return message->body.data ? message->body : span_text("");
	case PLACE_NONE:
	case PLACE_SIGNATURE:
		break;
	}
	return nothing();
}
