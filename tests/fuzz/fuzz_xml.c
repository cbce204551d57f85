/*
 * XML, or what begins like it, laid out in slices is what is laid out at once, and every byte of it but blanks is painted, in order. The first
 * byte of the input says how wide the lines are.
 */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/support/unescape.h"
#include "tui/screen/document.h"

#define PAYLOAD_MAX 1024
#define ROWS 20

/* Half of a line is indent, and an escape is ten columns wide. */
#define COLUMNS_ENOUGH 24

static struct document *document_of(struct span bytes, size_t columns, size_t budget) {
	struct document *document = document_new(columns, false);
	document_add_payload(document, DOCUMENT_XML, bytes);
	for (size_t slices = 0; !document_layout(document, budget); slices++) {
		HOLDS(slices <= bytes.len + 1);
	}
	return document;
}

static void append_without_blanks(struct buffer *out, struct span bytes) {
	for (size_t i = 0; i < bytes.len; i++) {
		if (bytes.data[i] == '\0' || !strchr(" \t\r\n", bytes.data[i])) {
			buffer_append_byte(out, bytes.data[i]);
		}
	}
}

static void read_row(struct buffer *out, const struct cell *cells, size_t columns) {
	struct buffer line = {0}, bytes = {0};
	for (size_t i = 0; i < columns; i++) {
		buffer_append(&line, cells[i].text, cells[i].len);
	}
	unescape(&bytes, buffer_span(&line));
	append_without_blanks(out, buffer_span(&bytes));
	buffer_clear(&line);
	buffer_clear(&bytes);
}

static void read_back(struct buffer *out, struct document *document, size_t columns) {
	struct canvas canvas;
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len < 2) {
		return 0;
	}
	size_t columns = COLUMNS_ENOUGH + data[0] % 100;
	struct span bytes = {(const char *)data + 1, len - 1 < PAYLOAD_MAX ? len - 1 : PAYLOAD_MAX};
	struct document *whole = document_of(bytes, columns, SIZE_MAX);
	struct document *sliced = document_of(bytes, columns, 1);
	struct buffer painted = {0}, again = {0}, expected = {0};
	HOLDS(document_lines(whole) == document_lines(sliced));
	read_back(&painted, whole, columns);
	read_back(&again, sliced, columns);
	append_without_blanks(&expected, bytes);
	HOLDS(span_equal(buffer_span(&painted), buffer_span(&again)));
	HOLDS(span_equal(buffer_span(&painted), buffer_span(&expected)));
	buffer_clear(&painted);
	buffer_clear(&again);
	buffer_clear(&expected);
	document_free(whole);
	document_free(sliced);
	return 0;
}
