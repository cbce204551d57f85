#include "common/signature/handshake_value.h"

#include <string.h>

#include "common/json_lexer.h"

static int digit_of(char byte) {
	return byte >= '0' && byte <= '9'   ? byte - '0'
	       : byte >= 'a' && byte <= 'f' ? byte - 'a' + 10
	       : byte >= 'A' && byte <= 'F' ? byte - 'A' + 10
	                                    : -1;
}

/* "%HH" and '+' undone; a percent sign that stands alone stays. */
static char take_decoded(struct span *rest) {
	char byte = rest->data[0];
	int high = byte == '%' && rest->len >= 3 ? digit_of(rest->data[1]) : -1;
	int low = high >= 0 ? digit_of(rest->data[2]) : -1;
	*rest = span_after(*rest, low >= 0 ? 3 : 1);
	return low >= 0 ? (char)(high * 16 + low) : byte == '+' ? ' ' : byte;
}

static bool is_name(struct span encoded, const char *name) {
	for (; encoded.len > 0; name++) {
		char byte = take_decoded(&encoded);
		if (byte != *name || byte == '\0') {
			return false;
		}
	}
	return *name == '\0';
}

/* In "a=1&b=2". */
static bool find_in_form(struct span form, const char *name, struct buffer *out) {
	while (form.len > 0) {
		struct span value = span_cut(&form, '&');
		struct span key = span_cut(&value, '=');
		if (is_name(key, name)) {
			while (value.len > 0) {
				buffer_append_byte(out, take_decoded(&value));
			}
			return true;
		}
	}
	return false;
}

static bool find_in_json(struct span body, const char *path, struct buffer *out) {
	struct span value = json_find(body, path);
	if (value.len == 0 || value.data[0] == '{' || value.data[0] == 'n') {
		return false;
	}
	if (value.data[0] == '"') {
		json_unescape(out, value);
	} else {
		buffer_append_span(out, value);
	}
	return true;
}

static bool is_form(const struct message *message) {
	static const char form[] = "application/x-www-form-urlencoded";
	struct span type = message_header_value(message, "Content-Type");
	type.len = type.len < sizeof form - 1 ? type.len : sizeof form - 1;
	return span_equal_nocase(type, span_text(form));
}

bool handshake_value(enum handshake_place place, const char *name, const struct message *message,
	struct buffer *out) {
	struct span value;
	switch (place) {
	case VALUE_HEADER:
		value = message_header_value(message, name);
		buffer_append_span(out, value);
		return value.data != NULL;
	case VALUE_QUERY:
		value = span_after(message->target, span_find(message->target, '?') + 1);
		value.len = span_find(value, '#');
		return find_in_form(value, name, out);
	case VALUE_JSON:
		return find_in_json(message->body, name, out);
	case VALUE_FORM:
		return is_form(message) && find_in_form(message->body, name, out);
	case VALUE_LITERAL:
	case VALUE_PARAM:
	case VALUE_MAC:
		break;
	}
	return false;
}
