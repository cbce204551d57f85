/* The overview: events over time on top, cards of bars below, and how long the app took at the bottom. */
#include "tui/screen/view_overview.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/moment.h"
#include "common/words.h"
#include "tui/chart/chart.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_overview_parts.h"

/* In front of charts: their numbers. Narrower screens go without. */
#define GUTTER 9
#define GUTTER_FROM 60
/* Rows from which on there are several groups to be seen at once. */
#define ROWS_FOR_CARDS 16

/* --- where things stand --- */

struct parts {
	struct area title, caption, time, latency, cards;
	bool failed_rows; /* room for what failed below the time */
};

static size_t gutter_of(size_t columns) {
	return columns >= GUTTER_FROM ? GUTTER : 0;
}

static struct area take_rows(struct area *rest, size_t rows) {
	rows = rows < rest->rows ? rows : rest->rows;
	struct area taken = {rest->x, rest->y, rest->columns, rows};
	rest->y += rows;
	rest->rows -= rows;
	return taken;
}

/* On a low screen the group that has the keys is all that stands below the time. */
static struct parts parts_of(const struct model *model, struct area area) {
	struct parts parts = {0};
	struct area rest = layout_inset(area);
	parts.title = take_rows(&rest, 1);
	parts.caption = take_rows(&rest, area.rows >= 3 ? 1 : 0);
	size_t high = rest.rows;
	if (area.rows >= ROWS_FOR_CARDS) {
		parts.failed_rows = true;
		parts.time = take_rows(&rest, 4 + high / 6);
		size_t latency = 4 + (high > 24 ? high / 8 : 0);
		parts.cards = take_rows(&rest, rest.rows - latency);
		parts.latency = rest;
	} else if (overview_has_focus(model, OVERVIEW_TIME) || high < 5) {
		parts.time =
			take_rows(&rest, overview_has_focus(model, OVERVIEW_TIME) && high > 6 ? 4 : high);
		parts.cards = rest;
	} else if (overview_has_focus(model, OVERVIEW_LATENCY)) {
		parts.latency = rest;
	} else {
		parts.time = take_rows(&rest, 2);
		parts.cards = rest;
	}
	return parts;
}

/* --- over time --- */

/* `dots`: places for bars side by side; twice the columns where they are dots. */
struct scale {
	size_t columns, dots, step, count;
	bool braille;
};

static struct scale scale_of(const struct model *model, size_t columns) {
	size_t buckets = counts_widths[model->overview.counts.span].buckets;
	struct scale scale = {.columns = columns, .braille = buckets > columns && !model->ascii};
	scale.dots = scale.braille ? 2 * columns : columns;
	scale.step = 1;
	while ((buckets + scale.step - 1) / scale.step > scale.dots && scale.step < buckets) {
		scale.step++;
	}
	scale.count = (buckets + scale.step - 1) / scale.step;
	return scale;
}

static size_t chart_columns(size_t columns) {
	size_t gutter = gutter_of(columns);
	return columns > gutter ? columns - gutter : 0;
}

size_t view_overview_step(const struct model *model) {
	struct parts parts = parts_of(model, layout_above_bar(model));
	return scale_of(model, chart_columns(parts.title.columns)).step;
}

static int64_t events_of(const struct counts_bucket *bucket) {
	return bucket->events;
}

static int64_t failed_of(const struct counts_bucket *bucket) {
	return bucket->failed;
}

static int64_t rejected_of(const struct counts_bucket *bucket) {
	return bucket->rejected;
}

/* Returns the largest. */
static int64_t values_of(const struct model *model, const struct scale *scale, int64_t *values,
	int64_t (*of)(const struct counts_bucket *)) {
	const struct counts *counts = &model->overview.counts;
	size_t buckets = counts_widths[counts->span].buckets;
	for (size_t i = 0; i < buckets; i++) {
		values[i] = of(&counts->buckets[i]);
	}
	chart_group(values, values, buckets, scale->step);
	return chart_most(values, scale->count);
}

static void paint_graph(struct canvas *canvas, struct area area, const struct scale *scale,
	const int64_t *values, int64_t most, enum style style) {
	for (size_t row = 0; row < area.rows; row++) {
		for (size_t x = 0; x < area.columns; x++) {
			size_t dot = scale->braille ? 2 * x : x;
			int64_t left = values[chart_value_at(dot, scale->dots, scale->count)];
			struct chart_glyph glyph =
				scale->braille ? chart_braille(left,
									 values[chart_value_at(dot + 1, scale->dots, scale->count)],
									 most, area.rows, row)
							   : chart_column(left, most, area.rows, row);
			overview_glyph(canvas, area.x + x, area.y + area.rows - 1 - row, glyph, style);
		}
	}
}

