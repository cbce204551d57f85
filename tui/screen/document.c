#include "tui/screen/document.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/screen/document_parts.h"

/* What a line costs beside its bytes, in bytes: a million empty lines are work, too. */
#define LINE_COST 16

/* Most that a line costs where there are folds: what is large in them is not read again. */
#define FOLD_COST OUTLINE_LARGE

/* How far painting lays out by itself. */
#define PAINT_BUDGET ((size_t)128 * 1024)

struct document *document_new(size_t columns, bool ascii) {
	struct document *document = alloc_zero(1, sizeof *document);
	document->columns = columns > 0 ? columns : 1;
	document->ahead.block = SIZE_MAX;
	document->ascii = ascii;
	return document;
}

void document_free(struct document *document) {
	if (!document) {
		return;
	}
	for (size_t i = 0; i < document->block_count; i++) {
		if (document->blocks[i].kind == KIND_PARAGRAPH) {
			free((char *)document->blocks[i].bytes.data);
			free(document->blocks[i].pieces);
		}
	}
	free(document->blocks);
	free(document->open_pieces);
	free(document->marks);
	free(document->longs);
	buffer_clear(&document->open_text);
	needle_free(document->find.needle);
	free(document);
}

bool document_is_ascii(const struct document *document) {
	return document->ascii;
}

/* Room for one more element of `size` bytes. */
static void *grow(void *list, size_t count, size_t *capacity, size_t size) {
	if (count < *capacity) {
		return list;
	}
	*capacity = *capacity > 0 ? *capacity * 2 : 8;
	return alloc_resize(list, *capacity * size);
}

/* --- what it is made of --- */

void document_add(struct document *document, struct span text, unsigned style) {
	if (text.len == 0) {
		return;
	}
	document->open_pieces = grow(document->open_pieces, document->open_count,
		&document->open_capacity, sizeof *document->open_pieces);
	buffer_append_span(&document->open_text, text);
	document->open_pieces[document->open_count++] =
		(struct document_piece){document->open_text.len, style};
}

void document_print(struct document *document, unsigned style, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	int len = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = alloc_bytes((size_t)len + 1);
	va_start(arguments, format);
	vsnprintf(text, (size_t)len + 1, format, arguments);
	va_end(arguments);
	document_add(document, (struct span){text, (size_t)len}, style);
	free(text);
}

static struct document_block *add_block(struct document *document, enum document_kind kind) {
	document->blocks = grow(document->blocks, document->block_count, &document->block_capacity,
		sizeof *document->blocks);
	struct document_block *block = &document->blocks[document->block_count++];
	*block = (struct document_block){.kind = kind};
	return block;
}

void document_end_line(struct document *document, size_t indent) {
	struct document_block *block = add_block(document, KIND_PARAGRAPH);
	struct span text = buffer_span(&document->open_text);
	size_t count = document->open_count;
	block->bytes = (struct span){alloc_text(text.data, text.len), text.len};
	block->pieces = alloc_zero(count, sizeof *block->pieces);
	if (count > 0) {
		memcpy(block->pieces, document->open_pieces, count * sizeof *block->pieces);
	}
	block->piece_count = count;
	block->indent = indent < document->columns / 2 ? indent : document->columns / 2;
	buffer_reset(&document->open_text);
	document->open_count = 0;
}

void document_add_payload(struct document *document, enum document_form form, struct span bytes) {
	static const enum document_kind kinds[] = {[DOCUMENT_JSON] = KIND_JSON,
		[DOCUMENT_TEXT] = KIND_TEXT,
		[DOCUMENT_HEX] = KIND_HEX,
		[DOCUMENT_XML] = KIND_XML};
	if (document->open_count > 0) {
		document_end_line(document, 0);
	}
	if (bytes.len > 0) {
		add_block(document, kinds[form])->bytes = bytes;
	}
}

void document_add_tree(struct document *document, struct span bytes, const struct outline *outline,
	const struct folds *folds) {
	document_add_payload(document, DOCUMENT_JSON, bytes);
	if (bytes.len > 0) {
		document->blocks[document->block_count - 1].outline = outline;
		document->blocks[document->block_count - 1].folds = folds;
	}
}

/* --- laying out --- */

static void enter_block(struct document_place *place, size_t block) {
	*place = (struct document_place){.block = block};
	place->json.kind = place->json.before = JSON_END;
}

