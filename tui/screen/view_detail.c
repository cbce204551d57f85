#include "common/event_words.h"
#include "common/words.h"
#include "tui/screen/badges.h"
#include "tui/screen/detail_tabs.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_parts.h"

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

/* That nobody sent it to us, or more than once, is to be seen before anything else of where it is from. */
static void put_badge(struct line *line, const struct event *event) {
	struct buffer text = {0};
	if (event->parent_seq > 0) {
		event_append_badge(&text, event);
	} else {
		badges_append_words(&text, event, line->canvas->ascii);
	}
	put_some(line, buffer_span(&text), STYLE_WARN);
	buffer_clear(&text);
}

/* What people say of it; who did is told by the signature's pane, too. */
static void put_annotation(struct line *line, const struct event *event) {
	struct buffer text = {0};
	event_append_annotation(&text, event, false);
	put_some(line, buffer_span(&text), STYLE_INFO);
	buffer_clear(&text);
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
		buffer_append_text(&text, event->origin == ORIGIN_RECEIVED ? "from " : "by ");
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
	put_badge(line, event);
	put_annotation(line, event);
	put_origin(line, event);
}

/* Tabs on the left, where one is on the right. */
static void paint_tabs(const struct model *model, struct line *line, size_t rows) {
	struct detail_tabs tabs = detail_tabs_of(model, room(line), rows);
	unsigned chosen = model->detail_focused ? STYLE_TITLE : STYLE_TEXT;
	size_t x = line->x, y = line->y;
	for (size_t i = 0; i < tabs.count; i++) {
		const struct detail_tab *tab = &tabs.tabs[i];
		line->x = x + tab->x;
		canvas_put(line->canvas, line->x, y, room(line), span_text(tab->text),
			tab->current ? chosen : STYLE_FAINT);
		if (!tab->current) { /* its key */
			struct span key = {tab->text + 1, 1};
			canvas_put(line->canvas, line->x + 1, y, 1, key, STYLE_KEY);
		}
	}
	struct span state = span_text(tabs.state);
	canvas_put(line->canvas, line->end - state.len, y, state.len, state, STYLE_FAINT);
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
		struct detail_tabs tabs = detail_tabs_of(model, 0, rows);
		size_t columns = room(&line) > tabs.tabs->columns ? room(&line) - tabs.tabs->columns : 0;
		line.x += view_ref(canvas, line.x, line.y, columns - (columns > 0), event, STYLE_TITLE) + 1;
	}
	if (head.rows > 1) {
		line = (struct line){canvas, head.x, head.y + 1, head.x + head.columns};
	}
	if (head.rows > 0) {
		paint_tabs(model, &line, rows);
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
		view_payload(model, canvas, layout);
	}
}
