/* Filters are remembered, saved and taken again. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/filters_panel.h"

static void begin(struct model *model) {
	struct saved_filters saved = {0};
	bed_begin(model, 3, false);
	saved_filters_put(&saved, span_text("failing"), span_text("status:5xx"));
	saved_filters_put(&saved, span_text("broken"), span_text("sttus:5xx"));
	update(model, &(struct msg){.type = MSG_SAVED_FILTERS, .filters = &saved});
	saved_filters_clear(&saved);
	update(model,
		&(struct msg){.type = MSG_REMEMBERED, .number = PROMPT_FILTER, .text = span_text("old")});
	bed_has_effect(model, EFFECT_QUIT);
}

static void what_is_typed_is_remembered_for_the_next_run(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "/type:x");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_REMEMBER);
	assert_int_equal(effect.number, PROMPT_FILTER);
	assert_string_equal(buffer_text(&effect.text), "type:x");
	effect_clear(&effect);
	bed_type(&model, "/");
	bed_key(&model, KEY_UP_ARROW);
	bed_key(&model, KEY_UP_ARROW);
	assert_string_equal(buffer_text(&model.prompt.text), "old");
	model_clear(&model);
}

static void a_mistake_is_not_remembered(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "/tpe:x");
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_REMEMBER));
	model_clear(&model);
}

static void the_filter_in_force_is_saved_under_a_name(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, ":save mine");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(model.note.text, "there is no filter in force that could be saved");
	bed_type(&model, "/type:x");
	bed_key(&model, KEY_ENTER_KEY);
	bed_type(&model, ":save mine");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_SAVE_FILTER);
	assert_string_equal(buffer_text(&effect.text), "mine");
	assert_string_equal(buffer_text(&effect.filter), "type:x");
	effect_clear(&effect);
	bed_type(&model, ":save a b");
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_SAVE_FILTER));
	assert_true(model.note.bad);
	model_clear(&model);
}

static void one_of_the_list_is_taken(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "Lj");
	assert_int_equal(filters_panel_count(&model), 3);
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_string_equal(buffer_text(&model.filter), "status:5xx");
	bed_type(&model, "LGe");
	assert_string_equal(buffer_text(&model.prompt.text), "old");
	model_clear(&model);
}

static void one_that_is_wrong_can_be_mended(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "L");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.prompt.kind, PROMPT_FILTER);
	assert_non_null(strstr(model.prompt.error, "did you mean \"status\"?"));
	model_clear(&model);
}

static void saved_ones_are_taken_away_and_typed_ones_stay(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "Lx");
	struct effect effect = bed_effect(&model, EFFECT_SAVE_FILTER);
	assert_string_equal(buffer_text(&effect.text), "broken");
	assert_int_equal(effect.filter.len, 0);
	effect_clear(&effect);
	bed_type(&model, "Gx");
	assert_false(bed_has_effect(&model, EFFECT_SAVE_FILTER));
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_typed_is_remembered_for_the_next_run),
		cmocka_unit_test(a_mistake_is_not_remembered),
		cmocka_unit_test(the_filter_in_force_is_saved_under_a_name),
		cmocka_unit_test(one_of_the_list_is_taken),
		cmocka_unit_test(one_that_is_wrong_can_be_mended),
		cmocka_unit_test(saved_ones_are_taken_away_and_typed_ones_stay),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
