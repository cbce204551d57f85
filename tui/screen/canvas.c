#include "tui/screen/canvas.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/text.h"

/* Words of ours in one canvas_print: more than the widest canvas shows. */
#define PRINT_LEN (4 * CANVAS_COLUMNS_MAX)

static const struct cell blank = {.text = " ", .len = 1, .width = 1, .style = STYLE_TEXT};

static size_t least(size_t a, size_t b) {
	return a < b ? a : b;
}

static struct cell *cell_at(struct canvas *canvas, size_t x, size_t y) {
	return &canvas->cells[y * canvas->columns + x];
}

/* How many of `columns` from x on lie on the canvas. */
static size_t columns_there(const struct canvas *canvas, size_t x, size_t y, size_t columns) {
	return x < canvas->columns && y < canvas->rows ? least(columns, canvas->columns - x) : 0;
}

/* `area` without what lies outside of the canvas. */
static struct area area_there(const struct canvas *canvas, struct area area) {
	area.columns = columns_there(canvas, area.x, area.y, area.columns);
	area.rows = area.columns > 0 ? least(area.rows, canvas->rows - area.y) : 0;
	return area;
}

void canvas_init(struct canvas *canvas, size_t columns, size_t rows, bool ascii) {
	*canvas = (struct canvas){.ascii = ascii};
	canvas_resize(canvas, columns, rows);
}

void canvas_clear(struct canvas *canvas) {
	free(canvas->cells);
	*canvas = (struct canvas){0};
}

void canvas_resize(struct canvas *canvas, size_t columns, size_t rows) {
	canvas->columns = least(columns, CANVAS_COLUMNS_MAX);
	canvas->rows = least(rows, CANVAS_ROWS_MAX);
	canvas->cells =
		alloc_resize(canvas->cells, canvas->columns * canvas->rows * sizeof *canvas->cells + 1);
	canvas_blank(canvas);
}

void canvas_blank(struct canvas *canvas) {
	for (size_t i = 0; i < canvas->columns * canvas->rows; i++) {
		canvas->cells[i] = blank;
	}
	canvas->cursor = false;
}

/* What is painted over half of a wide character takes the other half away, too. */
static void break_pair(struct canvas *canvas, size_t x, size_t y) {
	struct cell *cell = cell_at(canvas, x, y);
	struct cell *other = cell->width == 0 ? cell - 1 : cell->width == 2 ? cell + 1 : NULL;
	if (other) {
		uint8_t style = other->style;
		*other = blank;
		other->style = style;
	}
}

/* One character of `columns` columns (1 or 2), all of them on the canvas. */
static void put_character(
	struct canvas *canvas, size_t x, size_t y, struct span text, size_t columns, unsigned style) {
	for (size_t i = 0; i < columns; i++) {
		break_pair(canvas, x + i, y);
		*cell_at(canvas, x + i, y) = (struct cell){.style = (uint8_t)style};
	}
	struct cell *cell = cell_at(canvas, x, y);
	memcpy(cell->text, text.data, text.len);
	cell->len = (uint8_t)text.len;
	cell->width = (uint8_t)columns;
}

/* A combining mark joins the character that ends in front of x. */
static void put_mark(struct canvas *canvas, size_t x, size_t y, struct span mark) {
	struct cell *cell = cell_at(canvas, x - 1, y);
	cell -= cell->width == 0;
	if (cell->len + mark.len <= CELL_BYTES) {
		memcpy(cell->text + cell->len, mark.data, mark.len);
		cell->len = (uint8_t)(cell->len + mark.len);
	}
}

/* ASCII: one column a byte. */
static void put_run(
	struct canvas *canvas, size_t x, size_t y, struct span run, size_t len, unsigned style) {
	for (size_t i = 0; i < len; i++) {
		put_character(canvas, x + i, y, (struct span){run.data + i, 1}, 1, style);
	}
}

static unsigned escape_style(unsigned style) {
	return STYLE_ESCAPE | (style & ~STYLE_MASK);
}

