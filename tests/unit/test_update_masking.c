/* What is masked is hunted for on every screen it could stand on, and in everything that leaves the screen. */
#include <string.h>

#include "common/business_key.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/canvas.h"
#include "tui/screen/document.h"
#include "tui/screen/masking.h"
#include "tui/screen/update_parts.h"
#include "tui/screen/view.h"

#define HIDDEN "hidden-value"
#define TARGET "/e/stripe/hooks?e%6Dail=" HIDDEN "&x=1"

static const char head[] = "POST " TARGET " HTTP/1.1\r\nHost: a\r\n"
						   "Referer: https://a.test/?email=" HIDDEN "\r\n"
						   "Cookie: " HIDDEN "\r\nX-Original-Path: " TARGET "\r\n"
						   "Stripe-Signature: t=17,v1=00\r\n\r\n";
static const char body[] = "{\"email\":\"" HIDDEN "\",\"amount\":42}";
static const char answer_head[] = "HTTP/1.1 503 No\r\nSet-Cookie: " HIDDEN "\r\n\r\n";

static struct event event_of(int64_t seq) {
	static struct buffer keys;
	struct event event = *bed_event(seq);
	buffer_reset(&keys);
	business_keys_add(&keys, 0, span_text("email"), span_text(HIDDEN));
	business_keys_add(&keys, 0, span_text("order"), span_text("42"));
	event.target = span_text(TARGET);
	event.type = span_text("");
	event.verdict = VERDICT_INVALID;
	event.keys = buffer_span(&keys);
	event.handshake = span_text("answered");
	event.answer = span_text("X: y\r\n\r\n{\"email\":\"" HIDDEN "\"}");
	event.attempts = 1;
	return event;
}

static struct attempt attempt_of(int64_t seq) {
	struct attempt attempt = *bed_attempt(seq, 1, 503);
	attempt.target = span_text("http://localhost:3000/hooks?email=" HIDDEN);
	attempt.position = 100 + seq;
	return attempt;
}

static void bytes_come(struct model *model, int64_t seq) {
	struct event event = event_of(seq);
	struct attempt attempt = attempt_of(seq);
	const struct msg_bytes bytes = {.head = span_text(head), .body = span_text(body)};
	const struct msg_bytes answer = {.head = span_text(answer_head), .body = span_text(body)};
	update(model, &(struct msg){.type = MSG_DETAIL, .event = &event, .bytes = &bytes});
	update(model, &(struct msg){.type = MSG_DETAIL_ATTEMPT, .attempt = &attempt, .bytes = &answer});
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
}

static void diff_comes(struct model *model) {
	const struct msg_bytes bytes = {.head = span_text(head), .body = span_text(body)};
	for (int64_t side = 0; side < 2; side++) {
		struct event event = event_of(3 - side);
		struct attempt attempt = attempt_of(3 - side);
		update(
			model, &(struct msg){
					   .type = MSG_DIFF_EVENT, .number = side, .event = &event, .bytes = &bytes});
		update(model,
			&(struct msg){
				.type = MSG_DIFF_ATTEMPT, .number = side, .attempt = &attempt, .bytes = &bytes});
	}
	update(model, &(struct msg){.type = MSG_DIFF_DONE});
}

static void begin(struct model *model) {
	struct error err = {0};
	bed_begin(model, 0, false);
	assert_true(masking_add_field(&model->masking, "email", &err));
	for (int64_t seq = 1; seq <= 3; seq++) {
		struct event event = event_of(seq);
		update(model, &(struct msg){.type = MSG_EVENT, .event = &event});
	}
}

static bool screen_has(struct model *model, const char *text) {
	struct canvas canvas;
	struct buffer dump = {0};
	while (model->detail.document && !document_layout(model->detail.document, 10000)) {
	}
	canvas_init(&canvas, model->columns, model->rows, false);
	view(model, &canvas);
	canvas_dump(&dump, &canvas, false);
	bool has = strstr(buffer_text(&dump), text) != NULL;
	canvas_clear(&canvas);
	buffer_clear(&dump);
	return has;
}

static bool text_has(const struct buffer *text, const char *wanted) {
	struct buffer copy = {0};
	buffer_append_span(&copy, buffer_span(text));
	bool has = strstr(buffer_text(&copy), wanted) != NULL;
	buffer_clear(&copy);
	return has;
}

/* Neither what is painted nor what leaves has it. */
static void nothing_has_it(struct model *model, const char *where) {
	struct effect effect;
	if (screen_has(model, HIDDEN)) {
		fail_msg("it is on the screen: %s", where);
	}
	while (effects_take(&model->effects, &effect)) {
		if (text_has(&effect.text, HIDDEN) || text_has(&effect.body, HIDDEN) ||
			text_has(&effect.filter, HIDDEN)) {
			fail_msg("effect %d has it: %s", (int)effect.type, where);
		}
		effect_clear(&effect);
	}
	for (size_t i = 0; i < model->command_log.count; i++) {
		assert_null(strstr(command_log_newest(&model->command_log, i)->text, HIDDEN));
	}
}

static void open_wide(struct model *model) {
	begin(model);
	update(model, &(struct msg){.type = MSG_RESIZE, .columns = 200, .rows = 80});
	bed_key(model, KEY_ENTER_KEY);
	bytes_come(model, 3);
}

static void the_list_has_targets_without_it(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	update(&model, &(struct msg){.type = MSG_RESIZE, .columns = 200, .rows = 60});
	assert_true(screen_has(&model, "=***&x=1"));
	nothing_has_it(&model, "the list");
	model_clear(&model);
}

