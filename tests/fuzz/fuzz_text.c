/*
 * What text_escape writes holds nothing but allowed characters, is as wide as said, and the original can be read back
 * from it.
 */
#include <string.h>
#include <utf8proc.h>

#include "common/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/unescape.h"

static bool is_mark(const utf8proc_property_t *property) {
	return property->category == UTF8PROC_CATEGORY_MN || property->category == UTF8PROC_CATEGORY_ME;
}

static bool is_allowed(utf8proc_int32_t code, unsigned flags) {
	if (code == '\n') {
		return flags & TEXT_KEEP_NEWLINES;
	}
	if (flags & TEXT_ASCII) {
		return code >= 0x20 && code < 0x7f;
	}
	const utf8proc_property_t *property = utf8proc_get_property(code);
	bool is_other =
		property->category == UTF8PROC_CATEGORY_CN || property->category >= UTF8PROC_CATEGORY_ZL;
	return !is_other && !property->ignorable && property->bidi_class != UTF8PROC_BIDI_CLASS_RLO &&
	       property->bidi_class != UTF8PROC_BIDI_CLASS_LRO;
}

static void check_characters(struct span escaped, unsigned flags) {
	size_t marks = TEXT_MARKS_MAX; /* none may come first */
	while (escaped.len > 0) {
		utf8proc_int32_t code;
		utf8proc_ssize_t len = utf8proc_iterate(
			(const utf8proc_uint8_t *)escaped.data, (utf8proc_ssize_t)escaped.len, &code);
		HOLDS(len > 0);
		HOLDS(is_allowed(code, flags));
		marks = is_mark(utf8proc_get_property(code)) ? marks + 1
		        : code == ' ' || code == '\n'        ? TEXT_MARKS_MAX
		                                             : 0;
		HOLDS(marks <= TEXT_MARKS_MAX);
		escaped = span_after(escaped, (size_t)len);
	}
}

static void check_pieces(struct span text, unsigned flags, struct span escaped) {
	struct text_cursor cursor;
	struct text_piece piece;
	size_t columns = 0, source_len = 0, width = text_width(escaped);
	text_begin(&cursor, text, flags);
	while (text_next(&cursor, &piece)) {
		HOLDS(piece.source.data == text.data + source_len);
		HOLDS(text_width(piece.text) == piece.columns);
		HOLDS(span_starts_with(escaped, piece.text));
		escaped = span_after(escaped, piece.text.len);
		source_len += piece.source.len;
		columns += piece.columns;
	}
	HOLDS(escaped.len == 0);
	HOLDS(columns == width);
	HOLDS(source_len == text.len);
}

static void check_escape(struct span text, unsigned flags) {
	struct buffer out = {0}, back = {0};
	text_escape(&out, text, flags);
	check_characters(buffer_span(&out), flags);
	check_pieces(text, flags, buffer_span(&out));
	if (!(flags & TEXT_KEEP_NEWLINES)) {
		unescape(&back, buffer_span(&out));
		HOLDS(span_equal(buffer_span(&back), text));
	}
	buffer_clear(&out);
	buffer_clear(&back);
}

static void check_column(struct span text, unsigned flags, size_t columns) {
	struct buffer out = {0};
	text_escape_column(&out, text, flags, columns);
	check_characters(buffer_span(&out), flags & TEXT_ASCII);
	HOLDS(text_width(buffer_span(&out)) == columns);
	buffer_clear(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span text = {(const char *)data, len};
	for (unsigned flags = 0; flags < 4; flags++) {
		check_escape(text, flags);
		for (size_t columns = 0; columns < 12; columns++) {
			check_column(text, flags, columns);
		}
	}
	text_is_utf8(text);
	return 0;
}
