#include <inttypes.h>
#include <stdio.h>

#include "common/words.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_parts.h"

/* What is quick is not worth a word that flickers. */
#define LOADING_TOLD_AFTER_MS 300

/* A line that is filled from the left. */
struct line {
	struct canvas *canvas;
	size_t x, y, end;
};

static size_t room(const struct line *line) {
	return line->x < line->end ? line->end - line->x : 0;
}

/* A piece that stands whole or not at all: numbers and times do not survive a cut. */
static void put_whole(struct line *line, struct span text, unsigned style) {
	size_t width = canvas_measure(line->canvas, text, room(line));
	if (text.len > 0 && width <= room(line)) {
		canvas_put(line->canvas, line->x, line->y, width, text, style);
		line->x += width + 2;
	}
}

/* A piece that may be cut, when enough of it is left to be of use. */
static void put_some(struct line *line, struct span text, unsigned style) {
	if (text.len > 0 && (room(line) >= 8 || canvas_measure(line->canvas, text, 8) <= room(line))) {
		line->x += canvas_put(line->canvas, line->x, line->y, room(line), text, style) + 2;
	}
}

static void put_verdict(struct line *line, const struct event *event) {
	const struct verdict_style *look = verdict_style(event->verdict);
	canvas_glyph(line->canvas, line->x, line->y, look->glyph, look->ascii, look->style);
	line->x += 2;
}

static void put_origin(struct line *line, const struct event *event) {
	struct buffer text = {0};
	words_append_size(&text, event->body_len);
	put_whole(line, buffer_span(&text), STYLE_FAINT);
	buffer_reset(&text);
	words_append_time(&text, event->received_at_ns, true);
	put_whole(line, buffer_span(&text), STYLE_FAINT);
	buffer_reset(&text);
	if (event->peer.len > 0) {
		buffer_append_text(&text, "from ");
		buffer_append_span(&text, event->peer);
	}
	put_whole(line, buffer_span(&text), STYLE_FAINT);
	buffer_reset(&text);
	buffer_append_span(&text, event->method);
	buffer_append_byte(&text, ' ');
	buffer_append_span(&text, event->target);
	put_some(line, buffer_span(&text), STYLE_TEXT);
	buffer_clear(&text);
}

static void paint_facts(struct line *line, const struct event *event, bool chosen) {
	put_verdict(line, event);
	line->x += view_ref(
		line->canvas, line->x, line->y, room(line), event, chosen ? STYLE_TITLE : STYLE_TEXT);
	line->x += 2;
	put_some(line, event->provider, STYLE_FAINT);
	put_some(line, event->type, STYLE_TEXT);
	put_origin(line, event);
}

static const char *const tabs[] = {"list", "payload", "headers", "signature", "attempts"};
#define TABS (sizeof tabs / sizeof *tabs)

/* "2 payload", or "2" alone; "5 attempts (3)". */
static void tab_text(char text[40], size_t tab, const struct detail *detail, bool word) {
	int64_t tries = detail->event ? detail->event->attempts : 0;
	tries = (size_t)tries < detail->attempt_count ? (int64_t)detail->attempt_count : tries;
	int len = snprintf(text, 40, word ? "%zu %s" : "%zu", tab + 1, tabs[tab]);
	if (tab + 1 == TABS && tries > 0 && len > 0) {
		snprintf(text + len, 40 - (size_t)len, " (%" PRId64 ")", tries);
	}
}

/* How much is said of tabs where there is less and less room. */
enum tabs_form { ALL_WORDS, ONE_WORD, CURRENT_ALONE };

/* Columns of all tabs, with a blank or a bracket on either side of each. */
static size_t tabs_width(const struct detail *detail, enum tabs_form form) {
	char text[40];
	size_t width = 0;
	for (size_t i = 0; i < TABS; i++) {
		tab_text(text, i, detail, form == ALL_WORDS || i == (size_t)detail->pane + 1);
		width += span_text(text).len + 2;
	}
	return width;
}

static void paint_tab(struct line *line, const char *text, bool current, bool chosen) {
	char framed[48];
	/* brackets tell it from the others without colours, too */
	snprintf(framed, sizeof framed, current ? "[%s]" : " %s ", text);
	unsigned style = current ? (chosen ? STYLE_TITLE : STYLE_TEXT) : STYLE_FAINT;
	canvas_put(line->canvas, line->x, line->y, room(line), span_text(framed), style);
	if (!current) {
		canvas_put(line->canvas, line->x + 1, line->y, 1, (struct span){text, 1}, STYLE_KEY);
	}
	line->x += span_text(framed).len;
}

