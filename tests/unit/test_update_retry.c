/* What is to be tried again stands with its event, counts down, and can be paused, hurried and ended with keys. */
#include <stdio.h>
#include <string.h>

#include "common/moment.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/dues.h"
#include "tui/screen/retry_words.h"

/* As screen_bed has it. */
#define NOW_MS INT64_C(100000)

static struct retry due_of(int64_t seq, const char *target, int64_t in_ms) {
	return (struct retry){.event = bed_event(seq)->id,
		.endpoint = span_text("stripe"),
		.event_seq = seq,
		.target = span_text(target),
		.owner = span_text("alice@laptop"),
		.policy = span_text("5s,30s"),
		.tries = 1,
		.attempts = 3,
		.due_ns = (NOW_MS + in_ms) * MOMENT_NS_PER_MS,
		.reason = span_text("503; attempt 2 of 3 follows")};
}

static void tell(struct model *model, const struct retry *retry, const char *over) {
	update(model,
		&(struct msg){
			.type = MSG_RETRY, .retry = retry, .text = over ? span_text(over) : (struct span){0}});
}

static void begin(struct model *model) {
	struct retry first = due_of(5, "http://localhost:3000", 5000);
	struct retry second = due_of(5, "http://localhost:4000", 2000);
	struct retry other = due_of(4, "http://localhost:3000", 9000);
	bed_begin(model, 5, false);
	tell(model, &first, NULL);
	tell(model, &second, NULL);
	tell(model, &other, NULL);
	bed_has_effect(model, EFFECT_QUIT);
}

/* "2 http://localhost:3000": the verb and the target of the next effect. */
static const char *asked(struct model *model) {
	static char text[128];
	struct effect effect = bed_effect(model, EFFECT_RETRY);
	snprintf(text, sizeof text, "%lld %s", (long long)effect.number, buffer_text(&effect.text));
	effect_clear(&effect);
	return text;
}

static const char *words(const struct retry *retry, int64_t now_ms) {
	static struct buffer text;
	buffer_reset(&text);
	retry_words(&text, retry, now_ms);
	return buffer_text(&text);
}

static void an_event_knows_what_comes_next(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	const struct retry *next = dues_next(&model.dues, &bed_event(5)->id);
	assert_true(span_is(next->target, "http://localhost:4000"));
	struct retry second = due_of(5, "http://localhost:4000", 2000);
	second.paused = true;
	tell(&model, &second, NULL);
	next = dues_next(&model.dues, &bed_event(5)->id);
	assert_true(span_is(next->target, "http://localhost:3000"));
	struct retry first = due_of(5, "http://localhost:3000", 5000);
	tell(&model, &first, "delivered: 200");
	next = dues_next(&model.dues, &bed_event(5)->id);
	assert_true(next->paused);
	assert_null(dues_next(&model.dues, &bed_event(3)->id));
	assert_int_equal(model.dues.count, 2);
	model_clear(&model);
}

static void the_words_count_down(void **state) {
	(void)state;
	struct retry retry = due_of(5, "http://localhost:3000", 252000);
	assert_string_equal(words(&retry, NOW_MS), "attempt 2 of 3 in 4 min 12 s");
	assert_string_equal(words(&retry, NOW_MS + 251500), "attempt 2 of 3 in 1.0 s");
	assert_string_equal(words(&retry, NOW_MS + 252000), "attempt 2 of 3 is due");
	retry.taken_until_ns = (NOW_MS + 300000) * MOMENT_NS_PER_MS;
	assert_string_equal(words(&retry, NOW_MS + 252000), "attempt 2 of 3 is under way");
	retry.taken_until_ns = 0;
	retry.paused = true;
	assert_string_equal(words(&retry, NOW_MS), "attempt 2 of 3 is paused");
}

/* "5 http://localhost:4000": the event and target under the cursor. */
static const char *under_cursor(const struct model *model) {
	static char text[128];
	const struct retry *retry = retries_panel_current(&model->retries);
	snprintf(text, sizeof text, "%lld %.*s", retry ? (long long)retry->event_seq : 0,
		retry ? (int)retry->target.len : 0, retry ? retry->target.data : "");
	return text;
}

static const char *newest_line(const struct model *model) {
	return command_log_newest(&model->command_log, 0)->text;
}

static void the_pane_has_all_that_is_due_soonest_first(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	struct retry paused = due_of(1, "http://localhost:3000", 100);
	paused.paused = true;
	tell(&model, &paused, NULL);
	bed_type(&model, ":retries");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_RETRIES);
	assert_string_equal(newest_line(&model), "hookline retries");
	assert_string_equal(under_cursor(&model), "5 http://localhost:4000"); /* of the current event */
	bed_key(&model, 'j');
	assert_string_equal(under_cursor(&model), "5 http://localhost:3000");
	bed_key(&model, 'j');
	assert_string_equal(under_cursor(&model), "4 http://localhost:3000");
	bed_key(&model, 'G');
	assert_string_equal(under_cursor(&model), "1 http://localhost:3000");
	bed_key(&model, 'g');
	assert_string_equal(under_cursor(&model), "5 http://localhost:4000");
	bed_key(&model, 'w');
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	bed_type(&model, "kw"); /* on the event before */
	assert_string_equal(under_cursor(&model), "4 http://localhost:3000");
	model_clear(&model);
}

