#include "tui/commands/body_view.h"

#include <stdbool.h>

#include "common/json_lexer.h"
#include "common/text.h"

#define HEX_COLUMNS 16
/* Deeper than this nothing moves further to the right: a hostile body must not become a wall of blanks. */
#define INDENT_MAX 32

static void new_line(struct buffer *out, const char *indent, size_t depth) {
	buffer_append_byte(out, '\n');
	buffer_append_text(out, indent);
	for (size_t i = 0; i < depth && i < INDENT_MAX; i++) {
		buffer_append_text(out, "  ");
	}
}

static bool opens(enum json_token_kind kind) {
	return kind == JSON_OBJECT_BEGIN || kind == JSON_ARRAY_BEGIN;
}

static bool closes(enum json_token_kind kind) {
	return kind == JSON_OBJECT_END || kind == JSON_ARRAY_END;
}

static void append_json(struct buffer *out, struct span body, const char *indent, unsigned flags) {
	struct json_lexer lexer;
	enum json_token_kind before = JSON_COLON;
	size_t depth = 0;
	json_lexer_init(&lexer, body);
	buffer_append_text(out, indent);
	for (;;) {
		struct json_token token = json_lexer_next(&lexer);
		if (token.kind == JSON_END || token.kind == JSON_ERROR) {
			break;
		}
		depth -= closes(token.kind);
		if (before == JSON_COMMA || (opens(before) && !closes(token.kind)) ||
			(closes(token.kind) && !opens(before))) {
			new_line(out, indent, depth);
		}
		text_escape(out, token.text, flags);
		buffer_append_text(out, token.kind == JSON_COLON ? " " : "");
		depth += opens(token.kind);
		before = token.kind;
	}
	buffer_append_byte(out, '\n');
}

static bool is_control(unsigned char byte) {
	return (byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7f;
}

/* Holds NUL, and more than a quarter of it cannot be printed. All else reads better as text with visible escapes. */
static bool is_binary(struct span body) {
	bool utf8 = text_is_utf8(body);
	size_t nuls = 0, unprintable = 0;
	for (size_t i = 0; i < body.len; i++) {
		unsigned char byte = (unsigned char)body.data[i];
		nuls += byte == 0;
		unprintable += is_control(byte) || (byte >= 0x80 && !utf8);
	}
	return nuls > 0 && unprintable > body.len / 4;
}

static void append_text(struct buffer *out, struct span body, const char *indent, unsigned flags) {
	while (body.len > 0) {
		struct span line = span_cut(&body, '\n');
		buffer_append_text(out, indent);
		text_escape(out, line, flags);
		buffer_append_byte(out, '\n');
	}
}

static void append_hex(struct buffer *out, struct span body, const char *indent) {
	for (size_t at = 0; at < body.len; at += HEX_COLUMNS) {
		struct span row = span_after(body, at);
		row.len = row.len < HEX_COLUMNS ? row.len : HEX_COLUMNS;
		buffer_printf(out, "%s%08zx ", indent, at);
		for (size_t i = 0; i < HEX_COLUMNS; i++) {
			buffer_append_text(out, i == HEX_COLUMNS / 2 ? "  " : " ");
			if (i < row.len) {
				buffer_printf(out, "%02x", (unsigned)(unsigned char)row.data[i]);
			} else {
				buffer_append_text(out, "  ");
			}
		}
		buffer_append_text(out, "  |");
		for (size_t i = 0; i < row.len; i++) {
			unsigned char byte = (unsigned char)row.data[i];
			buffer_append_byte(out, byte >= 0x20 && byte < 0x7f ? (char)byte : '.');
		}
		buffer_append_text(out, "|\n");
	}
}

void body_view_append(
	struct buffer *out, struct span body, const char *indent, unsigned flags, size_t most) {
	struct span shown = {body.data, body.len < most ? body.len : most};
	if (shown.len == body.len && json_is_whole(body)) {
		append_json(out, body, indent, flags);
	} else if (is_binary(shown)) {
		append_hex(out, shown, indent);
	} else {
		append_text(out, shown, indent, flags);
	}
	if (shown.len < body.len) {
		buffer_printf(out, "%s... %zu of %zu bytes shown\n", indent, shown.len, body.len);
	}
}
