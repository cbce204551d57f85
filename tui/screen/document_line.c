/* A line being written: onto a canvas, or to nowhere to find out where it ends. */
#include "common/text.h"
#include "tui/screen/document_parts.h"

static size_t room(const struct document_line *line) {
	return line->document->columns - line->used;
}

/* Columns that are painted: the area may be narrower than the document was laid out for. */
static size_t visible(const struct document_line *line, size_t column) {
	size_t columns = line->area.columns;
	columns = columns < line->document->columns ? columns : line->document->columns;
	return line->canvas && column < columns ? columns - column : 0;
}

/* Whether each byte of the piece has a column of its own. */
static bool is_run(const struct text_piece *piece) {
	return !piece->is_escape && piece->columns == piece->text.len;
}

size_t document_line_fit(
	const struct document_line *line, struct span text, size_t room, size_t *used) {
	struct text_cursor cursor;
	struct text_piece piece;
	size_t len = 0;
	*used = 0;
	text_begin(&cursor, text, line->document->ascii ? TEXT_ASCII : TEXT_LINE);
	while (text_next(&cursor, &piece)) {
		if (piece.columns > room - *used) {
			size_t part = is_run(&piece) ? room - *used : 0;
			*used += part;
			return len + part;
		}
		*used += piece.columns;
		len += piece.source.len;
	}
	return len;
}

/* Bytes of what begins `text` and is never cut in two. */
static size_t first_len(const struct document_line *line, struct span text) {
	struct text_cursor cursor;
	struct text_piece piece;
	text_begin(&cursor, text, line->document->ascii ? TEXT_ASCII : TEXT_LINE);
	return text_next(&cursor, &piece) ? piece.source.len : 0;
}

static void mark_columns(
	const struct document_line *line, size_t column, size_t columns, unsigned style) {
	struct canvas *canvas = line->canvas;
	size_t most = visible(line, column);
	for (size_t i = 0; i < columns && i < most; i++) {
		size_t x = line->area.x + column + i, y = line->area.y;
		if (x < canvas->columns && y < canvas->rows) {
			canvas->cells[y * canvas->columns + x].style = (uint8_t)style;
		}
	}
}

/* Marks the part [begin, end) of `text`, which stands at `column`. Escapes keep their style, which is theirs alone. */
static void mark_part(const struct document_line *line, size_t column, struct span text,
	const char *begin, const char *end) {
	struct text_cursor cursor;
	struct text_piece piece;
	text_begin(&cursor, text, line->document->ascii ? TEXT_ASCII : TEXT_LINE);
	while (text_next(&cursor, &piece) && piece.source.data < end) {
		const char *from = piece.source.data, *to = from + piece.source.len;
		if (is_run(&piece) && to > begin) {
			size_t before = from < begin ? (size_t)(begin - from) : 0;
			size_t behind = to > end ? (size_t)(to - end) : 0;
			mark_columns(line, column + before, piece.columns - before - behind, STYLE_MATCH);
		} else if (!piece.is_escape && to > begin) {
			mark_columns(line, column, piece.columns, STYLE_MATCH);
		}
		column += piece.columns;
	}
}

/* `whole` is what the text was cut from: how a byte is shown may depend on the next one. */
static void mark_hits(const struct document_line *line, struct span whole, size_t len) {
	struct span bytes = line->block->bytes;
	size_t from = (size_t)(whole.data - bytes.data), begin, end;
	struct document_hits hits = document_hits_in(line->document, line->block, from, from + len);
	while (document_hits_next(&hits, &begin, &end)) {
		mark_part(line, line->used, whole, bytes.data + begin, bytes.data + end);
	}
}

static void paint(const struct document_line *line, struct span text, size_t len, size_t columns,
	unsigned style) {
	size_t painted, most = visible(line, line->used);
	size_t x = line->area.x + line->used;
	most = columns < most ? columns : most;
	size_t put = canvas_put_piece(line->canvas, x, line->area.y, most, text, style, &painted);
	if (put == 0 && most > 0) { /* wider than the whole line */
		canvas_glyph(line->canvas, x, line->area.y, "\u2026", '~', STYLE_ESCAPE);
	}
	if (line->document->find.needle) {
		mark_hits(line, text, len);
	}
}

size_t document_line_put(struct document_line *line, struct span text, unsigned style) {
	size_t columns, len = document_line_fit(line, text, room(line), &columns);
	if (len == 0 && !line->begun) {
		len = first_len(line, text);
		columns = room(line);
	}
	if (len > 0) {
		if (line->canvas) {
			paint(line, text, len, columns, style);
		}
		line->used += columns;
		line->begun = true;
	}
	return len;
}

void document_line_print(
	struct document_line *line, size_t column, struct span words, unsigned style) {
	size_t most = visible(line, column);
	if (most > 0) {
		canvas_put(line->canvas, line->area.x + column, line->area.y, most, words, style);
	}
}

void document_line_skip(struct document_line *line, size_t columns) {
	line->used += columns < room(line) ? columns : room(line);
}