static void what_changes_moves_and_the_cursor_goes_with_it(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "wj");
	struct retry later = due_of(5, "http://localhost:3000", 60000);
	tell(&model, &later, NULL); /* of the one under the cursor */
	assert_string_equal(under_cursor(&model), "5 http://localhost:3000");
	assert_int_equal(model.retries.cursor, 2);
	struct retry sooner = due_of(3, "http://localhost:3000", 1000);
	tell(&model, &sooner, NULL);
	assert_string_equal(under_cursor(&model), "5 http://localhost:3000");
	assert_int_equal(model.retries.count, 4);
	tell(&model, &sooner, "delivered: 200");
	assert_string_equal(under_cursor(&model), "5 http://localhost:3000");
	tell(&model, &later, "cancelled"); /* the last row goes: the cursor stays in the list */
	assert_string_equal(under_cursor(&model), "4 http://localhost:3000");
	struct retry other = due_of(4, "http://localhost:3000", 9000);
	struct retry second = due_of(5, "http://localhost:4000", 2000);
	tell(&model, &other, "cancelled");
	tell(&model, &second, "cancelled");
	assert_null(retries_panel_current(&model.retries));
	bed_type(&model, "nj");
	assert_string_equal(model.note.text, "nothing is to be tried again");
	assert_int_equal(model.dialog.kind, DIALOG_RETRIES);
	model_clear(&model);
}

static void keys_act_on_the_row_under_the_cursor(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "wn");
	assert_int_equal(model.dialog.kind, DIALOG_RETRIES);
	assert_string_equal(asked(&model), "0 http://localhost:4000");
	assert_string_equal(model.note.text, "1 made due now");
	assert_string_equal(
		newest_line(&model), "hookline retries now stripe#5 --to http://localhost:4000");
	bed_type(&model, "jc");
	assert_string_equal(asked(&model), "3 http://localhost:3000");
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void pausing_and_going_on_are_one_key(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "kwp");
	assert_string_equal(asked(&model), "1 http://localhost:3000");
	struct retry other = due_of(4, "http://localhost:3000", 9000);
	other.paused = true;
	tell(&model, &other, NULL);
	bed_key(&model, 'p');
	assert_string_equal(asked(&model), "2 http://localhost:3000");
	model_clear(&model);
}

static void keys_act_on_what_is_chosen(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "w j "); /* the first and the third; the cursor is behind them */
	assert_int_equal(model.retries.chosen, 2);
	bed_key(&model, 'p');
	assert_string_equal(asked(&model), "1 http://localhost:4000");
	assert_string_equal(asked(&model), "1 http://localhost:3000");
	assert_false(bed_has_effect(&model, EFFECT_RETRY));
	struct retry second = due_of(5, "http://localhost:4000", 2000);
	second.paused = true;
	tell(&model, &second, NULL); /* it stays chosen where it goes to */
	assert_int_equal(model.retries.chosen, 2);
	assert_true(model.retries.rows[2].chosen);
	tell(&model, &second, "cancelled");
	assert_int_equal(model.retries.chosen, 1);
	bed_type(&model, "**");
	assert_int_equal(model.retries.chosen, 0);
	bed_type(&model, "*c");
	assert_string_equal(model.note.text, "2 cancelled");
	model_clear(&model);
}

static void those_of_the_selected_events_are_chosen(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "k wc"); /* stripe#4 alone */
	assert_string_equal(model.note.text, "1 cancelled");
	assert_string_equal(asked(&model), "3 http://localhost:3000");
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, "*wc");
	assert_string_equal(model.note.text, "3 cancelled");
	model_clear(&model);
}

static void words_narrow_it(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "w /STRIPE#5 4000");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_RETRIES);
	assert_int_equal(model.retries.count, 1);
	assert_int_equal(model.retries.chosen, 0); /* nothing that is not seen is acted on */
	struct retry third = due_of(3, "http://localhost:3000", 1000);
	tell(&model, &third, NULL);
	assert_int_equal(model.retries.count, 1);
	bed_key(&model, '='); /* all again */
	assert_int_equal(model.retries.count, 4);
	assert_string_equal(under_cursor(&model), "5 http://localhost:4000");
	bed_type(&model, "g=");
	assert_string_equal(buffer_text(&model.retries.words), "http://localhost:3000");
	assert_int_equal(model.retries.count, 3);
	bed_type(&model, ":retries alice nowhere");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.retries.count, 0);
	bed_type(&model, "ww");
	assert_int_equal(model.retries.count, 4);
	model_clear(&model);
}

static void enter_goes_to_the_event_and_its_attempts(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, "kkw");
	while (strcmp(under_cursor(&model), "4 http://localhost:3000") != 0) {
		bed_key(&model, 'j');
	}
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_true(model.detail.open);
	assert_int_equal(model.detail.pane, PANE_ATTEMPTS);
	assert_int_equal(model_current(&model)->seq, 4);
	model_clear(&model);
}

