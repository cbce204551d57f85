#include "common/signature/explain_json.h"

#include <utf8proc.h>

#include "common/json_lexer.h"

struct writing {
	struct buffer *out;
	const struct json_style *style;
	size_t depth;
	bool empty; /* nothing was written yet in the object or array that is open */
};

static void break_line(struct writing *writing) {
	int indent = writing->style->indent;
	if (indent == -1) {
		return;
	}
	buffer_append_byte(writing->out, '\n');
	static const char blanks[] = "                ", tabs[] = "\t\t\t\t\t\t\t\t";
	size_t left = writing->depth * (size_t)(indent == -2 ? 1 : indent);
	size_t most = indent == -2 ? sizeof tabs - 1 : sizeof blanks - 1;
	for (; left > 0; left -= left < most ? left : most) {
		buffer_append(writing->out, indent == -2 ? tabs : blanks, left < most ? left : most);
	}
}

static void write_unit(struct buffer *out, unsigned unit) {
	buffer_printf(out, "\\u%04x", unit);
}

/* A character beyond ASCII as one or two escapes; returns its length, 1 for a byte that is no UTF-8. */
static size_t write_escaped(struct buffer *out, struct span rest) {
	utf8proc_int32_t point = 0;
	utf8proc_ssize_t len =
		utf8proc_iterate((const utf8proc_uint8_t *)rest.data, (utf8proc_ssize_t)rest.len, &point);
	if (len <= 0) {
		buffer_append_byte(out, rest.data[0]);
		return 1;
	}
	if (point > 0xffff) {
		write_unit(out, 0xd800 + (((unsigned)point - 0x10000) >> 10));
		write_unit(out, 0xdc00 + (((unsigned)point - 0x10000) & 0x3ff));
	} else {
		write_unit(out, (unsigned)point);
	}
	return (size_t)len;
}

/* How many bytes of a string stand as they are. */
static size_t plain_len(const struct json_style *style, struct span text) {
	size_t len = 0;
	while (len < text.len && !(style->ascii && (unsigned char)text.data[len] >= 0x80) &&
		   !(style->slashes && (text.data[len] == '/' || text.data[len] == '\\'))) {
		len++;
	}
	return len;
}

static void write_string(struct writing *writing, struct span token) {
	const struct json_style *style = writing->style;
	if (!style->ascii && !style->slashes) {
		buffer_append_span(writing->out, token);
		return;
	}
	while (token.len > 0) {
		size_t len = plain_len(style, token);
		buffer_append(writing->out, token.data, len);
		token = span_after(token, len);
		if (token.len == 0) {
			return;
		}
		if ((unsigned char)token.data[0] >= 0x80) {
			len = write_escaped(writing->out, token);
		} else if (token.data[0] == '\\') { /* an escape is kept, also one of a slash */
			len = token.len > 1 ? 2 : 1;
			buffer_append(writing->out, token.data, len);
		} else {
			len = 1;
			buffer_append_text(writing->out, "\\/");
		}
		token = span_after(token, len);
	}
}

static void open(struct writing *writing, char byte) {
	buffer_append_byte(writing->out, byte);
	writing->depth++;
	writing->empty = true;
}

static void close(struct writing *writing, char byte) {
	writing->depth--;
	if (!writing->empty) {
		break_line(writing);
	}
	writing->empty = false;
	buffer_append_byte(writing->out, byte);
}

static void write_value(struct writing *writing, const struct json_token *token) {
	if (token->kind == JSON_STRING) {
		write_string(writing, token->text);
	} else {
		buffer_append_span(writing->out, token->text);
	}
}

static void write_token(struct writing *writing, const struct json_token *token) {
	const struct json_style *style = writing->style;
	bool blank = style->indent != -1 || style->spaced;
	bool closes = token->kind == JSON_OBJECT_END || token->kind == JSON_ARRAY_END;
	if (writing->empty && !closes) {
		break_line(writing);
		writing->empty = false;
	}
	switch (token->kind) {
	case JSON_OBJECT_BEGIN:
	case JSON_ARRAY_BEGIN:
		open(writing, token->text.data[0]);
		break;
	case JSON_OBJECT_END:
	case JSON_ARRAY_END:
		close(writing, token->text.data[0]);
		break;
	case JSON_COLON:
		buffer_append(writing->out, ": ", blank ? 2 : 1);
		break;
	case JSON_COMMA:
		buffer_append(writing->out, ", ", style->indent == -1 && blank ? 2 : 1);
		break_line(writing);
		break;
	default:
		write_value(writing, token);
	}
}

static bool write(
	struct buffer *out, struct span payload, const struct json_style *style, size_t most) {
	struct writing writing = {.out = out, .style = style};
	struct json_lexer lexer;
	size_t before = out->len;
	buffer_reserve(out, payload.len + payload.len / 2); /* mostly enough */
	json_lexer_init(&lexer, payload);
	struct json_token token = json_lexer_next(&lexer);
	while (token.kind != JSON_END && token.kind != JSON_ERROR && out->len - before <= most) {
		write_token(&writing, &token);
		token = json_lexer_next(&lexer);
	}
	return token.kind == JSON_END && out->len > before && out->len - before <= most;
}

bool explain_json(
	struct buffer *out, struct span payload, const struct json_style *style, size_t most) {
	struct buffer normal = {0};
	bool ok = !style->normalised || json_stringify(&normal, payload);
	ok = ok && write(out, style->normalised ? buffer_span(&normal) : payload, style, most);
	buffer_clear(&normal);
	return ok;
}
