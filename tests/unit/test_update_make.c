/* Events of one's own: e edits the one under the cursor, S chooses a sample. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/command_log.h"
#include "tui/screen/samples.h"

static void an_edit_goes_where_replays_go(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "e");
	assert_int_equal(model.prompt.kind, PROMPT_EDIT);
	bed_type(&model, "localhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_EDIT);
	assert_true(uuid_equal(&effect.id, &bed_event(3)->id));
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	assert_false(effect.flag);
	effect_clear(&effect);
	assert_string_equal(command_log_newest(&model.command_log, 0)->text,
		"hookline edit stripe#3 --to localhost:3000");
	/* and the next one needs no asking */
	bed_type(&model, ":as-received on");
	bed_key(&model, KEY_ENTER_KEY);
	bed_type(&model, "ke");
	effect = bed_effect(&model, EFFECT_EDIT);
	assert_true(uuid_equal(&effect.id, &bed_event(2)->id));
	assert_true(effect.flag);
	effect_clear(&effect);
	model_clear(&model);
}

static void nothing_can_be_edited_in_an_empty_list(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 0, false);
	bed_type(&model, "e");
	assert_false(bed_has_effect(&model, EFFECT_EDIT));
	assert_string_equal(model.note.text, "there is no event to edit");
	model_clear(&model);
}

static void a_sample_is_chosen_by_provider_and_type(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, "S");
	assert_int_equal(model.dialog.kind, DIALOG_SAMPLES);
	bed_type(&model, "jj");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(model.dialog.provider, samples_row(NULL, 2)->provider);
	bed_type(&model, "Gj");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_SEND);
	size_t last = samples_row_count(samples_row(NULL, 2)->provider) - 1;
	const struct sample *sample = samples_row(samples_row(NULL, 2)->provider, last);
	assert_string_equal(buffer_text(&effect.text), sample->provider);
	assert_string_equal(buffer_text(&effect.filter), sample->type);
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void going_back_from_types_leads_to_their_provider(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, "Sjjj");
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_ESCAPE);
	assert_null(model.dialog.provider);
	assert_int_equal(model.dialog.top, 3);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void a_sample_may_be_named(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, ":send dropspace media.completed");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_SEND);
	assert_string_equal(buffer_text(&effect.filter), "media.completed");
	effect_clear(&effect);
	assert_string_equal(
		command_log_newest(&model.command_log, 0)->text, "hookline send dropspace media.completed");
	bed_type(&model, ":send dropspace media.complete");
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_SEND));
	assert_non_null(strstr(model.note.text, "did you mean \"media.completed\""));
	model_clear(&model);
}

static void a_sample_goes_to_the_app_where_that_is_wanted(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, "Sa"); /* no app is known */
	assert_false(model.samples_to_app);
	assert_non_null(strstr(model.note.text, "to URL"));
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, ":send dropspace media.completed to localhost:3000/a");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_SEND);
	assert_string_equal(buffer_text(&effect.filter), "media.completed");
	assert_string_equal(buffer_text(&effect.body), "localhost:3000/a");
	effect_clear(&effect);
	assert_string_equal(command_log_newest(&model.command_log, 0)->text,
		"hookline send dropspace media.completed --to localhost:3000/a --keep");
	/* from then on it can be chosen in the menu, and stays so */
	bed_type(&model, "Sa");
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_SEND);
	assert_string_equal(buffer_text(&effect.body), "localhost:3000/a");
	effect_clear(&effect);
	bed_type(&model, "Sa");
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_SEND);
	assert_int_equal(effect.body.len, 0);
	effect_clear(&effect);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_edit_goes_where_replays_go),
		cmocka_unit_test(nothing_can_be_edited_in_an_empty_list),
		cmocka_unit_test(a_sample_is_chosen_by_provider_and_type),
		cmocka_unit_test(going_back_from_types_leads_to_their_provider),
		cmocka_unit_test(a_sample_may_be_named),
		cmocka_unit_test(a_sample_goes_to_the_app_where_that_is_wanted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
