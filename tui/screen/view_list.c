#include <inttypes.h>
#include <stdio.h>

#include "common/moment.h"
#include "common/words.h"
#include "tui/screen/badges.h"
#include "tui/screen/list_order.h"
#include "tui/screen/touch.h"
#include "tui/screen/verdict_style.h"
#include "tui/screen/view_parts.h"

/* Columns from which two blanks stand between cells. */
#define COLUMNS_WITH_WIDE_GAPS 90
/* The row of the cursor; selected, marked or both; and the verdict's glyph: always there. */
#define MARKS_COLUMNS 3
/* Beyond this it is told that there are more: a number that is cut would be another one. */
#define TRIES_TOLD INT64_C(9999)

/* In the order they stand in. */
enum column { VERDICT, PROVIDER, TYPE, REF, AGE, SIZE, TRIES, APP, REQUEST, COLUMN_COUNT };

/* From which width of the list on a column is there, and its least width. */
static const struct {
	const char *head;
	size_t from, least;
	bool right;
	enum list_sort sort; /* LIST_SORT_AGE: none of its own */
} columns[COLUMN_COUNT] = {
	[VERDICT] = {"VERDICT", 150, 12, false, LIST_SORT_VERDICT},
	[PROVIDER] = {"PROVIDER", 62, 8, false, LIST_SORT_PROVIDER},
	[TYPE] = {"TYPE", 8, 4, false, LIST_SORT_TYPE},
	[REF] = {"EVENT", 32, 8, false},
	[AGE] = {"AGE", 48, 4, true},
	[SIZE] = {"SIZE", 68, 6, true, LIST_SORT_SIZE},
	[TRIES] = {"TRIES", 76, 5, true, LIST_SORT_TRIES},
	[APP] = {"APP", 16, 5, true, LIST_SORT_STATUS},
	[REQUEST] = {"REQUEST", 118, 16, false},
};

/* Who grows to which width with what is left, in this order: the next step begins when one is done. */
static const struct {
	enum column column;
	size_t to;
} steps[] = {{TYPE, 16}, {REF, 13}, {APP, 7}, {TYPE, 26}, {PROVIDER, 10}, {REF, 16}, {TYPE, 36},
	{REQUEST, 30}, {PROVIDER, 17}, {TYPE, 44}, {REF, 24}, {REQUEST, SIZE_MAX}};

/* Where each column of a list of a width stands; no columns: it is not there. */
struct plan {
	size_t x[COLUMN_COUNT], width[COLUMN_COUNT];
	size_t gap;
};

static size_t least(size_t a, size_t b) {
	return a < b ? a : b;
}

static void grow(struct plan *plan, enum column column, size_t to, size_t *left) {
	size_t width = plan->width[column];
	if (width > 0 && to > width) {
		size_t more = least(to - width, *left);
		plan->width[column] += more;
		*left -= more;
	}
}

static struct plan plan_of(size_t list_columns) {
	struct plan plan = {.gap = list_columns >= COLUMNS_WITH_WIDE_GAPS ? 2 : 1};
	size_t used = MARKS_COLUMNS, x = MARKS_COLUMNS;
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		plan.width[i] = list_columns >= columns[i].from ? columns[i].least : 0;
		used += plan.width[i] > 0 ? plan.width[i] + plan.gap : 0;
	}
	size_t left = list_columns > used ? list_columns - used : 0;
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		grow(&plan, steps[i].column, steps[i].to, &left);
	}
	for (size_t i = 0; i < COLUMN_COUNT; i++) {
		x += plan.width[i] > 0 ? plan.gap : 0;
		plan.x[i] = x;
		x += plan.width[i];
	}
	return plan;
}

/* Where and how one row is painted. */
struct spot {
	struct canvas *canvas;
	const struct plan *plan;
	size_t x, y;
	size_t folded, failed; /* deliveries that are folded into it, and what of them went wrong */
};

static void put(const struct spot *at, enum column column, struct span text, unsigned style) {
	size_t x = at->x + at->plan->x[column], width = at->plan->width[column];
	if (columns[column].right) {
		canvas_put_right(at->canvas, x, at->y, width, text, style);
	} else {
		canvas_put(at->canvas, x, at->y, width, text, style);
	}
}

static void paint_head(
	const struct model *model, struct canvas *canvas, struct area head, const struct plan *plan) {
	struct spot at = {canvas, plan, head.x, head.y};
	bool chosen = model->detail.open && !model->detail_focused;
	for (size_t i = 0; i < COLUMN_COUNT && head.rows > 0; i++) {
		char text[24];
		const struct list_look *look = &model->look;
		bool sorted = columns[i].sort == look->sort && (look->sort != LIST_SORT_AGE || i == AGE);
		sorted = sorted && (look->sort != LIST_SORT_AGE || look->reversed);
		const char *down = canvas->ascii ? "v" : "\u25be", *up = canvas->ascii ? "^" : "\u25b4";
		snprintf(text, sizeof text, "%s%s", columns[i].head,
			!sorted          ? ""
			: look->reversed ? up
							 : down);
		put(&at, (enum column)i, span_text(text), chosen ? STYLE_TITLE : STYLE_FAINT);
		if (i != REQUEST) {
			struct area title = {head.x + plan->x[i], head.y, plan->width[i], 1};
			touch_note(canvas,
				&(struct touch){.area = title, .kind = TOUCH_SORT, .number = columns[i].sort});
		}
	}
}

