#include <inttypes.h>
#include <stdio.h>

#include "common/words.h"
#include "tui/screen/dues.h"
#include "tui/screen/touch.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_parts.h"

/* From so many rows on the chosen delivery stands whole below the others. */
#define ROWS_WITH_WHOLE 12
#define WHOLE_ROWS 6

enum column {
	COLUMN_AGE,
	COLUMN_EVENT,
	COLUMN_TYPE,
	COLUMN_TRY,
	COLUMN_CAUSE,
	COLUMN_STATUS,
	COLUMN_TOOK,
	COLUMN_WHO,
	COLUMN_TARGET
};

static const struct view_column columns[] = {
	[COLUMN_AGE] = {"AGE", 4, 40, true},
	[COLUMN_EVENT] = {"EVENT", 14, 0, false},
	[COLUMN_TYPE] = {"TYPE", 24, 110, false},
	[COLUMN_TRY] = {"TRY", 5, 0, false},
	[COLUMN_CAUSE] = {"CAUSE", 7, 60, false},
	[COLUMN_STATUS] = {"APP", 6, 0, false},
	[COLUMN_TOOK] = {"TOOK", 7, 60, true},
	[COLUMN_WHO] = {"WHO", 16, 130, false},
	[COLUMN_TARGET] = {"TARGET", 0, 60, false},
};
static const struct view_table table = {columns, sizeof columns / sizeof *columns};

static void paint_title(const struct model *model, struct canvas *canvas, struct area row) {
	const struct deliveries_panel *panel = &model->deliveries;
	char text[64] = "";
	if (panel->asked && (panel->count == 0 || !panel->fresh)) {
		snprintf(text, sizeof text, "looking...");
	} else if (panel->count > 0) {
		snprintf(text, sizeof text, "%zu%s, newest first", panel->count,
			panel->complete && panel->count < DELIVERIES_SHOWN_MAX ? "" : "+");
	}
	view_title(canvas, row, "Deliveries  ", buffer_span(&panel->filter), span_text(text));
}

/* --- rows --- */

static struct span without_scheme(struct span url) {
	struct span scheme = span_text("http://");
	return span_starts_with(url, scheme) ? span_after(url, scheme.len) : url;
}

static void append_cell(struct buffer *out, const struct model *model, enum column column,
	const struct delivery_shown *shown) {
	const struct attempt *attempt = shown->attempt;
	switch (column) {
	case COLUMN_AGE:
		words_append_age(out, model->now_ms - attempt->started_at_ns / 1000000);
		break;
	case COLUMN_EVENT:
		break; /* view_ref keeps its number whole */
	case COLUMN_TYPE:
		buffer_append_span(out, shown->event->type.len > 0 ? shown->event->type : span_text("-"));
		break;
	case COLUMN_TRY:
		buffer_printf(out, "%" PRId64 "/%" PRId64, attempt->number, shown->event->attempts);
		break;
	case COLUMN_CAUSE:
		buffer_append_text(out, cause_name(attempt->cause));
		break;
	case COLUMN_STATUS:
		if (attempt->status > 0) {
			buffer_append_int(out, attempt->status);
		} else {
			buffer_append_text(out, "failed");
		}
		break;
	case COLUMN_TOOK:
		words_append_took(out, attempt->took_us);
		break;
	case COLUMN_WHO:
		buffer_append_span(out, attempt->who);
		break;
	case COLUMN_TARGET:
		buffer_append_span(out, without_scheme(attempt->target));
		break;
	}
}

static unsigned style_of(enum column column, const struct attempt *attempt) {
	switch (column) {
	case COLUMN_STATUS:
		return verdict_style_of_status(attempt->status > 0 ? attempt->status : -1);
	case COLUMN_EVENT:
	case COLUMN_TYPE:
	case COLUMN_TARGET:
		return STYLE_TEXT;
	default:
		return STYLE_FAINT;
	}
}

