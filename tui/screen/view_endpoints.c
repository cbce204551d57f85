/* The endpoints: a row each, and the chosen one whole below the others. */
#include <inttypes.h>
#include <stdio.h>

#include "common/words.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* From so many rows on the chosen one stands whole below the others. */
#define ROWS_WITH_WHOLE 12
#define WHOLE_ROWS 6
/* From so many columns on there is more room for each; below so many for name and events alone. */
#define WIDE_FROM 150
#define TABLE_FROM 39

enum column {
	COLUMN_NAME,
	COLUMN_EVENTS,
	COLUMN_FAILED,
	COLUMN_SEEN,
	COLUMN_PROVIDER,
	COLUMN_SECRETS,
	COLUMN_ANSWER,
	COLUMN_FORWARDS,
	COLUMN_URL
};

static const struct view_column usual[] = {
	[COLUMN_NAME] = {"ENDPOINT", 16, 0, false},
	[COLUMN_EVENTS] = {"EVENTS", 7, 0, true},
	[COLUMN_FAILED] = {"FAILED", 6, 0, true},
	[COLUMN_SEEN] = {"LAST", 4, 0, true},
	[COLUMN_PROVIDER] = {"PROVIDER", 12, 60, false},
	[COLUMN_SECRETS] = {"SECRETS", 12, 70, false},
	[COLUMN_ANSWER] = {"ANSWER", 8, 77, false},
	[COLUMN_FORWARDS] = {"FORWARDS", 14, 118, false},
	[COLUMN_URL] = {"URL", 0, 100, false},
};
static const struct view_column wide[] = {
	[COLUMN_NAME] = {"ENDPOINT", 24, 0, false},
	[COLUMN_EVENTS] = {"EVENTS", 9, 0, true},
	[COLUMN_FAILED] = {"FAILED", 8, 0, true},
	[COLUMN_SEEN] = {"LAST", 4, 0, true},
	[COLUMN_PROVIDER] = {"PROVIDER", 16, 0, false},
	[COLUMN_SECRETS] = {"SECRETS", 24, 0, false},
	[COLUMN_ANSWER] = {"ANSWER", 24, 0, false},
	[COLUMN_FORWARDS] = {"FORWARDS", 32, 0, false},
	[COLUMN_URL] = {"URL", 0, 0, false},
};

/* --- what is said of one --- */

/* "200", "app 10 s", "200 after 50 ms; next 3: 500" */
static void append_answer(struct buffer *out, const struct endpoint_row *row) {
	if (row->for_app) {
		buffer_append_text(out, "app ");
		words_append_duration(out, row->after_ms);
	} else {
		buffer_append_int(out, row->status);
	}
	if (row->delay_ms > 0) {
		buffer_append_text(out, " after ");
		words_append_duration(out, row->delay_ms);
	}
	if (row->script[0]) {
		buffer_printf(out, "; %s", row->script);
	}
}

/* Those who forward what comes to it: "you", "bob@desk", "you +1". */
static void append_forwards(
	struct buffer *out, const struct model *model, const struct endpoint_row *row, bool whole) {
	size_t count = 0;
	for (size_t i = 0; i < model->lease_count; i++) {
		const struct lease_status *lease = &model->leases[i];
		bool its = !lease->endpoint[0] || span_is(span_text(lease->endpoint), row->name);
		if (!its || (count++ > 0 && !whole)) {
			continue;
		}
		buffer_append_text(out, count > 1 ? ", " : "");
		buffer_append_text(out, lease->mine ? "you" : lease->holder);
		buffer_append_text(out, whole ? " to " : " ");
		buffer_append_span(out, view_short_url(lease->target));
	}
	if (count > 1 && !whole) {
		buffer_printf(out, " +%zu", count - 1);
	}
}

static void append_number(struct buffer *out, const struct endpoint_row *row, int64_t number) {
	if (row->counted) {
		buffer_append_int(out, number);
	}
}

