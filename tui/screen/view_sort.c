/* The menu of orders, with what each holds over. */
#include <stdio.h>

#include "tui/screen/list_order.h"
#include "tui/screen/touch.h"
#include "tui/screen/view_parts.h"

#define ROWS (LIST_SORT_COUNT + 4)

static void put_choice(struct canvas *canvas, struct area inner, size_t at, const char *key,
	const char *word, bool chosen) {
	if (at >= inner.rows) {
		return;
	}
	size_t y = inner.y + at;
	canvas_put(canvas, inner.x, y, inner.columns, span_text(key), STYLE_KEY);
	touch_key_named(canvas, (struct area){inner.x, y, inner.columns, 1}, key);
	if (inner.columns > 4) {
		canvas_put(canvas, inner.x + 3, y, inner.columns - 3, span_text(word),
			chosen ? STYLE_TITLE : STYLE_TEXT);
	}
}

void view_sort(const struct model *model, struct canvas *canvas, struct area area) {
	struct area inner = view_box(canvas, area, ROWS);
	const struct list_look *look = &model->look;
	bool by_time = look->sort == LIST_SORT_AGE;
	if (inner.rows == 0) {
		return;
	}
	canvas_put(canvas, inner.x, inner.y, inner.columns, span_text("Sort by"), STYLE_TITLE);
	put_choice(canvas, inner, 1, "o", "oldest first, newest below", by_time && !look->reversed);
	put_choice(canvas, inner, 2, "n", "newest first", by_time && look->reversed);
	for (int sort = LIST_SORT_SIZE; sort < LIST_SORT_COUNT; sort++) {
		const char *name = list_sort_name((enum list_sort)sort);
		char key[2] = {list_sort_key((enum list_sort)sort), '\0'}, word[64];
		bool chosen = look->sort == (enum list_sort)sort;
		snprintf(word, sizeof word, "%s%s%s", name,
			sort == LIST_SORT_STATUS ? ": what the app answered" : "",
			chosen ? look->reversed ? ", turned round (again: back)" : " (again: turned round)"
				   : "");
		put_choice(canvas, inner, (size_t)sort + 2, key, word, chosen);
	}
	if (inner.rows >= ROWS) {
		struct area last = {inner.x, inner.y + ROWS - 2, inner.columns, 2};
		view_text(canvas, last,
			span_text("Other orders than by time hold over the newest 10,000 that match."),
			STYLE_FAINT);
	}
}