/* Whether each byte of the piece has a column of its own. */
static bool is_run(const struct text_piece *piece) {
	return piece->columns == piece->text.len;
}

static void put_piece_at(
	struct canvas *canvas, size_t x, size_t y, const struct text_piece *piece, unsigned style) {
	if (is_run(piece)) {
		put_run(canvas, x, y, piece->text, piece->columns,
			piece->is_escape ? escape_style(style) : style);
	} else if (piece->columns == 0) {
		put_mark(canvas, x, y, piece->text);
	} else {
		put_character(canvas, x, y, piece->text, piece->columns, style);
	}
}

size_t canvas_put_piece(struct canvas *canvas, size_t x, size_t y, size_t columns, struct span text,
	unsigned style, size_t *used) {
	struct text_cursor cursor;
	struct text_piece piece;
	size_t room = columns_there(canvas, x, y, columns), len = 0;
	*used = 0;
	text_begin(&cursor, text, canvas->ascii ? TEXT_ASCII : TEXT_LINE);
	while (room > 0 && text_next(&cursor, &piece)) {
		if (piece.columns > room - *used) {
			/* of a run what there is room for; an escape or a wide character is never cut in two */
			size_t part = is_run(&piece) && !piece.is_escape ? room - *used : 0;
			put_run(canvas, x + *used, y, piece.text, part, style);
			*used += part;
			return len + part;
		}
		put_piece_at(canvas, x + *used, y, &piece, style);
		*used += piece.columns;
		len += piece.source.len;
	}
	return len;
}

size_t canvas_measure(const struct canvas *canvas, struct span text, size_t most) {
	struct text_cursor cursor;
	struct text_piece piece;
	size_t columns = 0;
	text_begin(&cursor, text, canvas->ascii ? TEXT_ASCII : TEXT_LINE);
	while (columns <= most && text_next(&cursor, &piece)) {
		columns += piece.columns;
	}
	return columns;
}

size_t canvas_put(
	struct canvas *canvas, size_t x, size_t y, size_t columns, struct span text, unsigned style) {
	size_t room = columns_there(canvas, x, y, columns), used = 0;
	if (room == 0) {
		return 0;
	}
	bool fits = canvas_measure(canvas, text, room) <= room;
	canvas_put_piece(canvas, x, y, fits ? room : room - 1, text, style, &used);
	if (!fits) {
		canvas_glyph(canvas, x + used, y, "\u2026", '~', style);
		used++;
	}
	return used;
}

size_t canvas_put_right(
	struct canvas *canvas, size_t x, size_t y, size_t columns, struct span text, unsigned style) {
	size_t used = least(columns, canvas_measure(canvas, text, columns));
	return canvas_put(canvas, x + columns - used, y, used, text, style);
}

size_t canvas_print(struct canvas *canvas, size_t x, size_t y, size_t columns, unsigned style,
	const char *format, ...) {
	char text[PRINT_LEN];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	return canvas_put(canvas, x, y, columns, span_text(text), style);
}

void canvas_glyph(
	struct canvas *canvas, size_t x, size_t y, const char *utf8, char ascii, unsigned style) {
	if (columns_there(canvas, x, y, 1) == 0) {
		return;
	}
	struct span text = canvas->ascii ? (struct span){&ascii, 1} : span_text(utf8);
	put_character(canvas, x, y, text, 1, style);
}

void canvas_line_across(struct canvas *canvas, size_t x, size_t y, size_t columns) {
	columns = columns_there(canvas, x, y, columns);
	for (size_t i = 0; i < columns; i++) {
		canvas_glyph(canvas, x + i, y, "\u2500", '-', STYLE_BORDER);
	}
}

void canvas_line_down(struct canvas *canvas, size_t x, size_t y, size_t rows) {
	for (size_t i = 0; i < rows && y + i < canvas->rows; i++) {
		canvas_glyph(canvas, x, y + i, "\u2502", '|', STYLE_BORDER);
	}
}