static void append_seen(
	struct buffer *out, const struct model *model, const struct endpoint_row *row) {
	if (row->counted && row->latest_ns > 0) {
		words_append_age(out, model->now_ms - row->latest_ns / 1000000);
	}
}

/* As targets are told: the scheme is said only where it is not the plain one. */
static void append_short_url(
	struct buffer *out, const struct model *model, const struct endpoint_row *row) {
	struct buffer url = {0};
	endpoints_panel_append_url(&url, row, model->link.ingest_url);
	struct span scheme = span_text("http://"), text = buffer_span(&url);
	buffer_append_span(out, span_starts_with(text, scheme) ? span_after(text, scheme.len) : text);
	buffer_clear(&url);
}

static void append_cell(struct buffer *out, const struct model *model, enum column column,
	const struct endpoint_row *row) {
	switch (column) {
	case COLUMN_NAME:
		buffer_append_text(out, row->name);
		break;
	case COLUMN_EVENTS:
		append_number(out, row, row->events);
		break;
	case COLUMN_FAILED:
		append_number(out, row, row->failed);
		break;
	case COLUMN_SEEN:
		append_seen(out, model, row);
		break;
	case COLUMN_PROVIDER:
		buffer_append_text(out, row->provider[0] ? row->provider : "any");
		break;
	case COLUMN_SECRETS:
		buffer_append_text(out, row->secrets);
		break;
	case COLUMN_ANSWER:
		append_answer(out, row);
		break;
	case COLUMN_FORWARDS:
		append_forwards(out, model, row, false);
		break;
	case COLUMN_URL:
		append_short_url(out, model, row);
		break;
	}
	if (out->len == 0) {
		buffer_append_byte(out, '-');
	}
}

static unsigned style_of(enum column column, const struct endpoint_row *row) {
	switch (column) {
	case COLUMN_FAILED:
		return row->failed > 0 ? STYLE_BAD : STYLE_FAINT;
	case COLUMN_SECRETS:
		return row->secrets[0] ? STYLE_TEXT : STYLE_FAINT;
	case COLUMN_NAME:
	case COLUMN_EVENTS:
	case COLUMN_URL:
		return STYLE_TEXT;
	default:
		return STYLE_FAINT;
	}
}

/* --- rows --- */

static void paint_title(const struct model *model, struct canvas *canvas, struct area row) {
	const struct endpoints_panel *panel = &model->endpoints;
	char text[64] = "";
	size_t used =
		canvas_put(canvas, row.x, row.y, row.columns, span_text("Endpoints  "), STYLE_TITLE);
	size_t room = row.columns > used ? row.columns - used : 0;
	if (panel->count > 0) {
		snprintf(
			text, sizeof text, "%zu%s, events of 7 days", panel->count, panel->more ? "+" : "");
	}
	if (panel->error[0] && panel->count > 0) {
		canvas_put(canvas, row.x + used, row.y, room, span_text(panel->error), STYLE_BAD);
	} else if (span_text(text).len <= room) {
		canvas_put_right(canvas, row.x + used, row.y, room, span_text(text), STYLE_FAINT);
	}
}

struct line {
	const struct model *model;
	const struct endpoint_row *shown;
};

static unsigned cell(
	struct buffer *out, const struct event **event, size_t column, const void *data) {
	const struct line *line = data;
	*event = NULL;
	append_cell(out, line->model, (enum column)column, line->shown);
	return style_of((enum column)column, line->shown);
}

/* A row, or with `shown` NULL the headings. */
static void paint_row(const struct model *model, struct canvas *canvas, struct area row,
	const struct endpoint_row *shown) {
	struct view_column narrow[] = {
		{"ENDPOINT", row.columns > 12 ? row.columns - 9 : row.columns, 0, false},
		{"EVENTS", 0, 0, true},
	};
	struct view_table table = {usual, sizeof usual / sizeof *usual};
	if (row.columns < TABLE_FROM) {
		table = (struct view_table){narrow, sizeof narrow / sizeof *narrow};
	} else if (row.columns >= WIDE_FROM) {
		table = (struct view_table){wide, sizeof wide / sizeof *wide};
	}
	struct line line = {model, shown};
	view_table_row(canvas, row, &table, shown ? cell : NULL, shown ? &line : NULL);
}

