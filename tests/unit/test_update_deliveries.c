/* All deliveries: opened, moved in, filtered, and left for the event of one. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

/* Answers the page under way: attempts at the event `seq`, of positions `from` down to `to`. */
static void page(struct model *model, int64_t from, int64_t to) {
	uint32_t number = model->deliveries.asked;
	for (int64_t position = from; position >= to; position--) {
		struct attempt attempt = *bed_attempt(2, position, 200);
		attempt.position = position;
		update(model,
			&(struct msg){
				.type = MSG_DELIVERY, .page = number, .attempt = &attempt, .event = bed_event(2)});
	}
	update(
		model, &(struct msg){.type = MSG_DELIVERIES_DONE, .page = number, .number = from - to + 1});
}

static void open_panel(struct model *model) {
	bed_begin(model, 3, false);
	bed_key(model, 'D');
}

static void opening_asks_for_the_newest(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	struct effect effect = bed_effect(&model, EFFECT_DELIVERIES);
	assert_int_equal(effect.beyond, 0);
	assert_int_equal(effect.limit, DELIVERIES_PAGE);
	assert_string_equal(buffer_text(&effect.text), "");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_DELIVERIES);
	page(&model, 3, 1);
	assert_int_equal(model.deliveries.count, 3);
	assert_true(model.deliveries.complete);
	assert_string_equal(
		command_log_newest(&model.command_log, 0)->text, "hookline deliveries --newest");
	model_clear(&model);
}

static void the_end_asks_for_older_ones(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	page(&model, 300, 201);
	assert_false(model.deliveries.complete);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, 'G');
	assert_int_equal(model.deliveries.cursor, 99);
	struct effect effect = bed_effect(&model, EFFECT_DELIVERIES);
	assert_int_equal(effect.beyond, 201);
	effect_clear(&effect);
	page(&model, 200, 180);
	assert_int_equal(model.deliveries.count, 121);
	assert_int_equal(model.deliveries.cursor, 99);
	assert_true(model.deliveries.complete);
	bed_key(&model, 'G');
	assert_false(bed_has_effect(&model, EFFECT_DELIVERIES));
	model_clear(&model);
}

static void no_more_are_kept_than_there_is_room_for(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	for (int64_t from = 2000; from > 900; from -= 100) {
		if (model.deliveries.asked) {
			page(&model, from, from - 99);
		}
		bed_key(&model, 'G');
	}
	assert_int_equal(model.deliveries.count, DELIVERIES_SHOWN_MAX);
	assert_true(model.deliveries.complete);
	model_clear(&model);
}

static void a_filter_is_typed_and_asked_with(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	page(&model, 3, 1);
	bed_has_effect(&model, EFFECT_QUIT);
	bed_type(&model, "/cause:replai");
	bed_key(&model, KEY_ENTER_KEY);
	assert_non_null(strstr(model.prompt.error, "did you mean \"replay\""));
	bed_key(&model, KEY_ERASE);
	bed_type(&model, "y");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_DELIVERIES);
	struct effect effect = bed_effect(&model, EFFECT_DELIVERIES);
	assert_string_equal(buffer_text(&effect.text), "cause:replay");
	effect_clear(&effect);
	assert_int_equal(model.deliveries.count, 0);
	assert_string_equal(command_log_newest(&model.command_log, 0)->text,
		"hookline deliveries --newest cause:replay");
	model_clear(&model);
}

static void a_command_names_the_filter(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, ":deliveries status:5xx");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_DELIVERIES);
	assert_string_equal(buffer_text(&effect.text), "status:5xx");
	effect_clear(&effect);
	model_clear(&model);
}

static void enter_goes_to_the_event_and_its_attempts(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	page(&model, 3, 1);
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_true(model.detail.open);
	assert_int_equal(model.detail.pane, PANE_ATTEMPTS);
	assert_int_equal(model_current(&model)->seq, 2);
	struct msg_bytes bytes = {0};
	update(&model, &(struct msg){.type = MSG_DETAIL, .event = bed_event(2), .bytes = &bytes});
	for (int64_t position = 1; position <= 4; position++) {
		struct attempt attempt = *bed_attempt(2, position, 200);
		attempt.position = position;
		update(&model,
			&(struct msg){.type = MSG_DETAIL_ATTEMPT, .attempt = &attempt, .bytes = &bytes});
	}
	update(&model, &(struct msg){.type = MSG_DETAIL_DONE});
	assert_int_equal(model.detail.attempt_shown, 2); /* the one that was chosen, not the newest */
	model_clear(&model);
}

static void what_is_made_meanwhile_is_asked_for_while_the_newest_is_chosen(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	page(&model, 3, 1);
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(3, 1, 500)});
	bed_tick(&model, model.now_ms + 1000);
	assert_true(bed_has_effect(&model, EFFECT_DELIVERIES));
	assert_int_equal(model.deliveries.count, 3); /* until the first of them comes */
	page(&model, 4, 1);
	assert_int_equal(model.deliveries.count, 4);
	bed_key(&model, 'j');
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(3, 2, 500)});
	bed_tick(&model, model.now_ms + 1000);
	assert_false(bed_has_effect(&model, EFFECT_DELIVERIES));
	bed_key(&model, 'k');
	bed_tick(&model, model.now_ms + 1000);
	assert_true(bed_has_effect(&model, EFFECT_DELIVERIES));
	model_clear(&model);
}

static void a_page_that_was_asked_for_before_is_not_taken(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	uint32_t old = model.deliveries.asked;
	bed_type(&model, "/status:5xx");
	bed_key(&model, KEY_ENTER_KEY);
	struct attempt attempt = *bed_attempt(2, 1, 200);
	update(
		&model, &(struct msg){
					.type = MSG_DELIVERY, .page = old, .attempt = &attempt, .event = bed_event(2)});
	update(&model, &(struct msg){.type = MSG_DELIVERIES_DONE, .page = old, .number = 1});
	assert_int_equal(model.deliveries.count, 0);
	assert_false(model.deliveries.loaded);
	model_clear(&model);
}

static void a_failure_is_told(void **state) {
	(void)state;
	struct model model;
	struct error err = {ERROR_UNREACHABLE, "connection lost"};
	open_panel(&model);
	update(&model,
		&(struct msg){.type = MSG_DELIVERIES_DONE, .page = model.deliveries.asked, .error = &err});
	assert_string_equal(model.deliveries.error, "connection lost");
	bed_key(&model, 'q');
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_false(model.quitting);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_asks_for_the_newest),
		cmocka_unit_test(the_end_asks_for_older_ones),
		cmocka_unit_test(no_more_are_kept_than_there_is_room_for),
		cmocka_unit_test(a_filter_is_typed_and_asked_with),
		cmocka_unit_test(a_command_names_the_filter),
		cmocka_unit_test(enter_goes_to_the_event_and_its_attempts),
		cmocka_unit_test(what_is_made_meanwhile_is_asked_for_while_the_newest_is_chosen),
		cmocka_unit_test(a_page_that_was_asked_for_before_is_not_taken),
		cmocka_unit_test(a_failure_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
