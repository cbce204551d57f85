/*
 * A payload as JSON, a value a line: only the white space between tokens is ours, each token stands there as it was written. Several
 * values one after the other (JSON Lines) are welcome. Where it is not JSON any more, a line says so and the rest is text.
 */
#include <stdio.h>
#include <string.h>

#include "common/json_run.h"
#include "common/text.h"
#include "tui/screen/document_parts.h"

#define INDENT 2

static const char byte_order_mark[] = "\xef\xbb\xbf";

static bool opens(enum json_token_kind kind) {
	return kind == JSON_OBJECT_BEGIN || kind == JSON_ARRAY_BEGIN;
}

static bool closes(enum json_token_kind kind) {
	return kind == JSON_OBJECT_END || kind == JSON_ARRAY_END;
}

/* Where the blanks from `at` on end. */
static size_t skip_blanks(struct span bytes, size_t at) {
	return at + json_run_blanks(span_after(bytes, at));
}

/* Whether the token under way begins a line. */
static bool breaks(const struct document_json *json) {
	enum json_token_kind before = json->before, kind = json->kind;
	return before == JSON_COMMA || (opens(before) && !closes(kind)) ||
	       (closes(kind) && !opens(before));
}

/* A deep payload must not become a wall of blanks: from the middle of the line on nothing moves further to the right. */
static void indent(struct document_line *line, const struct document_json *json) {
	size_t columns = (json->depth + json->wrapped) * INDENT, most = line->document->columns / 2;
	document_line_skip(line, columns < most ? columns : most);
}

static unsigned style_of(const struct document_json *json) {
	switch (json->kind) {
	case JSON_STRING:
		return json->is_name ? STYLE_NAME : STYLE_STRING;
	case JSON_NUMBER:
		return STYLE_NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
	case JSON_NULL:
		return STYLE_LITERAL;
	default:
		return STYLE_TEXT;
	}
}

/* The token at hand begins at `from`. */
static void begin_token(
	struct document_place *place, size_t from, size_t end, enum json_token_kind kind) {
	place->offset = from;
	place->json.token_begin = from;
	place->json.token_end = end;
	place->json.kind = kind;
}

/* From here on it is not JSON: what began as a token before it stays on its line. */
static void fail(struct document_place *place, size_t from, size_t at) {
	begin_token(place, from, at, JSON_ERROR);
}

/* A long token that was met before need not be lexed again. */
static bool take_known(const struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	const struct document_long *token = document_long_at(line, place->block, json->lexed_from);
	if (!token) {
		return false;
	}
	json->lexer = token->lexer;
	begin_token(place, token->begin, token->end, token->kind);
	return true;
}

/* Looks through a slice of the token to come; false: there is more of it. */
static bool look(struct document_line *line, struct document_place *place) {
	struct json_lexer *lexer = &place->json.lexer;
	if (!line->ahead) {
		return true;
	}
	if (document_is_ahead(line, place->block, place->json.lexed_from)) {
		*lexer = line->ahead->lexer;
	}
	line->stalled = !json_lexer_look(lexer, DOCUMENT_LOOK_BYTES);
	if (line->stalled) {
		*line->ahead = (struct document_ahead){
			.block = place->block, .from = place->json.lexed_from, .lexer = *lexer};
	}
	return !line->stalled;
}

static void lex(struct document_place *place, struct span bytes) {
	size_t from = skip_blanks(bytes, place->json.lexed_from);
	struct json_token token = json_lexer_next(&place->json.lexer);
	size_t at = (size_t)(token.text.data - bytes.data);
	if (token.kind == JSON_ERROR) {
		fail(place, from < at ? from : at, at);
	} else {
		begin_token(place, at, at + token.text.len, token.kind);
	}
}

static void take_token(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	json->lexed_from = json->token_end;
	if (!take_known(line, place)) {
		if (!look(line, place)) {
			return;
		}
		lex(place, line->block->bytes);
	}
	json->depth -= closes(json->kind);
	json->is_name = json->kind == JSON_STRING && json_lexer_is_name(&json->lexer);
	json->value_ended = json->depth == 0 && !opens(json->kind) && json->kind != JSON_ERROR;
}

/* A value is complete: false when nothing follows. The next one begins a line. */
static bool take_value(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	struct span bytes = line->block->bytes;
	size_t from = skip_blanks(bytes, json->token_end);
	struct span rest = span_after(bytes, from);
	if (rest.len == 0) {
		return false;
	}
	json->before = JSON_COMMA;
	json->value_ended = false;
	if (span_starts_with(rest, span_text(byte_order_mark))) {
		fail(place, from, from); /* welcome in front of all alone */
		return true;
	}
	json->token_end = from;
	json_lexer_init(&json->lexer, rest);
	take_token(line, place);
	return true;
}

static void take_first(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	struct span bytes = line->block->bytes;
	json_lexer_init(&json->lexer, bytes);
	json->before = JSON_COLON;
	if (span_starts_with(bytes, span_text(byte_order_mark))) {
		begin_token(place, 0, strlen(byte_order_mark), JSON_COLON);
	} else {
		take_token(line, place);
	}
}

