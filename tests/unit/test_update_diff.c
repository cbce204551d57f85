/* Which two events are compared, what of them, and what the keys in it do. */
#include <stdio.h>
#include <string.h>

#include "tests/support/saved_screen.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/update.h"

static const char new_body[] =
	"{\"id\":\"evt_2\",\"created_at\":20,\"amount\":2000,\"rate\":1.50,"
	"\"note\":\"caf\\u00e9 \xe6\x97\xa5\xe6\x9c\xac \\u001b[31m\","
	"\"items\":[{\"sku\":\"b\"},{\"sku\":\"a\"}],"
	"\"address\":{\"city\":\"Zagreb, near the main square where the long texts live\"}}";
static const char old_body[] =
	"{\"id\":\"evt_1\",\"created_at\":10,\"amount\":1099,\"rate\":1.5,\"note\":\"tea\","
	"\"items\":[{\"sku\":\"a\"},{\"sku\":\"b\"},{\"sku\":\"c\"}],"
	"\"address\":{\"city\":\"Paris, which has another text that is just as long\"},"
	"\"gone\":true}";

static void come(struct model *model, int64_t side, const char *head, const char *body) {
	struct msg_bytes bytes = {.head = span_text(head), .body = span_text(body)};
	struct event event = *model_current(model);
	event.seq = side ? event.seq : 7;
	event.type = span_text("order.paid");
	update(model, &(struct msg){MSG_DIFF_EVENT, .number = side, .event = &event, .bytes = &bytes});
	for (int64_t number = 1; number <= 2; number++) {
		struct attempt attempt = {.event = event.id,
			.endpoint = event.endpoint,
			.number = number,
			.target = span_text("http://localhost:3000/hooks"),
			.changes = span_text("Host"),
			.who = span_text("alice@laptop"),
			.status = number == 1 ? 500 : 200};
		struct msg_bytes answer = {
			.head = span_text(number == 1 ? "HTTP/1.1 500 Oh no\r\nX-A: 1\r\n\r\n"
										  : "HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n"),
			.body = span_text(number == 1 ? "line 1\nfailed\n" : "line 1\nfine\n")};
		update(model,
			&(struct msg){MSG_DIFF_ATTEMPT, .number = side, .attempt = &attempt, .bytes = &answer});
	}
}

static void settle(struct model *model) {
	while (update_idle(model, 4096)) {
		/* a slice at a time */
	}
}

static void both_come(struct model *model) {
	come(model, 1, "POST /a HTTP/1.1\r\nHost: x\r\nDate: 2\r\nX-New: \x1b[31m\r\n\r\n", new_body);
	come(model, 0, "POST /a HTTP/1.1\r\nHost: y\r\nDate: 1\r\n\r\n", old_body);
	update(model, &(struct msg){MSG_DIFF_DONE});
	settle(model);
}

static void opened(struct model *model) {
	view_bed_events(model);
	bed_type(model, "d");
	both_come(model);
}

/* --- which ones --- */

static void alone_it_is_compared_with_the_last_good_one(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, "d");
	struct effect effect = bed_effect(&model, EFFECT_DIFF);
	assert_int_equal(effect.text.len, 0);
	assert_non_null(strstr(buffer_text(&effect.filter), "endpoint:stripe"));
	assert_non_null(strstr(buffer_text(&effect.filter), "verdict:valid status:2xx"));
	assert_int_equal(effect.beyond, 5);
	assert_true(model.dialog.kind == DIALOG_DIFF && model.diff.loading);
	effect_clear(&effect);
	model_clear(&model);
}

static void the_one_that_is_selected_is_the_old_one(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, "kk jjd"); /* Space selects the third, and moves on */
	struct effect effect = bed_effect(&model, EFFECT_DIFF);
	assert_string_equal(buffer_text(&effect.text), "stripe#3");
	effect_clear(&effect);
	model_clear(&model);
}

static void of_several_that_are_selected_none_is_chosen(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, "*d");
	assert_false(bed_has_effect(&model, EFFECT_DIFF));
	assert_non_null(strstr(model.note.text, "selected"));
	model_clear(&model);
}

static void a_command_names_the_other_one(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 5, false);
	bed_type(&model, ":diff shop#12@3");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_DIFF);
	assert_string_equal(buffer_text(&effect.text), "shop#12");
	assert_int_equal(model.diff.sides[0].number, 3);
	effect_clear(&effect);
	model_clear(&model);
}

static void in_the_pane_of_attempts_answers_are_compared(void **state) {
	(void)state;
	struct model model;
	view_bed_begin(&model, 80, 24);
	view_bed_events(&model);
	view_bed_open(&model, PANE_ATTEMPTS);
	bed_type(&model, "d");
	struct effect effect = bed_effect(&model, EFFECT_DIFF);
	assert_true(effect.text.len > 0);
	assert_int_equal(model.diff.part, COMPARE_ANSWERS);
	assert_int_equal(model.diff.sides[0].number, 1);
	assert_int_equal(model.diff.sides[1].number, 2);
	effect_clear(&effect);
	both_come(&model);
	assert_int_equal(model.diff.compare.count, 2);
	assert_false(compare_is_same(&model.diff.compare));
	model_clear(&model);
}