static unsigned style_of_verdict(enum verdict verdict) {
	return verdict == VERDICT_UNVERIFIED ? (unsigned)STYLE_FAINT : verdict_style(verdict)->style;
}

static void put_verdict(const struct spot *at, enum verdict verdict) {
	const struct verdict_style *look = verdict_style(verdict);
	canvas_glyph(at->canvas, at->x + 2, at->y, look->glyph, look->ascii, style_of_verdict(verdict));
	put(at, VERDICT, span_text(verdict_name(verdict)), style_of_verdict(verdict));
}

/* "POST /orders?id=7": the path as it is handed on. */
static struct span request_of(struct buffer *text, const struct event *event) {
	buffer_reset(text);
	buffer_append_span(text, event->method);
	buffer_append_byte(text, ' ');
	buffer_append_span(text, span_after(event->target, (size_t)event->path_offset));
	return buffer_span(text);
}

/*
 * " 2 folded, 1 failed": what is not seen of the deliveries of this event, and above all what went wrong in it; as signs where
 * there is no room.
 */
static void append_folded(struct buffer *out, const struct spot *at, size_t room) {
	if (at->folded == 0) {
		return;
	}
	buffer_printf(out, " %zu folded", at->folded);
	if (at->failed > 0) {
		buffer_printf(out, ", %zu failed", at->failed);
	}
	if (out->len + 6 > room) { /* and the "×3" behind it */
		buffer_reset(out);
		buffer_printf(out, at->canvas->ascii ? " +%zu" : " \u25b8%zu", at->folded);
		if (at->failed > 0) {
			buffer_printf(out, " !%zu", at->failed);
		}
	}
}

/* " ×3 late": as words where all of them fit behind the type, else as signs, as many as leave half of the width to it. */
static void append_badges(
	struct buffer *out, const struct spot *at, const struct event *event, size_t room) {
	enum badge_kind kinds[BADGE_COUNT];
	size_t count = badges_of(kinds, event), width = at->plan->width[TYPE], first = out->len;
	bool ascii = at->canvas->ascii;
	for (size_t i = 0; i < count; i++) {
		buffer_append_byte(out, ' ');
		badge_append(out, event, kinds[i], ascii, true);
	}
	if (canvas_measure(at->canvas, buffer_span(out), room) <= room) {
		return;
	}
	out->len = first;
	for (size_t i = 0; i < count; i++) {
		size_t before = out->len;
		buffer_append_byte(out, ' ');
		badge_append(out, event, kinds[i], ascii, false);
		size_t wide = canvas_measure(at->canvas, buffer_span(out), width);
		if (wide >= width || (i > 0 && wide > width / 2)) {
			out->len = before;
			break;
		}
	}
}

/* The type with its badges; where it is not known and there is no column of its own for it, the request. */
static void put_type(const struct spot *at, const struct event *event, struct span request) {
	size_t x = at->x + at->plan->x[TYPE], width = at->plan->width[TYPE];
	struct buffer badges = {0};
	unsigned style = list_is_alarming(event) || at->failed > 0 ? STYLE_BAD : STYLE_TEXT;
	struct span text = event->type;
	if (text.len == 0) {
		text = at->plan->width[REQUEST] > 0 ? span_text("-") : request;
		style = style == STYLE_TEXT ? STYLE_FAINT : style;
	}
	size_t used = canvas_measure(at->canvas, text, width);
	append_folded(&badges, at, used < width ? width - used : 0);
	append_badges(&badges, at, event, used < width ? width - used : 0);
	size_t behind = canvas_measure(at->canvas, buffer_span(&badges), width);
	used = canvas_put(at->canvas, x, at->y, width - behind, text, style);
	canvas_put(at->canvas, x + used, at->y, behind, buffer_span(&badges), STYLE_INFO);
	buffer_clear(&badges);
}

/* In the place of how often it was tried: when it is tried again, or that this is paused. */
static bool put_due(const struct spot *at, const struct retry *next, int64_t now_ms) {
	struct buffer text = {0};
	int64_t left_ms = next ? next->due_ns / MOMENT_NS_PER_MS - now_ms : 0;
	if (!next || at->plan->width[TRIES] == 0) {
		return false;
	}
	if (next->paused) {
		buffer_append_byte(&text, '-');
	} else {
		words_append_age(&text, left_ms > 0 ? (left_ms + 999) / 1000 * 1000 : 0);
	}
	size_t x = at->x + at->plan->x[TRIES], width = at->plan->width[TRIES];
	canvas_put_right(at->canvas, x, at->y, width, buffer_span(&text), STYLE_WARN);
	if (text.len < width) {
		canvas_glyph(at->canvas, x + width - text.len - 1, at->y, "\u21b7", '~', STYLE_WARN);
	}
	buffer_clear(&text);
	return true;
}

