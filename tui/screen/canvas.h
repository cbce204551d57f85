/*
 * What the screen will show, as cells in memory. Views paint here; tui/term copies it to the terminal; tests dump it as
 * text. Every text that is painted passes common/text here, so no foreign byte reaches a cell unescaped.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"
#include "tui/screen/style.h"

/* Bytes of one cell: a character of up to 4 bytes and TEXT_MARKS_MAX combining marks. */
#define CELL_BYTES 20

/* Smallest and largest screen that is painted; beyond the largest the rest stays empty. */
#define CANVAS_COLUMNS_MAX 1000
#define CANVAS_ROWS_MAX 500

struct cell {
	char text[CELL_BYTES]; /* printable UTF-8 */
	uint8_t len;           /* 0 in the right half of a wide character */
	uint8_t width;         /* 1 or 2; 0 in the right half of a wide character */
	uint8_t style;         /* enum style | STYLE_CURSOR | STYLE_SELECTED */
};

struct touches;

struct canvas {
	size_t columns, rows;
	struct cell *cells; /* rows * columns */
	bool ascii;         /* the terminal is not UTF-8: glyphs and foreign text are ASCII only */
	bool cursor;        /* the terminal's cursor is shown at cursor_x, cursor_y (a prompt) */
	size_t cursor_x, cursor_y;
	struct touches *touches; /* what the mouse does is noted there (touch.h); NULL: nobody asks */
};

/* A rectangle of the canvas. Everything painted outside of the canvas is cut off. */
struct area {
	size_t x, y, columns, rows;
};

void canvas_init(struct canvas *canvas, size_t columns, size_t rows, bool ascii);
void canvas_clear(struct canvas *canvas);

/* Another size; everything is blank afterwards. */
void canvas_resize(struct canvas *canvas, size_t columns, size_t rows);
/* Every cell a blank in STYLE_TEXT, no cursor. */
void canvas_blank(struct canvas *canvas);

/*
 * Paints one line of text (foreign or ours), escaped, at most `columns` wide and cut with an ellipsis; escapes are
 * painted in STYLE_ESCAPE. A tab and a line end are escaped as well. Returns the columns used. Looks at no more of the text than it
 * paints.
 */
size_t canvas_put(
	struct canvas *canvas, size_t x, size_t y, size_t columns, struct span text, unsigned style);
/* The same, right-aligned: the text ends in front of column x + columns. */
size_t canvas_put_right(
	struct canvas *canvas, size_t x, size_t y, size_t columns, struct span text, unsigned style);
/* The same for words of ours. */
size_t canvas_print(struct canvas *canvas, size_t x, size_t y, size_t columns, unsigned style,
	const char *format, ...) __attribute__((format(printf, 6, 7)));

/*
 * A piece of a line that goes on: like canvas_put, but without the ellipsis; stops in front of a character that does not
 * fit. `used` gets the columns, the return value is how many bytes of `text` were painted.
 */
size_t canvas_put_piece(struct canvas *canvas, size_t x, size_t y, size_t columns, struct span text,
	unsigned style, size_t *used);

/* Columns such a text needs, or more than `most` when it needs more; looks at no more of it than that. */
size_t canvas_measure(const struct canvas *canvas, struct span text, size_t most);

/* One of our own glyphs: `utf8` (one column), or `ascii` where the terminal is not UTF-8. */
void canvas_glyph(
	struct canvas *canvas, size_t x, size_t y, const char *utf8, char ascii, unsigned style);

/* Lines of STYLE_BORDER, and a box around `area` (its outermost cells). */
void canvas_line_across(struct canvas *canvas, size_t x, size_t y, size_t columns);
void canvas_line_down(struct canvas *canvas, size_t x, size_t y, size_t rows);
void canvas_box(struct canvas *canvas, struct area area);

/* Blanks in a style. */
void canvas_fill(struct canvas *canvas, struct area area, unsigned style);
/* Blanks for what stands above the rest; a word at its edges goes whole: what was left of a number would be another one. */
void canvas_cover(struct canvas *canvas, struct area area);
/* Adds STYLE_CURSOR or STYLE_SELECTED to cells as they are. */
void canvas_add_style(struct canvas *canvas, struct area area, unsigned flags);

/*
 * The screen as text, a line a row, trailing blanks cut; with `styles`, a second block follows behind a line "---": one
 * letter a column (style_letter), upper half of the story of a saved screen. The cursor, if any, is a last line "cursor 3,23".
 */
void canvas_dump(struct buffer *out, const struct canvas *canvas, bool styles);
