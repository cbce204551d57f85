#include "tests/support/unescape.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "common/http_chars.h"

/* \xHH */
static size_t take_byte(struct buffer *out, struct span escape) {
	int high = http_hex_digit(escape.data[2]), low = http_hex_digit(escape.data[3]);
	buffer_append_byte(out, (char)(high * 16 + low));
	return 4;
}

/* \u{HEX} */
static size_t take_code(struct buffer *out, struct span escape) {
	size_t end = span_find(escape, '}');
	utf8proc_int32_t code = 0;
	for (size_t i = 3; i < end; i++) {
		code = code * 16 + http_hex_digit(escape.data[i]);
	}
	out->len += (size_t)utf8proc_encode_char(code, (utf8proc_uint8_t *)buffer_reserve(out, 4));
	return end + 1;
}

static bool is_hex(struct span text, size_t at) {
	return at < text.len && http_hex_digit(text.data[at]) >= 0;
}

static size_t take_one(struct buffer *out, struct span rest) {
	if (rest.len > 1 && rest.data[0] == '\\') {
		if (rest.data[1] == '\\') {
			buffer_append_byte(out, '\\');
			return 2;
		}
		if (rest.data[1] == 'x' && is_hex(rest, 2) && is_hex(rest, 3)) {
			return take_byte(out, rest);
		}
		if (rest.data[1] == 'u' && rest.len > 2 && rest.data[2] == '{') {
			return take_code(out, rest);
		}
	}
	buffer_append_byte(out, rest.data[0]);
	return 1;
}

void unescape(struct buffer *out, struct span escaped) {
	while (escaped.len > 0) {
		escaped = span_after(escaped, take_one(out, escaped));
	}
}
