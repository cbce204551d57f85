#include "common/signature/step.h"

#include <stdio.h>

#include "common/json_lexer.h"
#include "common/signature/content.h"
#include "common/signature/encoding.h"

static void append_lower(struct buffer *out, struct span in) {
	for (size_t i = 0; i < in.len; i++) {
		char byte = in.data[i];
		buffer_append_byte(out, byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte);
	}
}

static void append_digest(
	struct keyring *keyring, enum recipe_hash hash, struct span in, struct buffer *out) {
	unsigned char digest[EVP_MAX_MD_SIZE];
	buffer_append(out, digest, keyring_digest(keyring, hash, in, digest));
}

static void append_crc32(struct buffer *out, struct span in) {
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < in.len; i++) {
		crc ^= (unsigned char)in.data[i];
		for (int bit = 0; bit < 8; bit++) {
			crc = crc >> 1 ^ (crc & 1 ? 0xedb88320 : 0);
		}
	}
	buffer_append_int(out, (int64_t)(crc ^ 0xffffffff));
}

/* As JSON.stringify writes a text: the two short escapes, those with a letter, \u00xx; bytes beyond ASCII stay. */
static void append_json_string(struct buffer *out, struct span in) {
	static const char letters[] = "btn-fr"; /* from 8 on; 11 has none */
	buffer_append_byte(out, '"');
	for (size_t i = 0; i < in.len; i++) {
		unsigned char byte = (unsigned char)in.data[i];
		if (byte == '"' || byte == '\\') {
			buffer_append_byte(out, '\\');
			buffer_append_byte(out, (char)byte);
		} else if (byte >= 8 && byte <= 13 && byte != 11) {
			buffer_append_byte(out, '\\');
			buffer_append_byte(out, letters[byte - 8]);
		} else if (byte < 0x20) {
			buffer_printf(out, "\\u%04x", byte);
		} else {
			buffer_append_byte(out, (char)byte);
		}
	}
	buffer_append_byte(out, '"');
}

static bool append_stringified(struct span in, struct buffer *out, char *reason) {
	if (in.len > RESERIALISE_MAX_BYTES) {
		snprintf(reason, VERDICT_REASON_LEN,
			"the body is larger than %d KiB and was not re-serialised to try JSON.stringify of it",
			RESERIALISE_MAX_BYTES / 1024);
		return false;
	}
	if (!json_stringify(out, in)) {
		snprintf(reason, VERDICT_REASON_LEN, "the body is not JSON, which this scheme signs");
		return false;
	}
	return true;
}

static bool run(struct keyring *keyring, enum term_step step, struct span in, struct buffer *out,
	char *reason) {
	switch (step) {
	case STEP_OR_EMPTY:
		buffer_append_span(out, in);
		break;
	case STEP_JSON_STRINGIFY:
		return append_stringified(in, out, reason);
	case STEP_LOWER:
		append_lower(out, in);
		break;
	case STEP_HEX:
		encoding_append(out, ENCODING_HEX, in);
		break;
	case STEP_BASE64:
		encoding_append(out, ENCODING_BASE64, in);
		break;
	case STEP_BASE64URL:
		encoding_append(out, ENCODING_BASE64URL, in);
		break;
	case STEP_MD5:
		append_digest(keyring, HASH_MD5, in, out);
		break;
	case STEP_SHA1:
		append_digest(keyring, HASH_SHA1, in, out);
		break;
	case STEP_SHA256:
		append_digest(keyring, HASH_SHA256, in, out);
		break;
	case STEP_SHA512:
		append_digest(keyring, HASH_SHA512, in, out);
		break;
	case STEP_CRC32:
		append_crc32(out, in);
		break;
	case STEP_JSON_STRING:
		append_json_string(out, in);
		break;
	}
	return true;
}

bool step_run_all(struct keyring *keyring, const struct term *term, struct span value,
	struct buffer *out, char *reason) {
	for (size_t i = 0; i < term->step_count; i++) {
		bool last = i + 1 == term->step_count;
		struct buffer *next = last ? out : &keyring->steps[i % 2];
		if (!last) {
			buffer_reset(next);
		}
		if (!run(keyring, term->steps[i], value, next, reason)) {
			return false;
		}
		value = last ? value : buffer_span(next);
	}
	return true;
}
