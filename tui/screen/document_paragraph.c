/* A line of our own making, in pieces of several styles; where it is too long it goes on, indented, at a blank if there is one. */
#include "tui/screen/document_parts.h"

/* The piece that holds the byte at `offset`, and its end. */
static const struct document_piece *piece_at(const struct document_block *block, size_t offset) {
	const struct document_piece *piece = block->pieces;
	while (piece->end <= offset) {
		piece++;
	}
	return piece;
}

/* Behind the last blank in [from, to), or `from`. */
static size_t behind_blank(struct span bytes, size_t from, size_t to) {
	while (to > from && bytes.data[to - 1] != ' ') {
		to--;
	}
	return to;
}

/* Where `room` columns from `at` on end. */
static size_t fill(const struct document_line *line, size_t at, size_t room) {
	struct span bytes = line->block->bytes;
	while (at < bytes.len) {
		size_t used, end = piece_at(line->block, at)->end;
		size_t len = document_line_fit(line, (struct span){bytes.data + at, end - at}, room, &used);
		at += len;
		room -= used;
		if (at < end) {
			break;
		}
	}
	return at;
}

/* Whether the word at `at` has room on a line of its own: if not it may as well be cut here. */
static bool is_short(const struct document_line *line, size_t at) {
	struct span bytes = line->block->bytes;
	size_t end = fill(line, at, line->document->columns - line->block->indent);
	return end == bytes.len || bytes.data[end] == ' ' || behind_blank(bytes, at, end) > at;
}

/* Where the line that begins at `from` ends: all that is left, or behind a blank, or where it is full. */
static size_t end_of_line(const struct document_line *line, size_t from) {
	struct span bytes = line->block->bytes;
	size_t at = fill(line, from, line->document->columns - line->used);
	if (at == bytes.len || bytes.data[at] == ' ') {
		return at;
	}
	size_t soft = behind_blank(bytes, from, at);
	return soft > from && is_short(line, soft) ? soft : at;
}

bool document_paragraph_line(struct document_line *line, struct document_place *place) {
	struct span bytes = line->block->bytes;
	document_line_skip(line, place->offset > 0 ? line->block->indent : 0);
	size_t end = end_of_line(line, place->offset);
	bool forced = end == place->offset; /* too wide for any line: one character all the same */
	while (place->offset < bytes.len && (place->offset < end || forced)) {
		const struct document_piece *piece = piece_at(line->block, place->offset);
		/* a line that ends at a blank is cut there; else the room ends it, and the bytes behind decide how the last is shown */
		bool soft = end > 0 && end < piece->end && bytes.data[end - 1] == ' ';
		size_t to = soft && !forced ? end : piece->end;
		size_t len = document_line_put(
			line, (struct span){bytes.data + place->offset, to - place->offset}, piece->style);
		place->offset += len;
		if (len == 0 || forced) {
			break;
		}
	}
	if (place->offset < bytes.len && bytes.data[place->offset] == ' ' && line->begun) {
		place->offset++; /* the blank the line breaks at */
	}
	return place->offset < bytes.len;
}