static void put_number(struct canvas *canvas, struct area area, size_t y, int64_t number) {
	char text[24];
	snprintf(text, sizeof text, "%" PRId64, number);
	canvas_put_right(canvas, area.x, y, GUTTER - 1, span_text(text), STYLE_FAINT);
}

static void touch_time(struct canvas *canvas, struct area area, const struct scale *scale) {
	for (size_t x = 0; x < area.columns; x++) {
		size_t dot = scale->braille ? 2 * x : x;
		size_t bar = chart_value_at(dot, scale->dots, scale->count);
		struct area column = {area.x + x, area.y, 1, area.rows};
		overview_touch_bar(canvas, column, OVERVIEW_TIME, bar * scale->step);
	}
}

/*
 * A chosen bar keeps its colour, so that a full one and an empty one can be told apart, and is bold; an arrow below it says which it is, also
 * without colours. `axis`: there is a row below it.
 */
static void mark_columns(struct canvas *canvas, struct area mark, bool axis) {
	size_t y = mark.y + mark.rows - !axis;
	canvas_add_style(canvas, mark, STYLE_SELECTED);
	for (size_t x = mark.x; x < mark.x + mark.columns; x++) {
		canvas_glyph(canvas, x, y, "\u25b4", '^', STYLE_TITLE);
	}
}

static void mark_bar(const struct model *model, struct canvas *canvas, struct area area,
	const struct scale *scale, bool axis) {
	size_t bar = model->overview.at[OVERVIEW_TIME] / scale->step, each = scale->braille ? 2 : 1;
	size_t from = chart_column_of(bar, scale->dots, scale->count) / each;
	size_t until = chart_column_of(bar + 1, scale->dots, scale->count) / each;
	if (bar >= scale->count) {
		return;
	}
	until = until > from ? until : from + 1;
	struct area mark = {area.x + from, area.y, until - from, area.rows};
	mark_columns(canvas, mark, axis);
}

/* "12:45      13:15      13:45": as many as there is room for. */
static void paint_axis(const struct model *model, struct canvas *canvas, struct area row) {
	const struct counts *counts = &model->overview.counts;
	const struct counts_width *width = &counts_widths[counts->span];
	size_t marks = row.columns / 24 + 1;
	struct buffer text = {0};
	for (size_t i = 0; i < marks; i++) {
		size_t bucket = i * width->buckets / marks;
		buffer_reset(&text);
		words_append_time(&text, counts->from_ns + (int64_t)bucket * width->bucket_ns,
			counts->span == COUNTS_WEEK);
		size_t from = counts->span == COUNTS_WEEK ? 5 : 0; /* the year is known */
		struct span shown = {text.data + from, text.len - from - 3};
		size_t x = chart_column_of(bucket, row.columns, width->buckets);
		canvas_put(canvas, row.x + x, row.y, row.columns - x, shown, STYLE_FAINT);
	}
	canvas_put_right(canvas, row.x, row.y, row.columns, span_text("now"), STYLE_FAINT);
	buffer_clear(&text);
}

/* A row of what is wrong, with its name in front. */
static void paint_wrong(const struct model *model, struct canvas *canvas, struct area row,
	const struct scale *scale, const char *name, int64_t (*of)(const struct counts_bucket *),
	enum style style) {
	int64_t values[COUNTS_BUCKETS_MAX] = {0};
	size_t gutter = gutter_of(row.columns);
	int64_t most = values_of(model, scale, values, of);
	if (gutter > 0) {
		canvas_put_right(canvas, row.x, row.y, gutter - 1, span_text(name),
			most > 0 ? style : (enum style)STYLE_FAINT);
	}
	struct area graph = {row.x + gutter, row.y, row.columns - gutter, 1};
	paint_graph(canvas, graph, scale, values, most, style);
}

