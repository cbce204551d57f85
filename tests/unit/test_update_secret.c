/* A secret is typed hidden, goes to the relay once, and stays nowhere. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"

static void opened(struct model *model) {
	view_bed_begin(model, 80, 24);
	view_bed_events(model);
	view_bed_open(model, PANE_SIGNATURE);
}

static void told(struct model *model) {
	struct secret_panel panel = {.count = 2};
	memcpy(panel.endpoint, model->secrets.endpoint, sizeof panel.endpoint);
	view_bed_text(panel.list[0].label, sizeof panel.list[0].label, "live");
	view_bed_text(panel.list[0].fingerprint, sizeof panel.list[0].fingerprint, "9f86d081");
	view_bed_text(panel.list[1].label, sizeof panel.list[1].label, "new");
	view_bed_text(panel.list[1].fingerprint, sizeof panel.list[1].fingerprint, "12ab34cd");
	view_bed_text(panel.list[1].provider, sizeof panel.list[1].provider, "github");
	update(model, &(struct msg){MSG_SECRETS, .secrets = &panel});
}

static void secret_is(struct model *model, const char *label, const char *value) {
	struct effect effect = bed_effect(model, EFFECT_SECRET);
	assert_string_equal(buffer_text(&effect.filter), label);
	assert_string_equal(buffer_text(&effect.body), value);
	effect_clear(&effect);
	assert_int_equal(model->prompt.text.len, 0);
	assert_int_equal(model->prompt.history[PROMPT_SECRET].count, 0);
	assert_null(strstr(command_log_newest(&model->command_log, 0)->text, value));
	assert_null(strstr(model->note.text, value));
}

static void one_more_gets_a_label_of_its_own(void **state) {
	(void)state;
	struct model model;
	opened(&model);
	bed_type(&model, "a");
	struct effect effect = bed_effect(&model, EFFECT_SECRETS);
	assert_true(effect.text.len > 0);
	effect_clear(&effect);
	told(&model);
	bed_type(&model, "nwhsec_hidden");
	bed_key(&model, KEY_ENTER_KEY);
	secret_is(&model, "new-2", "whsec_hidden");
	model_clear(&model);
}

static void a_digit_gives_another_value(void **state) {
	(void)state;
	struct model model;
	opened(&model);
	bed_type(&model, "a");
	told(&model);
	bed_type(&model, "1");
	update(&model, &(struct msg){MSG_PASTE, .text = span_text(" whsec_pasted\r\n")});
	bed_key(&model, KEY_ENTER_KEY);
	secret_is(&model, "live", "whsec_pasted");
	model_clear(&model);
}

static void a_command_names_the_label(void **state) {
	(void)state;
	struct model model;
	opened(&model);
	bed_type(&model, ":secret spare");
	bed_key(&model, KEY_ENTER_KEY);
	bed_type(&model, "value of it");
	bed_key(&model, KEY_ENTER_KEY);
	secret_is(&model, "spare", "value of it");
	model_clear(&model);
}

static void what_is_given_up_is_wiped(void **state) {
	(void)state;
	struct model model;
	opened(&model);
	bed_type(&model, "a");
	told(&model);
	bed_type(&model, "nwhsec_given_up");
	const char *typed = model.prompt.text.data;
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(typed[0], '\0');
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_false(bed_has_effect(&model, EFFECT_SECRET));
	bed_type(&model, ":secret x");
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_SECRET));
	model_clear(&model);
}

static void before_the_relay_has_told_only_a_choice_is_taken(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	opened(&model);
	bed_type(&model, "ax!");
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_int_equal(model.dialog.kind, DIALOG_SECRET);
	error_set(&err, ERROR_REFUSED, "this token may not");
	update(&model, &(struct msg){MSG_SECRETS, .error = &err});
	assert_string_equal(model.secrets.error, "this token may not");
	model_clear(&model);
}

/* All of it may be typed or pasted before the relay has answered. */
static void what_is_typed_ahead_is_kept_until_the_labels_come(void **state) {
	static const struct {
		const char *keys, *label;
		bool entered, pasted;
	} cases[] = {{"an", "new-2", true, false}, {"an", "new-2", false, false},
		{"a1", "live", true, true}, {"a2", "new", false, true}};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct model model;
		opened(&model);
		bed_type(&model, cases[i].keys);
		assert_int_equal(model.prompt.kind, PROMPT_SECRET);
		if (cases[i].pasted) {
			update(&model, &(struct msg){MSG_PASTE, .text = span_text("whsec_ahead\n")});
		} else {
			bed_type(&model, "whsec_ahead");
		}
		if (cases[i].entered) {
			bed_key(&model, KEY_ENTER_KEY);
			assert_int_equal(model.prompt.kind, PROMPT_NONE);
			assert_int_equal(model.prompt.text.len, 0);
		}
		assert_false(bed_has_effect(&model, EFFECT_SECRET));
		told(&model);
		if (!cases[i].entered) {
			bed_key(&model, KEY_ENTER_KEY);
		}
		secret_is(&model, cases[i].label, "whsec_ahead");
		assert_int_equal(model.secrets.held.len, 0);
		model_clear(&model);
	}
}

static void what_is_typed_ahead_for_nothing_is_wiped(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	opened(&model);
	bed_type(&model, "a7whsec_ahead"); /* there are two */
	told(&model);
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_int_equal(model.prompt.text.len, 0);
	assert_true(model.note.bad);
	bed_type(&model, "anwhsec_ahead");
	bed_key(&model, KEY_ENTER_KEY);
	error_set(&err, ERROR_REFUSED, "this token may not");
	update(&model, &(struct msg){MSG_SECRETS, .error = &err});
	assert_string_equal(model.note.text, "this token may not");
	assert_int_equal(model.secrets.held.len, 0);
	bed_type(&model, "anwhsec_ahead");
	bed_key(&model, KEY_ESCAPE); /* given up before the labels come */
	told(&model);
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_false(bed_has_effect(&model, EFFECT_SECRET));
	bed_type(&model, "anwhsec_ahead");
	bed_key(&model, KEY_ENTER_KEY);
	model_clear(&model); /* nothing is left behind, as the leak checker sees */
}

static void menu(struct model *model) {
	view_bed_events(model);
	view_bed_open(model, PANE_SIGNATURE);
	bed_type(model, "a");
	told(model);
}

static void typing(struct model *model) {
	menu(model);
	bed_type(model, "nwhsec_hidden");
}

static void no_byte_of_it_is_painted(void **state) {
	(void)state;
	view_bed_screens("secret_menu", menu);
	view_bed_screens("secret_typed", typing);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_more_gets_a_label_of_its_own),
		cmocka_unit_test(a_digit_gives_another_value),
		cmocka_unit_test(a_command_names_the_label),
		cmocka_unit_test(what_is_given_up_is_wiped),
		cmocka_unit_test(before_the_relay_has_told_only_a_choice_is_taken),
		cmocka_unit_test(what_is_typed_ahead_is_kept_until_the_labels_come),
		cmocka_unit_test(what_is_typed_ahead_for_nothing_is_wiped),
		cmocka_unit_test(no_byte_of_it_is_painted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