/* False: there is none, the payload ends. */
static bool take_next(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	if (json->value_ended) {
		return take_value(line, place);
	}
	json->before = json->kind;
	json->depth += opens(json->kind);
	take_token(line, place);
	return true;
}

static bool write_note(struct document_line *line, struct document_place *place) {
	struct span bytes = line->block->bytes;
	char text[128];
	size_t at = place->offset;
	bool deep = place->json.depth >= JSON_LEXER_DEPTH && at < bytes.len &&
	            (bytes.data[at] == '{' || bytes.data[at] == '[');
	if (at == bytes.len) {
		snprintf(text, sizeof text, "the JSON breaks off here, after %zu bytes", at);
	} else if (deep) {
		snprintf(text, sizeof text, "nested deeper than %d from byte %zu on", JSON_LEXER_DEPTH, at);
	} else {
		snprintf(text, sizeof text, "not JSON from byte %zu on", at);
	}
	document_line_print(line, 0, span_text(text), STYLE_WARN);
	place->json.phase = JSON_REST;
	return at < bytes.len;
}

/* Puts what is left of the token under way; false: it did not fit. */
static bool put_token(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	struct span rest = {line->block->bytes.data + place->offset, json->token_end - place->offset};
	size_t len = rest.len > 0 ? document_line_put(line, rest, style_of(json)) : 0;
	place->offset += len;
	json->wrapped = len < rest.len;
	if (!json->wrapped && json->kind == JSON_COLON) {
		document_line_skip(line, 1);
	}
	return !json->wrapped;
}

/* What is to be said of the line, behind it when there is room, else on a line of its own; false: that is to come. */
static bool write_words(struct document_line *line, struct document_json *json, size_t column) {
	struct buffer words = {0};
	bool any = document_json_words(line->block, json, &words), fits = true;
	if (any) {
		size_t columns = text_width(buffer_span(&words));
		fits = column == 0 || column + columns <= line->document->columns;
		if (fits) {
			document_line_print(line, column, buffer_span(&words), STYLE_WARN);
			json->number_end = 0;
			json->repeat = OUTLINE_ONCE;
		}
	}
	buffer_clear(&words);
	return fits;
}

static bool write_mark(struct document_line *line, struct document_place *place) {
	write_words(line, &place->json, 0);
	place->json.phase = JSON_VALUES;
	return !place->json.ended;
}

/* A line ends; `more`: others follow. */
static bool end_line(struct document_line *line, struct document_place *place, bool more) {
	if (write_words(line, &place->json, line->used + 2)) {
		return more;
	}
	place->json.phase = JSON_MARK;
	place->json.ended = !more;
	return true;
}

/* Behind the bracket of what is folded: how much is in it, and on to the other bracket. */
static void write_fold(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	const struct document_block *block = line->block;
	struct outline_extent extent;
	char text[64];
	if (!opens(json->kind) || !block->folds ||
		!folds_has(block->folds, json->token_begin, json->depth)) {
		return;
	}
	bool known = outline_extent(block->outline, json->token_begin, &extent);
	line->cost += known ? 0 : OUTLINE_LARGE;
	if (!known || extent.items == 0) {
		return;
	}
	snprintf(text, sizeof text, "%s %zu %s%s", line->document->ascii ? "..." : "\u2026",
		extent.items, json->kind == JSON_OBJECT_BEGIN ? "member" : "item",
		extent.items == 1 ? "" : "s");
	document_line_print(line, line->used, span_text(text), STYLE_FAINT);
	document_line_skip(line, text_width(span_text(text)));
	json_lexer_leave(&json->lexer, span_after(block->bytes, extent.end));
	begin_token(place, extent.end - 1, extent.end,
		json->kind == JSON_OBJECT_BEGIN ? JSON_OBJECT_END : JSON_ARRAY_END);
	json->lexed_from = extent.end - 1;
	json->value_ended = json->depth == 0;
	put_token(line, place);
}

static bool write_tokens(struct document_line *line, struct document_place *place) {
	struct document_json *json = &place->json;
	indent(line, json);
	while (put_token(line, place)) {
		if (json->kind == JSON_ERROR) {
			json->phase = JSON_NOTE;
			return line->begun || write_note(line, place);
		}
		document_json_look(line->block, json);
		write_fold(line, place);
		if (json->wrapped) {
			return true;
		}
		if (!take_next(line, place)) {
			return end_line(line, place, false);
		}
		if (line->stalled) {
			return true;
		}
		if (breaks(json)) {
			return end_line(line, place, true);
		}
	}
	return true;
}

bool document_json_line(struct document_line *line, struct document_place *place) {
	switch (place->json.phase) {
	case JSON_MARK:
		return write_mark(line, place);
	case JSON_NOTE:
		return write_note(line, place);
	case JSON_REST:
		return document_text_line(line, place);
	default:
		if (place->json.before == JSON_END) {
			take_first(line, place);
		}
		return line->stalled || write_tokens(line, place);
	}
}
