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
#define PAINT_BUDGET ((size_t)1024 * 1024)

struct document *document_new(size_t columns, bool ascii) {
	struct document *document = alloc_zero(1, sizeof *document);
	document->columns = columns > 0 ? columns : 1;
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
	free(document->tokens);
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

void document_write_line(const struct document *document, struct document_place *place,
	struct canvas *canvas, struct area area) {
	static bool (*const write[])(struct document_line *, struct document_place *) = {
		[KIND_PARAGRAPH] = document_paragraph_line,
		[KIND_JSON] = document_json_line,
		[KIND_TEXT] = document_text_line,
		[KIND_HEX] = document_hex_line,
		[KIND_XML] = document_xml_line};
	const struct document_block *block = &document->blocks[place->block];
	struct document_line line = {
		.document = document, .block = block, .canvas = canvas, .area = area};
	if (!write[block->kind](&line, place)) {
		enter_block(place, place->block + 1);
	}
}

bool document_is_complete(const struct document *document) {
	return document->begun ? document->laid.block == document->block_count
	                       : document->block_count == 0;
}

size_t document_lines(const struct document *document) {
	return document->lines;
}

static void keep_mark(struct document *document) {
	document->marks = grow(
		document->marks, document->mark_count, &document->mark_capacity, sizeof *document->marks);
	document->marks[document->mark_count++] = document->laid;
}

static void keep_long_token(struct document *document) {
	const struct document_json *json = &document->laid.json;
	size_t count = document->token_count, block = document->laid.block;
	if (json->token_end - json->lexed_from < DOCUMENT_TOKEN_LONG) {
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const struct document_token *known = &document->tokens[i];
		if (known->block == block && known->end == json->token_end) {
			return;
		}
	}
	document->tokens =
		grow(document->tokens, count, &document->token_capacity, sizeof *document->tokens);
	document->tokens[document->token_count++] = (struct document_token){
		block, json->lexed_from, json->token_begin, json->token_end, json->kind, json->lexer};
}

/* Returns what it cost. */
static size_t lay_line(struct document *document) {
	struct document_place *laid = &document->laid;
	size_t block = laid->block, offset = laid->offset;
	if (document->lines % DOCUMENT_MARK_LINES == 0) {
		keep_mark(document);
	}
	document_write_line(document, laid, NULL, (struct area){0});
	document->lines++;
	keep_long_token(document);
	size_t end = laid->block == block ? laid->offset : document->blocks[block].bytes.len;
	bool folds = document->blocks[block].folds && end - offset > FOLD_COST;
	return (folds ? FOLD_COST : end - offset) + LINE_COST;
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

struct document_place document_place_of(const struct document *document, size_t line) {
	if (line >= document->lines) {
		return document->laid;
	}
	struct document_place place = document->marks[line / DOCUMENT_MARK_LINES];
	for (size_t i = line % DOCUMENT_MARK_LINES; i > 0; i--) {
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
		bool behind = begins_behind(&document->marks[middle], position);
		low = behind ? low : middle;
		high = behind ? middle : high;
	}
	size_t line = low * DOCUMENT_MARK_LINES;
	struct document_place place = document->marks[low];
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
	while (mark > 0 &&
		   (mark == document->mark_count || begins_behind(&document->marks[mark], position))) {
		mark--;
	}
	if (document->mark_count > 0) {
		document->laid = document->marks[mark];
		document->lines = mark * DOCUMENT_MARK_LINES;
		document->mark_count = mark;
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
