/* Marks and notes of the screen: asked of the relay, shown when it tells of them. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

static void tell(struct model *model, int64_t seq, bool marked, const char *note) {
	const struct annotation annotation = {
		.marked = marked, .note = span_text(note), .who = span_text("bob@desk"), .at_ns = 5};
	const struct uuid id = bed_event(seq)->id;
	update(model, &(struct msg){.type = MSG_ANNOTATED, .id = &id, .annotation = &annotation});
}

static const struct annotation *said_of(const struct model *model, size_t row) {
	return &model->window.rows[row].event->annotation;
}

static void m_marks_and_unmarks(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'm');
	struct effect effect = bed_effect(&model, EFFECT_ANNOTATE);
	assert_int_equal(effect.number, 1);
	assert_false(effect.flag);
	effect_clear(&effect);
	assert_false(said_of(&model, 2)->marked); /* only once the relay has it */
	tell(&model, 3, true, "");
	assert_true(said_of(&model, 2)->marked);
	bed_key(&model, 'm');
	effect = bed_effect(&model, EFFECT_ANNOTATE);
	assert_int_equal(effect.number, 0);
	effect_clear(&effect);
	model_clear(&model);
}

static void a_note_is_typed_and_stays_with_its_event(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'M');
	assert_int_equal(model.prompt.kind, PROMPT_NOTE);
	bed_type(&model, "why?");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_ANNOTATE);
	assert_int_equal(effect.number, -1);
	assert_true(effect.flag);
	assert_string_equal(buffer_text(&effect.text), "why?");
	effect_clear(&effect);
	tell(&model, 3, false, "why?");
	assert_true(span_is(said_of(&model, 2)->note, "why?"));
	bed_key(&model, 'M');
	assert_string_equal(buffer_text(&model.prompt.text), "why?");
	for (int i = 0; i < 4; i++) {
		bed_key(&model, KEY_ERASE);
	}
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_ANNOTATE);
	assert_true(effect.flag);
	assert_int_equal(effect.text.len, 0);
	effect_clear(&effect);
	model_clear(&model);
}

static void all_that_is_selected_is_marked(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 4, false);
	tell(&model, 2, true, "");
	bed_key(&model, '*');
	bed_key(&model, 'm');
	for (int i = 0; i < 3; i++) { /* the second is marked already */
		struct effect effect = bed_effect(&model, EFFECT_ANNOTATE);
		assert_int_equal(effect.number, 1);
		effect_clear(&effect);
	}
	assert_false(bed_has_effect(&model, EFFECT_ANNOTATE));
	model_clear(&model);
}

static void marks_of_others_are_seen_in_the_open_event(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "{}");
	bed_key(&model, '4');
	tell(&model, 3, true, "look");
	assert_true(model.detail.event->annotation.marked);
	assert_true(span_is(model.detail.event->annotation.note, "look"));
	model_clear(&model);
}

static void a_filter_by_marks_is_asked_again(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	buffer_append_text(&model.filter, "marked");
	tell(&model, 77, true, "");
	assert_true(model.stale);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(m_marks_and_unmarks),
		cmocka_unit_test(a_note_is_typed_and_stays_with_its_event),
		cmocka_unit_test(all_that_is_selected_is_marked),
		cmocka_unit_test(marks_of_others_are_seen_in_the_open_event),
		cmocka_unit_test(a_filter_by_marks_is_asked_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
