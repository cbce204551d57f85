/* The box of a proof: the menu, what is found, the verdict. */
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* Title, an empty line, and what can be proven. */
#define MENU_ROWS (PROVE_ITEMS + 2)
#define MARK_COLUMNS 4
/* Lines a finding may take. */
#define FINDING_ROWS 3
#define VERDICT_ROWS 3

static void put_keys(struct canvas *canvas, struct area row, const char *const *pairs) {
	size_t x = row.x, end = row.x + row.columns;
	for (; *pairs && x < end; pairs += 2) {
		size_t width = span_text(pairs[0]).len + 1 + span_text(pairs[1]).len;
		struct area area = {x, row.y, width < end - x ? width : end - x, row.rows};
		touch_key_named(canvas, area, pairs[0]);
		x += canvas_put(canvas, x, row.y, end - x, span_text(pairs[0]), STYLE_KEY) + 1;
		x += x < end ? canvas_put(canvas, x, row.y, end - x, span_text(pairs[1]), STYLE_TEXT) + 2
		             : 0;
	}
}

static struct area line_of(struct area inner, size_t row) {
	return (struct area){inner.x, inner.y + row, inner.columns, row < inner.rows ? 1 : 0};
}

static void paint_menu(const struct model *model, struct canvas *canvas, struct area area) {
	struct area inner = view_box(canvas, area, MENU_ROWS);
	if (inner.rows == 0) {
		return;
	}
	canvas_put(canvas, inner.x, inner.y, inner.columns, span_text("Prove the app"), STYLE_TITLE);
	for (size_t i = 0; i < PROVE_ITEMS; i++) {
		struct area row = line_of(inner, inner.rows == MENU_ROWS ? i + 2 : i + 1);
		if (row.rows == 0) {
			return;
		}
		size_t end = row.x + row.columns;
		canvas_put(canvas, row.x, row.y, 1, (struct span){&prove_items[i].letter, 1}, STYLE_KEY);
		canvas_put(canvas, row.x + 3, row.y, end > row.x + 3 ? end - row.x - 3 : 0,
			span_text(prove_items[i].word), STYLE_TEXT);
		if (row.columns > 12) {
			canvas_put(canvas, row.x + 12, row.y, row.columns - 12, span_text(prove_items[i].help),
				STYLE_FAINT);
		}
		uint32_t key = (unsigned char)prove_items[i].letter;
		touch_key_carefully(canvas, row, key, model->dialog.touched == key);
	}
}

static unsigned style_of(enum prove_mark mark) {
	static const unsigned styles[] = {STYLE_GOOD, STYLE_BAD, STYLE_FAINT, STYLE_FAINT};
	return styles[mark];
}

static size_t rows_of(
	const struct canvas *canvas, const struct prove_panel_line *line, size_t columns) {
	return view_text_rows(canvas, columns > MARK_COLUMNS ? columns - MARK_COLUMNS : 1, FINDING_ROWS,
		span_text(line->text));
}

/* The newest that find room. */
static void paint_lines(const struct prove_panel *panel, struct canvas *canvas, struct area inner) {
	static const char *const marks[] = {"ok", "BAD", "-", ""};
	size_t first = panel->count, rows = 0;
	while (first > 0) {
		size_t more = rows_of(canvas, &panel->lines[first - 1], inner.columns);
		if (rows + more > inner.rows) {
			break;
		}
		rows += more;
		first--;
	}
	size_t y = inner.y;
	for (size_t i = first; i < panel->count; i++) {
		const struct prove_panel_line *line = &panel->lines[i];
		canvas_put(
			canvas, inner.x, y, MARK_COLUMNS, span_text(marks[line->mark]), style_of(line->mark));
		struct area text = {inner.x + MARK_COLUMNS, y,
			inner.columns > MARK_COLUMNS ? inner.columns - MARK_COLUMNS : 0, FINDING_ROWS};
		y += view_text(canvas, text, span_text(line->text),
			line->mark == PROVE_MARK_OK || line->mark == PROVE_MARK_BAD ? STYLE_TEXT : STYLE_FAINT);
	}
}

static void paint_panel(const struct model *model, struct canvas *canvas, struct area area) {
	static const char *const running[] = {"s", "stop", "Esc", "leave it running", NULL};
	static const char *const over[] = {
		"y", "copy the command", "t r e c", "again", "Esc", "close", NULL};
	const struct prove_panel *panel = &model->prove;
	struct area inner = view_box(canvas, area, area.rows > 2 ? area.rows - 2 : area.rows);
	if (inner.rows == 0) {
		return;
	}
	if (inner.rows < 3 && panel->over) {
		view_text(canvas, inner, span_text(panel->verdict), panel->proven ? STYLE_GOOD : STYLE_BAD);
		return;
	}
	struct buffer title = {0};
	buffer_printf(&title, "Prove: %s%s", panel->title, panel->running ? " ..." : "");
	view_text(canvas, line_of(inner, 0), buffer_span(&title), STYLE_TITLE);
	buffer_clear(&title);
	struct span verdict = span_text(panel->verdict);
	size_t told = panel->over ? view_text_rows(canvas, inner.columns, VERDICT_ROWS, verdict) : 0;
	size_t used = 1 + told + (inner.rows > 3 ? 1 : 0);
	if (inner.rows > used) {
		paint_lines(
			panel, canvas, (struct area){inner.x, inner.y + 1, inner.columns, inner.rows - used});
	}
	if (told > 0 && inner.rows >= used) {
		struct area area_told = {inner.x, inner.y + inner.rows - used + 1, inner.columns, told};
		view_text(canvas, area_told, verdict, panel->proven ? STYLE_GOOD : STYLE_BAD);
	}
	if (inner.rows > 3) {
		put_keys(canvas, line_of(inner, inner.rows - 1), panel->running ? running : over);
	}
}

void view_prove(const struct model *model, struct canvas *canvas, struct area area) {
	if (model->prove.running || model->prove.over) {
		paint_panel(model, canvas, area);
	} else {
		paint_menu(model, canvas, area);
	}
}
