#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "common/words.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* Columns of a line's key and label. */
#define KEY_COLUMNS 2
#define LABEL_COLUMNS 10
#define LINES_MAX 14
#define LINE_LEN 400
/* Boxes narrower than that leave labels out. */
#define COLUMNS_WITH_LABEL 36

/* A line of the plan: what it says, and the key that changes it. */
struct line {
	char key; /* 0: none */
	const char *label;
	char text[LINE_LEN];
	int weight; /* where there is not room for all, the heaviest stay */
	unsigned style;
};

struct lines {
	struct line all[LINES_MAX];
	size_t count;
};

static char *add(struct lines *lines, char key, const char *label, int weight) {
	struct line *line = &lines->all[lines->count++];
	*line = (struct line){.key = key, .label = label, .weight = weight, .style = STYLE_TEXT};
	return line->text;
}

static void put_words(char *text, struct buffer *words) {
	snprintf(text, LINE_LEN, "%s", buffer_text(words));
	buffer_reset(words);
}

/* --- what the plan says --- */

static void add_order(struct lines *lines, const struct bulk_panel *panel) {
	const struct bulk_plan *plan = &panel->plan;
	char *text = add(lines, panel->resumed ? 0 : 'o', "order", 6);
	const char *order = panel->settings.order == BULK_NEWEST ? "newest first" : "oldest first";
	if (plan->count > 1) {
		snprintf(text, LINE_LEN, "%s: %s ... %s", order, plan->first, plan->last);
	} else {
		snprintf(text, LINE_LEN, "%s%s%s", order, plan->count ? ": " : "", plan->first);
	}
}

/* Of one that is resumed: what is over, and what is in doubt. */
static void add_done(struct lines *lines, const struct bulk_panel *panel) {
	const struct bulk_plan *plan = &panel->plan;
	char *text = add(lines, 0, "answered", 8);
	int used = snprintf(
		text, LINE_LEN, "%" PRId64 " of %" PRId64 ": not sent again", plan->answered, plan->count);
	if (plan->delivered > 0 && !panel->settings.again) {
		snprintf(text + used, LINE_LEN - (size_t)used, ", nor %" PRId64 " delivered before",
			plan->delivered);
	}
	if (plan->maybe > 0) {
		snprintf(add(lines, 'd', "in doubt", 9), LINE_LEN, "%" PRId64 " may have been sent: %s",
			plan->maybe, panel->maybe ? "sent again" : "skipped");
	}
}

static void add_unfinished(struct lines *lines, const struct bulk_panel *panel, int64_t now_ms) {
	struct span target = view_short_url(panel->unfinished_target);
	struct buffer words = {0};
	buffer_append_text(&words, "one cut off, begun ");
	words_append_duration(&words, (now_ms - panel->unfinished_ms) / 1000 * 1000);
	buffer_printf(&words, " ago, to %.*s", (int)target.len, target.data);
	put_words(add(lines, 'u', "resume", 7), &words);
	buffer_clear(&words);
}

static void add_settings(struct lines *lines, const struct bulk_panel *panel) {
	const struct bulk_settings *settings = &panel->settings;
	struct buffer words = {0};
	struct span target = view_short_url(panel->target);
	snprintf(add(lines, panel->resumed ? 0 : 't', "target", 9), LINE_LEN, "%.*s", (int)target.len,
		target.data);
	if (panel->host[0]) { /* not this machine */
		lines->all[lines->count - 1].style = STYLE_WARN;
	}
	if (panel->route_options[0]) {
		snprintf(add(lines, 0, "route", 5), LINE_LEN, "not applied: %s", panel->route_options);
	}
	snprintf(add(lines, panel->resumed ? 0 : 'a', "signature", 5), LINE_LEN, "%s",
		settings->as_received ? "as received" : "signed anew where a secret is known");
	if (panel->resumed) {
		add_done(lines, panel);
	} else if (panel->plan.delivered > 0) {
		snprintf(add(lines, 'd', "delivered", 8), LINE_LEN, "%" PRId64 " before: %s",
			panel->plan.delivered, settings->again ? "sent again" : "skipped");
	} else {
		snprintf(add(lines, 'd', "delivered", 2), LINE_LEN, "none before");
	}
	bulk_pace_append(&words, &settings->pace);
	put_words(add(lines, 'p', "pace", 7), &words);
	snprintf(add(lines, 'c', "at once", 4), LINE_LEN, "%" PRId64, settings->concurrency);
	snprintf(add(lines, 's', "failures", 3), LINE_LEN, "%s",
		settings->stop_on_failure ? "stop at the first" : "go on");
	buffer_clear(&words);
}