struct line {
	const struct model *model;
	const struct delivery_shown *shown;
};

static unsigned cell(
	struct buffer *out, const struct event **event, size_t column, const void *data) {
	const struct line *line = data;
	*event = column == COLUMN_EVENT ? line->shown->event : NULL;
	append_cell(out, line->model, (enum column)column, line->shown);
	return style_of((enum column)column, line->shown->attempt);
}

static void paint_rows(const struct model *model, struct canvas *canvas, struct area area) {
	const struct deliveries_panel *panel = &model->deliveries;
	size_t first = view_table_first(panel->cursor, area.rows);
	for (size_t i = 0; i < area.rows && first + i < panel->count; i++) {
		struct area row = {area.x, area.y + i, area.columns, 1};
		view_table_row(canvas, row, &table, cell, &(struct line){model, &panel->rows[first + i]});
		touch_row(canvas, row, first + i);
		if (first + i == panel->cursor) {
			canvas_add_style(canvas, row, STYLE_CURSOR);
		}
	}
}

/* --- the chosen one --- */

static void append_next(
	struct buffer *out, const struct model *model, const struct delivery_shown *shown) {
	const struct retry *next = dues_next(&model->dues, &shown->event->id);
	if (!next) {
		return;
	}
	buffer_append_text(out, ". Next attempt at ");
	words_append_time(out, next->due_ns, false);
	buffer_append_text(out, next->paused ? ", paused" : "");
}

static void append_whole(
	struct buffer *out, const struct model *model, const struct delivery_shown *shown) {
	const struct attempt *attempt = shown->attempt;
	words_append_time(out, attempt->started_at_ns, true);
	buffer_printf(out, ": %s, attempt %" PRId64 " of %" PRId64 " by ", cause_name(attempt->cause),
		attempt->number, shown->event->attempts);
	buffer_append_span(out, attempt->who.len > 0 ? attempt->who : span_text("nobody known"));
	buffer_append_text(out, " to ");
	buffer_append_span(out, attempt->target);
	if (attempt->status > 0) {
		buffer_printf(out, " answered %" PRId64 " in ", attempt->status);
	} else {
		buffer_append_text(out, " was not answered in ");
	}
	words_append_took(out, attempt->took_us);
	if (attempt->error.len > 0) {
		buffer_append_text(out, ": ");
		buffer_append_span(out, attempt->error);
	}
	append_next(out, model, shown);
}

/* Returns the rows left above it. */
static size_t paint_whole(const struct model *model, struct canvas *canvas, struct area area) {
	const struct delivery_shown *shown = deliveries_panel_current(&model->deliveries);
	struct buffer text = {0};
	if (!shown || area.rows < ROWS_WITH_WHOLE) {
		return area.rows;
	}
	append_whole(&text, model, shown);
	size_t left = view_whole(canvas, area, WHOLE_ROWS, buffer_span(&text));
	buffer_clear(&text);
	return left;
}

static void paint_none(const struct model *model, struct canvas *canvas, struct area area) {
	const struct deliveries_panel *panel = &model->deliveries;
	const char *text = panel->error[0]         ? panel->error
	                   : !panel->loaded        ? ""
	                   : panel->filter.len > 0 ? "No delivery matches."
	                                           : "Nothing was sent to an app yet: r replays an "
	                                             "event, F forwards what comes.";
	view_text(canvas, area, span_text(text), panel->error[0] ? STYLE_BAD : STYLE_FAINT);
}

void view_deliveries(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows < 2 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	paint_title(model, canvas, area);
	area.y++;
	area.rows--;
	if (model->deliveries.count == 0) {
		paint_none(model, canvas, area);
		return;
	}
	view_table_row(canvas, area, &table, NULL, NULL);
	area.y++;
	area.rows--;
	area.rows = paint_whole(model, canvas, area);
	paint_rows(model, canvas, area);
}