static void an_event_that_is_not_in_the_list_is_asked_for(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 2, false);
	struct retry far = due_of(5, "http://localhost:3000", 1000);
	far.event_seq = 4711;
	far.event.bytes[15] = 77;
	tell(&model, &far, NULL);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, 'w');
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_FIND);
	assert_string_equal(buffer_text(&effect.text), "stripe#4711");
	effect_clear(&effect);
	model_clear(&model);
}

static void who_only_looks_changes_nothing(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	model.readonly = true;
	bed_type(&model, "wnpcs");
	assert_int_equal(model.dialog.kind, DIALOG_RETRIES);
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_false(bed_has_effect(&model, EFFECT_RETRY));
	assert_true(model.note.bad);
	model_clear(&model);
}

static void commands_act_on_all_of_the_event(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_type(&model, ":retry now");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(asked(&model), "0 http://localhost:3000");
	assert_string_equal(asked(&model), "0 http://localhost:4000");
	assert_string_equal(model.note.text, "2 made due now");
	bed_type(&model, "*:retry cancel");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(model.note.text, "3 cancelled");
	bed_type(&model, "*kkk:retry cancel");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(model.note.text, "nothing of that is to be tried again");
	assert_true(model.note.bad);
	bed_type(&model, ":retry");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_RETRIES);
	model_clear(&model);
}

/* As many as a relay keeps at most, in any order. */
static void a_relay_full_of_them_is_shown(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 2, false);
	for (int64_t i = 0; i < RETRIES_MAX; i++) {
		struct retry retry = due_of(1, "http://localhost:3000", i * 7919 % 100003);
		memcpy(retry.event.bytes, &i, sizeof i);
		retry.event_seq = i + 1;
		tell(&model, &retry, NULL);
	}
	bed_type(&model, "w*");
	assert_int_equal(model.retries.count, RETRIES_MAX);
	assert_int_equal(model.retries.chosen, SELECTED_MAX);
	for (size_t i = 1; i < model.retries.count; i++) {
		assert_true(model.retries.rows[i - 1].retry->due_ns <= model.retries.rows[i].retry->due_ns);
	}
	model_clear(&model);
}

static void the_policy_is_asked_for_and_told(void **state) {
	(void)state;
	struct model model;
	struct error err = {ERROR_USAGE, "expected a retry policy"};
	bed_begin(&model, 1, false);
	bed_type(&model, "ws");
	assert_int_equal(model.prompt.kind, PROMPT_RETRY);
	bed_type(&model, "5s,30s");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_RETRY_POLICY);
	assert_string_equal(buffer_text(&effect.text), "5s,30s");
	effect_clear(&effect);
	update(&model, &(struct msg){.type = MSG_RETRY_POLICY, .text = span_text("5s,30s")});
	assert_string_equal(model.note.text, "what fails is tried again: 5s,30s");
	update(&model, &(struct msg){.type = MSG_RETRY_POLICY, .error = &err});
	assert_string_equal(model.retry_policy, "5s,30s");
	assert_true(model.note.bad);
	bed_type(&model, ":retry off");
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_RETRY_POLICY);
	assert_string_equal(buffer_text(&effect.text), "none");
	effect_clear(&effect);
	model_clear(&model);
}

static void what_became_of_ours_is_told(void **state) {
	(void)state;
	struct model model;
	struct retry theirs = due_of(3, "http://localhost:3000", 1000);
	begin(&model);
	struct retry other = due_of(4, "http://localhost:3000", 9000);
	other.owner = span_text(model.who);
	tell(&model, &other, "given up after 3 attempts: 503");
	assert_string_equal(model.note.text, "stripe#4: given up after 3 attempts: 503");
	theirs.owner = span_text("bob@desk");
	tell(&model, &theirs, NULL);
	model.note.text[0] = '\0';
	tell(&model, &theirs, "cancelled");
	assert_string_equal(model.note.text, "");
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_knows_what_comes_next),
		cmocka_unit_test(the_words_count_down),
		cmocka_unit_test(the_pane_has_all_that_is_due_soonest_first),
		cmocka_unit_test(what_changes_moves_and_the_cursor_goes_with_it),
		cmocka_unit_test(keys_act_on_the_row_under_the_cursor),
		cmocka_unit_test(pausing_and_going_on_are_one_key),
		cmocka_unit_test(keys_act_on_what_is_chosen),
		cmocka_unit_test(those_of_the_selected_events_are_chosen),
		cmocka_unit_test(words_narrow_it),
		cmocka_unit_test(enter_goes_to_the_event_and_its_attempts),
		cmocka_unit_test(an_event_that_is_not_in_the_list_is_asked_for),
		cmocka_unit_test(who_only_looks_changes_nothing),
		cmocka_unit_test(commands_act_on_all_of_the_event),
		cmocka_unit_test(a_relay_full_of_them_is_shown),
		cmocka_unit_test(the_policy_is_asked_for_and_told),
		cmocka_unit_test(what_became_of_ours_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
