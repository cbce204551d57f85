/* The window over the history, its cursor and its pages. */
#include <stdlib.h>
#include <string.h>

#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* The next page is asked for when the cursor is so near to the end of the window. */
#define PAGE_AHEAD (WINDOW_PAGE / 4)

/* How often rows that may have become stale are asked for again, and the newest page in a flood. */
#define STALE_PAUSE_MS 2000
#define SKIPPED_PAUSE_MS 250

void list_forget_arrived(struct model *model) {
	for (size_t i = 0; i < model->arrived_count; i++) {
		free(model->arrived[i]);
	}
	model->arrived_count = 0;
	model->arrived_more = false;
}

/* --- pages --- */

static void stop_page(struct model *model) {
	if (model->page.number) {
		effects_add(&model->effects, EFFECT_PAGE_STOP)->page = model->page.number;
		model->page.number = 0;
	}
	list_forget_arrived(model);
}

static struct page *ask_page(
	struct model *model, bool newest_first, int64_t beyond, int64_t limit) {
	stop_page(model);
	model->search_stopped = false;
	model->page = (struct page){.number = ++model->last_page,
		.newest_first = newest_first,
		.beyond = beyond,
		.limit = limit,
		.asked_at_ms = model->now_ms};
	struct effect *effect = effects_add(&model->effects, EFFECT_PAGE);
	effect->page = model->page.number;
	effect->flag = newest_first;
	effect->beyond = beyond;
	effect->limit = limit;
	buffer_append_span(&effect->text, buffer_span(&model->filter));
	return &model->page;
}

static void ask_fresh(
	struct model *model, bool newest_first, int64_t beyond, int64_t limit, int then) {
	struct page *page = ask_page(model, newest_first, beyond, limit);
	page->fresh = true;
	page->then = then;
	model->loaded = false;
}

static void ask_again(struct model *model) {
	model->judged = false;
	if (model->window.count == 0) {
		return;
	}
	if (list_is_ranked(model)) {
		model->unseen_more = true; /* the order is made anew when it is asked for */
		return;
	}
	int64_t first = model->window.rows[0].event->position;
	ask_page(model, false, first - 1, (int64_t)model->window.count)->refresh = true;
}

static void ask_newest(struct model *model, int64_t limit) {
	model->following = !list_is_ranked(model);
	model->unseen = 0;
	model->unseen_more = model->stale = model->skipped = false;
	if (list_is_ranked(model)) {
		ask_fresh(model, true, 0, LIST_SORT_SCAN, PAGE_STAY);
		return;
	}
	ask_fresh(model, true, 0, limit, PAGE_TO_LAST);
}

void list_newest(struct model *model) {
	ask_newest(model, WINDOW_PAGE);
}

void list_begin(struct model *model) {
	struct effect *effect = effects_add(&model->effects, EFFECT_FOLLOW);
	buffer_append_span(&effect->text, buffer_span(&model->filter));
	list_newest(model);
}

void list_filter(struct model *model, struct span filter) {
	if (!span_equal(filter, buffer_span(&model->filter))) {
		undo_remember_filter(model);
	}
	list_filter_again(model, filter);
}

void list_filter_again(struct model *model, struct span filter) {
	buffer_reset(&model->filter);
	buffer_append_span(&model->filter, filter);
	window_empty(&model->window);
	model->cursor = model->top = 0;
	model->ranging = false;
	list_begin(model);
}

/* --- the cursor --- */

static void keep_in_sight(struct model *model) {
	size_t rows = layout_of(model).list.rows;
	struct list_order order;
	if (model->cursor >= model->window.count) {
		model->cursor = model->window.count > 0 ? model->window.count - 1 : 0;
	}
	if (rows == 0) {
		return; /* it is not shown: where it stood is where it will stand */
	}
	list_order_make(&order, &model->window, &model->look, model->cursor);
	size_t count = order.count, place = list_order_place(&order, model->cursor);
	if (place < model->top) {
		model->top = place;
	}
	if (place >= model->top + rows) {
		model->top = place - rows + 1;
	}
	if (model->top + rows > count) {
		model->top = count > rows ? count - rows : 0;
	}
}

