/* All that is to be tried again: a row for each event and target, and the chosen one whole below the others. */
#include <inttypes.h>
#include <stdio.h>

#include "common/moment.h"
#include "common/words.h"
#include "tui/screen/retry_words.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* From so many rows on the one under the cursor stands whole below the others. */
#define ROWS_WITH_WHOLE 12
#define WHOLE_ROWS 6

enum column {
	COLUMN_CHOSEN,
	COLUMN_DUE,
	COLUMN_EVENT,
	COLUMN_TRY,
	COLUMN_LAST,
	COLUMN_WHO,
	COLUMN_TARGET
};

static const struct view_column columns[] = {
	[COLUMN_CHOSEN] = {"", 1, 0, false},
	[COLUMN_DUE] = {"IN", 11, 0, true},
	[COLUMN_EVENT] = {"EVENT", 14, 0, false},
	[COLUMN_TRY] = {"TRY", 5, 36, false},
	[COLUMN_LAST] = {"LAST", 12, 60, false},
	[COLUMN_WHO] = {"FOR", 20, 110, false},
	[COLUMN_TARGET] = {"TARGET", 0, 60, false},
};
static const struct view_table table = {columns, sizeof columns / sizeof *columns};

/* --- in words --- */

static bool is_under_way(const struct retry *retry, int64_t now_ms) {
	return retry->taken_until_ns / MOMENT_NS_PER_MS > now_ms;
}

/* "4 min 12 s", "due", "paused", "under way" */
static void append_due(struct buffer *out, const struct retry *retry, int64_t now_ms) {
	int64_t left_ms = retry->due_ns / MOMENT_NS_PER_MS - now_ms;
	if (is_under_way(retry, now_ms)) {
		buffer_append_text(out, "under way");
	} else if (retry->paused) {
		buffer_append_text(out, "paused");
	} else if (left_ms <= 0) {
		buffer_append_text(out, "due");
	} else {
		words_append_duration(out, (left_ms + 999) / 1000 * 1000);
	}
}

void retry_words(struct buffer *out, const struct retry *retry, int64_t now_ms) {
	bool waits =
		!is_under_way(retry, now_ms) && !retry->paused && retry->due_ns / MOMENT_NS_PER_MS > now_ms;
	buffer_printf(out, "attempt %" PRId64 " of %" PRId64 " %s ", retry->tries + 1, retry->attempts,
		waits ? "in" : "is");
	append_due(out, retry, now_ms);
}

/* What came of the newest attempt, without what follows from it: "503". */
static struct span last_of(const struct retry *retry) {
	struct span rest = retry->reason;
	return span_cut(&rest, ';');
}

/* --- the title --- */

static size_t count_paused(const struct retries_panel *panel) {
	size_t at = panel->count;
	while (at > 0 && panel->rows[at - 1].retry->paused) { /* they stand at the end */
		at--;
	}
	return panel->count - at;
}

static void paint_title(const struct model *model, struct canvas *canvas, struct area row) {
	const struct retries_panel *panel = &model->retries;
	size_t paused = count_paused(panel);
	struct buffer text = {0};
	if (panel->count > 0) {
		buffer_printf(&text, "%zu", panel->count);
	}
	if (paused > 0) {
		buffer_printf(&text, ", %zu paused", paused);
	}
	if (panel->chosen > 0) {
		buffer_printf(&text, ", %zu chosen", panel->chosen);
	}
	view_title(canvas, row, "To try again  ", buffer_span(&panel->words), buffer_span(&text));
	buffer_clear(&text);
}

/* --- rows --- */

struct line {
	const struct model *model;
	const struct retry_shown *shown;
	const struct event *event; /* as much of it as is known: its reference */
};

static void append_cell(struct buffer *out, enum column column, const struct line *line) {
	const struct retry *retry = line->shown->retry;
	switch (column) {
	case COLUMN_CHOSEN:
		buffer_append_text(out, line->shown->chosen ? "*" : "");
		break;
	case COLUMN_DUE:
		append_due(out, retry, line->model->now_ms);
		break;
	case COLUMN_EVENT:
		break; /* view_ref keeps its number whole */
	case COLUMN_TRY:
		buffer_printf(out, "%" PRId64 "/%" PRId64, retry->tries + 1, retry->attempts);
		break;
	case COLUMN_LAST:
		buffer_append_span(out, last_of(retry));
		break;
	case COLUMN_WHO:
		buffer_append_span(
			out, span_is(retry->owner, line->model->who) ? span_text("you") : retry->owner);
		break;
	case COLUMN_TARGET: {
		struct span scheme = span_text("http://");
		buffer_append_span(out, span_starts_with(retry->target, scheme)
									? span_after(retry->target, scheme.len)
									: retry->target);
		break;
	}
	}
}

