#include "tui/screen/filters_panel.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* Columns of a name; narrower areas have it and the filter side by side, cut. */
#define NAME_COLUMNS 20
#define NAME_COLUMNS_NARROW 10
#define COLUMNS_WITH_NAMES 60

static void paint_row(
	const struct model *model, struct canvas *canvas, struct area row, size_t at) {
	const char *name, *text;
	if (!filters_panel_row(model, at, &name, &text)) {
		return;
	}
	size_t wide = row.columns >= COLUMNS_WITH_NAMES ? NAME_COLUMNS : NAME_COLUMNS_NARROW;
	bool chosen = at == model->dialog.top;
	canvas_put(canvas, row.x, row.y, 2, span_text(chosen ? "> " : ""), STYLE_TEXT);
	canvas_put(canvas, row.x + 2, row.y, wide - 1, span_text(name ? name : "typed"),
		name ? STYLE_NAME : STYLE_FAINT);
	size_t x = 2 + wide;
	if (x < row.columns) {
		canvas_put(canvas, row.x + x, row.y, row.columns - x, span_text(text), STYLE_TEXT);
	}
	touch_row(canvas, row, at);
	if (chosen) {
		canvas_add_style(canvas, row, STYLE_CURSOR);
	}
}

void view_filters(const struct model *model, struct canvas *canvas, struct area area) {
	size_t at = model->dialog.top;
	const char *name, *text;
	if (area.rows == 0 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	canvas_put(canvas, area.x, area.y, area.columns, span_text("Filters: saved, and typed last"),
		STYLE_TITLE);
	area.y++;
	area.rows--;
	if (!filters_panel_row(model, 0, &name, &text)) {
		view_text(canvas, area,
			span_text(
				"None yet. What is typed behind / stands here; :save NAME keeps the filter in "
				"force under a name."),
			STYLE_FAINT);
		return;
	}
	size_t first = at >= area.rows && area.rows > 0 ? at - area.rows + 1 : 0;
	for (size_t i = 0; i < area.rows; i++) {
		paint_row(model, canvas, (struct area){area.x, area.y + i, area.columns, 1}, first + i);
	}
}