/* False: it was not all looked through, and `place` is of no use. */
static bool write_line(struct document_line *line, struct document_place *place) {
	static bool (*const write[])(struct document_line *, struct document_place *) = {
		[KIND_PARAGRAPH] = document_paragraph_line,
		[KIND_JSON] = document_json_line,
		[KIND_TEXT] = document_text_line,
		[KIND_HEX] = document_hex_line,
		[KIND_XML] = document_xml_line};
	line->block = &line->document->blocks[place->block];
	if (!write[line->block->kind](line, place)) {
		enter_block(place, place->block + 1);
	}
	return !line->stalled;
}

void document_write_line(const struct document *document, struct document_place *place,
	struct canvas *canvas, struct area area) {
	struct document_line line = {.document = document, .canvas = canvas, .area = area};
	write_line(&line, place);
}

bool document_is_complete(const struct document *document) {
	return document->begun ? document->laid.block == document->block_count
	                       : document->block_count == 0;
}

size_t document_lines(const struct document *document) {
	return document->lines;
}

static void keep_mark(struct document *document) {
	size_t count = document->mark_count;
	if (count > 0 && document->unmarked < DOCUMENT_MARK_BYTES &&
		document->lines - document->marks[count - 1].line < DOCUMENT_MARK_LINES) {
		return;
	}
	document->marks =
		grow(document->marks, count, &document->mark_capacity, sizeof *document->marks);
	document->marks[document->mark_count++] =
		(struct document_mark){document->laid, document->lines};
	document->unmarked = 0;
}

/* --- what is long --- */

/* The first of them that is not before `from`. */
static size_t find_long(const struct document *document, size_t block, size_t from) {
	size_t low = 0, high = document->long_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct document_long *here = &document->longs[middle];
		bool before = here->block != block ? here->block < block : here->from < from;
		low = before ? middle + 1 : low;
		high = before ? high : middle;
	}
	return low;
}

const struct document_long *document_long_at(
	const struct document_line *line, size_t block, size_t from) {
	const struct document *document = line->document;
	size_t at = find_long(document, block, from);
	const struct document_long *here = &document->longs[at];
	return at < document->long_count && here->block == block && here->from == from ? here : NULL;
}

bool document_is_ahead(const struct document_line *line, size_t block, size_t from) {
	return line->ahead && line->ahead->block == block && line->ahead->from == from;
}

static void keep_long(struct document *document, const struct document_long *met) {
	size_t at = find_long(document, met->block, met->from);
	if (met->end - met->from < DOCUMENT_LONG ||
		(at < document->long_count && document->longs[at].block == met->block &&
			document->longs[at].from == met->from)) {
		return;
	}
	document->longs = grow(
		document->longs, document->long_count, &document->long_capacity, sizeof *document->longs);
	memmove(document->longs + at + 1, document->longs + at,
		(document->long_count - at) * sizeof *document->longs);
	document->longs[at] = *met;
	document->long_count++;
}

/* What is under way at the end of what is laid out. */
static void keep_under_way(struct document *document) {
	const struct document_place *laid = &document->laid;
	const struct document_json *json = &laid->json;
	const struct document_xml *xml = &laid->xml;
	if (laid->block == document->block_count) {
		return;
	}
	if (document->blocks[laid->block].kind == KIND_JSON) {
		keep_long(document, &(struct document_long){laid->block, json->lexed_from,
								json->token_begin, json->token_end, json->kind, json->lexer});
	} else if (document->blocks[laid->block].kind == KIND_XML && xml->kind != XML_TEXT) {
		keep_long(document,
			&(struct document_long){
				.block = laid->block, .from = xml->begin, .begin = xml->begin, .end = xml->end});
	}
}

/* Returns what it cost. */
static size_t lay_line(struct document *document) {
	struct document_place next = document->laid;
	struct document_line line = {.document = document, .ahead = &document->ahead};
	size_t block = next.block, offset = next.offset;
	keep_mark(document);
	if (!write_line(&line, &next)) {
		return DOCUMENT_LOOK_BYTES;
	}
	document->laid = next;
	document->lines++;
	keep_under_way(document);
	size_t end = next.block == block ? next.offset : document->blocks[block].bytes.len;
	bool folds = document->blocks[block].folds && end - offset > FOLD_COST;
	size_t cost = (folds ? FOLD_COST : end - offset) + line.cost + LINE_COST;
	document->unmarked += cost;
	return cost;
}

