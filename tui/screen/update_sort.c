/* The order of the list: by time over all of the history, or by any column over the newest events that match. */
#include <stdlib.h>

#include "tui/screen/list_order.h"
#include "tui/screen/update_parts.h"

bool list_is_ranked(const struct model *model) {
	return model->look.sort != LIST_SORT_AGE;
}

/* Those that stand in front in the order are kept, as many as the window holds. */
void list_rank(struct model *model, const struct event *event) {
	struct window *window = &model->window;
	size_t dropped, worst = 0;
	for (size_t i = 1; window->count == WINDOW_ROWS_MAX && i < window->count; i++) {
		bool behind =
			list_order_compare(&model->look, window->rows[worst].event, window->rows[i].event) < 0;
		worst = behind ? i : worst;
	}
	if (window->count < WINDOW_ROWS_MAX) {
		window_put(window, event, &dropped);
	} else if (list_order_compare(&model->look, event, window->rows[worst].event) < 0) {
		window_remove(window, worst);
		window_put(window, event, &dropped);
	}
}

void list_ranked(struct model *model, int64_t looked_at) {
	struct list_order order;
	model->look.looked_at = looked_at;
	model->look.of_all = looked_at < LIST_SORT_SCAN;
	model->window.older = model->window.newer = false;
	model->top = 0;
	model->following = false;
	list_order_make(&order, &model->window, &model->look, WINDOW_NONE);
	model->cursor = order.count > 0 ? order.rows[0] : 0;
}

static void sort_by(struct model *model, enum list_sort sort, bool reversed) {
	struct list_look *look = &model->look;
	bool same_rows = look->sort == LIST_SORT_AGE && sort == LIST_SORT_AGE;
	look->sort = sort;
	look->reversed = reversed;
	if (same_rows) {
		list_show_cursor(model);
	} else {
		list_newest(model);
	}
}

void sort_choose(struct model *model, enum list_sort sort) {
	bool again = model->look.sort == sort;
	sort_by(model, sort, again && !model->look.reversed);
}

void sort_key(struct model *model, uint32_t key) {
	model->dialog.kind = DIALOG_NONE;
	if (key == 'n' || key == 'o') {
		sort_by(model, LIST_SORT_AGE, key == 'n');
		return;
	}
	for (int sort = LIST_SORT_SIZE; sort < LIST_SORT_COUNT; sort++) {
		if (key == (uint32_t)list_sort_key((enum list_sort)sort)) {
			sort_choose(model, (enum list_sort)sort);
			return;
		}
	}
}

void sort_open(struct model *model, struct span text) {
	if (text.len == 0) {
		model->dialog = (struct dialog){.kind = DIALOG_SORT};
		return;
	}
	if (span_is(text, "newest") || span_is(text, "oldest")) {
		sort_by(model, LIST_SORT_AGE, span_is(text, "newest"));
		return;
	}
	for (int sort = 0; sort < LIST_SORT_COUNT; sort++) {
		if (span_is(text, list_sort_name((enum list_sort)sort))) {
			sort_choose(model, (enum list_sort)sort);
			return;
		}
	}
	model_note(
		model, true, "sort newest, oldest, age, size, status, provider, type, verdict or tries");
}

void fold_turn(struct model *model) {
	const struct event *event = model_current(model);
	uint64_t group = event ? list_group(event) : 0;
	if (!group) {
		model_note(model, true, "nothing to fold: its provider gave it no id");
		return;
	}
	if (model->look.all_unfolded) {
		model_note(model, true, "all are unfolded: Z folds them");
		return;
	}
	list_look_turn(&model->look, group);
	list_show_cursor(model);
}

void fold_turn_all(struct model *model) {
	model->look.all_unfolded = !model->look.all_unfolded;
	model->look.unfolded_count = 0;
	list_show_cursor(model);
	model_note(model, false,
		model->look.all_unfolded ? "every delivery is a row of its own"
								 : "repeated deliveries are folded into the newest one");
}
