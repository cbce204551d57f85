#include "common/text.h"

#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include "common/http_chars.h"

/* Longest run of ASCII in one piece: who wants only the first columns should not wait for the last. */
#define RUN_MAX 256

/* One character of the source; `code` is -1 for a byte that is no UTF-8. */
struct character {
	utf8proc_int32_t code;
	size_t len;
};

enum kind {
	KIND_BASE,   /* printable, takes columns */
	KIND_MARK,   /* printable, joins the base before it */
	KIND_ESCAPE, /* to be made visible */
};

static bool is_plain_ascii(char byte) {
	return byte >= 0x20 && byte < 0x7f && byte != '\\';
}

static struct character decode(struct span text) {
	utf8proc_int32_t code;
	utf8proc_ssize_t len =
		utf8proc_iterate((const utf8proc_uint8_t *)text.data, (utf8proc_ssize_t)text.len, &code);
	return len > 0 ? (struct character){code, (size_t)len} : (struct character){-1, 1};
}

/* Vowels and finals of decomposed Korean: terminals join them to the consonant before. */
static bool is_joining_jamo(utf8proc_int32_t code) {
	return (code > 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7fb);
}

static enum kind kind_of(utf8proc_int32_t code) {
	if (code < 0) {
		return KIND_ESCAPE;
	}
	const utf8proc_property_t *property = utf8proc_get_property(code);
	if (property->ignorable) {
		return KIND_ESCAPE; /* letters and marks among them too, such as Hangul fillers and variation selectors */
	}
	switch (property->category) {
	case UTF8PROC_CATEGORY_CN:
	case UTF8PROC_CATEGORY_ZL:
	case UTF8PROC_CATEGORY_ZP:
	case UTF8PROC_CATEGORY_CC:
	case UTF8PROC_CATEGORY_CF:
	case UTF8PROC_CATEGORY_CS:
	case UTF8PROC_CATEGORY_CO:
		return KIND_ESCAPE;
	case UTF8PROC_CATEGORY_MN:
	case UTF8PROC_CATEGORY_ME:
		return KIND_MARK;
	default:
		return is_joining_jamo(code) ? KIND_MARK : KIND_BASE;
	}
}

/* utf8proc gives spacing marks no column, terminals give them one. */
static size_t base_columns(utf8proc_int32_t code) {
	int width = utf8proc_charwidth(code);
	return width < 1 ? 1 : (size_t)width;
}

/* Whether a backslash in front of `next` would be taken for the beginning of an escape. */
static bool reads_like_an_escape(struct span next) {
	if (next.len == 0) {
		return false;
	}
	if (!is_plain_ascii(next.data[0])) {
		return true; /* it may be escaped itself and begin with a backslash */
	}
	if (next.data[0] == 'x') {
		return next.len > 2 && http_hex_digit(next.data[1]) >= 0 &&
		       http_hex_digit(next.data[2]) >= 0;
	}
	return next.data[0] == 'u' && next.len > 1 && next.data[1] == '{';
}

void text_begin(struct text_cursor *cursor, struct span text, unsigned flags) {
	*cursor = (struct text_cursor){.rest = text, .flags = flags};
}

/* Makes a piece of the next `len` bytes, shown as `text`. */
static void take(struct text_cursor *cursor, struct text_piece *piece, size_t len, struct span text,
	size_t columns) {
	piece->text = text;
	piece->source = (struct span){cursor->rest.data, len};
	piece->columns = columns;
	piece->is_escape = false;
	cursor->rest = span_after(cursor->rest, len);
	cursor->column += columns;
}

static void take_ascii(struct text_cursor *cursor, struct text_piece *piece) {
	size_t len = 1;
	while (len < cursor->rest.len && len < RUN_MAX && is_plain_ascii(cursor->rest.data[len])) {
		len++;
	}
	bool on_blank = cursor->rest.data[len - 1] == ' ';
	take(cursor, piece, len, (struct span){cursor->rest.data, len}, len);
	cursor->marks_left = on_blank ? 0 : TEXT_MARKS_MAX;
}

/* "\x1b", without snprintf: a file of NULs has millions. */
static int write_byte_escape(char *out, unsigned char byte) {
	static const char digits[] = "0123456789abcdef";
	memcpy(out, (char[]){'\\', 'x', digits[byte >> 4], digits[byte & 15]}, 4);
	return 4;
}

static void take_escape(
	struct text_cursor *cursor, struct text_piece *piece, struct character character) {
	bool as_byte = character.code < 0x80;
	int len = as_byte ? write_byte_escape(cursor->written, (unsigned char)cursor->rest.data[0])
	                  : snprintf(cursor->written, sizeof cursor->written, "\\u{%x}",
							(unsigned)character.code);
	struct span text = {cursor->written, (size_t)len};
	take(cursor, piece, character.len, text, text.len);
	piece->is_escape = true;
	cursor->marks_left = 0;
}

static void take_backslash(struct text_cursor *cursor, struct text_piece *piece) {
	bool doubled = reads_like_an_escape(span_after(cursor->rest, 1));
	struct span text = doubled ? span_text("\\\\") : span_text("\\");
	take(cursor, piece, 1, text, text.len);
	piece->is_escape = doubled;
	cursor->marks_left = doubled ? 0 : TEXT_MARKS_MAX;
}

