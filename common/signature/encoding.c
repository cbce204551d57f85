#include "common/signature/encoding.h"

#include <string.h>

static const char base64_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static const char base64url_alphabet[] =
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

static const char *alphabet_of(enum recipe_encoding encoding) {
	return encoding == ENCODING_BASE64URL ? base64url_alphabet : base64_alphabet;
}

size_t encoding_len(enum recipe_encoding encoding, size_t len) {
	switch (encoding) {
	case ENCODING_HEX:
	case ENCODING_HEX_UPPER:
		return 2 * len;
	case ENCODING_BASE64:
		return (len + 2) / 3 * 4;
	case ENCODING_BASE64URL:
		return (len * 4 + 2) / 3;
	case ENCODING_BASE64_OF_HEX:
		return encoding_len(ENCODING_BASE64, 2 * len);
	case ENCODING_BASE64_PERCENT: /* at least: each mark takes two more */
		return encoding_len(ENCODING_BASE64, len);
	case ENCODING_TEXT:
		break;
	}
	return len;
}

static void append_hex(struct buffer *out, struct span bytes, const char *digits) {
	char *at = buffer_reserve(out, 2 * bytes.len);
	for (size_t i = 0; i < bytes.len; i++) {
		unsigned char byte = (unsigned char)bytes.data[i];
		*at++ = digits[byte >> 4];
		*at++ = digits[byte & 15];
	}
	out->len += 2 * bytes.len;
}

static void append_base64(struct buffer *out, enum recipe_encoding encoding, struct span bytes) {
	const char *alphabet = alphabet_of(encoding);
	size_t len =
		encoding_len(encoding == ENCODING_BASE64URL ? encoding : ENCODING_BASE64, bytes.len);
	char *at = buffer_reserve(out, len), *end = at + len;
	for (; bytes.len > 0; bytes = span_after(bytes, 3)) {
		size_t have = bytes.len < 3 ? bytes.len : 3;
		unsigned group = 0;
		for (size_t i = 0; i < 3; i++) {
			group = group << 8 | (i < have ? (unsigned char)bytes.data[i] : 0);
		}
		for (size_t i = 0; i < 4 && at < end; i++) {
			*at++ = i <= have ? alphabet[group >> (18 - 6 * i) & 63] : '=';
		}
	}
	out->len += len;
}

/* Three bytes at a time, so that no memory but that of `out` is needed. */
static void append_base64_of_hex(struct buffer *out, struct span bytes) {
	for (; bytes.len > 0; bytes = span_after(bytes, 3)) {
		char text[6];
		struct buffer digits = {.data = text, .capacity = sizeof text};
		append_hex(
			&digits, (struct span){bytes.data, bytes.len < 3 ? bytes.len : 3}, "0123456789abcdef");
		append_base64(out, ENCODING_BASE64, buffer_span(&digits));
	}
}

/* base64 as it stands in a URL. */
static void append_percent(struct buffer *out, struct span bytes) {
	struct buffer plain = {0};
	append_base64(&plain, ENCODING_BASE64, bytes);
	for (size_t i = 0; i < plain.len; i++) {
		if (strchr("+/=", plain.data[i])) {
			buffer_printf(out, "%%%02X", plain.data[i]);
		} else {
			buffer_append_byte(out, plain.data[i]);
		}
	}
	buffer_clear(&plain);
}

void encoding_append(struct buffer *out, enum recipe_encoding encoding, struct span bytes) {
	switch (encoding) {
	case ENCODING_HEX:
		append_hex(out, bytes, "0123456789abcdef");
		break;
	case ENCODING_HEX_UPPER:
		append_hex(out, bytes, "0123456789ABCDEF");
		break;
	case ENCODING_TEXT:
		buffer_append_span(out, bytes);
		break;
	case ENCODING_BASE64_OF_HEX:
		append_base64_of_hex(out, bytes);
		break;
	case ENCODING_BASE64_PERCENT:
		append_percent(out, bytes);
		break;
	case ENCODING_BASE64:
	case ENCODING_BASE64URL:
		append_base64(out, encoding, bytes);
		break;
	}
}

static int hex_value(char digit) {
	static const char digits[] = "0123456789abcdefABCDEF";
	const char *at = digit ? strchr(digits, digit) : NULL;
	if (!at) {
		return -1;
	}
	return (int)(at - digits < 16 ? at - digits : at - digits - 6);
}

static bool decode_hex(struct buffer *out, struct span text) {
	if (text.len % 2 != 0) {
		return false;
	}
	for (size_t i = 0; i < text.len; i += 2) {
		int high = hex_value(text.data[i]), low = hex_value(text.data[i + 1]);
		if (high < 0 || low < 0) {
			return false;
		}
		buffer_append_byte(out, (char)(high << 4 | low));
	}
	return true;
}

static bool decode_base64(struct buffer *out, enum recipe_encoding encoding, struct span text) {
	const char *alphabet = alphabet_of(encoding);
	size_t padding = 0;
	while (text.len > 0 && padding < 2 && text.data[text.len - 1] == '=') {
		text.len--;
		padding++;
	}
	if (text.len % 4 == 1 || (padding > 0 && (text.len + padding) % 4 != 0)) {
		return false;
	}
	unsigned bits = 0, count = 0;
	for (size_t i = 0; i < text.len; i++) {
		const char *at = text.data[i] ? strchr(alphabet, text.data[i]) : NULL;
		if (!at) {
			return false;
		}
		bits = bits << 6 | (unsigned)(at - alphabet);
		count += 6;
		if (count >= 8) {
			count -= 8;
			buffer_append_byte(out, (char)(bits >> count & 255));
		}
	}
	return (bits & ((1U << count) - 1)) == 0;
}

static bool decode_base64_of_hex(struct buffer *out, struct span text) {
	struct buffer digits = {0};
	bool ok =
		decode_base64(&digits, ENCODING_BASE64, text) && decode_hex(out, buffer_span(&digits));
	buffer_clear(&digits);
	return ok;
}

/* Undoes %XX and nothing else: a '+' stays one. */
static bool decode_percent(struct buffer *out, struct span text) {
	struct buffer plain = {0};
	bool ok = true;
	for (size_t i = 0; ok && i < text.len; i++) {
		if (text.data[i] != '%') {
			buffer_append_byte(&plain, text.data[i]);
			continue;
		}
		ok = i + 2 < text.len && decode_hex(&plain, (struct span){text.data + i + 1, 2});
		i += 2;
	}
	ok = ok && decode_base64(out, ENCODING_BASE64, buffer_span(&plain));
	buffer_clear(&plain);
	return ok;
}

static bool decode(struct buffer *out, enum recipe_encoding encoding, struct span text) {
	switch (encoding) {
	case ENCODING_HEX:
	case ENCODING_HEX_UPPER:
		return decode_hex(out, text);
	case ENCODING_BASE64_OF_HEX:
		return decode_base64_of_hex(out, text);
	case ENCODING_BASE64_PERCENT:
		return decode_percent(out, text);
	case ENCODING_BASE64:
	case ENCODING_BASE64URL:
		return decode_base64(out, encoding, text);
	case ENCODING_TEXT:
		break;
	}
	buffer_append_span(out, text);
	return true;
}

bool encoding_decode(struct buffer *out, enum recipe_encoding encoding, struct span text) {
	size_t before = out->len;
	bool ok = decode(out, encoding, text);
	if (!ok) {
		out->len = before;
	}
	return ok;
}