/* Until there are `lines` of them, it is complete, or the budget is spent. */
static void lay_out(struct document *document, size_t lines, size_t budget) {
	size_t spent = 0;
	if (!document->begun) {
		enter_block(&document->laid, 0);
		document->begun = true;
	}
	while (document->lines < lines && spent < budget && !document_is_complete(document)) {
		spent += lay_line(document);
	}
}

bool document_layout(struct document *document, size_t budget) {
	lay_out(document, SIZE_MAX, budget);
	return document_is_complete(document);
}

/* The last mark that is not behind a line; there has to be one. */
static size_t mark_of_line(const struct document *document, size_t line) {
	size_t low = 0, high = document->mark_count;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		bool behind = document->marks[middle].line > line;
		low = behind ? low : middle;
		high = behind ? middle : high;
	}
	return low;
}

struct document_place document_place_of(const struct document *document, size_t line) {
	if (line >= document->lines) {
		return document->laid;
	}
	const struct document_mark *mark = &document->marks[mark_of_line(document, line)];
	struct document_place place = mark->place;
	for (size_t i = mark->line; i < line; i++) {
		document_write_line(document, &place, NULL, (struct area){0});
	}
	return place;
}

bool document_is_before(struct document_position a, struct document_position b) {
	return a.block != b.block ? a.block < b.block : a.at < b.at;
}

static bool begins_behind(const struct document_place *place, struct document_position position) {
	return document_is_before(position, (struct document_position){place->block, place->offset});
}

size_t document_line_of(const struct document *document, struct document_position position) {
	size_t low = 0, high = document->mark_count; /* the last mark not behind it is in [low, high) */
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;
		bool behind = begins_behind(&document->marks[middle].place, position);
		low = behind ? low : middle;
		high = behind ? middle : high;
	}
	size_t line = document->marks[low].line;
	struct document_place place = document->marks[low].place;
	while (line + 1 < document->lines) {
		document_write_line(document, &place, NULL, (struct area){0});
		if (begins_behind(&place, position)) {
			break;
		}
		line++;
	}
	return line;
}

/* --- trees --- */

/* The block that is one; block_count: there is none. */
static size_t tree_of(const struct document *document) {
	size_t block = 0;
	while (block < document->block_count && !document->blocks[block].outline) {
		block++;
	}
	return block;
}

void document_tree_changed(struct document *document, size_t from) {
	struct document_position position = {tree_of(document), from};
	if (!document->begun || position.block == document->block_count) {
		return;
	}
	size_t mark = document->mark_count;
	while (mark > 0 && (mark == document->mark_count ||
						   begins_behind(&document->marks[mark].place, position))) {
		mark--;
	}
	if (document->mark_count > 0) {
		document->laid = document->marks[mark].place;
		document->lines = document->marks[mark].line;
		document->mark_count = mark;
		document->unmarked = DOCUMENT_MARK_BYTES;
	}
}

bool document_byte_of(
	const struct document *document, size_t line, struct span *payload, size_t *offset) {
	if (line >= document->lines) {
		return false;
	}
	struct document_place place = document_place_of(document, line);
	const struct document_block *block = &document->blocks[place.block];
	*payload = block->bytes;
	*offset = place.offset;
	return block->kind != KIND_PARAGRAPH;
}

static bool is_laid(const struct document *document, struct document_position position) {
	struct document_position laid = {document->laid.block, document->laid.offset};
	return document_is_complete(document) ||
	       (document->begun && document_is_before(position, laid));
}

bool document_line_of_byte(const struct document *document, size_t offset, size_t *line) {
	struct document_position position = {tree_of(document), offset};
	if (position.block == document->block_count || !is_laid(document, position)) {
		return false;
	}
	*line = document_line_of(document, position);
	return true;
}

bool document_byte_found(const struct document *document, size_t *offset) {
	*offset = document->find.low.at;
	return document->find.found && document->find.low.block == tree_of(document);
}

/* --- painting --- */

void document_paint(
	struct document *document, struct canvas *canvas, struct area area, size_t first) {
	lay_out(document, first + area.rows, PAINT_BUDGET);
	struct document_place place = document_place_of(document, first);
	size_t row = 0;
	for (; row < area.rows && first < document->lines && row < document->lines - first; row++) {
		struct area one = {area.x, area.y + row, area.columns, 1};
		document_write_line(document, &place, canvas, one);
	}
	if (row < area.rows && !document_is_complete(document)) {
		canvas_print(canvas, area.x, area.y + row, area.columns, STYLE_FAINT, "...");
	}
}
