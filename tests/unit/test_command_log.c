/* What is done on the screen stands in the log as the command that does the same. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/shell.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

static const char *newest(const struct model *model, size_t nth) {
	const struct command_line *line = command_log_newest(&model->command_log, nth);
	return line ? line->text : "nothing";
}

static void is_logged(const struct model *model, const char *line) {
	assert_string_equal(newest(model, 0), line);
}

static void word_is(const char *word, const char *expected) {
	struct buffer out = {0};
	shell_append_word(&out, span_text(word));
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void words_are_quoted_where_a_shell_needs_it(void **state) {
	(void)state;
	word_is("stripe#1042", "stripe#1042");
	word_is("http://localhost:3000/a,b@c%20+1", "http://localhost:3000/a,b@c%20+1");
	word_is("", "''");
	word_is("#1", "'#1'");
	word_is("=x", "'=x'");
	word_is("it's", "'it'\\''s'");
	word_is("type:charge.*", "'type:charge.*'");
	word_is("!$`\"\\\n", "'!$`\"\\\n'");
	word_is("\xc3\xbc", "'\xc3\xbc'");
}

static void a_replay_is_logged(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "rlocalhost:3000/a b");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline replay stripe#3 --to 'localhost:3000/a b'");
	bed_type(&model, ":as-received on");
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, 'r');
	is_logged(&model, "hookline replay stripe#3 --to 'localhost:3000/a b' --as-received");
	model_clear(&model);
}

static void a_replay_of_many_is_one_line(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, '*');
	bed_type(&model, "rlocalhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "nothing");
	const struct bulk_plan plan = {.count = 3};
	const struct msg_bulk planned = {.plan = &plan};
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &planned});
	is_logged(&model, "nothing");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model,
		"hookline replay stripe#1 stripe#2 stripe#3 --to localhost:3000 --order oldest --yes");
	model_clear(&model);
}

static void forwarding_is_logged_when_it_begins(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "Flocalhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline listen --forward localhost:3000");
	struct msg_missed missed = {
		.endpoint = span_text("stripe"), .count = 2, .first_seq = 2, .last_seq = 3};
	update(&model, &(struct msg){.type = MSG_MISSED, .missed = &missed});
	bed_key(&model, 'y');
	is_logged(
		&model, "hookline listen --forward localhost:3000 --endpoint stripe --since stripe#2");
	bed_key(&model, 'F');
	assert_int_equal(model.command_log.count, 2);
	model_clear(&model);
}

static void looking_is_logged(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline show stripe#3");
	bed_type(&model, ":go github#7");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline show github#7");
	model_clear(&model);
}

static void a_filter_is_logged_and_its_end_is_not(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/provider:stripe order 42");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline list 'provider:stripe order 42'");
	bed_page(&model, 1, 3); /* else the search is stopped */
	bed_key(&model, KEY_ESCAPE);
	is_logged(&model, "hookline list 'provider:stripe order 42'");
	bed_type(&model, "/-is:repeat");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline list '!is:repeat'");
	model_clear(&model);
}

static void judging_again_is_logged(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, ":reverify verdict:invalid is:repeat");
	bed_key(&model, KEY_ENTER_KEY);
	is_logged(&model, "hookline endpoint reverify stripe --filter 'verdict:invalid is:repeat'");
	model_clear(&model);
}

static void what_is_copied_is_logged(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "{}");
	bed_type(&model, "yb");
	is_logged(&model, "hookline show stripe#3 --body");
	bed_type(&model, "yw");
	is_logged(&model, "hookline show stripe#3 --raw");
	bed_type(&model, "yc");
	is_logged(&model, "hookline show stripe#3 --curl");
	bed_type(&model, "yh");
	is_logged(&model, "hookline show stripe#3 --head");
	bed_type(&model, "yr");
	is_logged(&model, "hookline show stripe#3 --head");
	model_clear(&model);
}

static void options_of_this_screen_stand_behind(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	strcpy(model.command_log.relay_options, "--relay wss://relay.example.com --token-file token");
	strcpy(model.command_log.deliver_options, "--anywhere");
	command_log_add(&model, "hookline list");
	is_logged(&model, "hookline list --relay wss://relay.example.com --token-file token");
	command_log_add_delivery(&model, "hookline replay a#1 --to app.example.com");
	is_logged(&model, "hookline replay a#1 --to app.example.com --anywhere --relay "
					  "wss://relay.example.com --token-file token");
	model_clear(&model);
}

static void the_same_again_stands_there_once(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	command_log_add(&model, "hookline list");
	bed_tick(&model, model.now_ms + 5000);
	command_log_add(&model, "hookline list");
	assert_int_equal(model.command_log.count, 1);
	assert_int_equal(command_log_newest(&model.command_log, 0)->at_ms, model.now_ms);
	model_clear(&model);
}

static void the_oldest_go_first(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	for (int i = 0; i < COMMAND_LOG_LINES_MAX + 5; i++) {
		char line[64];
		snprintf(line, sizeof line, "hookline show a#%d", i);
		command_log_add(&model, line);
	}
	assert_int_equal(model.command_log.count, COMMAND_LOG_LINES_MAX);
	assert_string_equal(newest(&model, COMMAND_LOG_LINES_MAX - 1), "hookline show a#5");
	model_clear(&model);
}

static void the_log_stays_within_its_bytes(void **state) {
	(void)state;
	struct model model;
	char *line = calloc(1, COMMAND_LOG_BYTES_MAX + 2);
	bed_begin(&model, 3, false);
	command_log_add(&model, "hookline list");
	memset(line, 'a', COMMAND_LOG_BYTES_MAX - 20);
	command_log_add(&model, line);
	assert_int_equal(model.command_log.count, 2);
	line[0] = 'b';
	command_log_add(&model, line);
	assert_int_equal(model.command_log.count, 1);
	memset(line, 'a', COMMAND_LOG_BYTES_MAX + 1);
	command_log_add(&model, line);
	assert_int_equal(newest(&model, 0)[0], 'b');
	free(line);
	model_clear(&model);
}

static void a_line_is_chosen_and_copied(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	command_log_add(&model, "hookline show a#1");
	command_log_add(&model, "hookline show a#2");
	bed_type(&model, "@jjjy");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "hookline show a#1");
	effect_clear(&effect);
	bed_key(&model, 'g');
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "hookline show a#2");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_LOG);
	model_clear(&model);
}

static void another_key_closes_the_log_and_does_what_it_does(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "@/");
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_int_equal(model.prompt.kind, PROMPT_FILTER);
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, "@@");
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	bed_type(&model, "@y");
	assert_false(bed_has_effect(&model, EFFECT_COPY));
	bed_type(&model, "q");
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_false(model.quitting);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_quoted_where_a_shell_needs_it),
		cmocka_unit_test(a_replay_is_logged),
		cmocka_unit_test(a_replay_of_many_is_one_line),
		cmocka_unit_test(forwarding_is_logged_when_it_begins),
		cmocka_unit_test(looking_is_logged),
		cmocka_unit_test(a_filter_is_logged_and_its_end_is_not),
		cmocka_unit_test(judging_again_is_logged),
		cmocka_unit_test(what_is_copied_is_logged),
		cmocka_unit_test(options_of_this_screen_stand_behind),
		cmocka_unit_test(the_same_again_stands_there_once),
		cmocka_unit_test(the_oldest_go_first),
		cmocka_unit_test(the_log_stays_within_its_bytes),
		cmocka_unit_test(a_line_is_chosen_and_copied),
		cmocka_unit_test(another_key_closes_the_log_and_does_what_it_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
