/*
 * A payload laid out in slices is the one laid out at once; in text and hex every byte of it is painted, in order; what is painted and
 * searched anywhere is there.
 */
#include <string.h>

#include "common/json_lexer.h"
#include "common/text.h"
#include "tests/fuzz/fuzz.h"
#include "tests/support/unescape.h"
#include "tui/screen/document.h"

/* Narrower lines may leave out what is wider than all of them: half of a line is indent, an escape is ten columns wide. */
#define COLUMNS_ENOUGH 20

/* What is looked at: a longer input shows nothing new, slowly. */
#define PAYLOAD_MAX 2048

/* Painted at once. */
#define ROWS 60

/* Of the paragraph in front of the payload. */
#define PARAGRAPH_LEN 300

static struct document *document_of(size_t columns, enum document_form form, struct span bytes) {
	struct document *document = document_new(columns, false);
	struct span front = {bytes.data, bytes.len < PARAGRAPH_LEN ? bytes.len : PARAGRAPH_LEN};
	document_print(document, STYLE_TITLE, "%zu bytes ", bytes.len);
	document_add(document, front, STYLE_NAME);
	document_add(document, span_after(front, front.len / 2), STYLE_TEXT);
	document_end_line(document, front.len % 20);
	document_add_payload(document, form, bytes);
	return document;
}

/* All lines as text. */
static void paint_all(struct buffer *out, struct document *document, size_t columns) {
	struct canvas canvas;
	canvas_init(&canvas, columns, ROWS, false);
	for (size_t first = 0; first < document_lines(document); first += ROWS) {
		canvas_blank(&canvas);
		document_paint(document, &canvas, (struct area){0, 0, columns, ROWS}, first);
		canvas_dump(out, &canvas, true);
	}
	canvas_clear(&canvas);
}

static void slices_make_no_difference(struct span bytes, size_t columns, enum document_form form) {
	struct document *at_once = document_of(columns, form, bytes);
	struct document *sliced = document_of(columns, form, bytes);
	struct buffer a = {0}, b = {0};
	HOLDS(document_layout(at_once, SIZE_MAX));
	while (!document_layout(sliced, 1 + bytes.len / 3)) {
		HOLDS(!document_is_complete(sliced));
	}
	HOLDS(document_lines(at_once) == document_lines(sliced));
	paint_all(&a, at_once, columns);
	paint_all(&b, sliced, columns);
	HOLDS(span_equal(buffer_span(&a), buffer_span(&b)));
	document_free(at_once);
	document_free(sliced);
	buffer_clear(&a);
	buffer_clear(&b);
}

static void append_without(struct buffer *out, struct span bytes, const char *left_out) {
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.data[i] == '\0' || !strchr(left_out, bytes.data[i])) {
			buffer_append_byte(out, bytes.data[i]);
		}
	}
}

/* A row of cells, read back to bytes; blanks left out, which line ends and tabs have become. */
static void read_row(struct buffer *out, const struct cell *cells, size_t columns) {
	struct buffer line = {0}, bytes = {0};
	for (size_t i = 0; i < columns; i++) {
		buffer_append(&line, cells[i].text, cells[i].len);
	}
	unescape(&bytes, buffer_span(&line));
	append_without(out, buffer_span(&bytes), " ");
	buffer_clear(&line);
	buffer_clear(&bytes);
}

static void read_back(struct buffer *out, struct document *document, size_t columns) {
	struct canvas canvas;
	document_layout(document, SIZE_MAX);
	canvas_init(&canvas, columns, ROWS, false);
	for (size_t first = 0; first < document_lines(document); first += ROWS) {
		canvas_blank(&canvas);
		document_paint(document, &canvas, (struct area){0, 0, columns, ROWS}, first);
		for (size_t row = 0; row < ROWS; row++) {
			read_row(out, &canvas.cells[row * columns], columns);
		}
	}
	canvas_clear(&canvas);
}

/* But for those of `left_out`. */
static void reads_back(
	struct document *document, size_t columns, struct span bytes, const char *left_out) {
	struct buffer painted = {0}, expected = {0};
	read_back(&painted, document, columns);
	append_without(&expected, bytes, left_out);
	HOLDS(span_equal(buffer_span(&painted), buffer_span(&expected)));
	buffer_clear(&painted);
	buffer_clear(&expected);
	document_free(document);
}

static void every_byte_is_painted(
	struct span bytes, size_t columns, enum document_form form, const char *left_out) {
	struct document *document = document_new(columns, false);
	document_add_payload(document, form, bytes);
	reads_back(document, columns, bytes, left_out);
}