/* Few rows that are shown stand for many that are folded: more is asked for while the window has room. */
static bool is_scarce(const struct model *model) {
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	return order.count < layout_of(model).list.rows + PAGE_AHEAD &&
	       model->window.count + WINDOW_PAGE <= WINDOW_ROWS_MAX;
}

void list_show_cursor(struct model *model) {
	const struct window *window = &model->window;
	keep_in_sight(model);
	if (model->page.number || window->count == 0 || model->search_stopped ||
		list_is_ranked(model)) {
		return;
	}
	if (window->newer && model->cursor + PAGE_AHEAD >= window->count) {
		ask_page(model, false, window->rows[window->count - 1].event->position, WINDOW_PAGE);
	} else if (window->older && (model->cursor < PAGE_AHEAD || is_scarce(model))) {
		ask_page(model, true, window->rows[0].event->position, WINDOW_PAGE);
	}
}

void list_move_to(struct model *model, size_t row) {
	if (row >= model->window.count) {
		return;
	}
	model->cursor = row;
	model->following =
		row + 1 == model->window.count && !model->window.newer && !list_is_ranked(model);
	model->unseen = model->following ? 0 : model->unseen;
	model->unseen_more = model->unseen_more && !model->following;
	if (model->ranging) {
		list_stretch_range(model);
	}
	list_show_cursor(model);
}

void list_move_by(struct model *model, int64_t rows) {
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	int64_t last = (int64_t)order.count - 1;
	model->search_stopped = model->search_stopped && rows > 0;
	int64_t to = (int64_t)list_order_place(&order, model->cursor) + rows;
	to = to > last ? last : to > 0 ? to : 0;
	if (order.count > 0) {
		list_move_to(model, order.rows[to]);
	}
}

/* The first or the last of what is shown. */
static void move_to_end(struct model *model, bool last) {
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	if (order.count > 0) {
		list_move_to(model, order.rows[last ? order.count - 1 : 0]);
	}
}

static void to_oldest(struct model *model) {
	if (model->window.older) {
		model->following = false;
		ask_fresh(model, false, 0, WINDOW_PAGE, PAGE_TO_FIRST);
	} else {
		move_to_end(model, model->look.reversed && !list_is_ranked(model));
	}
}

static void to_newest(struct model *model) {
	if (model->window.newer) {
		list_newest(model);
	} else if (model->window.count > 0) {
		list_move_to(model, model->window.count - 1);
	} else {
		model->following = true;
	}
}

void list_follow(struct model *model) {
	if (list_is_ranked(model)) {
		list_newest(model);
	} else {
		to_newest(model);
		model->following = true;
	}
}

void list_first(struct model *model) {
	if (list_is_ranked(model)) {
		move_to_end(model, false);
	} else if (model->look.reversed) {
		to_newest(model);
	} else {
		to_oldest(model);
	}
}

void list_last(struct model *model) {
	if (list_is_ranked(model)) {
		move_to_end(model, true);
	} else if (model->look.reversed) {
		to_oldest(model);
	} else {
		to_newest(model);
	}
}

void list_go(struct model *model, const struct event *event) {
	size_t at = window_find(&model->window, &event->id);
	if (at != WINDOW_NONE) {
		list_move_to(model, at);
		return;
	}
	model->following = false;
	model->look.sort = LIST_SORT_AGE;
	ask_fresh(model, false, event->position - 1, WINDOW_PAGE, PAGE_TO_FIRST);
}

/* --- rows --- */

static size_t place_of_cursor(const struct model *model) {
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	return list_order_place(&order, model->cursor);
}

