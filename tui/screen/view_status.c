#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/words.h"
#include "tui/screen/view_parts.h"

/* A live link that was silent for so long is told as one that may be dead. */
#define SILENT_MS 10000

/* What is quick is not worth a word that flickers. */

/* A filter takes at most so much of the bar: it may be 4 KiB long. */
#define FILTER_SHOWN 60

#define SEGMENT_FORMS 3
#define SEGMENT_LEN 700
#define SEGMENTS_MAX 16
#define GAP 2

/* One fact of the bar, in forms from the longest to the shortest; where even that does not fit, it is left out. */
struct segment {
	char forms[SEGMENT_FORMS][SEGMENT_LEN];
	size_t form_count, form; /* form == form_count: left out */
	unsigned style;
	bool on_right;
	bool below; /* on the second row, where there is one */
	bool
		may_end; /* the longest form may end behind any word: it only says more than the next one */
};

/* In the order of their weight: the last ones go first. */
struct bar {
	const struct model *model;
	struct canvas *canvas;
	struct segment segments[SEGMENTS_MAX];
	size_t count;
	size_t rows;
};

static struct segment *add(struct bar *bar, unsigned style) {
	struct segment *segment = &bar->segments[bar->count++];
	*segment = (struct segment){.style = style};
	return segment;
}

