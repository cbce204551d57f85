/* Why a signature is not right is asked once, when its pane is looked at; how replays are signed can be chosen. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

/* Opens the newest of three events, with this verdict. */
static void open_event(struct model *model, enum verdict verdict) {
	bed_begin(model, 3, false);
	bed_key(model, KEY_ENTER_KEY);
	struct event event = *bed_event(3);
	struct msg_bytes bytes = {
		.head = span_text("POST / HTTP/1.1\r\n\r\n"), .body = span_text("{}")};
	event.verdict = verdict;
	update(model, &(struct msg){.type = MSG_DETAIL, .event = &event, .bytes = &bytes});
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
	assert_false(bed_has_effect(model, EFFECT_EXPLAIN));
}

static void explained(struct model *model, const char *sentence) {
	struct msg_explanation told = {.sentence = span_text(sentence),
		.differs = true,
		.at = 7,
		.before = span_text("a"),
		.received = span_text("b"),
		.signed_for = span_text("c"),
		.after = span_text("d")};
	update(
		model, &(struct msg){.type = MSG_EXPLAINED, .id = &bed_event(3)->id, .explanation = &told});
}

static void looking_at_a_wrong_signature_asks_why_once(void **state) {
	(void)state;
	struct model model;
	open_event(&model, VERDICT_INVALID);
	bed_type(&model, "s");
	struct effect effect = bed_effect(&model, EFFECT_EXPLAIN);
	assert_true(uuid_equal(&effect.id, &bed_event(3)->id));
	explained(&model, "it is made with another secret");
	assert_int_equal(model.detail.explanation.state, EXPLAINED_TOLD);
	assert_string_equal(model.detail.explanation.sentence, "it is made with another secret");
	bed_type(&model, "2s");
	assert_false(bed_has_effect(&model, EFFECT_EXPLAIN));
	model_clear(&model);
}

static void what_is_right_is_not_asked_about(void **state) {
	(void)state;
	static const enum verdict settled[] = {VERDICT_VALID, VERDICT_UNVERIFIED, VERDICT_PARTIAL};
	for (size_t i = 0; i < 3; i++) {
		struct model model;
		open_event(&model, settled[i]);
		bed_type(&model, "s");
		assert_false(bed_has_effect(&model, EFFECT_EXPLAIN));
		model_clear(&model);
	}
}

static void a_failure_is_told_and_asked_again_on_the_next_look(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	error_set(&err, ERROR_UNREACHABLE, "the relay is away");
	open_event(&model, VERDICT_UNSIGNED);
	bed_type(&model, "s");
	assert_true(bed_has_effect(&model, EFFECT_EXPLAIN));
	update(&model, &(struct msg){.type = MSG_EXPLAINED, .id = &bed_event(3)->id, .error = &err});
	assert_int_equal(model.detail.explanation.state, EXPLAINED_FAILED);
	assert_string_equal(model.detail.explanation.sentence, "the relay is away");
	bed_type(&model, "2");
	assert_false(bed_has_effect(&model, EFFECT_EXPLAIN));
	bed_type(&model, "s");
	assert_true(bed_has_effect(&model, EFFECT_EXPLAIN));
	model_clear(&model);
}

static void an_explanation_of_another_event_is_not_shown(void **state) {
	(void)state;
	struct model model;
	struct msg_explanation told = {.sentence = span_text("of another")};
	open_event(&model, VERDICT_INVALID);
	bed_type(&model, "s");
	update(&model,
		&(struct msg){.type = MSG_EXPLAINED, .id = &bed_event(2)->id, .explanation = &told});
	assert_int_equal(model.detail.explanation.state, EXPLAINED_ASKED);
	model_clear(&model);
}

static void another_verdict_is_explained_anew(void **state) {
	(void)state;
	struct model model;
	open_event(&model, VERDICT_INVALID);
	bed_type(&model, "s");
	explained(&model, "why");
	bed_has_effect(&model, EFFECT_EXPLAIN);
	struct event event = *bed_event(3);
	struct msg_bytes bytes = {.head = span_text("POST / HTTP/1.1\r\n\r\n")};
	event.verdict = VERDICT_EXPIRED;
	update(&model, &(struct msg){.type = MSG_DETAIL, .event = &event, .bytes = &bytes});
	update(&model, &(struct msg){.type = MSG_DETAIL_DONE});
	assert_true(bed_has_effect(&model, EFFECT_EXPLAIN));
	model_clear(&model);
}