static void paint_time(
	const struct model *model, struct canvas *canvas, const struct parts *parts) {
	struct area area = parts->time;
	size_t gutter = gutter_of(area.columns), wrong = parts->failed_rows ? 2 : 0;
	int64_t values[COUNTS_BUCKETS_MAX] = {0};
	struct scale scale = scale_of(model, area.columns - gutter);
	bool axis = area.rows >= 2;
	if (area.rows == 0 || scale.columns == 0) {
		return;
	}
	int64_t most = values_of(model, &scale, values, events_of);
	struct area graph = {area.x + gutter, area.y, scale.columns,
		area.rows - axis - (area.rows > wrong + 1 ? wrong : 0)};
	if (gutter > 0) {
		put_number(canvas, area, graph.y, most);
		canvas_put_right(canvas, area.x, graph.y + graph.rows - 1, gutter - 1,
			span_text(graph.rows > 1 ? "events" : ""), STYLE_FAINT);
	}
	paint_graph(canvas, graph, &scale, values, most, STYLE_GOOD);
	struct area row = {area.x, graph.y + graph.rows, area.columns, 1};
	if (wrong > 0) {
		paint_wrong(model, canvas, row, &scale, "failed", failed_of, STYLE_BAD);
		row.y++;
		paint_wrong(model, canvas, row, &scale, "signed", rejected_of, STYLE_WARN);
		row.y++;
		graph.rows += wrong;
	}
	touch_time(canvas, graph, &scale);
	if (axis) {
		paint_axis(model, canvas, (struct area){graph.x, row.y, graph.columns, 1});
	}
	if (overview_has_focus(model, OVERVIEW_TIME)) {
		mark_bar(model, canvas, graph, &scale, axis);
	}
}

/* --- how long the app took --- */

/* Lines where providers give up, with their name and time at the top. */
static void paint_limits(const struct model *model, struct canvas *canvas, struct area graph) {
	struct overview_limit limits[OVERVIEW_LIMITS_MAX];
	size_t count = overview_panel_limits(&model->overview, limits);
	size_t places = overview_panel_count(&model->overview, OVERVIEW_LATENCY);
	size_t first = overview_panel_first_latency(&model->overview);
	struct buffer text = {0};
	for (size_t i = 0; i < count; i++) {
		size_t place = counts_latency_place(limits[i].limit_us) - first;
		size_t x = chart_column_of(place, graph.columns, places);
		buffer_reset(&text);
		buffer_append_span(&text, limits[i].provider);
		buffer_append_text(&text, " waits ");
		counts_append_bound(&text, limits[i].limit_us);
		for (size_t row = 0; row < graph.rows && x < graph.columns; row++) {
			canvas_glyph(canvas, graph.x + x, graph.y + row, "\u2502", '|', STYLE_WARN);
		}
		size_t wide = canvas_measure(canvas, buffer_span(&text), graph.columns);
		if (wide + 1 < x && i < graph.rows) {
			canvas_put(
				canvas, graph.x + x - wide - 1, graph.y + i, wide, buffer_span(&text), STYLE_WARN);
		}
	}
	buffer_clear(&text);
}

static void paint_latency_axis(const struct model *model, struct canvas *canvas, struct area row) {
	static const struct {
		int64_t us;
		const char *text;
	} marks[] = {{1000, "1 ms"}, {10000, "10 ms"}, {100000, "100 ms"}, {1000000, "1 s"},
		{10000000, "10 s"}, {100000000, "100 s"}};
	size_t places = overview_panel_count(&model->overview, OVERVIEW_LATENCY);
	size_t first = overview_panel_first_latency(&model->overview);
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		size_t place = counts_latency_place(marks[i].us) - first;
		size_t x = chart_column_of(place, row.columns, places);
		if (place < places && x + 6 < row.columns) {
			canvas_put(
				canvas, row.x + x, row.y, row.columns - x, span_text(marks[i].text), STYLE_FAINT);
		}
	}
}

static void mark_latency(
	const struct model *model, struct canvas *canvas, struct area graph, bool axis) {
	size_t places = overview_panel_count(&model->overview, OVERVIEW_LATENCY);
	size_t at = model->overview.at[OVERVIEW_LATENCY];
	size_t from = chart_column_of(at, graph.columns, places);
	size_t until = chart_column_of(at + 1, graph.columns, places);
	struct area mark = {graph.x + from, graph.y, until > from ? until - from : 1, graph.rows};
	mark_columns(canvas, mark, axis);
}

/* "half < 12 ms, 95 of 100 < 1.5 s" */
static void append_percentiles(struct buffer *out, const struct counts *counts) {
	static const int64_t percents[] = {50, 95, 99};
	for (size_t i = 0; i < 3; i++) {
		int64_t bound = counts_latency_percentile(counts->latency, percents[i]);
		if (bound > 0 && bound < INT64_MAX) {
			buffer_printf(out, "%s%" PRId64 " %% < ", i > 0 ? ", " : "", percents[i]);
			counts_append_bound(out, bound);
		}
	}
}