static void form(struct segment *segment, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
static void form(struct segment *segment, const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(segment->forms[segment->form_count++], SEGMENT_LEN, format, arguments);
	va_end(arguments);
}

/* --- the link --- */

/* "0.3 s", "12 s", "4 min": since something came. */
static void silence(char text[24], int64_t ms) {
	ms = ms > 0 ? ms : 0;
	if (ms < SILENT_MS) {
		snprintf(text, 24, "%.1f s", (double)(ms / 100) / 10);
	} else if (ms < INT64_C(120000)) {
		snprintf(text, 24, "%" PRId64 " s", ms / 1000);
	} else {
		snprintf(text, 24, "%" PRId64 " min", ms / 60000);
	}
}

static void add_live(struct bar *bar, int64_t silent_ms) {
	char text[24];
	bool silent = silent_ms >= SILENT_MS;
	struct segment *segment = add(bar, silent ? STYLE_BAR_WARN : STYLE_BAR_GOOD);
	silence(text, silent_ms);
	if (silent) {
		form(segment, "live, but silent for %s", text);
		form(segment, "silent %s", text);
	} else {
		form(segment, "live %s", text);
		form(segment, "live");
	}
}

static void add_resuming(struct bar *bar, const struct link_status *link) {
	struct segment *segment = add(bar, STYLE_BAR_WARN);
	if (link->resume_ref[0]) {
		form(segment, "resuming from %s, %" PRId64 " behind", link->resume_ref, link->behind);
	}
	form(segment, "resuming, %" PRId64 " behind", link->behind);
	form(segment, "resuming");
}

static void add_gone(struct bar *bar, const struct link_status *link) {
	char again[64] = "";
	struct segment *segment = add(bar, STYLE_BAR_BAD);
	int64_t left_ms = link->retry_at_ms - bar->model->now_ms;
	if (link->retry_at_ms > 0) {
		/* rounded up: it never says 0 s while it still waits */
		snprintf(again, sizeof again, ", trying again in %" PRId64 " s",
			left_ms > 0 ? (left_ms + 999) / 1000 : 0);
	}
	if (bar->rows < 2) {
		form(segment, "relay gone%s: %s", again, link->why);
		segment->may_end = true;
	}
	form(segment, "relay gone%s", again);
	form(segment, "relay gone");
	if (bar->rows >= 2) {
		segment = add(bar, STYLE_BAR_BAD);
		form(segment, "%s", link->why);
		form(segment, "%s", "");
		segment->below = segment->may_end = true;
	}
}

static void add_link(struct bar *bar) {
	const struct link_status *link = &bar->model->link;
	switch (link->state) {
	case LINK_CONNECTING:
		form(add(bar, STYLE_BAR_WARN), "connecting");
		break;
	case LINK_LIVE:
		add_live(bar, bar->model->now_ms - link->heard_at_ms);
		break;
	case LINK_RESUMING:
		add_resuming(bar, link);
		break;
	case LINK_GONE:
		add_gone(bar, link);
		break;
	}
}

/* --- forwarding --- */

static unsigned style_of_health(int64_t status) {
	if (status == 0) {
		return STYLE_BAR;
	}
	return status >= 200 && status < 300   ? STYLE_BAR_GOOD
	       : status >= 300 && status < 500 ? STYLE_BAR_WARN
	                                       : STYLE_BAR_BAD;
}

static void add_on(struct bar *bar, const char *arrow, struct span target) {
	const struct forward_status *forward = &bar->model->forward;
	struct segment *segment = add(bar, style_of_health(forward->last_status));
	struct buffer took = {0};
	char answer[32] = "no answer";
	words_append_took(&took, forward->last_took_us);
	if (forward->last_status > 0) {
		snprintf(answer, sizeof answer, "%" PRId64 " %s", forward->last_status, buffer_text(&took));
	} else if (forward->last_status == 0) {
		answer[0] = '\0';
	}
	form(segment, "%s %.*s %s", arrow, (int)target.len, target.data,
		*answer ? answer : "nothing sent yet");
	form(segment, "%s %.*s", arrow, (int)target.len, target.data);
	if (*answer) {
		form(segment, "%s %s", arrow, answer);
	}
	buffer_clear(&took);
}

static void add_away(struct bar *bar, struct span target) {
	struct segment *segment = add(bar, STYLE_BAR_BAD);
	form(segment, "app away: %s", bar->model->forward.why);
	form(segment, "app away: %.*s", (int)target.len, target.data);
	form(segment, "app away");
}

static void add_other(struct bar *bar, struct span target) {
	struct segment *segment = add(bar, STYLE_BAR_WARN);
	const char *holder = bar->model->forward.holder;
	form(segment, "%s forwards to %.*s", holder, (int)target.len, target.data);
	form(segment, "%s forwards", holder);
	form(segment, "not forwarding");
}

static size_t count_in(const struct bar *bar, enum forward_state state) {
	const struct routes_status *routes = &bar->model->routes;
	size_t count = 0;
	for (size_t i = 0; i < routes->target_count; i++) {
		count += routes->targets[i].state == state;
	}
	return count;
}

/* "-> 3 targets: 12 ok, 1 failed" */
static void add_several(struct bar *bar, const char *arrow) {
	const struct forward_status *forward = &bar->model->forward;
	size_t targets = bar->model->routes.target_count;
	size_t away = count_in(bar, FORWARD_AWAY), others = count_in(bar, FORWARD_OTHER);
	if (away > 0) {
		struct segment *segment = add(bar, STYLE_BAR_BAD);
		form(segment, "%s %zu targets, %zu away: %s", arrow, targets, away, forward->why);
		form(segment, "%s %zu targets, %zu away", arrow, targets, away);
		form(segment, "%zu away", away);
		segment->may_end = true;
	} else if (others > 0) {
		struct segment *segment = add(bar, STYLE_BAR_WARN);
		form(segment, "%s %zu targets, %zu by %s", arrow, targets, others, forward->holder);
		form(segment, "%s %zu targets, %zu by others", arrow, targets, others);
		form(segment, "%zu by others", others);
	} else {
		struct segment *segment = add(bar, style_of_health(forward->last_status));
		form(segment, "%s %zu targets: %" PRId64 " ok, %" PRId64 " failed", arrow, targets,
			forward->good, forward->bad);
		form(segment, "%s %zu targets", arrow, targets);
	}
}

static void add_forward(struct bar *bar) {
	const struct forward_status *forward = &bar->model->forward;
	const char *arrow = bar->model->ascii ? "->" : "\u2192";
	struct span target = view_short_url(forward->target);
	if (forward->state != FORWARD_OFF && bar->model->routes.target_count > 1) {
		add_several(bar, arrow);
		bar->segments[bar->count - 1].below = true;
		return;
	}
	switch (forward->state) {
	case FORWARD_OFF:
		form(add(bar, STYLE_BAR), "not forwarding");
		break;
	case FORWARD_ASKING:
		form(add(bar, STYLE_BAR_WARN), "%s %.*s ...", arrow, (int)target.len, target.data);
		break;
	case FORWARD_ON:
		add_on(bar, arrow, target);
		break;
	case FORWARD_OTHER:
		add_other(bar, target);
		break;
	case FORWARD_AWAY:
		add_away(bar, target);
		break;
	}
	bar->segments[bar->count - 1].below = true;
}

static void add_missed(struct bar *bar) {
	const struct forward_status *forward = &bar->model->forward;
	char key[16];
	if (forward->missed == 0) {
		return;
	}
	struct segment *segment = add(bar, STYLE_BAR_WARN);
	const char *more = forward->missed_more ? "+" : "";
	keymap_key(&bar->model->keymap, key, ACTION_MISSED, PLACE_LIST);
	form(segment, "%" PRId64 "%s missed, %s: forward them", forward->missed, more, key);
	form(segment, "%" PRId64 "%s missed: %s", forward->missed, more, key);
	form(segment, "%" PRId64 "%s missed", forward->missed, more);
	segment->below = true;
}

/* A replay of many, while its panel is not shown. */
static void add_bulk(struct bar *bar) {
	const struct bulk_panel *panel = &bar->model->bulk;
	if (bulk_panel_is_running(panel) && bar->model->dialog.kind != DIALOG_BULK) {
		struct segment *segment = add(bar, STYLE_BAR_WARN);
		const char *how = panel->phase == BULK_PHASE_PAUSED     ? "paused"
		                  : panel->phase == BULK_PHASE_STOPPING ? "stopping"
		                                                        : "replaying";
		int64_t sent = panel->report.sent, all = panel->report.planned;
		form(segment, "%s, %" PRId64 " of %" PRId64 " sent", how, sent, all);
		form(segment, "%s %" PRId64 "/%" PRId64, how, sent, all);
		segment->below = true;
	}
}

static void add_replays(struct bar *bar) {
	size_t count = bar->model->replays_under_way;
	if (count > 0) {
		struct segment *segment = add(bar, STYLE_BAR_WARN);
		form(segment, "%zu %s under way", count, count == 1 ? "replay" : "replays");
		form(segment, "replaying %zu", count);
		segment->below = true;
	}
}

/* Who forwards elsewhere. One who holds the lease we asked for is told already. */
static void add_leases(struct bar *bar) {
	const struct model *model = bar->model;
	const struct lease_status *lease = NULL;
	size_t others = 0;
	for (size_t i = 0; i < model->lease_count; i++) {
		lease = model->leases[i].mine ? lease : &model->leases[i];
		others += !model->leases[i].mine;
	}
	if (!lease || (others == 1 && model->forward.state == FORWARD_OTHER)) {
		return;
	}
	struct segment *segment = add(bar, STYLE_BAR);
	if (others == 1) {
		struct span target = view_short_url(lease->target);
		form(segment, "%s forwards %s to %.*s", lease->holder,
			lease->endpoint[0] ? lease->endpoint : "all", (int)target.len, target.data);
		form(segment, "%s forwards", lease->holder);
	} else {
		form(segment, "%zu others forward", others);
	}
	segment->below = true;
}

/* --- the list --- */

static void add_selected(struct bar *bar) {
	const struct model *model = bar->model;
	char key[16];
	if (model->selected > 0 || model->ranging) {
		struct segment *segment = add(bar, STYLE_BAR);
		keymap_key(&model->keymap, key, ACTION_SELECT_RANGE, PLACE_LIST);
		if (model->ranging) {
			form(segment, "%zu selected, %s ends", model->selected, key);
		}
		form(segment, "%zu selected", model->selected);
		segment->on_right = true;
	}
}

/* Over which events the order holds is said as plainly as the order itself. */
static void add_order(struct bar *bar) {
	const struct model *model = bar->model;
	const struct list_look *look = &model->look;
	struct segment *segment = add(bar, model->unseen > 0 ? STYLE_BAR_WARN : STYLE_BAR);
	const char *name = list_sort_name(look->sort), *turned = look->reversed ? ", turned round" : "";
	const char *of = look->of_all ? "all" : "the newest";
	if (!model->loaded) {
		form(segment, "sorting by %s ...", name);
	} else if (model->unseen > 0 || model->unseen_more) {
		int64_t unseen = model->unseen > 0 ? model->unseen : 1;
		form(segment, "by %s%s, %s %" PRId64 "; %" PRId64 " came since, f sorts again", name,
			turned, of, look->looked_at, unseen);
		form(segment, "by %s, %s %" PRId64 ", +%" PRId64, name, of, look->looked_at, unseen);
	} else {
		form(segment, "by %s%s, of %s %" PRId64, name, turned, of, look->looked_at);
	}
	form(segment, "by %s, %s %" PRId64, name, of, look->looked_at);
	segment->on_right = true;
}

static void add_follow(struct bar *bar) {
	const struct model *model = bar->model;
	struct segment *segment;
	if (model->look.sort != LIST_SORT_AGE) {
		add_order(bar);
		return;
	}
	if (!model->following && (model->unseen > 0 || model->unseen_more)) {
		const char *more = model->unseen_more ? "+" : "";
		int64_t unseen = model->unseen > 0 ? model->unseen : 1;
		segment = add(bar, STYLE_BAR_WARN);
		form(segment, "%" PRId64 "%s newer below", unseen, more);
		form(segment, "%" PRId64 "%s newer", unseen, more);
	} else if (model->window.count > 0 && model->link.state != LINK_GONE) {
		segment = add(bar, STYLE_BAR);
		form(segment, model->following ? "following" : "not following");
	} else {
		return;
	}
	segment->on_right = true;
}

/* As people typed it, cut behind a word or, of one long word, with an ellipsis by the canvas. */
static void add_filter(struct bar *bar) {
	struct span filter = buffer_span(&bar->model->filter);
	if (filter.len > 0) {
		bool cut = filter.len > FILTER_SHOWN;
		size_t len = cut ? FILTER_SHOWN : filter.len;
		while (cut && len > 1 && ((unsigned char)filter.data[len] & 0xc0) == 0x80) {
			len--;
		}
		struct segment *segment = add(bar, STYLE_BAR_WARN);
		form(segment, "filter %.*s%s", (int)len, filter.data, cut ? "..." : "");
		form(segment, "filtered");
		segment->on_right = segment->may_end = true;
	}
}

/* A filter that looks into bodies may take its time: hits come as they are found, and that is not all yet. */
/* That values are not what arrived is said, and how to see them. */
static void add_masked(struct bar *bar) {
	const struct model *model = bar->model;
	char key[16];
	if (model->readonly) {
		struct segment *segment = add(bar, STYLE_BAR);
		form(segment, "readonly");
		segment->on_right = true;
	}
	if (model->detail.open && model->detail.masked > 0) {
		struct segment *segment = add(bar, STYLE_BAR);
		keymap_key(&model->keymap, key, ACTION_REVEAL, PLACE_DETAIL);
		if (key[0] && !model->readonly) {
			form(segment, "%zu masked: %s", model->detail.masked, key);
		}
		form(segment, "%zu masked", model->detail.masked);
		segment->on_right = true;
	}
}

static void add_search(struct bar *bar) {
	const struct page *page = &bar->model->page;
	if (page->number && bar->model->now_ms - page->asked_at_ms >= SEARCH_TOLD_AFTER_MS) {
		struct segment *segment = add(bar, STYLE_BAR_WARN);
		if (bar->model->filter.len == 0) {
			form(segment, "reading ...");
		} else {
			form(segment, "searching %zu %%, Esc stops", page->part / 10);
			form(segment, "searching %zu %%", page->part / 10);
			form(segment, "%zu %%", page->part / 10);
		}
		segment->on_right = true;
	}
}

/* --- fitting --- */

static size_t width_of(const struct bar *bar, const struct segment *segment) {
	return segment->form == segment->form_count
	           ? 0
	           : canvas_measure(
					 bar->canvas, span_text(segment->forms[segment->form]), SEGMENT_LEN) +
	                 GAP;
}

/* Columns of a row, its outer blanks included. */
static size_t row_width(const struct bar *bar, bool below) {
	size_t width = 0;
	for (size_t i = 0; i < bar->count; i++) {
		width += bar->segments[i].below == below ? width_of(bar, &bar->segments[i]) : 0;
	}
	return width;
}

/* Shortens all before it leaves one out; the weightiest is the last to go. */
static void fit(struct bar *bar, bool below, size_t columns) {
	for (size_t form_most = 1; form_most <= SEGMENT_FORMS; form_most++) {
		for (size_t i = bar->count; i > 0 && row_width(bar, below) > columns; i--) {
			struct segment *segment = &bar->segments[i - 1];
			bool last_form = segment->form + 1 >= segment->form_count;
			if (segment->below == below && !last_form && segment->form < form_most) {
				segment->form++;
			}
		}
	}
	for (size_t i = bar->count; i > 1 && row_width(bar, below) > columns; i--) {
		if (bar->segments[i - 1].below == below) {
			bar->segments[i - 1].form = bar->segments[i - 1].form_count;
		}
	}
}

/* What was shortened and may end behind any word says as much more as there is room for. */
static void say_more(struct bar *bar, bool below, size_t columns) {
	for (size_t i = 0; i < bar->count; i++) {
		struct segment *segment = &bar->segments[i];
		size_t width = row_width(bar, below);
		if (!segment->may_end || segment->below != below || segment->form != 1 || width > columns) {
			continue;
		}
		char *text = segment->forms[0];
		size_t least = strlen(segment->forms[1]) + 2, room = width_of(bar, segment) - GAP + columns;
		room -= width + 4; /* of the ellipsis in ASCII, and a blank */
		for (size_t len = strlen(text); len > least; len--) {
			struct span start = {text, len};
			if (text[len] == ' ' && canvas_measure(bar->canvas, start, SEGMENT_LEN) <= room) {
				snprintf(text + len, SEGMENT_LEN - len, " ...");
				segment->form = 0;
				break;
			}
		}
	}
}

/* Each in its colour with a blank on either side. */
static void paint(struct bar *bar, struct area row, bool below) {
	size_t left = row.x, right = row.x + row.columns;
	for (size_t i = 0; i < bar->count; i++) {
		const struct segment *segment = &bar->segments[i];
		size_t width = width_of(bar, segment);
		if (segment->below != below || width == 0) {
			continue;
		}
		width = width < right - left ? width : right - left;
		right -= segment->on_right ? width : 0;
		size_t x = segment->on_right ? right : left;
		left += segment->on_right ? 0 : width;
		canvas_fill(bar->canvas, (struct area){x, row.y, width, 1}, segment->style);
		canvas_put(bar->canvas, x + 1, row.y, width > GAP ? width - GAP : 0,
			span_text(segment->forms[segment->form]), segment->style);
	}
}

/* What weighs most comes first. That nothing is forwarded is no news, and none at all without a relay. */
static void add_all(struct bar *bar) {
	bool forwards = bar->model->forward.state != FORWARD_OFF;
	add_link(bar);
	if (forwards) {
		add_forward(bar);
	}
	add_missed(bar);
	add_selected(bar);
	add_follow(bar);
	add_filter(bar);
	add_search(bar);
	add_masked(bar);
	add_replays(bar);
	add_bulk(bar);
	add_leases(bar);
	if (!forwards && bar->model->link.state != LINK_GONE) {
		add_forward(bar);
	}
}

void view_status(const struct model *model, struct canvas *canvas, struct area area) {
	struct bar bar = {.model = model, .canvas = canvas, .rows = area.rows};
	add_all(&bar);
	canvas_fill(canvas, area, STYLE_BAR);
	for (size_t i = 0; i < bar.count && area.rows < 2; i++) {
		bar.segments[i].below = false;
	}
	for (size_t row = 0; row < area.rows; row++) {
		fit(&bar, row > 0, area.columns);
		say_more(&bar, row > 0, area.columns);
		paint(&bar, (struct area){area.x, area.y + row, area.columns, 1}, row > 0);
	}
}