static void paint_tabs(
	struct line *line, const struct detail *detail, bool chosen, enum tabs_form form) {
	char text[40];
	for (size_t i = 0; i < TABS; i++) {
		bool current = i == (size_t)detail->pane + 1;
		tab_text(text, i, detail, form == ALL_WORDS || current);
		if (form != CURRENT_ALONE) {
			paint_tab(line, text, current, chosen);
		} else if (current) {
			paint_tab(line, tabs[i], true, chosen);
		}
	}
}

/* Where one is in a document that is longer than what is seen of it. */
static void tell_position(const struct detail *detail, size_t rows, char text[64], bool brief) {
	size_t lines = document_lines(detail->document);
	bool complete = document_is_complete(detail->document);
	const char *more = complete ? "" : "+";
	text[0] = '\0';
	if (!complete || lines > rows) {
		snprintf(text, 64, brief ? "%zu/%zu%s" : "line %zu of %zu%s", detail->top + 1,
			lines > detail->top ? lines : detail->top + 1, more);
	}
	size_t len = span_text(text).len;
	if (!complete && !brief) {
		snprintf(text + len, 64 - len, ", laying out ...");
	}
}

static void tell_state(const struct model *model, size_t rows, char text[64], bool brief) {
	const struct detail *detail = &model->detail;
	text[0] = '\0';
	if (detail->loading && model->now_ms - detail->asked_at_ms >= LOADING_TOLD_AFTER_MS) {
		snprintf(text, 64, "loading ...");
	} else if (detail->finding) {
		snprintf(text, 64, "searching ...");
	} else if (detail->document && detail->event) {
		tell_position(detail, rows, text, brief);
	}
}

/* Tabs on the left, where one is on the right; words are dropped until both fit. */
static void paint_second_line(const struct model *model, struct line *line, size_t rows) {
	static const struct {
		enum tabs_form form;
		bool brief;
	} steps[] = {{ALL_WORDS, false}, {ALL_WORDS, true}, {ONE_WORD, true}};
	const struct detail *detail = &model->detail;
	char state[64];
	enum tabs_form form = CURRENT_ALONE;
	for (size_t i = 0; i < sizeof steps / sizeof *steps && form == CURRENT_ALONE; i++) {
		tell_state(model, rows, state, steps[i].brief);
		bool fits = tabs_width(detail, steps[i].form) + span_text(state).len + 1 <= room(line);
		form = fits ? steps[i].form : CURRENT_ALONE;
	}
	size_t len = span_text(state).len;
	if (form != CURRENT_ALONE || len + sizeof "[4 signature]" <= room(line)) {
		canvas_put(line->canvas, line->end - len, line->y, len, span_text(state), STYLE_FAINT);
		line->end -= len + 1;
	}
	paint_tabs(line, detail, model->detail_focused, form);
}

static void paint_head(
	const struct model *model, struct canvas *canvas, struct area head, size_t rows) {
	const struct event *event = model->detail.event;
	event = event ? event : model_current(model);
	struct line line = {canvas, head.x, head.y, head.x + head.columns};
	if (event && head.rows > 1) {
		paint_facts(&line, event, model->detail_focused);
	} else if (event && head.rows == 1) {
		put_verdict(&line, event);
		size_t tab = span_text(tabs[model->detail.pane + 1]).len + sizeof "[] " - 1;
		size_t columns = room(&line) > tab ? room(&line) - tab : 0;
		line.x += view_ref(canvas, line.x, line.y, columns, event, STYLE_TITLE) + 1;
	}
	if (head.rows > 1) {
		line = (struct line){canvas, head.x, head.y + 1, head.x + head.columns};
	}
	if (head.rows > 0) {
		paint_second_line(model, &line, rows);
	}
}

void view_detail(const struct model *model, struct canvas *canvas, const struct layout *layout) {
	const struct detail *detail = &model->detail;
	if (!detail->open || layout->detail.rows == 0) {
		return;
	}
	paint_head(model, canvas, layout->detail_head, layout->detail.rows);
	if (detail->error[0]) {
		view_text(canvas, layout->detail, span_text(detail->error), STYLE_BAD);
	} else if (detail->document && detail->event) {
		document_paint(detail->document, canvas, layout->detail, detail->top);
	}
}
