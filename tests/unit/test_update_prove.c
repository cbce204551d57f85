/* What is proven of the app is chosen from a menu, told line by line, and can be done again as a command. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"

static void begin(struct model *model) {
	bed_begin(model, 5, false);
	snprintf(model->replay_target, sizeof model->replay_target, "localhost:3000");
}

static void found(struct model *model, enum prove_mark mark, const char *text) {
	update(model, &(struct msg){MSG_PROVE_FOUND, .number = mark, .text = span_text(text)});
}

static void over(struct model *model, bool proven, const char *verdict) {
	update(model, &(struct msg){MSG_PROVE_OVER, .mine = proven, .text = span_text(verdict),
					  .target = span_text("hookline prove reject stripe#5 --only stale")});
}

static void a_letter_of_the_menu_begins_a_proof(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "p");
	assert_int_equal(model.dialog.kind, DIALOG_PROVE);
	bed_type(&model, "r");
	struct effect effect = bed_effect(&model, EFFECT_PROVE);
	assert_int_equal(effect.number, 1);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	assert_string_equal(buffer_text(&effect.body), "stripe#5");
	assert_string_equal(command_log_newest(&model.command_log, 0)->text,
		"hookline prove reject stripe#5 --to localhost:3000");
	effect_clear(&effect);
	model_clear(&model);
}

static void what_is_found_is_kept_up_to_a_bound(void **state) {
	(void)state;
	struct model model;
	char text[32];
	begin(&model);
	bed_type(&model, "pt");
	for (int i = 0; i < PROVE_PANEL_LINES + 6; i++) {
		snprintf(text, sizeof text, "line %d", i);
		found(&model, PROVE_MARK_OK, text);
	}
	assert_int_equal(model.prove.count, PROVE_PANEL_LINES);
	assert_string_equal(model.prove.lines[0].text, "line 6");
	over(&model, true, "safe: nothing changed");
	assert_true(model.prove.over && model.prove.proven && !model.prove.running);
	found(&model, PROVE_MARK_BAD, "too late");
	assert_int_equal(model.prove.count, PROVE_PANEL_LINES);
	model_clear(&model);
}

static void the_command_is_copied_and_another_proof_begun(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "pr");
	over(&model, false, "accepted: 1 of 11");
	bed_type(&model, "y");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "hookline prove reject stripe#5 --only stale");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_PROVE);
	bed_type(&model, "e");
	effect = bed_effect(&model, EFFECT_PROVE);
	assert_int_equal(effect.number, 2);
	effect_clear(&effect);
	model_clear(&model);
}

static void it_runs_on_behind_and_is_stopped_with_a_key(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "pt");
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_true(model.prove.running);
	bed_type(&model, "p");
	assert_int_equal(model.dialog.kind, DIALOG_PROVE);
	bed_type(&model, "s");
	assert_true(bed_has_effect(&model, EFFECT_PROVE_STOP));
	assert_string_equal(model.prove.verdict, "stopped");
	bed_type(&model, "t");
	bed_key(&model, KEY_ESCAPE);
	over(&model, false, "different: the second changed the state");
	assert_string_equal(model.note.text, "different: the second changed the state");
	model_clear(&model);
}

static void chaos_takes_the_selected_or_the_filtered(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "pc");
	assert_false(bed_has_effect(&model, EFFECT_PROVE));
	assert_non_null(strstr(model.note.text, "select events first"));
	bed_type(&model, "*pc");
	struct effect effect = bed_effect(&model, EFFECT_PROVE);
	assert_string_equal(buffer_text(&effect.body), "stripe#1 stripe#2 stripe#3 stripe#4 stripe#5");
	effect_clear(&effect);
	model_clear(&model);
}

static void without_a_target_one_is_asked_for(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, "pr");
	assert_false(bed_has_effect(&model, EFFECT_PROVE));
	assert_int_equal(model.prompt.kind, PROMPT_PROVE);
	bed_type(&model, "localhost:3000");
	update(&model, &(struct msg){MSG_KEY, .key = KEY_ENTER_KEY});
	struct effect effect = bed_effect(&model, EFFECT_PROVE);
	assert_int_equal(effect.number, 1);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_PROVE);
	model_clear(&model);
	bed_begin(&model, 5, false);
	update(&model, &(struct msg){MSG_ACTION, .action = ACTION_PROVE, .text = span_text("what")});
	assert_non_null(strstr(model.note.text, "twice, reject, retries or chaos"));
	model_clear(&model);
}

/* --- painted --- */

static void menu(struct model *model) {
	view_bed_events(model);
	model->dialog.kind = DIALOG_PROVE;
}

static void finding(struct model *model) {
	menu(model);
	prove_panel_begin(&model->prove, "reject stripe#1042");
	found(model, PROVE_MARK_OK, "valid: 200: accepted, as it must be");
	found(model, PROVE_MARK_OK, "altered-body: 401: refused");
	found(model, PROVE_MARK_BAD,
		"stale: 200: accepted a request that was signed a day ago: whoever has seen it can send it "
		"again");
	found(model, PROVE_MARK_SKIPPED, "old-id: no id is signed");
}

static void judged(struct model *model) {
	finding(model);
	over(model, false, "accepted: 1 of 11 did not go as they must");
}

static void the_menu_and_what_is_found_are_painted(void **state) {
	(void)state;
	view_bed_screens("prove_menu", menu);
	view_bed_screens("prove_running", finding);
	view_bed_screens("prove_over", judged);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_letter_of_the_menu_begins_a_proof),
		cmocka_unit_test(what_is_found_is_kept_up_to_a_bound),
		cmocka_unit_test(the_command_is_copied_and_another_proof_begun),
		cmocka_unit_test(it_runs_on_behind_and_is_stopped_with_a_key),
		cmocka_unit_test(chaos_takes_the_selected_or_the_filtered),
		cmocka_unit_test(without_a_target_one_is_asked_for),
		cmocka_unit_test(the_menu_and_what_is_found_are_painted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