static void every_byte_of_a_paragraph_is_painted(struct span bytes, size_t columns) {
	struct document *document = document_new(columns, false);
	document_add(document, bytes, STYLE_TEXT);
	document_end_line(document, bytes.len % 30);
	reads_back(document, columns, bytes, " ");
}

static bool is_json(struct span bytes) {
	struct json_lexer lexer;
	struct json_token token;
	json_lexer_init(&lexer, bytes);
	do {
		token = json_lexer_next(&lexer);
	} while (token.kind != JSON_END && token.kind != JSON_ERROR);
	return token.kind == JSON_END;
}

/* The byte whose digits stand in two cells. */
static unsigned long byte_of(const struct cell *cells) {
	char digits[3] = {cells[0].text[0], cells[1].text[0], 0};
	return strtoul(digits, NULL, 16);
}

/* Rows as hex writes them: the digits say the bytes. */
static void hex_tells_every_byte(struct span bytes, size_t columns) {
	struct document *document = document_new(columns, false);
	struct canvas canvas;
	size_t count = columns >= 78 ? 16 : columns >= 45 ? 8 : 4;
	document_add_payload(document, DOCUMENT_HEX, bytes);
	document_layout(document, SIZE_MAX);
	HOLDS(document_lines(document) == (bytes.len + count - 1) / count);
	canvas_init(&canvas, columns, CANVAS_ROWS_MAX, false);
	document_paint(document, &canvas, (struct area){0, 0, columns, CANVAS_ROWS_MAX}, 0);
	for (size_t at = 0; at < bytes.len && at / count < CANVAS_ROWS_MAX; at++) {
		size_t i = at % count, x = 10 + 3 * i + (count == 16 && i >= 8);
		HOLDS(byte_of(&canvas.cells[at / count * columns + x]) == (unsigned char)bytes.data[at]);
	}
	canvas_clear(&canvas);
	document_free(document);
}

static enum document_found find(
	struct document *document, size_t from, bool upwards, size_t budget, size_t *line) {
	enum document_found found = DOCUMENT_GO_ON;
	for (size_t slices = 0; found == DOCUMENT_GO_ON; slices++) {
		found = document_find_next(document, from, upwards, budget, line);
		HOLDS(slices < 100000);
	}
	return found;
}

/* Goes once through all hits downwards, and meets them again upwards. */
static void what_is_there_is_found(
	struct span bytes, size_t columns, enum document_form form, struct span needle) {
	struct document *document = document_of(columns, form, bytes);
	size_t line = 0, from = SIZE_MAX, back = 0;
	document_search(document, needle);
	for (int i = 0; i < 5; i++) {
		enum document_found found = find(document, from, false, 1 + bytes.len / 5, &line);
		HOLDS((needle.len > 0) == (found == DOCUMENT_FOUND));
		if (found != DOCUMENT_FOUND) {
			break;
		}
		HOLDS(line < document_lines(document));
		if (from != SIZE_MAX && line > from) {
			HOLDS(find(document, line, true, 64, &back) == DOCUMENT_FOUND);
			HOLDS(back == from);
		}
		from = line;
	}
	struct buffer marked = {0};
	document_layout(document, SIZE_MAX);
	paint_all(&marked, document, columns);
	buffer_clear(&marked);
	document_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len < 3) {
		return 0;
	}
	size_t columns = 1 + data[0] % 100;
	struct span bytes = {(const char *)data + 3, len - 3 < PAYLOAD_MAX ? len - 3 : PAYLOAD_MAX};
	struct span needle = span_after(bytes, data[1]);
	needle.len = needle.len < data[2] ? needle.len : data[2];
	for (int form = DOCUMENT_JSON; form <= DOCUMENT_HEX; form++) {
		slices_make_no_difference(bytes, columns, (enum document_form)form);
		what_is_there_is_found(bytes, columns, (enum document_form)form, needle);
	}
	every_byte_of_a_paragraph_is_painted(bytes, COLUMNS_ENOUGH + columns);
	every_byte_is_painted(bytes, COLUMNS_ENOUGH + columns, DOCUMENT_TEXT, " \t\n");
	if (is_json(bytes)) {
		every_byte_is_painted(bytes, COLUMNS_ENOUGH + columns, DOCUMENT_JSON, " \t\r\n");
	}
	hex_tells_every_byte(bytes, COLUMNS_ENOUGH + 9 + columns);
	document_form_of(bytes);
	return 0;
}
