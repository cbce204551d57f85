#include "common/signature/handshake_value.h"

#include "common/signature/lookup.h"

static bool is_form(const struct message *message) {
	struct span form = span_text("application/x-www-form-urlencoded");
	struct span type = message_header_value(message, "Content-Type");
	type.len = type.len < form.len ? type.len : form.len;
	return span_equal_nocase(type, form);
}

/* Where the value is looked up; PLACE_NONE: it does not stand in a request of this kind. */
static enum place place_of(enum handshake_place place, const struct message *message) {
	switch (place) {
	case VALUE_HEADER:
		return PLACE_HEADER;
	case VALUE_QUERY:
		return PLACE_QUERY;
	case VALUE_JSON:
		return PLACE_JSON;
	case VALUE_FORM:
		return is_form(message) ? PLACE_FORM : PLACE_NONE;
	case VALUE_LITERAL:
	case VALUE_PARAM:
	case VALUE_MAC:
		break;
	}
	return PLACE_NONE;
}

bool handshake_value(enum handshake_place place, const char *name, const struct message *message,
	struct buffer *out) {
	struct buffer decoded = {0};
	struct span value = lookup_value(message, place_of(place, message), name, &decoded);
	buffer_append_span(out, value);
	buffer_clear(&decoded);
	return value.data != NULL;
}
