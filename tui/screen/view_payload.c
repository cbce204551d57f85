/* The cursor in the payload: its row, and below the pane what it is on. */
#include "common/words.h"
#include "tui/screen/update_parts.h"
#include "tui/screen/view_parts.h"

/* "string, 12 B", "20 items" */
static void append_kind(struct buffer *out, const struct outline_spot *spot) {
	static const char *const kinds[] = {[JSON_OBJECT_BEGIN] = "member",
		[JSON_ARRAY_BEGIN] = "item",
		[JSON_STRING] = "string",
		[JSON_NUMBER] = "number",
		[JSON_TRUE] = "true",
		[JSON_FALSE] = "false",
		[JSON_NULL] = "null"};
	bool holds = spot->kind == JSON_OBJECT_BEGIN || spot->kind == JSON_ARRAY_BEGIN;
	const char *kind = spot->kind <= JSON_NULL && kinds[spot->kind] ? kinds[spot->kind] : "";
	if (holds && spot->end > 0) {
		buffer_printf(out, "%zu %s%s", spot->items, kind, spot->items == 1 ? "" : "s");
	} else {
		buffer_append_text(out, holds ? "not closed" : kind);
	}
	if (spot->end > 0) {
		buffer_append_text(out, ", ");
		words_append_size(out, (int64_t)(spot->end - spot->begin));
	}
}

/* The path, cut at its front where it is long: what is near the cursor matters most. */
static void paint_path(struct canvas *canvas, struct area row, struct span path) {
	if (canvas_measure(canvas, path, row.columns) <= row.columns) {
		canvas_put(canvas, row.x, row.y, row.columns, path, STYLE_NAME);
		return;
	}
	size_t from = path.len > row.columns ? path.len - row.columns + 1 : 0;
	while (from < path.len &&
		   ((path.data[from] & 0xc0) == 0x80 ||
			   canvas_measure(canvas, span_after(path, from), row.columns) >= row.columns)) {
		from++;
	}
	canvas_glyph(canvas, row.x, row.y, "\u2026", '~', STYLE_FAINT);
	canvas_put(canvas, row.x + 1, row.y, row.columns - 1, span_after(path, from), STYLE_NAME);
}

void view_payload(const struct model *model, struct canvas *canvas, const struct layout *layout) {
	const struct payload *payload = &model->detail.payload;
	struct area row = layout->detail, below = layout->detail_path;
	size_t top = model->detail.top;
	if (!payload_has_cursor(model)) {
		return;
	}
	if (model->detail_focused && payload->cursor >= top && payload->cursor - top < row.rows) {
		row.y += payload->cursor - top;
		row.rows = 1;
		canvas_add_style(canvas, row, STYLE_CURSOR);
	}
	if (below.rows == 0) {
		return;
	}
	struct buffer text = {0};
	if (payload->path.len > 0) {
		append_kind(&text, &payload->spot);
	} else if (payload->has_byte) {
		buffer_printf(&text, "byte %zu of %zu", payload->byte,
			payload_bytes(payload, buffer_span(&model->detail.body)).len);
	}
	size_t used =
		canvas_put_right(canvas, below.x, below.y, below.columns, buffer_span(&text), STYLE_FAINT);
	buffer_clear(&text);
	if (payload->path.len > 0 && used + 2 < below.columns) {
		below.columns -= used + 2;
		paint_path(canvas, below, buffer_span(&payload->path));
	}
}