static void paint_latency(const struct model *model, struct canvas *canvas, struct area area) {
	const struct overview_panel *panel = &model->overview;
	size_t places = overview_panel_count(panel, OVERVIEW_LATENCY), gutter = gutter_of(area.columns);
	struct buffer text = {0};
	if (area.rows < 3) {
		return;
	}
	bool axis = area.rows >= 4;
	int64_t most = overview_most(panel, OVERVIEW_LATENCY);
	struct area graph = {area.x + gutter, area.y + 1, area.columns - gutter, area.rows - 1 - axis};
	overview_card_title(model, canvas, area, OVERVIEW_LATENCY, 0);
	append_percentiles(&text, &panel->counts);
	canvas_put_right(canvas, area.x + 15, area.y, area.columns - 15,
		text.len > 0 ? buffer_span(&text) : span_text("nothing was answered"), STYLE_FAINT);
	for (size_t row = 0; row < graph.rows; row++) {
		for (size_t x = 0; x < graph.columns; x++) {
			size_t place = chart_value_at(x, graph.columns, places);
			int64_t value = overview_panel_bar(panel, OVERVIEW_LATENCY, place).value;
			overview_glyph(canvas, graph.x + x, graph.y + graph.rows - 1 - row,
				chart_column(value, most, graph.rows, row), STYLE_INFO);
			struct area cell = {graph.x + x, graph.y + row, 1, 1};
			overview_touch_bar(canvas, cell, OVERVIEW_LATENCY, place);
		}
	}
	if (gutter > 0) {
		put_number(canvas, area, graph.y, most);
	}
	paint_limits(model, canvas, graph);
	if (axis) {
		paint_latency_axis(
			model, canvas, (struct area){graph.x, graph.y + graph.rows, graph.columns, 1});
	}
	if (overview_has_focus(model, OVERVIEW_LATENCY)) {
		mark_latency(model, canvas, graph, axis);
	}
	buffer_clear(&text);
}

/* --- all of it --- */

static void append_totals(struct buffer *out, const struct counts *counts, bool brief) {
	const struct counts_bucket *total = &counts->total;
	buffer_printf(out, "%" PRId64 " event%s", total->events, total->events == 1 ? "" : "s");
	if (total->failed > 0) {
		buffer_printf(out, ", %" PRId64 " failed", total->failed);
	}
	if (total->rejected > 0 && !brief) {
		buffer_printf(out, ", %" PRId64 " wrongly signed", total->rejected);
	}
	if (counts->complete_from_ns > counts->from_ns) {
		buffer_append_text(out, ", still counting");
	}
}

static void paint_title(const struct model *model, struct canvas *canvas, struct area row) {
	static const char keys[] = "127";
	const struct overview_panel *panel = &model->overview;
	struct buffer text = {0};
	size_t x = row.x;
	x += canvas_put(canvas, x, row.y, row.columns, span_text("Overview  "), STYLE_TITLE);
	for (size_t i = 0; i < COUNTS_SPANS && x < row.x + row.columns; i++) {
		size_t room = row.x + row.columns - x;
		struct area area = {x, row.y, room < 3 ? room : 3, 1};
		touch_key(canvas, area, (unsigned char)keys[i]);
		if (panel->span == i) {
			x += canvas_print(canvas, x, row.y, room, STYLE_TITLE, "[%s]", counts_widths[i].name) +
			     1;
		} else {
			x += canvas_put(canvas, x, row.y, 1, (struct span){&keys[i], 1}, STYLE_KEY);
			x += canvas_put(canvas, x, row.y, room > 1 ? room - 1 : 0,
					 span_text(counts_widths[i].name + 1), STYLE_FAINT) +
			     1;
		}
	}
	size_t left = x < row.x + row.columns ? row.x + row.columns - x : 0;
	if (panel->loaded) {
		append_totals(&text, &panel->counts, left < 50);
		canvas_put_right(canvas, x, row.y, left, buffer_span(&text), STYLE_FAINT);
	}
	buffer_clear(&text);
}

static void paint_caption(const struct model *model, struct canvas *canvas, struct area row) {
	const struct overview_panel *panel = &model->overview;
	struct buffer text = {0};
	if (row.rows == 0) {
		return;
	}
	if (panel->error[0]) {
		canvas_put(canvas, row.x, row.y, row.columns, span_text(panel->error), STYLE_BAD);
		return;
	}
	overview_panel_caption(&text, panel);
	canvas_put(canvas, row.x, row.y, row.columns, buffer_span(&text), STYLE_TEXT);
	buffer_clear(&text);
}

void view_overview(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows < 2 || area.columns < 10) {
		return;
	}
	struct parts parts = parts_of(model, area);
	paint_title(model, canvas, parts.title);
	paint_caption(model, canvas, parts.caption);
	if (!model->overview.loaded) {
		return;
	}
	paint_time(model, canvas, &parts);
	overview_cards(model, canvas, parts.cards);
	paint_latency(model, canvas, parts.latency);
}
