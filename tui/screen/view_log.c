#include <stdio.h>

#include "common/words.h"
#include "tui/screen/command_log.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* "12:00:03 " */
#define TIME_COLUMNS 10
/* From so many rows on the chosen command stands whole below the others, in at most WHOLE_ROWS. */
#define ROWS_WITH_WHOLE 9
#define WHOLE_ROWS 5

static void paint_title(struct canvas *canvas, struct area row, size_t count) {
	char text[48];
	size_t used = canvas_put(
		canvas, row.x, row.y, row.columns, span_text("What was done, as commands"), STYLE_TITLE);
	snprintf(text, sizeof text, "%zu, newest first", count);
	if (count > 0 && used + 2 + span_text(text).len <= row.columns) {
		canvas_put_right(
			canvas, row.x + used, row.y, row.columns - used, span_text(text), STYLE_FAINT);
	}
}

static void paint_line(
	struct canvas *canvas, struct area row, const struct command_line *line, bool chosen) {
	struct buffer time = {0};
	size_t x = 0;
	if (row.columns > 3 * TIME_COLUMNS) {
		words_append_time(&time, line->at_ms * 1000000, false);
		canvas_put(canvas, row.x, row.y, TIME_COLUMNS, buffer_span(&time), STYLE_FAINT);
		x = TIME_COLUMNS;
	}
	canvas_put(canvas, row.x + x, row.y, row.columns - x, span_text(line->text), STYLE_TEXT);
	if (chosen) {
		canvas_add_style(canvas, row, STYLE_CURSOR);
	}
	buffer_clear(&time);
}

static void paint_lines(const struct model *model, struct canvas *canvas, struct area area) {
	size_t at = model->dialog.top;
	size_t first = at >= area.rows && area.rows > 0 ? at - area.rows + 1 : 0;
	for (size_t i = 0; i < area.rows; i++) {
		const struct command_line *line = command_log_newest(&model->command_log, first + i);
		if (line) {
			struct area row = {area.x, area.y + i, area.columns, 1};
			paint_line(canvas, row, line, first + i == at);
			touch_row(canvas, row, first + i);
		}
	}
}

/* The chosen command, wrapped; returns the rows left above it. */
static size_t paint_whole(const struct model *model, struct canvas *canvas, struct area area) {
	const struct command_line *line = command_log_newest(&model->command_log, model->dialog.top);
	if (!line || area.rows < ROWS_WITH_WHOLE) {
		return area.rows;
	}
	struct span text = span_text(line->text);
	return view_whole(canvas, area, WHOLE_ROWS, text);
}

void view_log(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows == 0 || area.columns < 4) {
		return;
	}
	area = layout_inset(area);
	paint_title(canvas, area, model->command_log.count);
	area.y++;
	area.rows--;
	if (model->command_log.count == 0) {
		view_text(canvas, area,
			span_text("Nothing yet. Replay, forward, filter, open or copy: each stands here as the "
					  "command that does the same."),
			STYLE_FAINT);
		return;
	}
	area.rows = paint_whole(model, canvas, area);
	paint_lines(model, canvas, area);
}
