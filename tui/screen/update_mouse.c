/* Clicks and the wheel. */
#include "tui/screen/detail_tabs.h"
#include "tui/screen/layout.h"
#include "tui/screen/touch.h"
#include "tui/screen/update_parts.h"
#include "tui/screen/view.h"

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

/* Those that move: the others ask something, and no wheel is an answer. */
static bool is_list(enum dialog_kind kind) {
	switch (kind) {
	case DIALOG_HELP:
	case DIALOG_LOG:
	case DIALOG_ENDPOINTS:
	case DIALOG_DELIVERIES:
	case DIALOG_RETRIES:
	case DIALOG_TIMELINE:
	case DIALOG_DIFF:
	case DIALOG_ROUTES:
	case DIALOG_FILTERS:
	case DIALOG_SAMPLES:
		return true;
	default:
		return false;
	}
}

static void wheel_in_dialog(struct model *model, const struct mouse *mouse) {
	for (int i = 0; is_list(model->dialog.kind) && i < WHEEL_LINES; i++) {
		dialog_key(model, mouse->what == MOUSE_WHEEL_UP ? KEY_UP_ARROW : KEY_DOWN_ARROW);
	}
}

/* Those that have the whole area are left by a key: nothing is outside of them. */
static bool is_box(enum dialog_kind kind) {
	switch (kind) {
	case DIALOG_COPY:
	case DIALOG_MISSED:
	case DIALOG_BULK:
	case DIALOG_PROVE:
	case DIALOG_SECRET:
	case DIALOG_SORT:
	case DIALOG_QUIT:
	case DIALOG_QR:
		return true;
	default:
		return false;
	}
}

/* What is painted where the mouse is, and does something. False: nothing. */
static bool find_touch(const struct model *model, const struct mouse *mouse, struct touch *touch) {
	struct touches touches = {0};
	struct canvas canvas;
	canvas_init(&canvas, model->columns, model->rows, model->ascii);
	canvas.touches = &touches;
	view(model, &canvas);
	const struct touch *found = touches_find(&touches, mouse->x, mouse->y);
	if (found) {
		*touch = *found;
	}
	canvas_clear(&canvas);
	touches_clear(&touches);
	return found != NULL;
}

static void touch_a_key(struct model *model, const struct touch *touch, bool again) {
	if (again && model->dialog.kind == DIALOG_NONE) {
		return; /* two clicks on "r replay" are not two replays */
	}
	if (touch->careful && model->dialog.touched != touch->number) {
		model->dialog.touched = touch->number;
		return;
	}
	take_key(model, (uint32_t)touch->number);
}

static void carry_out(struct model *model, const struct touch *touch, bool again) {
	switch (touch->kind) {
	case TOUCH_NOTHING:
		break;
	case TOUCH_KEY:
		touch_a_key(model, touch, again);
		break;
	case TOUCH_ROW:
		dialog_choose(model, touch->number);
		break;
	case TOUCH_SORT:
		sort_choose(model, (enum list_sort)touch->number);
		break;
	case TOUCH_PART:
		diff_show(model, (enum compare_part)touch->number);
		break;
	case TOUCH_BAR:
		overview_choose(model, (enum overview_group)touch->group, touch->number);
		break;
	}
}

static void button(struct model *model, const struct mouse *mouse, const struct layout *layout) {
	enum dialog_kind dialog = model->dialog.kind;
	bool again = mouse->what == MOUSE_DOUBLE_CLICK;
	struct touch touch;
	if (again && model->clicked != dialog) {
		return; /* what the first one was meant for has gone by it */
	}
	model->clicked = dialog;
	if (find_touch(model, mouse, &touch)) {
		carry_out(model, &touch, again);
	} else if (dialog == DIALOG_NONE) {
		click(model, mouse, layout);
	} else if (is_box(dialog)) {
		dialog_key(model, KEY_ESCAPE);
	}
}

static void drag(struct model *model, const struct mouse *mouse) {
	if (model->split.dragging && mouse->what == MOUSE_DRAG) {
		split_drag(model, mouse);
	}
	model->split.dragging = model->split.dragging && mouse->what == MOUSE_DRAG;
}

void mouse(struct model *model, const struct mouse *mouse) {
	struct layout layout = layout_of(model);
	bool dialog = model->dialog.kind != DIALOG_NONE;
	if (model->prompt.kind != PROMPT_NONE) {
		return;
	}
	if (mouse->what == MOUSE_DRAG || mouse->what == MOUSE_RELEASE) {
		drag(model, mouse);
		return;
	}
	model->split.dragging = !dialog && mouse->what == MOUSE_CLICK && is_in(layout.divider, mouse);
	if (mouse->what != MOUSE_WHEEL_UP && mouse->what != MOUSE_WHEEL_DOWN) {
		button(model, mouse, &layout);
	} else if (dialog) {
		wheel_in_dialog(model, mouse);
	} else {
		wheel(model, mouse, &layout);
	}
}
