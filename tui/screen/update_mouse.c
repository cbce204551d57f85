/* Clicks and the wheel. */
#include "tui/screen/detail_tabs.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

#define WHEEL_LINES 3

static bool is_in(struct area area, const struct mouse *mouse) {
	return mouse->x >= area.x && mouse->x - area.x < area.columns && mouse->y >= area.y &&
	       mouse->y - area.y < area.rows;
}

static void wheel(struct model *model, const struct mouse *mouse, const struct layout *layout) {
	int64_t lines = mouse->what == MOUSE_WHEEL_UP ? -WHEEL_LINES : WHEEL_LINES;
	if (is_in(layout->detail, mouse)) {
		detail_scroll(model, lines, true);
	} else if (is_in(layout->list, mouse)) {
		list_move_by(model, lines);
	}
}

/* The second of its lines has the tabs. */
static void click_on_head(
	struct model *model, const struct mouse *mouse, const struct layout *layout) {
	struct area head = layout->detail_head;
	struct detail_tabs tabs = detail_tabs_of(model, head.columns, layout->detail.rows);
	for (size_t i = 0; i < tabs.count && mouse->y == head.y + 1; i++) {
		size_t x = head.x + tabs.tabs[i].x;
		if (mouse->x >= x && mouse->x - x < tabs.tabs[i].columns) {
			act(model, tabs.tabs[i].action, (struct span){0});
		}
	}
}

static void click(struct model *model, const struct mouse *mouse, const struct layout *layout) {
	if (is_in(layout->detail, mouse)) {
		model->detail_focused = true;
		if (payload_has_cursor(model)) {
			payload_go(model, model->detail.top + mouse->y - layout->detail.y);
		}
		if (mouse->what == MOUSE_DOUBLE_CLICK) {
			payload_fold(model);
		}
	} else if (is_in(layout->detail_head, mouse)) {
		click_on_head(model, mouse, layout);
	} else if (is_in(layout->list, mouse)) {
		model->detail_focused = false;
		struct list_order order;
		list_order_make(&order, &model->window, &model->look, model->cursor);
		size_t place = model->top + mouse->y - layout->list.y;
		if (place < order.count) {
			list_move_to(model, order.rows[place]);
		}
		if (mouse->what == MOUSE_DOUBLE_CLICK) {
			detail_open(model, true);
		}
	}
}

/* Those that are lists: the others ask something, and no wheel is an answer. */
static bool is_list(enum dialog_kind kind) {
	return kind == DIALOG_HELP || kind == DIALOG_LOG || kind == DIALOG_DELIVERIES ||
	       kind == DIALOG_ROUTES || kind == DIALOG_SAMPLES;
}

static void wheel_in_dialog(struct model *model, const struct mouse *mouse) {
	bool up = mouse->what == MOUSE_WHEEL_UP;
	if (!is_list(model->dialog.kind) || (!up && mouse->what != MOUSE_WHEEL_DOWN)) {
		return;
	}
	for (int i = 0; i < WHEEL_LINES; i++) {
		dialog_key(model, up ? KEY_UP_ARROW : KEY_DOWN_ARROW);
	}
}

void mouse(struct model *model, const struct mouse *mouse) {
	struct layout layout = layout_of(model);
	if (model->prompt.kind != PROMPT_NONE) {
		return;
	}
	if (model->dialog.kind != DIALOG_NONE) {
		wheel_in_dialog(model, mouse);
		return;
	}
	if (mouse->what == MOUSE_DRAG || mouse->what == MOUSE_RELEASE) {
		if (model->split.dragging && mouse->what == MOUSE_DRAG) {
			split_drag(model, mouse);
		}
		model->split.dragging = model->split.dragging && mouse->what == MOUSE_DRAG;
		return;
	}
	model->split.dragging = mouse->what == MOUSE_CLICK && is_in(layout.divider, mouse);
	if (mouse->what == MOUSE_WHEEL_UP || mouse->what == MOUSE_WHEEL_DOWN) {
		wheel(model, mouse, &layout);
	} else {
		click(model, mouse, &layout);
	}
}
