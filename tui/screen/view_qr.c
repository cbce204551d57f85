#include "tui/screen/view_parts.h"

/* The light border a camera needs, in modules: the standard's 4, or 2, which do where there is no room. */
#define BORDER 4
#define BORDER_LEAST 2

/* What is outside of the code is light. */
static bool is_dark(const struct qr_panel *panel, size_t border, size_t x, size_t y) {
	return x >= border && y >= border && x - border < panel->size && y - border < panel->size &&
	       panel->dark[y - border][x - border];
}

/*
 * Two modules a cell. On a dark terminal what is light is painted, on a light one what is dark: a camera wants dark on light.
 */
static void paint_cells(const struct qr_panel *panel, struct canvas *canvas, struct area at,
	size_t border, bool paint_dark) {
	static const char *const blocks[] = {" ", "\u2580", "\u2584", "\u2588"};
	for (size_t y = 0; y < at.rows; y++) {
		for (size_t x = 0; x < at.columns; x++) {
			bool upper = is_dark(panel, border, x, 2 * y) == paint_dark;
			bool lower = is_dark(panel, border, x, 2 * y + 1) == paint_dark;
			canvas_glyph(canvas, at.x + x, at.y + y, blocks[upper + 2 * lower], ' ', STYLE_TEXT);
		}
	}
}

/* Without half blocks a module is two columns wide and a row high. */
static void paint_ascii(const struct qr_panel *panel, struct canvas *canvas, struct area at,
	size_t border, bool paint_dark) {
	for (size_t y = 0; y < at.rows; y++) {
		for (size_t x = 0; x < at.columns; x++) {
			bool painted = is_dark(panel, border, x / 2, y) == paint_dark;
			canvas_glyph(canvas, at.x + x, at.y + y, "#", painted ? '#' : ' ', STYLE_TEXT);
		}
	}
}

/* The largest border that leaves room; 0: there is not even room for the least. */
static size_t border_of(
	const struct qr_panel *panel, bool ascii, struct area area, struct area *code) {
	for (size_t border = BORDER; border >= BORDER_LEAST; border--) {
		size_t side = panel->size + 2 * border;
		size_t columns = ascii ? 2 * side : side, rows = ascii ? side : (side + 1) / 2;
		if (columns <= area.columns && rows < area.rows) {
			*code = (struct area){area.x + (area.columns - columns) / 2, area.y, columns, rows};
			return border;
		}
	}
	return 0;
}

static void paint_small(const struct qr_panel *panel, struct canvas *canvas, struct area area) {
	size_t side = panel->size + 2 * BORDER_LEAST;
	struct buffer text = {0};
	buffer_printf(&text, "A QR code of ");
	buffer_append_text(&text, panel->text);
	buffer_printf(&text, " needs %zu columns and %zu rows above the bar.",
		canvas->ascii ? 2 * side : side, (canvas->ascii ? side : (side + 1) / 2) + 1);
	view_text(canvas, area, buffer_span(&text), STYLE_TEXT);
	buffer_clear(&text);
}

void view_qr(const struct model *model, struct canvas *canvas, struct area area) {
	const struct qr_panel *panel = &model->qr;
	bool paint_dark = model->theme == THEME_LIGHT;
	struct area code;
	size_t border = border_of(panel, canvas->ascii, area, &code);
	if (border == 0) {
		paint_small(panel, canvas, area);
		return;
	}
	(canvas->ascii ? paint_ascii : paint_cells)(panel, canvas, code, border, paint_dark);
	canvas_put(canvas, area.x, area.y + code.rows, area.columns, span_text(panel->text), STYLE_KEY);
}