/* Rows move when one is put in front of them; what the cursor and the view are on stays. */
static void put(struct model *model, const struct event *event) {
	struct window *window = &model->window;
	size_t dropped_front, place = place_of_cursor(model);
	filter_known_take(&model->filter_known, event);
	int64_t anchor = window->count > 0 ? window->rows[model->cursor].event->position : 0;
	int64_t range = window->count > 0 && model->range_from < window->count
	                    ? window->rows[model->range_from].event->position
	                    : 0;
	bool was_full = window->count == WINDOW_ROWS_MAX;
	window_put(window, event, &dropped_front);
	if (anchor > 0) {
		model->cursor = window_place(window, anchor);
	}
	if (model->cursor >= window->count) {
		model->cursor = window->count - 1;
	}
	size_t moved = place_of_cursor(model) - place; /* may be below 0 */
	model->top = model->top + moved > window->count ? 0 : model->top + moved;
	model->range_from = range > 0 ? window_place(window, range) : 0;
	model->range_from = model->range_from < window->count ? model->range_from : 0;
	if (was_full && model->selected > 0) {
		model->selected = list_count_selected(window);
	}
}

/* A row the user looks at or has selected must not go for one that comes. */
static bool would_push_out(const struct model *model) {
	return model->window.count == WINDOW_ROWS_MAX && (!model->following || model->selected > 0);
}

static void append(struct model *model, const struct event *event) {
	if (list_is_ranked(model)) {
		model->unseen++;
		return;
	}
	if (model->window.newer || would_push_out(model)) {
		model->window.newer = true;
		model->unseen++;
		return;
	}
	put(model, event);
	if (model->following) {
		model->cursor = model->window.count - 1;
	} else {
		model->unseen++;
	}
	keep_in_sight(model);
}

void list_event(struct model *model, const struct event *event) {
	if (!model->page.number) {
		append(model, event);
	} else if (model->arrived_count < WINDOW_PAGE) {
		model->arrived[model->arrived_count++] = event_copy(event);
	} else {
		model->arrived_more = true;
	}
}

bool list_filter_has(const struct model *model, const char *word) {
	struct buffer text = {0};
	buffer_append_span(&text, buffer_span(&model->filter));
	bool has = strstr(buffer_text(&text), word) != NULL;
	buffer_clear(&text);
	return has;
}

void list_attempt(struct model *model, const struct attempt *attempt) {
	for (size_t i = 0; i < model->arrived_count; i++) {
		struct event *event = model->arrived[i];
		if (uuid_equal(&event->id, &attempt->event) && event->attempts < attempt->number) {
			event->attempts = attempt->number;
			event->last_status = attempt->status > 0 ? attempt->status : -1;
		}
	}
	window_attempted(&model->window, attempt);
	if (model->filter.len > 0 && !model->stale) {
		model->stale =
			list_filter_has(model, "status:") || list_filter_has(model, "is:undelivered");
	}
}

void list_judged(struct model *model) {
	model->judged = true;
	if (!model->page.number) {
		ask_again(model);
	}
}

void list_page_row(struct model *model, uint32_t page, const struct event *event) {
	if (page != model->page.number) {
		return;
	}
	if (model->page.fresh && !model->page.begun) {
		window_empty(&model->window);
		model->cursor = model->top = model->selected = 0;
		model->ranging = false;
	}
	model->page.begun = true;
	if (list_is_ranked(model)) {
		list_rank(model, event);
		return;
	}
	put(model, event);
	if (model->page.then == PAGE_TO_LAST) {
		model->cursor = model->window.count - 1;
		keep_in_sight(model);
	}
}

/* --- a page is through --- */

static void put_arrived(struct model *model) {
	for (size_t i = 0; i < model->arrived_count; i++) {
		append(model, model->arrived[i]);
	}
	if (model->arrived_more) {
		model->window.newer = true;
	}
	list_forget_arrived(model);
}

static void mark_ends(struct window *window, const struct page *page, bool complete) {
	if (page->newest_first) {
		window->older = !complete;
		window->newer = page->beyond == 0 ? false : window->newer;
	} else {
		window->newer = !complete;
		window->older = page->fresh ? page->beyond > 0 : window->older;
	}
}