static void take_newline(struct text_cursor *cursor, struct text_piece *piece) {
	take(cursor, piece, 1, span_text("\n"), 0);
	cursor->column = 0;
	cursor->marks_left = 0;
}

static void take_tab(struct text_cursor *cursor, struct text_piece *piece) {
	static const char blanks[TEXT_TAB_COLUMNS + 1] = "    ";
	size_t len = TEXT_TAB_COLUMNS - cursor->column % TEXT_TAB_COLUMNS;
	take(cursor, piece, 1, (struct span){blanks, len}, len);
	cursor->marks_left = 0;
}

static void take_character(struct text_cursor *cursor, struct text_piece *piece) {
	struct character character = decode(cursor->rest);
	struct span text = {cursor->rest.data, character.len};
	enum kind kind = cursor->flags & TEXT_ASCII ? KIND_ESCAPE : kind_of(character.code);
	if (kind == KIND_MARK && cursor->marks_left > 0) {
		cursor->marks_left--;
		take(cursor, piece, text.len, text, 0);
	} else if (kind == KIND_BASE) {
		cursor->marks_left = TEXT_MARKS_MAX;
		take(cursor, piece, text.len, text, base_columns(character.code));
	} else {
		take_escape(cursor, piece, character);
	}
}

bool text_next(struct text_cursor *cursor, struct text_piece *piece) {
	if (cursor->rest.len == 0) {
		return false;
	}
	char byte = cursor->rest.data[0];
	bool lines = cursor->flags & TEXT_KEEP_NEWLINES;
	if (is_plain_ascii(byte)) {
		take_ascii(cursor, piece);
	} else if (byte == '\\') {
		take_backslash(cursor, piece);
	} else if (byte == '\n' && lines) {
		take_newline(cursor, piece);
	} else if (byte == '\t' && lines) {
		take_tab(cursor, piece);
	} else {
		take_character(cursor, piece);
	}
	return true;
}

void text_escape(struct buffer *out, struct span text, unsigned flags) {
	struct text_cursor cursor;
	struct text_piece piece;
	text_begin(&cursor, text, flags);
	while (text_next(&cursor, &piece)) {
		buffer_append_span(out, piece.text);
	}
}

/* A column in the making. */
struct column {
	struct buffer *out;
	size_t columns, used;
	size_t cut_len, cut_used; /* what stays of `out` when an ellipsis has to follow */
};

/* Appends the piece, or as much of a run as there is room for; false when that was not all of it. */
static bool column_add(struct column *column, const struct text_piece *piece) {
	size_t room = column->columns - column->used;
	bool is_run = piece->columns == piece->text.len && !piece->is_escape;
	bool fits = piece->columns <= room;
	size_t len = fits ? piece->text.len : is_run ? room : 0;
	buffer_append(column->out, piece->text.data, len);
	column->used += fits ? piece->columns : len;
	if (column->used < column->columns) {
		column->cut_len = column->out->len;
		column->cut_used = column->used;
	} else if (is_run && len > 0) {
		column->cut_len = column->out->len - 1; /* the ellipsis takes the place of its last byte */
		column->cut_used = column->columns - 1;
	}
	return fits;
}

static void pad(struct buffer *out, size_t columns) {
	if (columns > 0) {
		memset(buffer_reserve(out, columns), ' ', columns);
		out->len += columns;
	}
}

void text_escape_column(struct buffer *out, struct span text, unsigned flags, size_t columns) {
	struct text_cursor cursor;
	struct text_piece piece;
	struct column column = {out, columns, 0, out->len, 0};
	bool fits = true;
	text_begin(&cursor, text, flags & ~(unsigned)TEXT_KEEP_NEWLINES);
	while (fits && text_next(&cursor, &piece)) {
		fits = column_add(&column, &piece);
	}
	if (!fits && columns > 0) {
		out->len = column.cut_len;
		buffer_append_text(out, flags & TEXT_ASCII ? "~" : "\u2026");
		column.used = column.cut_used + 1;
	}
	pad(out, columns - column.used);
}

/* Bytes of ASCII at the front, most of most texts. */
static size_t ascii_run(struct span text) {
	const uint64_t high_bits = UINT64_C(0x8080808080808080);
	size_t len = 0;
	uint64_t eight;
	while (len + sizeof eight <= text.len) {
		memcpy(&eight, text.data + len, sizeof eight);
		if (eight & high_bits) {
			break;
		}
		len += sizeof eight;
	}
	while (len < text.len && !(text.data[len] & 0x80)) {
		len++;
	}
	return len;
}

size_t text_width(struct span escaped) {
	size_t columns = 0;
	while (escaped.len > 0) {
		if (escaped.data[0] >= 0x20 && escaped.data[0] < 0x7f) {
			columns++;
			escaped = span_after(escaped, 1);
			continue;
		}
		struct character character = decode(escaped);
		if (character.code != '\n' && kind_of(character.code) != KIND_MARK) {
			columns += base_columns(character.code);
		}
		escaped = span_after(escaped, character.len);
	}
	return columns;
}

bool text_is_utf8(struct span text) {
	text = span_after(text, ascii_run(text));
	while (text.len > 0) {
		struct character character = decode(text);
		if (character.code < 0) {
			return false;
		}
		text = span_after(text, character.len);
		text = span_after(text, ascii_run(text));
	}
	return true;
}
