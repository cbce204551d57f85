#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/words.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* "12 off " */
#define NUMBER_COLUMNS 3
#define STATE_COLUMNS 4
/* Narrower rows leave the health out; it stands below, of the chosen one. */
#define COLUMNS_WITH_HEALTH 70
/* From so many rows on the chosen route stands whole below the others, in at most WHOLE_ROWS. */
#define ROWS_WITH_WHOLE 9
#define WHOLE_ROWS 5

static const struct target_status *target_of(
	const struct model *model, const struct route_row *row) {
	const struct routes_status *routes = &model->routes;
	for (size_t i = 0; i < routes->target_count && row->enabled; i++) {
		if (strncmp(routes->targets[i].url, row->target, sizeof routes->targets[i].url - 1) == 0) {
			return &routes->targets[i];
		}
	}
	return NULL;
}

static void append_sent(struct buffer *out, const struct target_status *target) {
	if (target->last_status > 0) {
		buffer_printf(out, "%" PRId64 " ", target->last_status);
		words_append_took(out, target->last_took_us);
	} else {
		buffer_append_text(out, target->last_status < 0 ? "no answer" : "nothing sent yet");
	}
	if (target->good > 0) {
		buffer_printf(out, ", %" PRId64 " ok", target->good);
	}
	if (target->bad > 0) {
		buffer_printf(out, ", %" PRId64 " failed", target->bad);
	}
}

/* How it goes with the target; returns the style. */
static unsigned append_health(
	struct buffer *out, const struct model *model, const struct target_status *target) {
	if (!target || model->forward.state == FORWARD_OFF) {
		return STYLE_FAINT;
	}
	switch (target->state) {
	case FORWARD_ON:
		append_sent(out, target);
		return target->last_status == 0                                  ? STYLE_FAINT
		       : target->last_status >= 200 && target->last_status < 300 ? STYLE_GOOD
		                                                                 : STYLE_BAD;
	case FORWARD_OTHER:
		buffer_printf(out, "%s forwards", target->holder);
		return STYLE_WARN;
	case FORWARD_AWAY:
		buffer_append_text(out, "app away");
		return STYLE_BAD;
	default:
		buffer_append_text(out, "...");
		return STYLE_FAINT;
	}
}

static void paint_title(const struct model *model, struct canvas *canvas, struct area row) {
	const struct routes_status *routes = &model->routes;
	char text[120];
	bool off = model->forward.state == FORWARD_OFF;
	size_t used =
		canvas_put(canvas, row.x, row.y, row.columns, span_text("Where events go"), STYLE_TITLE);
	snprintf(text, sizeof text, "%s%s%s",
		routes->all ? "all routes that match" : "the first route that matches",
		routes->changed ? ", not written to the file" : "", off ? "; F forwards" : "");
	if (used + 2 + span_text(text).len <= row.columns) {
		canvas_put_right(canvas, row.x + used, row.y, row.columns - used, span_text(text),
			routes->changed ? STYLE_WARN : STYLE_FAINT);
	}
}

/* "provider:stripe -> localhost:3000" */
static void append_way(
	struct buffer *out, const struct canvas *canvas, const struct route_row *row) {
	struct span to = view_short_url(row->to);
	if (*row->name) {
		buffer_printf(out, "%s: ", row->name);
	}
	buffer_append_text(out, *row->filter ? row->filter : "everything");
	buffer_append_text(out, canvas->ascii ? " -> " : " \u2192 ");
	buffer_append_span(out, to);
}

static void paint_row(
	const struct model *model, struct canvas *canvas, struct area row, size_t at) {
	const struct route_row *route = &model->routes.rows[at];
	struct buffer way = {0}, health = {0};
	char number[16];
	size_t x = row.x + NUMBER_COLUMNS + STATE_COLUMNS, end = row.x + row.columns;
	snprintf(number, sizeof number, "%zu", at + 1);
	canvas_put(canvas, row.x, row.y, NUMBER_COLUMNS, span_text(number), STYLE_FAINT);
	canvas_put(canvas, row.x + NUMBER_COLUMNS, row.y, STATE_COLUMNS,
		span_text(route->enabled ? "on" : "off"), route->enabled ? STYLE_GOOD : STYLE_FAINT);
	unsigned style = append_health(&health, model, target_of(model, route));
	if (row.columns >= COLUMNS_WITH_HEALTH && health.len > 0) {
		size_t room = row.columns / 3;
		size_t wide = canvas_measure(canvas, buffer_span(&health), room);
		canvas_put(canvas, end - wide, row.y, wide, buffer_span(&health), style);
		end -= wide + 2;
	}
	append_way(&way, canvas, route);
	canvas_put(canvas, x, row.y, end > x ? end - x : 0, buffer_span(&way),
		route->enabled ? STYLE_TEXT : STYLE_FAINT);
	touch_row(canvas, row, at);
	if (at == model->dialog.top) {
		canvas_add_style(canvas, row, STYLE_CURSOR);
	}
	buffer_clear(&way);
	buffer_clear(&health);
}

/* The chosen route as a line, and why its app is away; returns the rows left above them. */
static size_t paint_whole(const struct model *model, struct canvas *canvas, struct area area) {
	const struct route_row *route = &model->routes.rows[model->dialog.top];
	const struct target_status *target = target_of(model, route);
	struct buffer text = {0};
	if (area.rows < ROWS_WITH_WHOLE) {
		return area.rows;
	}
	buffer_append_text(&text, route->line);
	bool away = target && target->state == FORWARD_AWAY && model->forward.state != FORWARD_OFF;
	struct area above = {area.x, area.y, area.columns, area.rows - away};
	size_t left = view_whole(canvas, above, WHOLE_ROWS, buffer_span(&text));
	if (away) {
		canvas_put(canvas, area.x, area.y + area.rows - 1, area.columns, span_text(target->why),
			STYLE_BAD);
	}
	buffer_clear(&text);
	return left;
}

void view_routes(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows == 0 || area.columns < 12) {
		return;
	}
	area = layout_inset(area);
	paint_title(model, canvas, area);
	area.y++;
	area.rows--;
	if (model->routes.count == 0) {
		view_text(canvas, area,
			span_text("No routes: events go nowhere. a adds one, such as provider:stripe => "
					  "localhost:3000/stripe path=replaced, and F forwards."),
			STYLE_FAINT);
		return;
	}
	area.rows = paint_whole(model, canvas, area);
	size_t chosen = model->dialog.top;
	size_t first = chosen >= area.rows && area.rows > 0 ? chosen - area.rows + 1 : 0;
	for (size_t i = 0; i < area.rows && first + i < model->routes.count; i++) {
		paint_row(model, canvas, (struct area){area.x, area.y + i, area.columns, 1}, first + i);
	}
}
