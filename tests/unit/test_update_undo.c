/* The divider is moved and kept; what was changed is taken back with U. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/layout.h"

static void resize(struct model *model, size_t columns, size_t rows) {
	update(model, &(struct msg){.type = MSG_RESIZE, .columns = columns, .rows = rows});
}

static void point(struct model *model, enum mouse_what what, size_t x, size_t y) {
	update(model, &(struct msg){.type = MSG_MOUSE, .mouse = {what, x, y}});
}

static void open_event(struct model *model) {
	bed_begin(model, 5, false);
	resize(model, 120, 40);
	bed_key(model, KEY_ENTER_KEY);
}

static bool beside(const struct model *model) {
	struct layout layout = layout_of(model);
	return layout_is_beside(&layout);
}

static void the_event_is_put_below_and_beside_by_key(void **state) {
	(void)state;
	struct model model;
	open_event(&model);
	assert_true(beside(&model));
	bed_key(&model, '\\');
	bed_key(&model, '\\');
	assert_int_equal(model.split.where, SPLIT_BELOW);
	assert_false(beside(&model));
	resize(&model, 200, 60);
	assert_false(beside(&model));
	bed_key(&model, '\\');
	assert_true(beside(&model));
	bed_type(&model, ":split beside");
	bed_key(&model, KEY_ENTER_KEY);
	resize(&model, 80, 24);
	assert_true(beside(&model));
	resize(&model, 40, 24); /* no room for that */
	assert_false(beside(&model));
	model_clear(&model);
}

static void the_list_gets_more_and_less_room_by_key(void **state) {
	(void)state;
	struct model model;
	open_event(&model);
	size_t before = layout_of(&model).list.columns;
	bed_key(&model, '}');
	size_t more = layout_of(&model).list.columns;
	assert_true(more > before);
	for (int i = 0; i < 40; i++) {
		bed_key(&model, '{');
	}
	size_t least = layout_of(&model).list.columns;
	assert_true(least >= 10 && least < before);
	for (int i = 0; i < 40; i++) {
		bed_key(&model, '}');
	}
	assert_true(layout_of(&model).detail.columns >= 10);
	model_clear(&model);
}

static void the_divider_is_dragged_and_stays_across_resize(void **state) {
	(void)state;
	struct model model;
	open_event(&model);
	struct area divider = layout_of(&model).divider;
	point(&model, MOUSE_DRAG, 80, 5); /* nothing is held */
	assert_int_equal(layout_of(&model).divider.x, divider.x);
	point(&model, MOUSE_CLICK, divider.x + 1, 5);
	point(&model, MOUSE_DRAG, 80, 6);
	size_t x = layout_of(&model).divider.x;
	assert_true(x >= 78 && x <= 82);
	point(&model, MOUSE_RELEASE, 80, 6);
	point(&model, MOUSE_DRAG, 30, 6);
	assert_int_equal(layout_of(&model).divider.x, x);
	resize(&model, 180, 40);
	size_t wide = layout_of(&model).divider.x;
	assert_true(wide >= 117 && wide <= 123);
	resize(&model, 120, 40);
	assert_int_equal(layout_of(&model).divider.x, x);
	model_clear(&model);
}

static void a_filter_is_taken_back(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, "/type:a");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 1);
	bed_type(&model, ":filter type:b");
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, 'U');
	assert_string_equal(buffer_text(&model.filter), "type:a");
	bed_key(&model, 'U');
	assert_int_equal(model.filter.len, 0);
	bed_key(&model, 'U');
	assert_true(model.note.bad);
	model_clear(&model);
}

static void a_selection_is_taken_back(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_key(&model, 'g');
	bed_type(&model, "  ");
	assert_int_equal(model.selected, 2);
	bed_key(&model, 'i');
	assert_int_equal(model.selected, 3);
	assert_false(model.window.rows[0].selected);
	assert_true(model.window.rows[4].selected);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.selected, 0);
	bed_key(&model, 'U');
	assert_int_equal(model.selected, 3);
	bed_key(&model, 'U');
	assert_int_equal(model.selected, 2);
	assert_true(model.window.rows[1].selected);
	model_clear(&model);
}

static void a_mark_and_a_note_are_taken_back(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	const struct annotation said = {.note = span_text("first")};
	const struct uuid id = bed_event(3)->id;
	update(&model, &(struct msg){.type = MSG_ANNOTATED, .id = &id, .annotation = &said});
	bed_key(&model, 'm');
	bed_has_effect(&model, EFFECT_ANNOTATE);
	bed_key(&model, 'U');
	struct effect effect = bed_effect(&model, EFFECT_ANNOTATE);
	assert_int_equal(effect.number, 0);
	assert_true(effect.flag);
	assert_string_equal(buffer_text(&effect.text), "first");
	effect_clear(&effect);
	model_clear(&model);
}

static void only_so_many_changes_are_remembered(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	for (int i = 0; i < 3 * UNDO_MOST; i++) {
		bed_key(&model, '*');
	}
	assert_int_equal(model.undo.count, UNDO_MOST);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_event_is_put_below_and_beside_by_key),
		cmocka_unit_test(the_list_gets_more_and_less_room_by_key),
		cmocka_unit_test(the_divider_is_dragged_and_stays_across_resize),
		cmocka_unit_test(a_filter_is_taken_back),
		cmocka_unit_test(a_selection_is_taken_back),
		cmocka_unit_test(a_mark_and_a_note_are_taken_back),
		cmocka_unit_test(only_so_many_changes_are_remembered),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