static void add_counted(struct lines *lines, const struct bulk_panel *panel) {
	struct buffer words = {0};
	if (panel->error[0]) {
		snprintf(add(lines, 0, "", 11), LINE_LEN, "%s", panel->error);
		lines->all[lines->count - 1].style = STYLE_BAD;
	} else if (panel->phase == BULK_PHASE_COUNTING) {
		snprintf(
			add(lines, 0, "to send", 10), LINE_LEN, "counting, %" PRId64 " so far", panel->counted);
	} else {
		buffer_printf(&words, "%" PRId64, bulk_panel_to_send(panel));
		if (panel->resumed) {
			buffer_printf(&words, " of %" PRId64, panel->plan.count);
		}
		buffer_append_text(&words, " (");
		words_append_size(&words, panel->plan.bytes);
		buffer_append_text(&words, "), ");
		bulk_plan_append_estimate(&words, &panel->plan, &panel->settings);
		put_words(add(lines, 0, "to send", 10), &words);
		lines->all[lines->count - 1].style = STYLE_INFO;
	}
	buffer_clear(&words);
}

static struct lines lines_of(const struct bulk_panel *panel, int64_t now_ms) {
	struct lines lines = {0};
	struct buffer words = {0};
	if (panel->plan.count > 0) {
		bulk_plan_append_span(&words, &panel->plan);
		put_words(add(&lines, 0, "received", 1), &words);
	}
	add_order(&lines, panel);
	add_settings(&lines, panel);
	add_counted(&lines, panel);
	if (*panel->unfinished && !panel->resumed) {
		add_unfinished(&lines, panel, now_ms);
	}
	buffer_clear(&words);
	return lines;
}

/* Leaves the lightest out until there is room. */
static void fit(struct lines *lines, size_t rows) {
	while (lines->count > rows) {
		size_t lightest = 0;
		for (size_t i = 1; i < lines->count; i++) {
			if (lines->all[i].weight < lines->all[lightest].weight) {
				lightest = i;
			}
		}
		lines->count--;
		memmove(&lines->all[lightest], &lines->all[lightest + 1],
			(lines->count - lightest) * sizeof *lines->all);
	}
}

static void paint_line(struct canvas *canvas, struct area row, const struct line *line) {
	size_t used = 0, label = row.columns >= COLUMNS_WITH_LABEL ? LABEL_COLUMNS : 0;
	if (line->key) {
		touch_key(canvas, row, (unsigned char)line->key);
		canvas_put(canvas, row.x, row.y, 1, (struct span){&line->key, 1}, STYLE_KEY);
	}
	used = row.columns < KEY_COLUMNS ? row.columns : KEY_COLUMNS;
	if (label > 0) {
		canvas_put(canvas, row.x + used, row.y, label, span_text(line->label), STYLE_FAINT);
		used += label;
	}
	canvas_put(canvas, row.x + used, row.y, row.columns - used, span_text(line->text), line->style);
}

/* --- keys --- */

struct key_word {
	const char *key, *word;
	bool sends;
};

/* On the last line: as many as there is room for. `chosen`: a click has chosen the one that sends. */
static void paint_keys(struct canvas *canvas, struct area inner, const struct key_word *keys,
	size_t count, bool chosen) {
	size_t x = inner.x, end = inner.x + inner.columns;
	size_t y = inner.y + (inner.rows > 0 ? inner.rows - 1 : 0);
	canvas_fill(canvas, (struct area){x, y, inner.columns, 1}, STYLE_TEXT);
	for (size_t i = 0; i < count; i++) {
		size_t width = strlen(keys[i].key) + 1 + strlen(keys[i].word);
		if (x + width > end) {
			return;
		}
		struct area area = {x, y, width, inner.rows > 0 ? 1 : 0};
		x += canvas_put(canvas, x, y, end - x, span_text(keys[i].key), STYLE_KEY) + 1;
		x += canvas_put(canvas, x, y, end - x, span_text(keys[i].word), STYLE_TEXT) + 2;
		if (keys[i].sends) {
			touch_key_carefully(canvas, area, KEY_ENTER_KEY, chosen);
		} else {
			touch_key_named(canvas, area, keys[i].key);
		}
	}
}

