/* The menu of orders, with what each holds over. */
#include <stdio.h>

#include "tui/screen/list_order.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

/* By time in either direction, and by each other column. */
#define ITEMS (LIST_SORT_COUNT + 1)
#define ROWS (ITEMS + 3)
/* Without what is said below them. */
#define ROWS_LEAST (ITEMS + 1)

static void put_choice(
	struct canvas *canvas, struct area place, char key, const char *word, bool chosen) {
	canvas_put(canvas, place.x, place.y, place.columns, (struct span){&key, 1}, STYLE_KEY);
	touch_key(canvas, place, (unsigned char)key);
	if (place.columns > 4) {
		canvas_put(canvas, place.x + 3, place.y, place.columns - 3, span_text(word),
			chosen ? STYLE_TITLE : STYLE_TEXT);
	}
}

static bool is_chosen(const struct list_look *look, char key) {
	return look->sort == LIST_SORT_AGE ? key == (look->reversed ? 'n' : 'o')
	                                   : key == list_sort_key(look->sort);
}

/* By their names alone, two on a row where there is room for that, else one behind the other. */
static void paint_tight(const struct list_look *look, struct canvas *canvas, struct area area) {
	struct view_menu_item items[ITEMS] = {{'o', "oldest"}, {'n', "newest"}};
	for (int sort = LIST_SORT_SIZE; sort < LIST_SORT_COUNT; sort++) {
		items[sort + 1] = (struct view_menu_item){
			list_sort_key((enum list_sort)sort), list_sort_name((enum list_sort)sort)};
	}
	if (area.rows < ITEMS / 2 + 1 || area.columns < 24) {
		view_menu_tight(canvas, area, items, ITEMS);
		return;
	}
	struct area inner = view_box(canvas, area, ITEMS / 2 + 1);
	canvas_put(canvas, inner.x, inner.y, inner.columns, span_text("Sort by"), STYLE_TITLE);
	for (size_t i = 0; i < ITEMS; i++) {
		size_t half = inner.columns / 2;
		struct area place = {inner.x + i % 2 * half, inner.y + 1 + i / 2, half, 1};
		put_choice(canvas, place, items[i].letter, items[i].word, is_chosen(look, items[i].letter));
	}
}

static void paint_orders(const struct list_look *look, struct canvas *canvas, struct area row) {
	put_choice(canvas, row, 'o', "oldest first, newest below", is_chosen(look, 'o'));
	row.y++;
	put_choice(canvas, row, 'n', "newest first", is_chosen(look, 'n'));
	for (int sort = LIST_SORT_SIZE; sort < LIST_SORT_COUNT; sort++) {
		char key = list_sort_key((enum list_sort)sort), word[64];
		bool chosen = is_chosen(look, key);
		snprintf(word, sizeof word, "%s%s%s", list_sort_name((enum list_sort)sort),
			sort == LIST_SORT_STATUS ? ": what the app answered" : "",
			chosen ? look->reversed ? ", turned round (again: back)" : " (again: turned round)"
				   : "");
		row.y++;
		put_choice(canvas, row, key, word, chosen);
	}
}

void view_sort(const struct model *model, struct canvas *canvas, struct area area) {
	if (area.rows < ROWS_LEAST) {
		paint_tight(&model->look, canvas, area);
		return;
	}
	struct area inner = view_box(canvas, area, area.rows < ROWS ? ROWS_LEAST : ROWS);
	canvas_put(canvas, inner.x, inner.y, inner.columns, span_text("Sort by"), STYLE_TITLE);
	paint_orders(&model->look, canvas, (struct area){inner.x, inner.y + 1, inner.columns, 1});
	if (inner.rows >= ROWS) {
		struct area last = {inner.x, inner.y + ROWS - 2, inner.columns, 2};
		view_text(canvas, last,
			span_text("Other orders than by time hold over the newest 10,000 that match."),
			STYLE_FAINT);
	}
}
