/* Where the event stands and how much of the screen it has: by key, by name, and by dragging the divider. */
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* Percent of the list as it is now. */
static size_t percent_now(const struct layout *layout) {
	const struct area *list = &layout->list, *detail = &layout->detail;
	bool beside = layout_is_beside(layout);
	size_t rows = list->rows + layout->list_head.rows;
	size_t all = beside ? list->columns + layout->divider.columns + detail->columns
	                    : rows + layout->divider.rows + layout->detail_head.rows + detail->rows +
	                          layout->detail_path.rows;
	return all > 0 ? (beside ? list->columns : rows) * 100 / all : 50;
}

static void set_percent(struct model *model, bool beside, size_t percent) {
	size_t *kept = beside ? &model->split.beside : &model->split.below;
	*kept = split_clamp(percent);
	detail_lay_out(model, true);
	list_show_cursor(model);
}

void split_turn(struct model *model, struct span text) {
	static const char *const names[] = {"auto", "beside", "below"};
	unsigned next = ((unsigned)model->split.where + 1) % 3;
	for (unsigned i = 0; text.len > 0 && i < 3; i++) {
		if (span_is(text, names[i])) {
			next = i;
			text.len = 0;
		}
	}
	if (text.len > 0) {
		model_note(model, true, "split auto, split beside, or split below");
		return;
	}
	model->split.where = (enum split_where)next;
	detail_lay_out(model, true);
	list_show_cursor(model);
	model_note(model, false,
		next == SPLIT_AUTO ? "the event stands beside or below the list by the width of the screen"
		: next == SPLIT_BESIDE ? "the event stands beside the list"
							   : "the event stands below the list");
}

void split_size(struct model *model, bool more) {
	struct layout layout = layout_of(model);
	if (layout.divider.rows == 0 || layout.divider.columns == 0) {
		model_note(model, true, "nothing is split: open an event, on a screen with room for both");
		return;
	}
	size_t percent = percent_now(&layout);
	set_percent(model, layout_is_beside(&layout),
		more                   ? percent + SPLIT_STEP + 1
		: percent > SPLIT_STEP ? percent - SPLIT_STEP
							   : 0);
}

void split_drag(struct model *model, const struct mouse *mouse) {
	struct layout layout = layout_of(model);
	bool beside = layout_is_beside(&layout);
	size_t all = beside ? model->columns : layout_above_bar(model).rows;
	size_t at = beside ? mouse->x : mouse->y;
	if (layout.divider.rows > 0 && layout.divider.columns > 0 && all > 0) {
		set_percent(model, beside, (at * 100 + all - 1) / all);
	}
}
