/* Two events side by side: which, what of them, and the lines that differ. */
#include <stdio.h>

#include "common/words.h"
#include "tui/screen/touch.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_parts.h"

/* Title, both events, tabs: left out, from the title on, where there are fewer rows than these. */
#define HEAD_ROWS 4
#define ROWS_WITH_HEAD 8
#define ROWS_WITH_TABS 4

static struct area inside(const struct model *model) {
	return layout_inset(layout_above_bar(model));
}

static size_t head_rows(size_t rows) {
	return rows >= ROWS_WITH_HEAD ? HEAD_ROWS + 1 : rows >= ROWS_WITH_TABS ? 1 : 0;
}

struct area diff_area(const struct model *model) {
	struct area area = inside(model);
	size_t head = head_rows(area.rows);
	return (struct area){area.x, area.y + head, area.columns, area.rows - head};
}

static size_t put(
	struct canvas *canvas, struct area row, size_t x, const char *text, unsigned style) {
	return x < row.columns
	           ? x + canvas_put(canvas, row.x + x, row.y, row.columns - x, span_text(text), style)
	           : x;
}

/* "- shop#16  order.paid  valid  200  12m" */
static void paint_side(
	const struct model *model, struct canvas *canvas, struct area row, size_t i) {
	const struct side *side = &model->diff.sides[i];
	struct buffer text = {0};
	size_t x = put(canvas, row, 0, i ? "+ " : "- ", i ? STYLE_GOOD : STYLE_BAD);
	if (!side->event) {
		put(canvas, row, x, model->diff.loading ? "..." : "none", STYLE_FAINT);
		return;
	}
	side_append_ref(&text, side);
	x = put(canvas, row, x, buffer_text(&text), STYLE_TITLE) + 2;
	x = put(canvas, row, x, verdict_name(side->event->verdict),
			verdict_style(side->event->verdict)->style) +
	    2;
	const struct side_attempt *attempt = side_attempt(side);
	buffer_reset(&text);
	if (attempt) {
		buffer_printf(&text, attempt->attempt->status > 0 ? "app %d" : "no answer",
			(int)attempt->attempt->status);
		x = put(canvas, row, x, buffer_text(&text),
				verdict_style_of_status(
					attempt->attempt->status > 0 ? attempt->attempt->status : -1)) +
		    2;
	}
	buffer_reset(&text);
	words_append_time(&text, side->event->received_at_ns, true);
	x = put(canvas, row, x, buffer_text(&text), STYLE_FAINT) + 2;
	buffer_reset(&text);
	buffer_append_span(&text, side->event->type);
	put(canvas, row, x, buffer_text(&text), STYLE_FAINT);
	buffer_clear(&text);
}

/* Returns the columns used. */
static size_t paint_tabs(const struct diff_panel *panel, struct canvas *canvas, struct area row) {
	char text[80];
	size_t x = 0;
	for (size_t part = 0; part < COMPARE_PART_COUNT; part++) {
		bool current = part == panel->part;
		snprintf(text, sizeof text, current ? "[%s]" : " %s ", compare_part_name(part));
		if (current || row.columns >= 44) {
			size_t from = x;
			x = put(canvas, row, x, text, current ? STYLE_TITLE : STYLE_FAINT);
			touch_note(canvas, &(struct touch){.area = {row.x + from, row.y, x - from, 1},
								   .kind = TOUCH_PART,
								   .number = part});
		}
	}
	if (panel->form != COMPARE_AUTO) {
		snprintf(text, sizeof text, "  bodies as %s", compare_form_name(panel->form));
		x = put(canvas, row, x, text, STYLE_INFO);
	}
	x = put(canvas, row, x, panel->raw ? "  as written" : "", STYLE_INFO);
	if (panel->ignore.usual || panel->ignore.count > 0) {
		snprintf(text, sizeof text,
			panel->ignore.count > 0 ? "  without %s%zu of yours" : "  without %s",
			panel->ignore.usual ? "ids, times, signatures " : "", panel->ignore.count);
		x = put(canvas, row, x, text, STYLE_INFO);
	}
	return x;
}

/* Where there is no row for each: "stripe#1041 > stripe#1042", whole or not at all. */
static void paint_both(
	const struct diff_panel *panel, struct canvas *canvas, struct area row, size_t used) {
	struct buffer text = {0};
	if (panel->sides[0].event && panel->sides[1].event) {
		side_append_ref(&text, &panel->sides[0]);
		buffer_append_text(&text, canvas->ascii ? " > " : " \u2192 ");
		side_append_ref(&text, &panel->sides[1]);
	}
	size_t room = row.columns > used + 2 ? row.columns - used - 2 : 0;
	if (canvas_measure(canvas, buffer_span(&text), room) <= room) {
		canvas_put_right(canvas, row.x, row.y, row.columns, buffer_span(&text), STYLE_FAINT);
	}
	buffer_clear(&text);
}

static void paint_head(const struct model *model, struct canvas *canvas, struct area area) {
	const struct diff_panel *panel = &model->diff;
	struct area row = {area.x, area.y, area.columns, 1};
	if (head_rows(area.rows) > 1) {
		size_t x = put(canvas, row, 0, "Difference", STYLE_TITLE) + 2;
		x = put(canvas, row, x, panel->why ? "from " : "", STYLE_FAINT);
		put(canvas, row, x, panel->why ? panel->why : "", STYLE_FAINT);
		for (size_t i = 0; i < 2; i++) {
			row.y++;
			paint_side(model, canvas, row, i);
		}
		row.y++;
		canvas_line_across(canvas, row.x, row.y + 1, row.columns);
	}
	if (head_rows(area.rows) > 0) {
		size_t used = paint_tabs(panel, canvas, row);
		if (head_rows(area.rows) == 1) {
			paint_both(panel, canvas, row, used);
		}
	}
}

void view_diff(const struct model *model, struct canvas *canvas, struct area area) {
	const struct diff_panel *panel = &model->diff;
	struct area below = diff_area(model);
	(void)area;
	paint_head(model, canvas, inside(model));
	if (below.rows == 0 || below.columns == 0) {
		return;
	}
	if (panel->error[0]) {
		view_text(canvas, below, span_text(panel->error), STYLE_BAD);
	} else if (!panel->told || !panel->document) {
		view_text(canvas, below, span_text(panel->loading ? "Fetching both ..." : "Comparing ..."),
			STYLE_FAINT);
	} else {
		document_paint(panel->document, canvas, below, panel->top);
	}
}