static unsigned style_of(enum column column, const struct line *line) {
	const struct retry *retry = line->shown->retry;
	int64_t now_ms = line->model->now_ms;
	switch (column) {
	case COLUMN_DUE:
		return is_under_way(retry, now_ms)                  ? STYLE_GOOD
		       : retry->paused                              ? STYLE_WARN
		       : retry->due_ns / MOMENT_NS_PER_MS <= now_ms ? STYLE_INFO
		                                                    : STYLE_TEXT;
	case COLUMN_LAST:
		return STYLE_BAD;
	case COLUMN_CHOSEN:
	case COLUMN_EVENT:
	case COLUMN_TARGET:
		return STYLE_TEXT;
	default:
		return STYLE_FAINT;
	}
}

static unsigned cell(
	struct buffer *out, const struct event **event, size_t column, const void *data) {
	const struct line *line = data;
	*event = column == COLUMN_EVENT ? line->event : NULL;
	append_cell(out, (enum column)column, line);
	return style_of((enum column)column, line);
}

static void paint_rows(const struct model *model, struct canvas *canvas, struct area area) {
	const struct retries_panel *panel = &model->retries;
	size_t first = view_table_first(panel->cursor, area.rows);
	for (size_t i = 0; i < area.rows && first + i < panel->count; i++) {
		const struct retry_shown *shown = &panel->rows[first + i];
		const struct event event = {
			.endpoint = shown->retry->endpoint, .seq = shown->retry->event_seq};
		struct area row = {area.x, area.y + i, area.columns, 1};
		view_table_row(canvas, row, &table, cell, &(struct line){model, shown, &event});
		touch_row(canvas, row, first + i);
		canvas_add_style(canvas, row, shown->chosen ? STYLE_SELECTED : 0);
		canvas_add_style(canvas, row, first + i == panel->cursor ? STYLE_CURSOR : 0);
	}
}

/* --- the one under the cursor --- */

static void append_whole(struct buffer *out, const struct model *model, const struct retry *retry) {
	event_append_ref(out, retry->endpoint, retry->event_seq);
	buffer_append_text(out, ": ");
	retry_words(out, retry, model->now_ms);
	if (!retry->paused) {
		buffer_append_text(out, ", at ");
		words_append_time(out, retry->due_ns, false);
	}
	buffer_append_text(out, ", to ");
	buffer_append_span(out, retry->target);
	buffer_append_text(out, " for ");
	buffer_append_span(out, retry->owner);
	if (retry->tried_at_ns > 0) {
		buffer_append_text(out, ". The last one at ");
		words_append_time(out, retry->tried_at_ns, true);
		buffer_append_text(out, ": ");
	} else {
		buffer_append_text(out, ". ");
	}
	buffer_append_span(out, retry->reason);
	buffer_append_text(out, ". Its policy: ");
	buffer_append_span(out, retry->policy);
}

/* Returns the rows left above it. */
static size_t paint_whole(const struct model *model, struct canvas *canvas, struct area area) {
	const struct retry *retry = retries_panel_current(&model->retries);
	struct buffer text = {0};
	if (!retry || area.rows < ROWS_WITH_WHOLE) {
		return area.rows;
	}
	append_whole(&text, model, retry);
	size_t left = view_whole(canvas, area, WHOLE_ROWS, buffer_span(&text));
	buffer_clear(&text);
	return left;
}

/* What fails from now on. */
static void append_policy(struct buffer *out, const struct model *model) {
	if (*model->retry_policy && !span_is(span_text(model->retry_policy), "none")) {
		buffer_append_text(out, "What fails is tried again: ");
		buffer_append_text(out, model->retry_policy);
	} else {
		buffer_append_text(out, "What fails is not tried again: s says how it should be.");
	}
}

static void paint_none(const struct model *model, struct canvas *canvas, struct area area) {
	struct buffer text = {0};
	if (model->retries.words.len > 0) {
		buffer_append_text(&text, "Nothing that is to be tried again has these words.");
	} else {
		buffer_append_text(&text, "Nothing is to be tried again. ");
		append_policy(&text, model);
	}
	view_text(canvas, area, buffer_span(&text), STYLE_FAINT);
	buffer_clear(&text);
}

/* --- all of it --- */

void view_retries(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows < 2 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	paint_title(model, canvas, area);
	area.y++;
	area.rows--;
	if (model->retries.count == 0) {
		paint_none(model, canvas, area);
		return;
	}
	view_table_row(canvas, area, &table, NULL, NULL);
	area.y++;
	area.rows--;
	area.rows = paint_whole(model, canvas, area);
	paint_rows(model, canvas, area);
}
