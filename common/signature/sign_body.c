#include "common/signature/sign_body.h"

#include <ctype.h>
#include <string.h>

#include "common/json.h"
#include "common/json_find.h"
#include "common/json_lexer.h"
#include "common/signature/form.h"

bool sign_body_writes(const struct recipe *recipe) {
	return !recipe->every && (recipe->place == PLACE_JSON || recipe->place == PLACE_FORM ||
								 recipe->place == PLACE_BODY);
}

/* The body with `value` in the place of `old`, which is part of it. */
static void append_replaced(
	struct buffer *out, struct span body, struct span old, struct span value) {
	size_t at = (size_t)(old.data - body.data);
	buffer_append(out, body.data, at);
	buffer_append_span(out, value);
	buffer_append_span(out, span_after(body, at + old.len));
}

/* Where the '}' of an object stands that ends the body, or its length. */
static size_t end_of_object(struct span body) {
	size_t at = body.len;
	while (at > 0 && strchr(" \t\r\n", body.data[at - 1])) {
		at--;
	}
	return at > 0 && body.data[at - 1] == '}' && json_is_whole(body) ? at - 1 : body.len;
}

static bool is_empty_object(struct span body, size_t end) {
	while (end > 0 && strchr(" \t\r\n", body.data[end - 1])) {
		end--;
	}
	return end > 0 && body.data[end - 1] == '{';
}

static bool append_json(
	struct buffer *out, struct span body, const char *path, struct span value, struct error *err) {
	struct span old = json_find(body, path);
	struct buffer text = {0};
	json_append_text(&text, value);
	size_t end = old.data ? 0 : end_of_object(body);
	bool ok = old.data || (end < body.len && !strchr(path, '.'));
	if (old.data) {
		append_replaced(out, body, old, buffer_span(&text));
	} else if (ok) {
		buffer_append(out, body.data, end);
		buffer_append_text(out, is_empty_object(body, end) ? "" : ",");
		json_append_text(out, span_text(path));
		buffer_append_byte(out, ':');
		buffer_append_span(out, buffer_span(&text));
		buffer_append_span(out, span_after(body, end));
	}
	buffer_clear(&text);
	return ok || error_set(err, ERROR_USAGE,
					 "the body is no JSON with a member %s, where the signature stands", path);
}

static void append_encoded(struct buffer *out, struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (isalnum(byte) || strchr("-._~", byte)) {
			buffer_append_byte(out, (char)byte);
		} else {
			buffer_printf(out, "%%%02X", byte);
		}
	}
}

static void append_form(
	struct buffer *out, struct span body, const char *field, struct span value) {
	struct span rest = body, name, old, found = {NULL, 0};
	while (!found.data && form_next(&rest, &name, &old)) {
		struct buffer decoded = {0};
		form_decode(&decoded, name);
		bool is_it = span_is(buffer_span(&decoded), field);
		found = is_it && old.data ? old : found;
		buffer_clear(&decoded);
	}
	struct buffer encoded = {0};
	append_encoded(&encoded, value);
	if (found.data) {
		append_replaced(out, body, found, buffer_span(&encoded));
	} else {
		buffer_append_span(out, body);
		buffer_append_text(out, body.len > 0 ? "&" : "");
		append_encoded(out, span_text(field));
		buffer_append_byte(out, '=');
		buffer_append_span(out, buffer_span(&encoded));
	}
	buffer_clear(&encoded);
}

bool sign_body_append(struct buffer *out, const struct message *message, enum place place,
	const char *name, struct span value, struct error *err) {
	switch (place) {
	case PLACE_JSON:
		return append_json(out, message->body, name, value, err);
	case PLACE_FORM:
		append_form(out, message->body, name, value);
		return true;
	case PLACE_BODY:
		buffer_append_span(out, value);
		return true;
	default:
		return error_set(err, ERROR_USAGE, "the signature does not stand in the body");
	}
}