/* --- the keys in it --- */

static size_t ignored(const struct model *model) {
	return diff_ignored(model->diff.compare.sections[0].diff);
}

static void i_leaves_out_ids_and_times(void **state) {
	(void)state;
	struct model model;
	view_bed_begin(&model, 80, 24);
	opened(&model);
	assert_int_equal(ignored(&model), 0);
	bed_type(&model, "i");
	settle(&model);
	assert_int_equal(ignored(&model), 2);
	bed_type(&model, "i");
	settle(&model);
	assert_int_equal(ignored(&model), 0);
	model_clear(&model);
}

static void a_path_is_left_out_until_an_empty_one_is_typed(void **state) {
	(void)state;
	struct model model;
	view_bed_begin(&model, 80, 24);
	opened(&model);
	bed_type(&model, "I.address");
	bed_key(&model, KEY_ENTER_KEY);
	settle(&model);
	assert_int_equal(ignored(&model), 1);
	bed_type(&model, "y");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_non_null(strstr(buffer_text(&effect.text), "--ignore .address"));
	effect_clear(&effect);
	bed_type(&model, "I");
	bed_key(&model, KEY_ENTER_KEY);
	settle(&model);
	assert_int_equal(ignored(&model), 0);
	model_clear(&model);
}

static void tab_turns_to_the_next_part_and_b_to_the_next_form(void **state) {
	(void)state;
	struct model model;
	view_bed_begin(&model, 80, 24);
	opened(&model);
	bed_type(&model, "bb");
	settle(&model);
	assert_int_equal(diff_kind_of(model.diff.compare.sections[0].diff), DIFF_LINES);
	bed_type(&model, "b");
	settle(&model);
	assert_int_equal(diff_kind_of(model.diff.compare.sections[0].diff), DIFF_BYTES);
	for (size_t i = 0; i < COMPARE_PART_COUNT; i++) {
		bed_key(&model, KEY_TAB);
		settle(&model);
		assert_true(model.diff.told);
	}
	assert_int_equal(model.diff.part, COMPARE_BODY);
	bed_key(&model, KEY_BACK_TAB);
	assert_int_equal(model.diff.part, COMPARE_ANSWERS);
	bed_type(&model, "d");
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void what_comes_too_late_is_not_taken(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	view_bed_begin(&model, 80, 24);
	view_bed_events(&model);
	bed_type(&model, "d");
	error_set(&err, ERROR_NO, "no event like it");
	update(&model, &(struct msg){MSG_DIFF_DONE, .error = &err});
	assert_string_equal(model.diff.error, "no event like it");
	both_come(&model);
	assert_null(model.diff.sides[0].event);
	model_clear(&model);
}

/* --- what it looks like --- */

static void headers(struct model *model) {
	opened(model);
	bed_key(model, KEY_TAB);
	settle(model);
}

static void answers(struct model *model) {
	opened(model);
	model->diff.sides[0].number = 1;
	bed_type(model, "h");
	settle(model);
}

static void left_out_as_written(struct model *model) {
	opened(model);
	bed_type(model, "iw");
	settle(model);
}

static void in_ascii(struct model *model) {
	model->ascii = true;
	opened(model);
}

static void none(struct model *model) {
	struct error err = {0};
	view_bed_events(model);
	bed_type(model, "d");
	error_set(&err, ERROR_NO, "No event like it went well before it.");
	update(model, &(struct msg){MSG_DIFF_DONE, .error = &err});
}

static void differences_are_shown_by_path(void **state) {
	(void)state;
	view_bed_screens("diff", opened);
	view_bed_screens("diff_headers", headers);
	view_bed_screens("diff_answers", answers);
	view_bed_screens("diff_left_out", left_out_as_written);
	view_bed_screen("diff_ascii", in_ascii, 80, 24, false);
	view_bed_screens("diff_none", none);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(alone_it_is_compared_with_the_last_good_one),
		cmocka_unit_test(the_one_that_is_selected_is_the_old_one),
		cmocka_unit_test(of_several_that_are_selected_none_is_chosen),
		cmocka_unit_test(a_command_names_the_other_one),
		cmocka_unit_test(in_the_pane_of_attempts_answers_are_compared),
		cmocka_unit_test(i_leaves_out_ids_and_times),
		cmocka_unit_test(a_path_is_left_out_until_an_empty_one_is_typed),
		cmocka_unit_test(tab_turns_to_the_next_part_and_b_to_the_next_form),
		cmocka_unit_test(what_comes_too_late_is_not_taken),
		cmocka_unit_test(differences_are_shown_by_path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