static void no_pane_has_it(void **state) {
	(void)state;
	struct model model;
	open_wide(&model);
	assert_true(model.detail.masked >= 5);
	for (const char *pane = "123456"; *pane; pane++) {
		char where[] = {'p', 'a', 'n', 'e', ' ', *pane, '\0'};
		bed_key(&model, (uint32_t)*pane);
		nothing_has_it(&model, where);
	}
	bed_type(&model, "6");
	assert_true(screen_has(&model, "Referer: https://a.test/?email=***"));
	bed_type(&model, "4");
	assert_true(screen_has(&model, "17.{\"email\":\"***\""));
	model_clear(&model);
}

static void the_text_that_the_relay_tells_is_not_shown_while_it_is_masked(void **state) {
	(void)state;
	struct model model;
	struct scheme_facts facts = {0};
	struct msg_explanation told = {.sentence = span_text("why"),
		.differs = true,
		.at = 7,
		.before = span_text(HIDDEN),
		.received = span_text(HIDDEN),
		.signed_for = span_text(HIDDEN),
		.after = span_text(HIDDEN)};
	buffer_append_text(&facts.title, "Acme");
	buffer_append_text(&facts.rule, "{json:email}");
	buffer_append_text(&facts.text, HIDDEN);
	facts.text_len = (int64_t)facts.text.len;
	open_wide(&model);
	bed_type(&model, "4");
	struct uuid id = model_current(&model)->id;
	update(&model, &(struct msg){.type = MSG_SCHEME, .id = &id, .scheme = &facts});
	update(&model, &(struct msg){.type = MSG_EXPLAINED, .id = &id, .explanation = &told});
	assert_true(screen_has(&model, "differs at byte 7, in a request that is masked"));
	assert_true(screen_has(&model, "not shown: values of the request are masked"));
	nothing_has_it(&model, "the signed text");
	bed_type(&model, "V");
	bytes_come(&model, 3);
	assert_true(screen_has(&model, HIDDEN));
	assert_false(screen_has(&model, "not shown"));
	scheme_facts_clear(&facts);
	model_clear(&model);
}

static void no_copy_has_it(void **state) {
	(void)state;
	struct model model;
	open_wide(&model);
	for (const char *letter = "uhbwcavp"; *letter; letter++) {
		char where[] = {'y', *letter, '\0'};
		bed_key(&model, 'y');
		bed_key(&model, (uint32_t)*letter);
		nothing_has_it(&model, where);
	}
	bed_type(&model, "2|cat");
	bed_key(&model, KEY_ENTER_KEY);
	nothing_has_it(&model, "the pipe");
	for (const char *pane = "23456"; *pane; pane++) {
		bed_key(&model, (uint32_t)*pane);
		bed_key(&model, 'P');
		while (!document_layout(model.detail.document, 10000) || pager_step(&model)) {
		}
		nothing_has_it(&model, "the pager");
	}
	model_clear(&model);
}

static void what_is_revealed_is_copied(void **state) {
	(void)state;
	struct model model;
	open_wide(&model);
	bed_type(&model, "V");
	bytes_come(&model, 3);
	bed_type(&model, "yu");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_true(text_has(&effect.text, TARGET));
	effect_clear(&effect);
	bed_key(&model, KEY_UP_ARROW);
	bytes_come(&model, 2);
	nothing_has_it(&model, "the next event");
	bed_key(&model, KEY_DOWN_ARROW);
	nothing_has_it(&model, "the event that was revealed");
	model_clear(&model);
}

static void no_dialog_has_it(void **state) {
	(void)state;
	struct model model;
	open_wide(&model);
	bed_type(&model, "d");
	diff_comes(&model);
	for (int tab = 0; tab < 4; tab++) {
		nothing_has_it(&model, "the difference");
		bed_key(&model, KEY_TAB);
	}
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, "D");
	struct event event = event_of(3);
	struct attempt attempt = attempt_of(3);
	update(&model, &(struct msg){.type = MSG_DELIVERY,
					   .page = model.deliveries.asked,
					   .event = &event,
					   .attempt = &attempt});
	assert_true(screen_has(&model, "/hooks?email=***"));
	nothing_has_it(&model, "the deliveries");
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, "t");
	for (int turn = 0; turn < 2; turn++) {
		update(&model,
			&(struct msg){.type = MSG_TIMELINE, .page = model.timeline.asked, .event = &event});
		update(&model, &(struct msg){.type = MSG_TIMELINE_DONE, .page = model.timeline.asked});
		nothing_has_it(&model, "the time line");
	}
	bed_type(&model, "@");
	nothing_has_it(&model, "the command log");
	model_clear(&model);
}

static void who_only_looks_never_sees_it(void **state) {
	(void)state;
	struct model model;
	open_wide(&model);
	model.readonly = true;
	bed_type(&model, "V");
	assert_true(model.note.bad);
	bytes_come(&model, 3);
	bed_type(&model, "6");
	nothing_has_it(&model, "the raw request");
	bed_type(&model, "yw");
	nothing_has_it(&model, "a copy");
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_list_has_targets_without_it),
		cmocka_unit_test(no_pane_has_it),
		cmocka_unit_test(the_text_that_the_relay_tells_is_not_shown_while_it_is_masked),
		cmocka_unit_test(no_copy_has_it),
		cmocka_unit_test(what_is_revealed_is_copied),
		cmocka_unit_test(no_dialog_has_it),
		cmocka_unit_test(who_only_looks_never_sees_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
