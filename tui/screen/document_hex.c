/* A payload as bytes: "00000010  47 49 46 38  |GIF8|". */
#include <stdio.h>

#include "tui/screen/document_parts.h"

#define OFFSET_COLUMNS 8

/* Where things stand on a line of `count` bytes. */
struct hex {
	size_t count;
	size_t ascii; /* column of the first character */
};

static struct hex hex_of(size_t columns) {
	static const size_t counts[] = {16, 8, 4};
	struct hex hex = {0};
	for (size_t i = 0; i < 3; i++) {
		hex.count = counts[i];
		/* digits and a blank a byte, a gap in the middle of 16, a bar on both sides */
		hex.ascii = OFFSET_COLUMNS + 2 + hex.count * 3 + (hex.count == 16) + 2;
		if (hex.ascii + hex.count + 1 <= columns) {
			break;
		}
	}
	return hex;
}

static size_t digits_at(const struct hex *hex, size_t i) {
	return OFFSET_COLUMNS + 2 + i * 3 + (hex->count == 16 && i >= 8);
}

static void put_byte(
	struct document_line *line, const struct hex *hex, size_t i, char byte, bool hit) {
	char digits[3];
	bool printable = byte >= 0x20 && byte < 0x7f;
	unsigned char value = (unsigned char)byte;
	snprintf(digits, sizeof digits, "%02x", value);
	document_line_print(line, digits_at(hex, i), (struct span){digits, 2},
		hit          ? STYLE_MATCH
		: value == 0 ? STYLE_FAINT
					 : STYLE_TEXT);
	document_line_print(line, hex->ascii + i, (struct span){printable ? &byte : ".", 1},
		hit         ? STYLE_MATCH
		: printable ? STYLE_STRING
					: STYLE_ESCAPE);
}

static void put_frame(
	struct document_line *line, const struct hex *hex, size_t offset, size_t count) {
	char text[32];
	int len = snprintf(text, sizeof text, "%0*zx", OFFSET_COLUMNS, offset);
	document_line_print(line, 0, (struct span){text, (size_t)len}, STYLE_FAINT);
	document_line_print(line, hex->ascii - 1, span_text("|"), STYLE_FAINT);
	document_line_print(line, hex->ascii + count, span_text("|"), STYLE_FAINT);
}

static void put_bytes(
	struct document_line *line, const struct hex *hex, size_t from, size_t count) {
	struct document_hits hits = document_hits_in(line->document, line->block, from, from + count);
	size_t begin = 0, end = 0;
	bool more = document_hits_next(&hits, &begin, &end);
	for (size_t i = 0; i < count; i++) {
		while (more && end <= from + i) {
			more = document_hits_next(&hits, &begin, &end);
		}
		bool hit = more && begin <= from + i;
		put_byte(line, hex, i, line->block->bytes.data[from + i], hit);
	}
}

bool document_hex_line(struct document_line *line, struct document_place *place) {
	struct hex hex = hex_of(line->document->columns);
	size_t from = place->offset, left = line->block->bytes.len - from;
	size_t count = left < hex.count ? left : hex.count;
	if (line->canvas) {
		put_frame(line, &hex, from, count);
		put_bytes(line, &hex, from, count);
	}
	place->offset += count;
	return count < left;
}
