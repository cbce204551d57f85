#include "common/signature/explain_spelling.h"

#include <string.h>

static int hex_digit(char byte) {
	static const char digits[] = "0123456789abcdef";
	const char *at = byte ? strchr(digits, byte >= 'A' && byte <= 'F' ? byte + 32 : byte) : NULL;
	return at ? (int)(at - digits) : -1;
}

static void append_url_decoded(struct buffer *out, struct span value) {
	for (size_t i = 0; i < value.len; i++) {
		int high = i + 2 < value.len ? hex_digit(value.data[i + 1]) : -1;
		int low = high >= 0 ? hex_digit(value.data[i + 2]) : -1;
		if (value.data[i] == '%' && low >= 0) {
			buffer_append_byte(out, (char)(high << 4 | low));
			i += 2;
		} else {
			buffer_append_byte(out, value.data[i]);
		}
	}
}

static void append_unquoted(struct buffer *out, struct span value) {
	for (size_t i = 0; i < value.len; i++) {
		if (!strchr("\"'<>", value.data[i])) {
			buffer_append_byte(out, value.data[i]);
		}
	}
}

/* Only hexadecimal digits have a letter case that says nothing. */
static void append_lower(struct buffer *out, struct span value) {
	size_t digits = 0;
	while (digits < value.len && hex_digit(value.data[value.len - 1 - digits]) >= 0) {
		digits++;
	}
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.data[i];
		bool lower = digits >= 32 && byte >= 'A' && byte <= 'Z';
		buffer_append_byte(out, lower ? (char)(byte + 32) : byte);
	}
}

bool respell(struct buffer *out, struct span value, enum spelling spelling) {
	switch (spelling) {
	case LOWER_CASE:
		append_lower(out, value);
		break;
	case UNQUOTED:
		append_unquoted(out, value);
		break;
	case URL_DECODED:
		append_url_decoded(out, value);
		break;
	default:
		buffer_append_span(out, value);
		return true;
	}
	return !span_equal(buffer_span(out), value);
}
