#include "tui/diff/spelling.h"

#include <inttypes.h>

#include "common/json_lexer.h"

/* Larger exponents are all the same to us: nobody means them. */
#define EXPONENT_MAX INT64_C(1000000000000)

static bool is_digit(char byte) {
	return byte >= '0' && byte <= '9';
}

/* Behind the e: "+05" */
static int64_t read_exponent(struct span text) {
	bool negative = text.len > 0 && text.data[0] == '-';
	int64_t value = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (is_digit(text.data[i]) && value < EXPONENT_MAX) {
			value = value * 10 + (text.data[i] - '0');
		}
	}
	return negative ? -value : value;
}

void spelling_of_number(struct buffer *out, struct span number) {
	size_t begin = out->len, end = 0, zeros = 0;
	int64_t exponent = 0;
	bool behind_point = false, negative = number.len > 0 && number.data[0] == '-';
	if (negative) {
		buffer_append_byte(out, '-');
	}
	size_t digits = out->len;
	while (end < number.len && number.data[end] != 'e' && number.data[end] != 'E') {
		char byte = number.data[end++];
		behind_point = behind_point || byte == '.';
		if (is_digit(byte)) {
			exponent -= behind_point;
			if (byte != '0' || out->len > digits) {
				buffer_append_byte(out, byte);
				zeros = byte == '0' ? zeros + 1 : 0;
			}
		}
	}
	out->len -= zeros;
	exponent += (int64_t)zeros + read_exponent(span_after(number, end + 1));
	if (out->len == digits) {
		out->len = begin;
		buffer_append_byte(out, '0'); /* -0 is 0, and so is 0e9 */
	} else if (exponent != 0) {
		buffer_printf(out, "e%" PRId64, exponent);
	}
}

static void append_token(struct buffer *out, const struct json_token *token, bool raw) {
	if (token->kind == JSON_COLON) {
		buffer_append_text(out, ": ");
	} else if (token->kind == JSON_COMMA) {
		buffer_append_text(out, ", ");
	} else if (token->kind == JSON_STRING && !raw) {
		buffer_append_byte(out, '"');
		json_unescape(out, token->text);
		buffer_append_byte(out, '"');
	} else {
		buffer_append_span(out, token->text);
	}
}

void spelling_append_value(struct buffer *out, struct span value, bool raw, size_t most) {
	struct json_lexer lexer;
	size_t begin = out->len;
	json_lexer_init(&lexer, value);
	while (out->len - begin <= most) {
		struct json_token token = json_lexer_next(&lexer);
		if (token.kind == JSON_END || token.kind == JSON_ERROR) {
			return;
		}
		bool cut = token.text.len > 6 * most; /* a character may be an escape of six bytes */
		token.text.len = cut ? 6 * most : token.text.len;
		append_token(out, &token, raw || cut);
	}
	size_t len = begin + most;
	while (len > begin && (out->data[len] & 0xc0) == 0x80) {
		len--; /* a character is kept whole or not at all */
	}
	out->len = len;
	buffer_append_text(out, "...");
}

static bool stands_for_itself(struct span name) {
	for (size_t i = 0; i < name.len; i++) {
		unsigned char byte = (unsigned char)name.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_' ||
		              byte >= 0x80;
		if (!letter && byte != '-' && byte != '$' && !is_digit(name.data[i])) {
			return false;
		}
	}
	return name.len > 0;
}

void spelling_append_member(struct buffer *out, struct span name_token) {
	struct span name = {name_token.data + 1, name_token.len >= 2 ? name_token.len - 2 : 0};
	if (stands_for_itself(name)) {
		buffer_append_byte(out, '.');
		buffer_append_span(out, name);
	} else {
		buffer_append_byte(out, '[');
		buffer_append_span(out, name_token);
		buffer_append_byte(out, ']');
	}
}