void canvas_box(struct canvas *canvas, struct area area) {
	if (area.columns < 2 || area.rows < 2) {
		return;
	}
	size_t right = area.x + area.columns - 1, bottom = area.y + area.rows - 1;
	canvas_line_across(canvas, area.x, area.y, area.columns);
	canvas_line_across(canvas, area.x, bottom, area.columns);
	canvas_line_down(canvas, area.x, area.y, area.rows);
	canvas_line_down(canvas, right, area.y, area.rows);
	canvas_glyph(canvas, area.x, area.y, "\u250c", '+', STYLE_BORDER);
	canvas_glyph(canvas, right, area.y, "\u2510", '+', STYLE_BORDER);
	canvas_glyph(canvas, area.x, bottom, "\u2514", '+', STYLE_BORDER);
	canvas_glyph(canvas, right, bottom, "\u2518", '+', STYLE_BORDER);
}

void canvas_fill(struct canvas *canvas, struct area area, unsigned style) {
	area = area_there(canvas, area);
	for (size_t y = area.y; y < area.y + area.rows; y++) {
		for (size_t x = area.x; x < area.x + area.columns; x++) {
			put_character(canvas, x, y, span_text(" "), 1, style);
		}
	}
}

static bool is_blank(const struct canvas *canvas, size_t x, size_t y) {
	const struct cell *cell = &canvas->cells[y * canvas->columns + x];
	return cell->len == 1 && cell->text[0] == ' ';
}

/* What stands beside `x` (`step` -1: to its left) of a word that is cut there. */
static void drop_word(struct canvas *canvas, size_t x, size_t y, int step) {
	if (is_blank(canvas, x, y)) {
		return;
	}
	for (x += (size_t)step; x < canvas->columns && !is_blank(canvas, x, y); x += (size_t)step) {
		put_character(canvas, x, y, span_text(" "), 1, cell_at(canvas, x, y)->style);
	}
}

void canvas_cover(struct canvas *canvas, struct area area) {
	area = area_there(canvas, area);
	for (size_t y = area.y; area.columns > 0 && y < area.y + area.rows; y++) {
		drop_word(canvas, area.x, y, -1);
		drop_word(canvas, area.x + area.columns - 1, y, 1);
	}
	canvas_fill(canvas, area, STYLE_TEXT);
}

void canvas_add_style(struct canvas *canvas, struct area area, unsigned flags) {
	area = area_there(canvas, area);
	for (size_t y = area.y; y < area.y + area.rows; y++) {
		for (size_t x = area.x; x < area.x + area.columns; x++) {
			cell_at(canvas, x, y)->style |= (uint8_t)flags;
		}
	}
}

/* Ends a line of the dump, without the `fill` at its end. */
static void end_line(struct buffer *out, size_t begin, char fill) {
	while (out->len > begin && out->data[out->len - 1] == fill) {
		out->len--;
	}
	buffer_append_byte(out, '\n');
}

static void dump_text(struct buffer *out, const struct canvas *canvas, size_t y) {
	size_t begin = out->len;
	for (size_t x = 0; x < canvas->columns; x++) {
		const struct cell *cell = &canvas->cells[y * canvas->columns + x];
		buffer_append(out, cell->text, cell->len);
	}
	end_line(out, begin, ' ');
}

static void dump_styles(struct buffer *out, const struct canvas *canvas, size_t y) {
	size_t begin = out->len;
	for (size_t x = 0; x < canvas->columns; x++) {
		buffer_append_byte(out, style_letter(canvas->cells[y * canvas->columns + x].style));
	}
	end_line(out, begin, '.');
}

void canvas_dump(struct buffer *out, const struct canvas *canvas, bool styles) {
	for (size_t y = 0; y < canvas->rows; y++) {
		dump_text(out, canvas, y);
	}
	if (styles) {
		buffer_append_text(out, "---\n");
		for (size_t y = 0; y < canvas->rows; y++) {
			dump_styles(out, canvas, y);
		}
	}
	if (canvas->cursor) {
		buffer_printf(out, "cursor %zu,%zu\n", canvas->cursor_x, canvas->cursor_y);
	}
}