static void put_numbers(
	const struct spot *at, const struct event *event, const struct retry *next, int64_t now_ms) {
	struct buffer text = {0};
	words_append_age(&text, now_ms - event->received_at_ns / 1000000);
	put(at, AGE, buffer_span(&text), STYLE_FAINT);
	buffer_reset(&text);
	words_append_size(&text, event->body_len);
	put(at, SIZE, buffer_span(&text), STYLE_FAINT);
	buffer_reset(&text);
	bool many = event->attempts > TRIES_TOLD;
	buffer_printf(&text, "%s%" PRId64, many ? ">" : "", many ? TRIES_TOLD : event->attempts);
	if (!put_due(at, next, now_ms)) {
		put(at, TRIES, event->attempts > 0 ? buffer_span(&text) : span_text(""), STYLE_FAINT);
	}
	buffer_clear(&text);
}

/* What the app answered last, and an arrow while a try of ours is under way, or one is to come. */
static void put_app(const struct spot *at, const struct row *row, bool due) {
	size_t x = at->x + at->plan->x[APP], width = at->plan->width[APP];
	char text[24] = "";
	int64_t status = row->event->last_status;
	if (status > 0) {
		snprintf(text, sizeof text, "%" PRId64, status);
	} else if (status < 0) {
		snprintf(text, sizeof text, "%s", width >= 7 ? "failed" : "fail");
	}
	put(at, APP, span_text(text), verdict_style_of_status(status));
	bool alone = due && at->plan->width[TRIES] == 0; /* where there is no column for it */
	if ((row->sending > 0 || alone) && width > 0) {
		size_t behind = span_text(text).len;
		behind += behind > 0 && behind + 2 <= width ? 1 : 0;
		bool sends = row->sending > 0;
		canvas_glyph(at->canvas, x + width - 1 - behind, at->y, sends ? "\u2192" : "\u21b7",
			sends ? '>' : '~', STYLE_WARN);
	}
}

static void put_marks(const struct spot *at, const struct row *row, bool cursor) {
	if (cursor) {
		canvas_glyph(at->canvas, at->x, at->y, "\u25b8", '>', STYLE_TEXT);
	}
	bool marked = row->event->annotation.marked;
	if (row->selected && marked) {
		canvas_glyph(at->canvas, at->x + 1, at->y, "\u2726", '&', STYLE_INFO);
	} else if (row->selected || marked) {
		canvas_glyph(at->canvas, at->x + 1, at->y, marked ? "\u2605" : "\u2022", marked ? '#' : '*',
			STYLE_INFO);
	}
}

static void put_facts(const struct spot *at, const struct event *event) {
	struct buffer request = {0};
	struct span text = request_of(&request, event);
	bool known = event->provider.len > 0;
	put(at, PROVIDER, known ? event->provider : span_text("-"), STYLE_FAINT);
	put_type(at, event, text);
	put(at, REQUEST, text, STYLE_FAINT);
	buffer_clear(&request);
}

/* The row of the cursor is a bar where the keys go to the list; with the event open it only stands out. */
static unsigned flags_of(const struct model *model, const struct row *row, bool cursor) {
	bool keys_here = !(model->detail.open && model->detail_focused);
	unsigned flags = row->selected ? STYLE_SELECTED : 0;
	return cursor ? flags | (keys_here ? STYLE_CURSOR : STYLE_SELECTED) : flags;
}

static void paint_row(
	const struct spot *at, const struct model *model, size_t index, size_t width) {
	const struct row *row = &model->window.rows[index];
	bool cursor = index == model->cursor;
	put_marks(at, row, cursor);
	put_verdict(at, row->event->verdict);
	put_facts(at, row->event);
	if (at->plan->width[REF] > 0) {
		view_ref(at->canvas, at->x + at->plan->x[REF], at->y, at->plan->width[REF], row->event,
			STYLE_TEXT);
	}
	const struct retry *next = dues_next(&model->dues, &row->event->id);
	put_numbers(at, row->event, next, model->now_ms);
	put_app(at, row, next != NULL);
	canvas_add_style(
		at->canvas, (struct area){at->x, at->y, width, 1}, flags_of(model, row, cursor));
}

void view_list(const struct model *model, struct canvas *canvas, const struct layout *layout) {
	struct area list = layout->list;
	if (model->window.count == 0) {
		list.y -= layout->list_head.rows;
		list.rows += layout->list_head.rows;
		view_empty(model, canvas, list);
		return;
	}
	struct plan plan = plan_of(list.columns);
	if (list.rows > 0) {
		paint_head(model, canvas, layout->list_head, &plan);
	}
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	for (size_t i = 0; i < list.rows && model->top + i < order.count; i++) {
		size_t row = order.rows[model->top + i];
		struct spot at = {canvas, &plan, list.x, list.y + i, order.folded[row], order.failed[row]};
		paint_row(&at, model, row, list.columns);
	}
}