static void replays_are_signed_anew_unless_asked_otherwise(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "rlocalhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_REPLAY);
	assert_false(effect.flag);
	effect_clear(&effect);
	bed_type(&model, ":as-received on");
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(model.note.text, "replays are sent as they were received");
	bed_type(&model, "r");
	effect = bed_effect(&model, EFFECT_REPLAY);
	assert_true(effect.flag);
	effect_clear(&effect);
	bed_type(&model, ":as-received");
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(model.as_received);
	model_clear(&model);
}

static void a_history_is_judged_again(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, ":reverify verdict:invalid");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_REVERIFY);
	assert_string_equal(buffer_text(&effect.text), "stripe");
	assert_string_equal(buffer_text(&effect.filter), "verdict:invalid");
	effect_clear(&effect);
	model_clear(&model);
}

static void scheme_is(struct model *model, const char *title) {
	struct scheme_facts facts = {0};
	buffer_append_text(&facts.title, title);
	buffer_append_text(&facts.provider, "acme");
	buffer_append_text(&facts.headers, "X-Acme\n");
	buffer_append_text(&facts.rule, "{timestamp}!{body}");
	buffer_append_text(&facts.text, "17!{}");
	facts.text_len = 5;
	update(model, &(struct msg){.type = MSG_SCHEME, .id = &bed_event(3)->id, .scheme = &facts});
	scheme_facts_clear(&facts);
}

/* All of the pane, cut where the bed's terminal is narrow. */
static void pane_has(struct model *model, const char *wanted) {
	struct buffer text = {0};
	struct canvas canvas;
	while (!document_layout(model->detail.document, 10000)) {
	}
	canvas_init(&canvas, 120, 60, false);
	document_paint(model->detail.document, &canvas, (struct area){0, 0, 120, 60}, 0);
	canvas_dump(&text, &canvas, false);
	if (!strstr(buffer_text(&text), wanted)) {
		fail_msg("there is no \"%s\" in:\n%s", wanted, buffer_text(&text));
	}
	canvas_clear(&canvas);
	buffer_clear(&text);
}

static void how_it_is_signed_is_asked_of_any_event_and_once(void **state) {
	(void)state;
	struct model model;
	open_event(&model, VERDICT_VALID);
	bed_type(&model, "s");
	struct effect effect = bed_effect(&model, EFFECT_SCHEME);
	assert_true(uuid_equal(&effect.id, &bed_event(3)->id));
	scheme_is(&model, "Acme Corp");
	assert_int_equal(model.detail.scheme.state, EXPLAINED_TOLD);
	bed_type(&model, "2s");
	assert_false(bed_has_effect(&model, EFFECT_SCHEME));
	pane_has(&model, "Acme Corp (acme");
	pane_has(&model, "{timestamp}!{body}");
	pane_has(&model, "17!{}");
	model_clear(&model);
}

static void a_relay_that_does_not_know_schemes_leaves_what_is_compiled_in(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	error_set(&err, ERROR_USAGE, "this relay knows no request of type \"scheme\"");
	open_event(&model, VERDICT_VALID);
	bed_type(&model, "s");
	assert_true(bed_has_effect(&model, EFFECT_SCHEME));
	update(&model, &(struct msg){.type = MSG_SCHEME, .id = &bed_event(3)->id, .error = &err});
	pane_has(&model, "Stripe (stripe)");
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(looking_at_a_wrong_signature_asks_why_once),
		cmocka_unit_test(what_is_right_is_not_asked_about),
		cmocka_unit_test(a_failure_is_told_and_asked_again_on_the_next_look),
		cmocka_unit_test(an_explanation_of_another_event_is_not_shown),
		cmocka_unit_test(another_verdict_is_explained_anew),
		cmocka_unit_test(how_it_is_signed_is_asked_of_any_event_and_once),
		cmocka_unit_test(a_relay_that_does_not_know_schemes_leaves_what_is_compiled_in),
		cmocka_unit_test(replays_are_signed_anew_unless_asked_otherwise),
		cmocka_unit_test(a_history_is_judged_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
