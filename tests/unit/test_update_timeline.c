/* The time line of a business key: opened from an event or by name, moved in, and left for one of its events. */
#include <stdio.h>
#include <string.h>

#include "common/business_key.h"
#include "common/timeline.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

static const char keys_of_order[] = "customer\0"
									"cus_9\0"
									"order\0"
									"4 2\0";
#define KEYS ((struct span){keys_of_order, sizeof keys_of_order - 1})

static void take(struct model *model, int64_t seq, struct span keys) {
	struct event event = *bed_event(seq);
	event.keys = keys;
	update(
		model, &(struct msg){.type = MSG_TIMELINE, .page = model->timeline.asked, .event = &event});
}

static void done(struct model *model) {
	update(model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model->timeline.asked});
}

static const char *asked(struct model *model) {
	static char text[128];
	struct effect effect = bed_effect(model, EFFECT_TIMELINE);
	snprintf(text, sizeof text, "%s %lld", buffer_text(&effect.text), (long long)effect.number);
	effect_clear(&effect);
	return text;
}

/* Live events come without their keys, so those are asked for first. */
static void open_of_an_order(struct model *model) {
	bed_begin(model, 3, false);
	bed_key(model, 't');
	assert_int_equal(model->dialog.kind, DIALOG_TIMELINE);
	assert_string_equal(asked(model), "stripe 3");
	take(model, 3, KEYS);
	done(model);
	assert_string_equal(asked(model), "order:\"4 2\" 0");
	take(model, 3, KEYS);
	take(model, 1, KEYS);
	done(model);
}

static void it_begins_with_the_key_people_ask_by(void **state) {
	(void)state;
	struct model model;
	open_of_an_order(&model);
	assert_int_equal(model.timeline.count, 2);
	assert_int_equal(model.timeline.cursor, 1);
	assert_int_equal(timeline_panel_at(&model.timeline, 0)->seq, 1);
	assert_string_equal(
		command_log_newest(&model.command_log, 0)->text, "hookline timeline order '4 2'");
	model_clear(&model);
}

static void tab_goes_to_the_next_key_of_the_event(void **state) {
	(void)state;
	struct model model;
	open_of_an_order(&model);
	bed_key(&model, KEY_TAB);
	assert_string_equal(asked(&model), "customer:cus_9 0");
	assert_int_equal(model.timeline.count, 0);
	done(&model);
	bed_key(&model, KEY_TAB);
	assert_string_equal(asked(&model), "order:\"4 2\" 0");
	model_clear(&model);
}

static void enter_opens_the_event(void **state) {
	(void)state;
	struct model model;
	open_of_an_order(&model);
	bed_key(&model, 'k');
	bed_key(&model, 'k');
	assert_int_equal(model.timeline.cursor, 0);
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_int_equal(model_current(&model)->seq, 1);
	model_clear(&model);
}

static void an_event_without_keys_says_so(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 't');
	take(&model, 3, (struct span){0});
	done(&model);
	assert_true(model.timeline.loaded);
	assert_int_equal(model.timeline.name.len, 0);
	bed_key(&model, KEY_TAB);
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void one_is_asked_for_by_name(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, ":timeline shop-id 7");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(asked(&model), "key.shop-id:7 0");
	update(&model, &(struct msg){.type = MSG_TIMELINE_DONE,
					   .page = model.timeline.asked,
					   .error = &(struct error){ERROR_IO, "the disk failed"}});
	assert_string_equal(model.timeline.error, "the disk failed");
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, ":timeline order");
	bed_key(&model, KEY_ENTER_KEY);
	assert_non_null(strstr(model.note.text, ":timeline order 42"));
	model_clear(&model);
}

static void two_words_filter_by_a_key(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/Order 42");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(buffer_text(&model.filter), "order:42");
	model_clear(&model);
}

static void outcome_is(int64_t attempts, int64_t status, const char *words) {
	struct event event = {.attempts = attempts, .last_status = status};
	struct buffer out = {0};
	timeline_append_outcome(&out, &event);
	assert_string_equal(buffer_text(&out), words);
	buffer_clear(&out);
}

static void outcomes_and_gaps_have_words(void **state) {
	(void)state;
	struct buffer out = {0};
	outcome_is(0, 0, "not delivered");
	outcome_is(1, 200, "200");
	outcome_is(3, 204, "204 after 3 tries");
	outcome_is(2, 503, "503, 2 tries");
	outcome_is(1, -1, "no answer");
	timeline_append_gap(&out, 0, 5);
	assert_string_equal(buffer_text(&out), "");
	timeline_append_gap(&out, 1000000000, 1000000001);
	timeline_append_gap(&out, 1000000000, 3000000000);
	assert_string_equal(buffer_text(&out), "=+2.0 s");
	buffer_clear(&out);
}

static void short_questions_are_filters(void **state) {
	(void)state;
	struct buffer out = {0};
	assert_true(business_key_append_short(&out, span_text(" order  42 ")));
	assert_string_equal(buffer_text(&out), "order:42");
	assert_false(business_key_append_short(&out, span_text("order")));
	assert_false(business_key_append_short(&out, span_text("order 42 43")));
	assert_false(business_key_append_short(&out, span_text("order type:x")));
	assert_false(business_key_append_short(&out, span_text("foo 42")));
	buffer_reset(&out);
	business_key_append_filter(&out, span_text(""), span_text("a\"b"));
	assert_string_equal(buffer_text(&out), "key:\"a\\\"b\"");
	buffer_clear(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_begins_with_the_key_people_ask_by),
		cmocka_unit_test(tab_goes_to_the_next_key_of_the_event),
		cmocka_unit_test(enter_opens_the_event),
		cmocka_unit_test(an_event_without_keys_says_so),
		cmocka_unit_test(one_is_asked_for_by_name),
		cmocka_unit_test(two_words_filter_by_a_key),
		cmocka_unit_test(outcomes_and_gaps_have_words),
		cmocka_unit_test(short_questions_are_filters),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
