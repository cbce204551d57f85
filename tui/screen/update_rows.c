/* The rows of a dialog, of which one is chosen, and how it is left. */
#include "tui/screen/update_parts.h"

int64_t rows_of_action(enum action action, int64_t page, int64_t half, int64_t all) {
	switch (action) {
	case ACTION_UP:
	case ACTION_PREVIOUS_EVENT:
		return -1;
	case ACTION_DOWN:
	case ACTION_NEXT_EVENT:
		return 1;
	case ACTION_PAGE_UP:
		return -page;
	case ACTION_PAGE_DOWN:
		return page;
	case ACTION_HALF_UP:
		return -half;
	case ACTION_HALF_DOWN:
		return half;
	case ACTION_FIRST:
		return -all;
	case ACTION_LAST:
		return all;
	default:
		return 0;
	}
}

size_t rows_move(size_t at, int64_t by, size_t count) {
	int64_t to = (int64_t)at + by, most = (int64_t)count - 1;
	to = to > most ? most : to;
	return to > 0 ? (size_t)to : 0;
}

void dialog_leave(struct model *model, enum action action, enum action own) {
	model->dialog.kind = DIALOG_NONE;
	if (action != own && action != ACTION_CLOSE && action != ACTION_BACK) {
		act(model, action, (struct span){0});
	}
}

void dialog_go(struct model *model, const struct event *event) {
	model->dialog.kind = DIALOG_NONE;
	if (model->filter.len > 0 && window_find(&model->window, &event->id) == WINDOW_NONE) {
		list_filter(model, (struct span){0});
	}
	list_go(model, event);
}
