/* Which rows of the list are selected, one by one or as a range. */
#include "tui/screen/update_parts.h"

size_t list_count_selected(const struct window *window) {
	size_t count = 0;
	for (size_t i = 0; i < window->count; i++) {
		count += window->rows[i].selected;
	}
	return count;
}

static void select_row(struct model *model, size_t at, bool selected) {
	struct row *row = &model->window.rows[at];
	if (row->selected == selected || (selected && model->selected == SELECTED_MAX)) {
		return;
	}
	row->selected = selected;
	model->selected += selected ? 1 : (size_t)-1;
}

void list_stretch_range(struct model *model) {
	size_t from, to;
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	from = list_order_place(&order, model->range_from);
	to = list_order_place(&order, model->cursor);
	for (size_t i = 0; i < order.count; i++) {
		select_row(model, order.rows[i], (i >= from && i <= to) || (i >= to && i <= from));
	}
}

void list_select(struct model *model) {
	if (model->window.count == 0) {
		return;
	}
	bool selected = model->window.rows[model->cursor].selected;
	undo_remember_selection(model);
	if (!selected && model->selected == SELECTED_MAX) {
		model_note(model, true, "no more than %d events can be selected", SELECTED_MAX);
		return;
	}
	model->ranging = false;
	select_row(model, model->cursor, !selected);
	list_move_by(model, 1);
}

void list_select_range(struct model *model) {
	model->ranging = !model->ranging && model->window.count > 0;
	if (model->ranging) {
		undo_remember_selection(model);
		model->range_from = model->cursor;
		list_stretch_range(model);
	}
}

void list_select_all(struct model *model) {
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	bool all = model->selected < order.count && model->selected < SELECTED_MAX;
	undo_remember_selection(model);
	model->ranging = false;
	for (size_t i = order.count; i-- > 0;) {
		select_row(model, order.rows[i], all);
	}
}

void list_unselect(struct model *model) {
	if (model->selected > 0) {
		undo_remember_selection(model);
	}
	model->ranging = false;
	for (size_t i = 0; i < model->window.count; i++) {
		select_row(model, i, false);
	}
}

void list_select_others(struct model *model) {
	undo_remember_selection(model);
	model->ranging = false;
	size_t left = SELECTED_MAX;
	struct list_order order;
	list_order_make(&order, &model->window, &model->look, model->cursor);
	for (size_t i = order.count; i-- > 0;) {
		struct row *row = &model->window.rows[order.rows[i]];
		row->selected = !row->selected && left > 0;
		left -= row->selected;
	}
	model->selected = list_count_selected(&model->window);
}

void list_select_again(struct model *model, const struct undo_step *step) {
	model->ranging = false;
	for (size_t i = 0; i < model->window.count; i++) {
		select_row(model, i, undo_has(step, &model->window.rows[i].event->id));
	}
}
