/*
 * The lexer loses no byte of a payload, agrees with json_stringify on what JSON is, and what that writes is written the
 * same a second time. The input is a path, a NUL and a payload.
 */
#include <string.h>

#include "common/json_find.h"
#include "common/json_lexer.h"
#include "tests/fuzz/fuzz.h"

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The mark at the front is skipped like a blank. */
static const char *behind_mark(struct span payload) {
	bool marked = payload.len >= 3 && memcmp(payload.data, "\xef\xbb\xbf", 3) == 0;
	return payload.data + (marked ? 3 : 0);
}

static void check_string(struct span token) {
	struct buffer text = {0};
	json_unescape(&text, token);
	HOLDS(text.len <= token.len);
	buffer_clear(&text);
}

/* Whether the payload is JSON. */
static bool check_tokens(struct span payload) {
	struct json_lexer lexer;
	json_lexer_init(&lexer, payload);
	const char *at = payload.len > 0 ? behind_mark(payload) : NULL;
	size_t count = 0;
	struct json_token token = json_lexer_next(&lexer);
	for (; token.kind != JSON_END && token.kind != JSON_ERROR; token = json_lexer_next(&lexer)) {
		for (; at < token.text.data; at++) {
			HOLDS(is_blank(*at));
		}
		HOLDS(at == token.text.data && token.text.len > 0);
		at += token.text.len;
		count++;
		if (token.kind == JSON_STRING) {
			check_string(token.text);
		}
	}
	HOLDS(json_lexer_next(&lexer).kind == token.kind);
	if (token.kind == JSON_ERROR) {
		return false;
	}
	for (; count > 0 && at < payload.data + payload.len; at++) {
		HOLDS(is_blank(*at));
	}
	return count > 0;
}

static void check_stringify(struct span payload, bool is_json) {
	struct buffer once = {0}, twice = {0};
	buffer_append_text(&once, "before");
	HOLDS(json_stringify(&once, payload) == is_json);
	HOLDS(is_json || once.len == strlen("before"));
	if (is_json) {
		struct span written = span_after(buffer_span(&once), strlen("before"));
		HOLDS(json_stringify(&twice, written));
		HOLDS(span_equal(written, buffer_span(&twice)));
	}
	buffer_clear(&once);
	buffer_clear(&twice);
}

static void check_find(struct span payload, const char *path) {
	struct span found = json_find(payload, path);
	HOLDS(!found.data ||
		  (found.data >= payload.data && found.data + found.len <= payload.data + payload.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span payload = {(const char *)data, len};
	struct span path = span_cut(&payload, '\0');
	if (payload.len == 0) {
		payload = path;
		path = (struct span){0};
	}
	char text[64] = "";
	memcpy(text, path.data ? path.data : "", path.len < sizeof text ? path.len : sizeof text - 1);
	check_stringify(payload, check_tokens(payload));
	check_find(payload, text);
	return 0;
}