static void end_page(
	struct model *model, const struct page *page, int64_t looked_at, bool complete) {
	struct window *window = &model->window;
	if (page->fresh && !page->begun) {
		window_empty(window);
		model->cursor = model->top = model->selected = 0;
	}
	if (list_is_ranked(model)) {
		model->unseen += (int64_t)model->arrived_count;
		model->unseen_more = model->unseen_more || model->arrived_more;
		list_forget_arrived(model);
		model->loaded = true;
		list_ranked(model, looked_at);
		return;
	}
	if (!page->refresh) {
		mark_ends(window, page, complete);
	}
	if (!window->newer) {
		put_arrived(model);
	} else {
		model->unseen += (int64_t)model->arrived_count;
		list_forget_arrived(model);
	}
	model->loaded = true;
	if (page->then == PAGE_TO_FIRST) {
		model->cursor = model->top = 0;
	} else if (model->following && !window->newer && window->count > 0) {
		model->cursor = window->count - 1;
	}
}

void list_page_done(struct model *model, const struct msg *msg) {
	struct page page = model->page;
	if (!page.number || msg->page != page.number) {
		return;
	}
	model->page.number = 0;
	if (msg->error) {
		/* what arrived meanwhile is read with the next page */
		model->window.newer = model->window.newer || model->arrived_count > 0;
		list_forget_arrived(model);
		model_note(model, true, "%s", msg->error->text);
		return;
	}
	end_page(model, &page, msg->number, msg->number < page.limit);
	if (model->judged) {
		ask_again(model);
	}
	list_show_cursor(model);
}

void list_page_progress(struct model *model, const struct msg *msg) {
	if (model->page.number && msg->page == model->page.number) {
		model->page.looked_at = msg->number;
		model->page.part = msg->count;
	}
}

bool list_stop_search(struct model *model) {
	struct page page = model->page;
	if (!page.number || page.refresh || model->filter.len == 0) {
		return false;
	}
	effects_add(&model->effects, EFFECT_PAGE_STOP)->page = page.number;
	model->page.number = 0;
	end_page(model, &page, (int64_t)model->window.count, false);
	model->search_stopped = true;
	model_note(model, false, "stopped after %lld events: moving on up goes on searching",
		(long long)page.looked_at);
	return true;
}

/* What is on the screen, and a page to move on. */
static int64_t rows_in_sight(const struct model *model) {
	size_t rows = layout_of(model).list.rows + PAGE_AHEAD;
	return rows < WINDOW_PAGE ? (int64_t)rows : WINDOW_PAGE;
}

/* False: it is too soon, or there is nothing to do. */
static bool ask_skipped(struct model *model, int64_t since_ms) {
	if (!model->skipped || since_ms < (model->following ? SKIPPED_PAUSE_MS : STALE_PAUSE_MS)) {
		return false;
	}
	if (list_is_ranked(model)) {
		model->skipped = false;
	} else if (!model->following) {
		model->skipped = false;
		ask_again(model);
	} else if (model->selected == 0) {
		ask_newest(model, rows_in_sight(model));
	}
	return true;
}

void list_tick(struct model *model) {
	int64_t since_ms = model->now_ms - model->asked_again_at_ms;
	if (model->page.number) {
		return;
	}
	if (ask_skipped(model, since_ms)) {
		model->asked_again_at_ms = model->now_ms;
	} else if (model->stale && model->following && since_ms >= STALE_PAUSE_MS) {
		model->asked_again_at_ms = model->now_ms;
		list_newest(model);
	}
}

void list_skipped(struct model *model) {
	model->skipped = model->unseen_more = true;
	model->detail.stale = true;
	if (model->page.number) {
		model->arrived_more = true;
	} else if (!list_is_ranked(model)) {
		model->window.newer = true;
	}
	list_tick(model);
}
