/* Where things stand: never on one another, never outside, and with room for what matters. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/screen/layout.h"

#define COLUMNS_MOST 130
#define ROWS_MOST 60

enum { ALONE, LIST_FOCUSED, DETAIL_FOCUSED, MAXIMISED, ARRANGEMENTS };

static struct model model_of(size_t columns, size_t rows, unsigned arrangement) {
	struct model model = {.columns = columns, .rows = rows};
	model.detail.open = arrangement != ALONE;
	model.detail_focused = arrangement >= DETAIL_FOCUSED;
	model.detail.maximised = arrangement == MAXIMISED;
	return model;
}

/* Marks the cells of an area; fails when one is outside or already taken. */
static size_t take(
	bool taken[ROWS_MOST][COLUMNS_MOST], struct area area, const struct model *model) {
	if (area.rows == 0 || area.columns == 0) {
		return 0;
	}
	assert_true(area.x + area.columns <= model->columns && area.y + area.rows <= model->rows);
	for (size_t y = area.y; y < area.y + area.rows; y++) {
		for (size_t x = area.x; x < area.x + area.columns; x++) {
			assert_false(taken[y][x]);
			taken[y][x] = true;
		}
	}
	return area.rows * area.columns;
}

static void check(const struct model *model) {
	static bool taken[ROWS_MOST][COLUMNS_MOST];
	memset(taken, 0, sizeof taken);
	struct layout layout = layout_of(model);
	const struct area areas[] = {layout.list, layout.list_head, layout.detail, layout.detail_head,
		layout.detail_path, layout.divider, layout.bar, layout.prompt};
	size_t cells = 0;
	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
		cells += take(taken, areas[i], model);
	}
	assert_int_equal(cells, model->columns * model->rows);
	assert_true(layout.list.rows + layout.detail.rows + layout.prompt.rows > 0);
}

static void areas_fill_the_screen_and_never_overlap(void **state) {
	(void)state;
	for (size_t columns = 1; columns <= COLUMNS_MOST; columns++) {
		for (size_t rows = 1; rows <= ROWS_MOST; rows++) {
			for (unsigned arrangement = 0; arrangement < ARRANGEMENTS; arrangement++) {
				struct model model = model_of(columns, rows, arrangement);
				check(&model);
				model.prompt.kind = PROMPT_FILTER;
				check(&model);
			}
		}
	}
}

static void a_screen_without_cells_has_no_areas(void **state) {
	(void)state;
	struct model model = model_of(0, 0, LIST_FOCUSED);
	struct layout layout = layout_of(&model);
	assert_int_equal(
		layout.list.rows + layout.detail.rows + layout.bar.rows + layout.prompt.rows, 0);
}

static void the_list_is_there_alone_until_an_event_is_opened(void **state) {
	(void)state;
	struct model model = model_of(80, 24, ALONE);
	struct layout layout = layout_of(&model);
	assert_int_equal(layout.list.rows, 21);
	assert_int_equal(layout.list.columns, 80);
	assert_int_equal(layout.detail.rows, 0);
}

static void a_wide_screen_has_the_detail_beside_the_list(void **state) {
	(void)state;
	struct model model = model_of(LAYOUT_COLUMNS_BESIDE, 24, LIST_FOCUSED);
	struct layout layout = layout_of(&model);
	assert_true(layout.detail.x > layout.list.x);
	assert_int_equal(layout.detail_head.y, layout.list_head.y);
	assert_int_equal(layout.divider.columns, LAYOUT_DIVIDER_COLUMNS);
}

static void a_narrow_one_has_it_below(void **state) {
	(void)state;
	struct model model = model_of(LAYOUT_COLUMNS_BESIDE - 1, LAYOUT_ROWS_SPLIT, LIST_FOCUSED);
	struct layout layout = layout_of(&model);
	assert_int_equal(layout.detail.x, 0);
	assert_true(
		layout.detail.y > layout.list.y && layout.detail.rows >= 4 && layout.list.rows >= 3);
	assert_int_equal(layout.divider.rows, 1);
}

static void a_small_one_shows_what_has_the_keys(void **state) {
	(void)state;
	struct model model = model_of(40, 10, DETAIL_FOCUSED);
	assert_int_equal(layout_of(&model).list.rows, 0);
	assert_true(layout_of(&model).detail.rows > 0);
	model.detail_focused = false;
	assert_true(layout_of(&model).list.rows > 0);
	assert_int_equal(layout_of(&model).detail.rows, 0);
}

static void a_maximised_detail_has_all_of_it(void **state) {
	(void)state;
	struct model model = model_of(200, 60, MAXIMISED);
	assert_int_equal(layout_of(&model).detail.columns, 200);
	assert_int_equal(layout_of(&model).list.rows, 0);
}

static void what_is_typed_is_seen_even_on_one_row(void **state) {
	(void)state;
	struct model model = model_of(20, 1, ALONE);
	assert_int_equal(layout_of(&model).list.rows, 1);
	model.prompt.kind = PROMPT_FILTER;
	assert_int_equal(layout_of(&model).prompt.rows, 1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(areas_fill_the_screen_and_never_overlap),
		cmocka_unit_test(a_screen_without_cells_has_no_areas),
		cmocka_unit_test(the_list_is_there_alone_until_an_event_is_opened),
		cmocka_unit_test(a_wide_screen_has_the_detail_beside_the_list),
		cmocka_unit_test(a_narrow_one_has_it_below),
		cmocka_unit_test(a_small_one_shows_what_has_the_keys),
		cmocka_unit_test(a_maximised_detail_has_all_of_it),
		cmocka_unit_test(what_is_typed_is_seen_even_on_one_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
