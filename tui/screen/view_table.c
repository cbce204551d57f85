/* Tables on the whole area: a title, headings, and rows of which a narrow screen leaves columns out. */
#include "tui/screen/view_parts.h"

size_t view_whole(struct canvas *canvas, struct area area, size_t most, struct span text) {
	size_t rows = view_text_rows(canvas, area.columns, most, text), left = area.rows - rows - 1;
	canvas_line_across(canvas, area.x, area.y + left, area.columns);
	view_text(
		canvas, (struct area){area.x, area.y + left + 1, area.columns, rows}, text, STYLE_TEXT);
	return left;
}

void view_title(struct canvas *canvas, struct area row, const char *title, struct span subject,
	struct span right) {
	size_t used = canvas_put(canvas, row.x, row.y, row.columns, span_text(title), STYLE_TITLE);
	size_t room = row.columns > used ? row.columns - used : 0;
	if (right.len + 2 <= room) {
		canvas_put_right(canvas, row.x + used, row.y, room, right, STYLE_FAINT);
		room -= right.len + 2;
	}
	canvas_put(canvas, row.x + used, row.y, room, subject, STYLE_KEY);
}

void view_table_row(struct canvas *canvas, struct area row, const struct view_table *table,
	view_cell_fn *cell, const void *data) {
	struct buffer text = {0};
	size_t x = row.x, end = row.x + row.columns;
	for (size_t i = 0; i < table->count && x < end; i++) {
		const struct view_column *column = &table->columns[i];
		if (row.columns < column->from) {
			continue;
		}
		size_t room = column->columns > 0 && column->columns < end - x ? column->columns : end - x;
		const struct event *event = NULL;
		unsigned style = STYLE_FAINT;
		buffer_reset(&text);
		if (cell) {
			style = cell(&text, &event, i, data);
		} else {
			buffer_append_text(&text, column->head);
		}
		if (event) {
			view_ref(canvas, x, row.y, room, event, style);
		}
		(column->right ? canvas_put_right : canvas_put)(
			canvas, x, row.y, room, buffer_span(&text), style);
		x += room + 2;
	}
	buffer_clear(&text);
}

size_t view_table_first(size_t cursor, size_t rows) {
	return cursor >= rows && rows > 0 ? cursor - rows + 1 : 0;
}
