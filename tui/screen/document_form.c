/* Which form suits a payload. Only its beginning is looked at: a key must not wait for 10 MiB. */
#include <string.h>

#include "common/json_lexer.h"
#include "common/text.h"
#include "tui/screen/document.h"

#define LOOKED_AT ((size_t)64 * 1024)

/* One byte in so many may be a control or no UTF-8: a page in Latin-1 reads better as text with escapes. */
#define TEXT_IN 8

/* Lexes one value off the front of `rest`; false: it is not JSON. That the end is missing does not count. */
static bool take_value(struct span *rest) {
	struct json_lexer lexer;
	struct json_token token;
	size_t depth = 0;
	json_lexer_init(&lexer, *rest);
	do {
		token = json_lexer_next(&lexer);
		depth += token.kind == JSON_OBJECT_BEGIN || token.kind == JSON_ARRAY_BEGIN;
		depth -= token.kind == JSON_OBJECT_END || token.kind == JSON_ARRAY_END;
	} while (depth > 0 && token.kind != JSON_ERROR);
	size_t at = (size_t)(token.text.data - rest->data) + token.text.len;
	*rest = span_after(*rest, at);
	return token.kind != JSON_ERROR || token.text.len == 0;
}

static struct span skip_blanks(struct span text) {
	while (text.len > 0 && memchr(" \t\r\n", text.data[0], 4)) {
		text = span_after(text, 1);
	}
	return text;
}

static bool is_json(struct span sample) {
	struct span rest = sample;
	if (span_starts_with(rest, span_text("\xef\xbb\xbf"))) {
		rest = span_after(rest, 3);
	}
	rest = skip_blanks(rest);
	if (rest.len == 0 || !memchr("{[\"-0123456789tfn", rest.data[0], 17)) {
		return false;
	}
	bool several =
		rest.data[0] == '{' || rest.data[0] == '['; /* "12 monkeys" begins like a number */
	do {
		if (!take_value(&rest)) {
			return false;
		}
		rest = skip_blanks(rest);
	} while (several && rest.len > 0);
	return rest.len == 0;
}

/* Bytes of what text_next shows as an escape, line ends and tabs apart. */
static size_t unprintable(struct span sample) {
	struct text_cursor cursor;
	struct text_piece piece;
	size_t count = 0;
	text_begin(&cursor, sample, TEXT_KEEP_NEWLINES);
	while (text_next(&cursor, &piece)) {
		bool meant = piece.source.data[0] == '\r' || piece.source.data[0] == '\\';
		count += piece.is_escape && !meant ? piece.source.len : 0;
	}
	return count;
}

/* Tags of HTML need not be closed: it reads better as text. */
static bool is_xml(struct span sample) {
	if (span_starts_with(sample, span_text("\xef\xbb\xbf"))) {
		sample = span_after(sample, 3);
	}
	sample = skip_blanks(sample);
	struct span start = {sample.data, sample.len < 14 ? sample.len : 14};
	bool html = span_equal_nocase(start, span_text("<!DOCTYPE html"));
	start.len = start.len < 5 ? start.len : 5;
	html = html || span_equal_nocase(start, span_text("<html"));
	if (html || sample.len < 4 || sample.data[0] != '<') {
		return false;
	}
	char next = sample.data[1];
	bool named = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z') || next == '_';
	return (named || next == '?' || next == '!') && memchr(sample.data, '>', sample.len);
}

enum document_form document_form_of(struct span bytes) {
	struct span sample = {bytes.data, bytes.len < LOOKED_AT ? bytes.len : LOOKED_AT};
	if (is_json(sample)) {
		return DOCUMENT_JSON;
	}
	if (unprintable(sample) > sample.len / TEXT_IN) {
		return DOCUMENT_HEX;
	}
	return is_xml(sample) ? DOCUMENT_XML : DOCUMENT_TEXT;
}
