#include "tui/screen/layout.h"

/* Fewer rows than these do without: headings of columns, tabs, a path, a second row of the bar. */
#define ROWS_WITH_HEADINGS 7
#define ROWS_WITH_TABS 5
#define ROWS_WITH_PATH 7
#define ROWS_WITH_WIDE_BAR 10
#define COLUMNS_WITH_NARROW_BAR 72
/* A list on the whole area has a margin of one from so many on. */
#define COLUMNS_WITH_MARGIN 61

/* Of the list beside the detail, and of the list above it. */
#define LIST_COLUMNS_LEAST 56
#define LIST_COLUMNS_MOST 100
#define LIST_ROWS_LEAST 5
/* Either side keeps these, wherever the divider is dragged to. */
#define SIDE_COLUMNS_LEAST 16
#define SIDE_ROWS_LEAST 4

static size_t within(size_t value, size_t least, size_t most) {
	return value < least ? least : value > most ? most : value;
}

/* Takes `rows` from the end of `from`. */
static struct area cut_below(struct area *from, size_t rows) {
	rows = rows < from->rows ? rows : from->rows;
	from->rows -= rows;
	return (struct area){from->x, from->y + from->rows, from->columns, rows};
}

/* Takes `rows` from the beginning of `from`. */
static struct area cut_above(struct area *from, size_t rows) {
	rows = rows < from->rows ? rows : from->rows;
	struct area cut = {from->x, from->y, from->columns, rows};
	from->y += rows;
	from->rows -= rows;
	return cut;
}

/* Takes `columns` from the left of `from`. */
static struct area cut_left(struct area *from, size_t columns) {
	columns = columns < from->columns ? columns : from->columns;
	struct area cut = {from->x, from->y, columns, from->rows};
	from->x += columns;
	from->columns -= columns;
	return cut;
}

/* Of two rows the second is the bar, or what is typed; of one row, what is typed has all. */
static size_t prompt_rows(const struct model *model) {
	return model->rows >= 3 || model->prompt.kind != PROMPT_NONE ? 1 : 0;
}

static size_t bar_rows(const struct model *model) {
	if (model->rows >= ROWS_WITH_WIDE_BAR && model->columns < COLUMNS_WITH_NARROW_BAR) {
		return 2;
	}
	return model->rows >= 3 || (model->rows == 2 && model->prompt.kind == PROMPT_NONE) ? 1 : 0;
}

static void put_list(struct layout *layout, struct area area) {
	layout->list_head = cut_above(&area, area.rows >= ROWS_WITH_HEADINGS ? 1 : 0);
	layout->list = area;
}

static void put_detail(struct layout *layout, struct area area, bool path) {
	layout->detail_path = cut_below(&area, path && area.rows >= ROWS_WITH_PATH ? 1 : 0);
	size_t head = area.rows >= ROWS_WITH_TABS ? 2 : area.rows >= 2 ? 1 : 0;
	layout->detail_head = cut_above(&area, head);
	layout->detail = area;
}

/* What was chosen, where it can be. */
static bool is_beside(const struct split *split, size_t columns) {
	return split->where == SPLIT_AUTO
	           ? columns >= LAYOUT_COLUMNS_BESIDE
	           : split->where == SPLIT_BESIDE && columns >= LAYOUT_COLUMNS_BESIDE_CHOSEN;
}

/* So many percent, but so much for either side. */
static size_t share(size_t all, size_t percent, size_t least) {
	size_t most = all > 2 * least ? all - least : all / 2;
	return within((all * percent) / 100, least < most ? least : most, most);
}

static void put_both(
	struct layout *layout, struct area area, const struct split *split, bool path) {
	if (is_beside(split, area.columns)) {
		size_t columns = within(area.columns * 9 / 20, LIST_COLUMNS_LEAST, LIST_COLUMNS_MOST);
		if (split->beside > 0 || area.columns < LAYOUT_COLUMNS_BESIDE) {
			size_t percent = split->beside > 0 ? split->beside : 45;
			columns = share(area.columns, percent, SIDE_COLUMNS_LEAST);
		}
		put_list(layout, cut_left(&area, columns));
		layout->divider = cut_left(&area, LAYOUT_DIVIDER_COLUMNS);
	} else {
		size_t rows = within(area.rows * 2 / 5, LIST_ROWS_LEAST, area.rows);
		rows = split->below > 0 ? share(area.rows, split->below, SIDE_ROWS_LEAST) : rows;
		put_list(layout, cut_above(&area, rows));
		layout->divider = cut_above(&area, 1);
	}
	put_detail(layout, area, path);
}

/* Whether list and detail are shown together. */
static bool has_room_for_both(const struct model *model) {
	return !model->detail.maximised &&
	       (is_beside(&model->split, model->columns) || model->rows >= LAYOUT_ROWS_SPLIT);
}

bool layout_is_beside(const struct layout *layout) {
	return layout->divider.columns == LAYOUT_DIVIDER_COLUMNS && layout->divider.x > 0;
}

struct layout layout_of(const struct model *model) {
	struct layout layout = {0};
	struct area rest = {0, 0, model->columns, model->rows};
	bool path = model->detail.pane == PANE_PAYLOAD;
	layout.prompt = cut_below(&rest, prompt_rows(model));
	layout.bar = cut_below(&rest, bar_rows(model));
	if (!model->detail.open) {
		put_list(&layout, rest);
	} else if (has_room_for_both(model)) {
		put_both(&layout, rest, &model->split, path);
	} else if (model->detail_focused) {
		put_detail(&layout, rest, path);
	} else {
		put_list(&layout, rest);
	}
	return layout;
}

struct area layout_above_bar(const struct model *model) {
	struct layout layout = layout_of(model);
	size_t below = layout.bar.rows + layout.prompt.rows;
	return (struct area){0, 0, model->columns, model->rows - below};
}

struct area layout_inset(struct area area) {
	size_t margin = area.columns >= COLUMNS_WITH_MARGIN ? 1 : 0;
	return (struct area){area.x + margin, area.y, area.columns - 2 * margin, area.rows};
}