static void paint_rows(const struct model *model, struct canvas *canvas, struct area area) {
	const struct endpoints_panel *panel = &model->endpoints;
	size_t first = view_table_first(panel->cursor, area.rows);
	for (size_t i = 0; i < area.rows && first + i < panel->count; i++) {
		struct area row = {area.x, area.y + i, area.columns, 1};
		paint_row(model, canvas, row, &panel->rows[first + i]);
		touch_row(canvas, row, first + i);
		if (first + i == panel->cursor) {
			canvas_add_style(canvas, row, STYLE_CURSOR);
		}
	}
}

/* --- the chosen one --- */

static void append_came(struct buffer *out, const struct endpoint_row *row) {
	if (!row->counted) {
		return;
	}
	buffer_printf(out, ". %" PRId64 " event%s in 7 days, %" PRId64 " failed", row->events,
		row->events == 1 ? "" : "s", row->failed);
	if (row->latest_ns > 0) {
		buffer_append_text(out, ", the last one ");
		words_append_time(out, row->latest_ns, true);
	}
}

static void append_policy(struct buffer *out, const struct endpoint_row *row) {
	if (row->for_app) {
		buffer_printf(out, ". Senders get the app's answer, or %" PRId64 " after ", row->status);
		words_append_duration(out, row->after_ms);
	} else {
		buffer_printf(out, ". Senders get %" PRId64, row->status);
	}
	if (row->delay_ms > 0) {
		buffer_append_text(out, ", held back for ");
		words_append_duration(out, row->delay_ms);
	}
	if (row->script[0]) {
		buffer_printf(out, ", but first: %s", row->script);
	}
	buffer_append_text(out, row->rejects ? "; what is wrongly signed is rejected" : "");
}

static void append_whole(
	struct buffer *out, const struct model *model, const struct endpoint_row *row) {
	struct buffer forwards = {0};
	buffer_printf(out, "%s: webhooks of %s go to ", row->name,
		row->provider[0] ? row->provider : "any provider");
	endpoints_panel_append_url(out, row, model->link.ingest_url);
	append_came(out, row);
	append_policy(out, row);
	buffer_printf(out, row->secrets[0] ? ". Secrets: %s" : ". It has no secret", row->secrets);
	append_forwards(&forwards, model, row, true);
	buffer_append_text(out, forwards.len > 0 ? ". Forwarded by " : ". Nobody forwards it");
	buffer_append_span(out, buffer_span(&forwards));
	buffer_append_byte(out, '.');
	buffer_clear(&forwards);
}

/* Returns the rows left above it. */
static size_t paint_whole(const struct model *model, struct canvas *canvas, struct area area) {
	const struct endpoint_row *row = endpoints_panel_current(&model->endpoints);
	struct buffer text = {0};
	if (!row || area.rows < ROWS_WITH_WHOLE) {
		return area.rows;
	}
	append_whole(&text, model, row);
	size_t left = view_whole(canvas, area, WHOLE_ROWS, buffer_span(&text));
	buffer_clear(&text);
	return left;
}

static void paint_none(const struct model *model, struct canvas *canvas, struct area area) {
	const struct endpoints_panel *panel = &model->endpoints;
	const char *text = panel->error[0] ? panel->error
	                   : panel->loaded
	                       ? "There is no endpoint yet: hookline endpoint add makes one."
	                       : "";
	view_text(canvas, area, span_text(text), panel->error[0] ? STYLE_BAD : STYLE_FAINT);
}

void view_endpoints(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows < 2 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	paint_title(model, canvas, area);
	area.y++;
	area.rows--;
	if (model->endpoints.count == 0) {
		paint_none(model, canvas, area);
		return;
	}
	paint_row(model, canvas, area, NULL);
	area.y++;
	area.rows--;
	area.rows = paint_whole(model, canvas, area);
	paint_rows(model, canvas, area);
}
