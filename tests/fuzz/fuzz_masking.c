/*
 * Of what is masked nothing is left: a member of a masked name is MASKING_TEXT wherever it stands in JSON, a field of that name in a form, a header
 * that is a password. What has nothing to be masked is not touched. The first byte of the input says which body it is; then comes what an
 * Authorization header has, a line end, and the body.
 */
#include <string.h>

#include "common/json_lexer.h"
#include "tests/fuzz/fuzz.h"
#include "tui/screen/masking.h"

#define NAME "email"

static const char *const types[] = {"application/json", "application/x-www-form-urlencoded",
	"multipart/form-data; boundary=B", "text/plain"};

static struct span without_mark(struct span text) {
	return span_starts_with(text, span_text("\xef\xbb\xbf")) ? span_after(text, 3) : text;
}

/* As far as it is JSON. */
static void no_member_is_left(struct span json) {
	struct json_lexer lexer;
	struct json_token token;
	bool follows = false;
	json_lexer_init(&lexer, without_mark(json));
	do {
		token = json_lexer_next(&lexer);
		if (token.kind == JSON_COLON) {
			continue;
		}
		HOLDS(!follows || token.kind == JSON_END || token.kind == JSON_ERROR ||
			  span_is(token.text, "\"" MASKING_TEXT "\""));
		follows = json_lexer_is_name(&lexer) && json_string_is(token.text, span_text(NAME));
	} while (token.kind != JSON_END && token.kind != JSON_ERROR);
}

static void no_field_is_left(struct span form) {
	while (form.len > 0) {
		struct span value = span_cut(&form, '&'), name = span_cut(&value, '=');
		HOLDS(!span_is(name, NAME) || value.len == 0 || span_is(value, MASKING_TEXT));
	}
}

/* Whether a form reads as JSON: then it is one. */
static bool is_json(struct span body) {
	body = without_mark(body);
	while (body.len > 0 && strchr(" \t\r\n", body.data[0])) {
		body = span_after(body, 1);
	}
	return body.len > 0 && (body.data[0] == '{' || body.data[0] == '[');
}

static void nothing_is_left(const struct masked *masked, size_t type, struct span secret) {
	struct span head = masked->shown.head, line = span_cut(&head, '\n');
	line = span_cut(&head, '\n');
	HOLDS(span_starts_with(line, span_text("Authorization: ")));
	struct span value = span_trim(span_after(line, strlen("Authorization: ")));
	HOLDS(value.len >= strlen(MASKING_TEXT) && value.len <= secret.len + strlen(MASKING_TEXT) + 2);
	HOLDS(memcmp(value.data + value.len - strlen(MASKING_TEXT) - 1, MASKING_TEXT,
			  strlen(MASKING_TEXT)) == 0);
	struct span body = masked->shown.body;
	if (type == 1 && !is_json(body)) {
		no_field_is_left(body);
	} else if (type != 2) {
		no_member_is_left(body);
	}
}

static bool is_one_line(struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		if ((unsigned char)text.data[i] <= ' ' || text.data[i] == 0x7f) {
			return false;
		}
	}
	return text.len > 0;
}

static void once_is_enough(const struct masking *masking, const struct masked *masked) {
	struct masked again;
	masking_apply(masking, &masked->shown, &again);
	HOLDS(span_equal(again.shown.head, masked->shown.head));
	/* what is masked behind a mistake in JSON makes another mistake, elsewhere */
	HOLDS(!json_is_whole(masked->shown.body) || span_equal(again.shown.body, masked->shown.body));
	masked_clear(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len < 2) {
		return 0;
	}
	static struct masking masking;
	struct error err = {0};
	struct buffer head = {0};
	size_t type = data[0] % (sizeof types / sizeof *types);
	struct span body = {(const char *)data + 1, len - 1}, secret = span_cut(&body, '\n');
	if (!is_one_line(secret)) {
		return 0;
	}
	masking_init(&masking);
	HOLDS(masking_add_field(&masking, NAME, &err));
	buffer_printf(&head, "POST / HTTP/1.1\r\nAuthorization: %.*s\r\nContent-Type: %s\r\n\r\n",
		(int)secret.len, secret.data, types[type]);
	const struct msg_bytes bytes = {.head = buffer_span(&head), .body = body};
	struct masked masked;
	masking_apply(&masking, &bytes, &masked);
	HOLDS(masked.count > 0);
	HOLDS(masked.count > 1 || masked.shown.body.data == body.data);
	nothing_is_left(&masked, type, secret);
	once_is_enough(&masking, &masked);
	masked_clear(&masked);
	buffer_clear(&head);
	return 0;
}
