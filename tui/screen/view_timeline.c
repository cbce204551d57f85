/* The time line of a business key, on the whole area. */
#include <inttypes.h>
#include <stdio.h>

#include "common/timeline.h"
#include "common/words.h"
#include "tui/screen/touch.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_parts.h"

enum column {
	COLUMN_TIME,
	COLUMN_GAP,
	COLUMN_EVENT,
	COLUMN_PROVIDER,
	COLUMN_REPEAT,
	COLUMN_APP,
	COLUMN_TYPE
};

static const struct view_column columns[] = {
	[COLUMN_TIME] = {"RECEIVED", 19, 60, false},
	[COLUMN_GAP] = {"GAP", 11, 0, true},
	[COLUMN_EVENT] = {"EVENT", 14, 0, false},
	[COLUMN_PROVIDER] = {"PROVIDER", 14, 110, false},
	[COLUMN_REPEAT] = {"", 3, 40, false},
	[COLUMN_APP] = {"APP", 17, 0, false},
	[COLUMN_TYPE] = {"TYPE", 0, 75, false},
};
static const struct view_table table = {columns, sizeof columns / sizeof *columns};

static void paint_title(const struct model *model, struct canvas *canvas, struct area row) {
	const struct timeline_panel *panel = &model->timeline;
	struct buffer text = {0};
	char right[64] = "";
	size_t keys = timeline_panel_keys(panel);
	if (panel->asked) {
		snprintf(right, sizeof right, "looking...");
	} else if (keys > 1) {
		snprintf(right, sizeof right, "key %zu of %zu: Tab", panel->chosen + 1, keys);
	} else if (panel->count > 0) {
		snprintf(right, sizeof right, "%zu%s", panel->count,
			panel->count == TIMELINE_SHOWN_MAX ? " newest" : "");
	}
	buffer_append_span(&text, buffer_span(&panel->name));
	buffer_append_byte(&text, ' ');
	buffer_append_span(&text, buffer_span(&panel->value));
	view_title(canvas, row, "Time line  ", buffer_span(&text), span_text(right));
	buffer_clear(&text);
}

static void append_cell(struct buffer *out, const struct model *model, enum column column,
	const struct event *event, const struct event *before) {
	switch (column) {
	case COLUMN_TIME:
		words_append_time(out, event->received_at_ns, true);
		break;
	case COLUMN_GAP:
		timeline_append_gap(out, before ? before->received_at_ns : 0, event->received_at_ns);
		break;
	case COLUMN_EVENT:
		break; /* view_ref keeps its number whole */
	case COLUMN_PROVIDER:
		buffer_append_span(out, event->provider.len > 0 ? event->provider : span_text("-"));
		break;
	case COLUMN_REPEAT:
		if (event->repeat > 1) {
			buffer_printf(out, "%s%" PRId64, model->ascii ? "x" : "×", event->repeat);
		}
		break;
	case COLUMN_APP:
		timeline_append_outcome(out, event);
		break;
	case COLUMN_TYPE:
		buffer_append_span(out, event->type.len > 0 ? event->type : span_text("-"));
		break;
	}
}

static unsigned style_of(enum column column, const struct event *event) {
	switch (column) {
	case COLUMN_APP:
		return verdict_style_of_status(event->last_status);
	case COLUMN_EVENT:
	case COLUMN_TYPE:
		return STYLE_TEXT;
	case COLUMN_REPEAT:
		return STYLE_WARN;
	default:
		return STYLE_FAINT;
	}
}

struct line {
	const struct model *model;
	const struct event *event, *before;
};

static unsigned cell(
	struct buffer *out, const struct event **event, size_t column, const void *data) {
	const struct line *line = data;
	*event = column == COLUMN_EVENT ? line->event : NULL;
	append_cell(out, line->model, (enum column)column, line->event, line->before);
	return style_of((enum column)column, line->event);
}

static void paint_rows(const struct model *model, struct canvas *canvas, struct area area) {
	const struct timeline_panel *panel = &model->timeline;
	size_t first = view_table_first(panel->cursor, area.rows);
	for (size_t i = 0; i < area.rows && first + i < panel->count; i++) {
		struct area row = {area.x, area.y + i, area.columns, 1};
		size_t place = first + i;
		view_table_row(canvas, row, &table, cell,
			&(struct line){model, timeline_panel_at(panel, place),
				place > 0 ? timeline_panel_at(panel, place - 1) : NULL});
		touch_row(canvas, row, place);
		if (place == panel->cursor) {
			canvas_add_style(canvas, row, STYLE_CURSOR);
		}
	}
}

static void paint_none(const struct model *model, struct canvas *canvas, struct area area) {
	const struct timeline_panel *panel = &model->timeline;
	const char *text =
		panel->error[0]  ? panel->error
		: !panel->loaded ? ""
		: panel->name.len > 0
			? "No event has this key."
			: "No business key is known of this event. Where one stands can be told: "
			  "hookline endpoint set NAME --key order=.data.order.id";
	view_text(canvas, area, span_text(text), panel->error[0] ? STYLE_BAD : STYLE_FAINT);
}

void view_timeline(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows < 2 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	paint_title(model, canvas, area);
	area.y++;
	area.rows--;
	if (model->timeline.count == 0) {
		paint_none(model, canvas, area);
		return;
	}
	view_table_row(canvas, area, &table, NULL, NULL);
	area.y++;
	area.rows--;
	paint_rows(model, canvas, area);
}
