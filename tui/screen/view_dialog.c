#include <inttypes.h>
#include <stdio.h>

#include "tui/screen/copy.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* Frame and margin, on both sides together. */
#define FRAME_COLUMNS 4
#define FRAME_ROWS 2
/* Of missed events, each endpoint has its line, the first so many. */
#define ENDPOINTS_SHOWN 6

/* Narrower remains of the rows behind a box say nothing. */
#define BESIDE_COLUMNS 8

struct area view_box(struct canvas *canvas, struct area area, size_t rows) {
	bool framed = area.rows >= rows + FRAME_ROWS && area.columns >= 30;
	size_t columns = area.columns < VIEW_BOX_COLUMNS ? area.columns : VIEW_BOX_COLUMNS;
	size_t high = framed ? rows + FRAME_ROWS : rows < area.rows ? rows : area.rows;
	struct area box = {
		area.x + (area.columns - columns) / 2, area.y + (area.rows - high) / 2, columns, high};
	bool beside = framed && area.columns >= columns + 2 * BESIDE_COLUMNS;
	canvas_cover(canvas, beside ? box : (struct area){area.x, box.y, area.columns, high});
	touch_note(canvas, &(struct touch){.area = box, .kind = TOUCH_NOTHING});
	if (!framed) {
		return box;
	}
	canvas_box(canvas, box);
	return (struct area){box.x + FRAME_COLUMNS / 2, box.y + 1, box.columns - FRAME_COLUMNS, rows};
}

static void skip(struct area *rest, size_t rows) {
	rows = rows < rest->rows ? rows : rest->rows;
	rest->y += rows;
	rest->rows -= rows;
}

/* "y forward"; returns where the next one begins. */
static size_t paint_key(
	struct canvas *canvas, size_t x, size_t y, size_t end, const char *key, const char *word) {
	size_t from = x;
	x += canvas_put(canvas, x, y, x < end ? end - x : 0, span_text(key), STYLE_KEY) + 1;
	x += canvas_put(canvas, x, y, x < end ? end - x : 0, span_text(word), STYLE_TEXT);
	touch_key_named(canvas, (struct area){from, y, x - from, 1}, key);
	return x + 2;
}

/* What the keys do, on the last line of the box: an answer must be there whatever is cut. */
static void paint_keys(struct canvas *canvas, struct area inner, const char *yes, const char *no) {
	if (inner.rows == 0) {
		return;
	}
	size_t x = inner.x, y = inner.y + inner.rows - 1, end = inner.x + inner.columns;
	canvas_fill(canvas, (struct area){x, y, inner.columns, 1}, STYLE_TEXT);
	x = paint_key(canvas, x, y, end, "y", yes);
	paint_key(canvas, x, y, end, "n", no);
}

/* --- menus --- */

static void put_item(
	struct canvas *canvas, struct area place, size_t gap, char letter, const char *word) {
	canvas_put(canvas, place.x, place.y, 1, (struct span){&letter, 1}, STYLE_KEY);
	touch_key(canvas, place, (unsigned char)letter);
	if (place.columns > gap + 1) {
		canvas_put(canvas, place.x + 1 + gap, place.y, place.columns - gap - 1, span_text(word),
			STYLE_TEXT);
	}
}

void view_menu_tight(
	struct canvas *canvas, struct area area, const struct view_menu_item *items, size_t count) {
	struct area inner = view_box(canvas, area, area.rows);
	size_t x = 0, y = 0;
	for (size_t i = 0; i < count; i++) {
		size_t columns = span_text(items[i].word).len + 2;
		if (x > 0 && x + columns > inner.columns) {
			x = 0;
			y++;
		}
		if (y < inner.rows) {
			size_t room = inner.columns - x;
			struct area place = {inner.x + x, inner.y + y, columns < room ? columns : room, 1};
			put_item(canvas, place, 1, items[i].letter, items[i].word);
		}
		x += columns + 1;
	}
}

static void paint_copy_tight(struct canvas *canvas, struct area area) {
	struct view_menu_item items[COPY_ITEMS];
	for (size_t i = 0; i < COPY_ITEMS; i++) {
		items[i] = (struct view_menu_item){copy_items[i].letter, copy_items[i].word};
	}
	view_menu_tight(canvas, area, items, COPY_ITEMS);
}

static void paint_copy_in_pairs(struct canvas *canvas, struct area area) {
	struct area inner = view_box(canvas, area, (COPY_ITEMS + 1) / 2);
	size_t half = inner.columns / 2;
	for (size_t i = 0; i < COPY_ITEMS; i++) {
		struct area place = {inner.x + i % 2 * half, inner.y + i / 2, half, 1};
		put_item(canvas, place, 2, copy_items[i].letter, copy_items[i].word);
	}
}