static void paint_title(struct canvas *canvas, struct area inner, const char *text) {
	canvas_put(canvas, inner.x, inner.y, inner.columns, span_text(text), STYLE_TITLE);
}

/* A box for `rows` lines between a title and keys, set off by empty lines where there is room. */
static struct area open_panel(
	struct canvas *canvas, struct area area, size_t rows, const char *title, struct area *inside) {
	bool airy = area.rows >= rows + 6;
	size_t high = rows + (airy ? 4 : 2);
	high = high < area.rows ? high : area.rows;
	*inside = view_box(canvas, area, high);
	struct area body = *inside;
	if (inside->rows > 2) {
		paint_title(canvas, *inside, title);
		body.y += airy ? 2 : 1;
		body.rows -= airy ? 4 : 2;
	} else {
		body.rows = body.rows > 0 ? body.rows - 1 : 0;
	}
	return body;
}

static void paint_plan(const struct model *model, struct canvas *canvas, struct area area) {
	static const struct key_word keys[] = {{"Enter", "replay", true}, {"Esc", "leave it", false}};
	static const struct key_word again[] = {{"Esc", "leave it", false}};
	const struct bulk_panel *panel = &model->bulk;
	char title[80];
	struct area inner;
	struct lines lines = lines_of(panel, model->now_ms);
	if (panel->resumed) {
		snprintf(title, sizeof title, "Resume replay %s", panel->unfinished);
	} else if (panel->plan.count > 0) {
		snprintf(title, sizeof title, "Replay %" PRId64 " %s", panel->plan.count,
			panel->plan.count == 1 ? "event" : "events");
	} else {
		snprintf(title, sizeof title, "Replay");
	}
	struct area body = open_panel(canvas, area, lines.count, title, &inner);
	fit(&lines, body.rows);
	for (size_t i = 0; i < lines.count; i++) {
		paint_line(canvas, (struct area){body.x, body.y + i, body.columns, 1}, &lines.all[i]);
	}
	bool ready = panel->phase == BULK_PHASE_PLANNED && !panel->error[0];
	paint_keys(
		canvas, inner, ready ? keys : again, ready ? 2 : 1, model->dialog.touched == KEY_ENTER_KEY);
}

/* --- while it runs --- */

static void paint_bar(struct canvas *canvas, struct area row, int64_t done, int64_t all) {
	size_t filled = all > 0 ? (size_t)((double)row.columns * (double)done / (double)all) : 0;
	for (size_t i = 0; i < row.columns; i++) {
		bool on = i < filled;
		canvas_glyph(canvas, row.x + i, row.y, on ? "\u2588" : "\u2591", on ? '#' : '.',
			on ? STYLE_GOOD : STYLE_FAINT);
	}
}

static void append_answers(struct buffer *out, const struct bulk_report *report) {
	static const char *const names[] = {"no answer", "1xx", "2xx", "3xx", "4xx", "5xx"};
	static const size_t order[] = {2, 3, 4, 5, 1, 0};
	for (size_t i = 0; i < 6; i++) {
		size_t class = order[i];
		if (report->classes[class] > 0) {
			buffer_printf(out, "%s%s %" PRId64, out->len > 0 ? "  " : "", names[class],
				report->classes[class]);
		}
	}
	int64_t skipped = report->delivered + report->answered + report->maybe;
	if (skipped > 0) {
		buffer_printf(out, "%sskipped %" PRId64, out->len > 0 ? "  " : "", skipped);
	}
	if (out->len == 0) {
		buffer_append_text(out, "no answer yet");
	}
}