static void paint_copy(struct canvas *canvas, struct area area) {
	if (area.rows < COPY_ITEMS / 2 || area.columns < 24) {
		paint_copy_tight(canvas, area);
		return;
	}
	if (area.rows < COPY_ITEMS + 2 + FRAME_ROWS) {
		paint_copy_in_pairs(canvas, area);
		return;
	}
	struct area inner = view_box(canvas, area, COPY_ITEMS + 2);
	canvas_put(canvas, inner.x, inner.y, inner.columns, span_text("Copy"), STYLE_TITLE);
	for (size_t i = 0; i < COPY_ITEMS; i++) {
		size_t y = inner.y + 2 + i;
		struct area place = {inner.x, y, inner.columns, 1};
		put_item(canvas, place, 2, copy_items[i].letter, copy_items[i].word);
		if (inner.columns > 20) {
			canvas_put(canvas, inner.x + 11, y, inner.columns - 11, span_text(copy_items[i].help),
				STYLE_FAINT);
		}
	}
}

/* --- questions --- */

static void ask(struct canvas *canvas, struct area area, struct span question, const char *yes,
	const char *no) {
	bool framed = area.rows >= 6 && area.columns >= 30;
	size_t columns = area.columns < VIEW_BOX_COLUMNS ? area.columns : VIEW_BOX_COLUMNS;
	size_t wrap = columns - (framed ? FRAME_COLUMNS : 0);
	size_t most = area.rows > 5 ? area.rows - 5 : area.rows - (area.rows > 1);
	size_t rows = view_text_rows(canvas, wrap, most, question);
	struct area inner = view_box(canvas, area, rows + (area.rows >= rows + 4 ? 2 : 1));
	struct area text = inner;
	text.rows = text.rows > 0 ? text.rows - 1 : 0;
	skip(&text, view_text(canvas, text, question, STYLE_TEXT));
	paint_keys(canvas, inner, yes, no);
}

/* "localhost:3000", "3 targets" */
static void append_targets(struct buffer *out, const struct model *model) {
	if (model->routes.target_count > 1) {
		buffer_printf(out, "%zu targets", model->routes.target_count);
	} else {
		buffer_append_span(out, view_short_url(model->forward.target));
	}
}

static void paint_missed(const struct model *model, struct canvas *canvas, struct area area) {
	const struct forward_status *forward = &model->forward;
	struct buffer text = {0};
	struct buffer target = {0};
	append_targets(&target, model);
	bool one = forward->missed == 1 && !forward->missed_more;
	buffer_printf(&text, "%s%" PRId64 " %s came while nothing forwarded",
		forward->missed_more ? "More than " : "", forward->missed, one ? "event" : "events");
	for (size_t i = 0; i < model->missed_count && i < ENDPOINTS_SHOWN; i++) {
		const struct msg_missed *missed = &model->missed[i];
		buffer_append_text(&text, i == 0 ? ": " : ", ");
		buffer_append_span(&text, missed->endpoint);
		buffer_printf(&text, " %" PRId64 "%s", missed->count, missed->more ? "+" : "");
	}
	if (model->missed_count > ENDPOINTS_SHOWN) {
		buffer_printf(&text, " and %zu other endpoints", model->missed_count - ENDPOINTS_SHOWN);
	}
	buffer_printf(&text, ". Forward %s to %s now?", one ? "it" : "them", buffer_text(&target));
	ask(canvas, area, buffer_span(&text), "forward", "not now");
	buffer_clear(&target);
	buffer_clear(&text);
}

static void paint_quit(const struct model *model, struct canvas *canvas, struct area area) {
	struct buffer text = {0}, target = {0};
	append_targets(&target, model);
	enum forward_state state = model->forward.state;
	if (state == FORWARD_ON || state == FORWARD_AWAY) {
		buffer_printf(&text, "Forwarding to %s ends with this screen. ", buffer_text(&target));
	}
	if (model->replays_under_way > 0) {
		buffer_printf(&text, "%zu %s under way. ", model->replays_under_way,
			model->replays_under_way == 1 ? "replay is" : "replays are");
	}
	if (bulk_panel_is_running(&model->bulk)) {
		buffer_append_text(&text, "The replay stops; hookline replay --resume goes on with it. ");
	}
	buffer_append_text(&text, "Quit?");
	ask(canvas, area, buffer_span(&text), "quit", "stay");
	buffer_clear(&target);
	buffer_clear(&text);
}

void view_dialog(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows == 0 || area.columns == 0) {
		return;
	}
	if (model->dialog.kind != DIALOG_NONE) {
		touch_forget(canvas);
	}
	switch (model->dialog.kind) {
	case DIALOG_NONE:
	case DIALOG_HELP:
	case DIALOG_QR:
	case DIALOG_LOG:
	case DIALOG_OVERVIEW:
	case DIALOG_ENDPOINTS:
	case DIALOG_DELIVERIES:
	case DIALOG_RETRIES:
	case DIALOG_TIMELINE:
	case DIALOG_DIFF:
	case DIALOG_FILTERS:
	case DIALOG_ROUTES:
	case DIALOG_SAMPLES:
		break;
	case DIALOG_COPY:
		paint_copy(canvas, area);
		break;
	case DIALOG_MISSED:
		paint_missed(model, canvas, area);
		break;
	case DIALOG_BULK:
		view_bulk(model, canvas, area);
		break;
	case DIALOG_PROVE:
		view_prove(model, canvas, area);
		break;
	case DIALOG_SORT:
		view_sort(model, canvas, area);
		break;
	case DIALOG_SECRET:
		view_secret(model, canvas, area);
		break;
	case DIALOG_QUIT:
		paint_quit(model, canvas, area);
		break;
	}
}