static void append_times(struct buffer *out, const struct bulk_panel *panel, int64_t now_ms) {
	int64_t left_ms = bulk_panel_left_ms(panel, now_ms);
	buffer_printf(out, "%zu under way, ", panel->open);
	words_append_duration(out, (now_ms - panel->began_ms) / 1000 * 1000);
	buffer_append_text(out, " so far");
	if (left_ms >= 0 && panel->phase == BULK_PHASE_RUNNING) {
		buffer_append_text(out, ", about ");
		words_append_duration(out, left_ms / 1000 * 1000);
		buffer_append_text(out, " to go");
	}
}

static const char *phase_word(const struct bulk_panel *panel) {
	if (panel->away) {
		return "The relay is away: waiting for it";
	}
	switch (panel->phase) {
	case BULK_PHASE_PAUSED:
		return "Paused";
	case BULK_PHASE_STOPPING:
		return "Stopping: what is under way ends";
	default:
		return "Replaying";
	}
}

static void put_row(
	struct canvas *canvas, struct area body, size_t at, struct buffer *words, unsigned style) {
	if (at < body.rows) {
		canvas_put(canvas, body.x, body.y + at, body.columns, buffer_span(words), style);
	}
	buffer_clear(words);
}

static void paint_run(const struct model *model, struct canvas *canvas, struct area area) {
	static const struct key_word running[] = {
		{"p", "pause", false}, {"s", "stop", false}, {"Esc", "hide", false}};
	static const struct key_word paused[] = {
		{"p", "go on", false}, {"s", "stop", false}, {"Esc", "hide", false}};
	static const struct key_word stopping[] = {{"Esc", "hide", false}};
	const struct bulk_panel *panel = &model->bulk;
	const struct bulk_report *report = &panel->report;
	struct area inner, body = open_panel(canvas, area, 4, phase_word(panel), &inner);
	struct buffer count = {0}, answers = {0}, times = {0};
	struct span target = view_short_url(panel->target);
	buffer_printf(&count, "%" PRId64 " of %" PRId64 " to %.*s", report->sent, report->planned,
		(int)target.len, target.data);
	append_answers(&answers, report);
	append_times(&times, panel, model->now_ms);
	size_t row = 0;
	if (body.rows > 3) {
		paint_bar(
			canvas, (struct area){body.x, body.y, body.columns, 1}, report->sent, report->planned);
		row = 1;
	}
	put_row(canvas, body, row, &count, STYLE_TEXT);
	put_row(canvas, body, row + 1, &answers, STYLE_TEXT);
	put_row(canvas, body, row + 2, &times, STYLE_FAINT);
	if (panel->phase == BULK_PHASE_STOPPING) {
		paint_keys(canvas, inner, stopping, 1, false);
	} else {
		paint_keys(canvas, inner, panel->phase == BULK_PHASE_PAUSED ? paused : running, 3, false);
	}
}

/* --- when it is over --- */

static size_t told_rows(const struct canvas *canvas, struct span told, size_t columns) {
	size_t rows = 0;
	while (told.len > 0) {
		rows += view_text_rows(canvas, columns, SIZE_MAX, span_cut(&told, '\n'));
	}
	return rows;
}

static void paint_over(const struct bulk_panel *panel, struct canvas *canvas, struct area area) {
	static const struct key_word keys[] = {{"Esc", "close", false}};
	struct span told = buffer_span(&panel->told);
	size_t columns = area.columns < VIEW_BOX_COLUMNS ? area.columns : VIEW_BOX_COLUMNS;
	size_t rows = told_rows(canvas, told, columns > 4 ? columns - 4 : columns);
	struct area inner, body = open_panel(canvas, area, rows, "Replay", &inner);
	while (told.len > 0 && body.rows > 0) {
		struct span line = span_cut(&told, '\n');
		size_t used = view_text(canvas, body, line, STYLE_TEXT);
		body.y += used;
		body.rows -= used;
	}
	paint_keys(canvas, inner, keys, 1, false);
}

void view_bulk(const struct model *model, struct canvas *canvas, struct area area) {
	if (model->bulk.phase == BULK_PHASE_OVER) {
		paint_over(&model->bulk, canvas, area);
	} else if (bulk_panel_is_running(&model->bulk)) {
		paint_run(model, canvas, area);
	} else {
		paint_plan(model, canvas, area);
	}
}
