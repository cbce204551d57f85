/* The detail, prompts, dialogs, replay, forwarding, copying, the link. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/view.h"

static void tell(struct model *model, enum msg_type type, int64_t number) {
	update(model, &(struct msg){.type = type, .number = number});
}

static void begin_forwarding(struct model *model) {
	bed_begin(model, 3, false);
	bed_type(model, "Flocalhost:3000");
	bed_key(model, KEY_ENTER_KEY);
}

/* --- the event --- */

static void opening_asks_for_the_bytes(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_DETAIL);
	assert_true(uuid_equal(&effect.id, &bed_event(3)->id));
	bed_detail(&model, 3, "{\"a\":1}");
	assert_non_null(model.detail.document);
	assert_false(model.detail.loading);
	model_clear(&model);
}

static void arrows_read_on_in_the_open_event(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "{}");
	bed_has_effect(&model, EFFECT_QUIT);
	bed_key(&model, KEY_UP_ARROW);
	struct effect effect = bed_effect(&model, EFFECT_DETAIL);
	assert_true(uuid_equal(&effect.id, &bed_event(2)->id));
	assert_true(model.detail_focused);
	model_clear(&model);
}

static void bytes_of_an_event_left_meanwhile_are_not_shown(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_UP_ARROW);
	struct msg_bytes bytes = {.body = span_text("old")};
	update(&model, &(struct msg){.type = MSG_DETAIL, .event = bed_event(3), .bytes = &bytes});
	assert_null(model.detail.event);
	bed_detail(&model, 2, "new");
	assert_int_equal(model.detail.event->seq, 2);
	model_clear(&model);
}

static void an_attempt_at_the_open_event_is_fetched(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "{}");
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(3, 1, 500)});
	bed_tick(&model, model.now_ms + 1000);
	assert_true(bed_has_effect(&model, EFFECT_DETAIL));
	model_clear(&model);
}

static void a_body_is_shown_in_three_forms(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "{\"a\":1}");
	bed_key(&model, 'b');
	assert_int_equal(model.detail.form, DOCUMENT_TEXT);
	bed_key(&model, 'b');
	assert_int_equal(model.detail.form, DOCUMENT_HEX);
	bed_type(&model, ":form json");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.detail.form, DOCUMENT_JSON);
	model_clear(&model);
}

static void searching_scrolls_to_the_hit_and_says_when_there_is_none(void **state) {
	(void)state;
	struct model model;
	char body[4000] = "[";
	bed_begin(&model, 3, false);
	for (int i = 0; i < 200; i++) {
		snprintf(body + strlen(body), 16, "%d,", 1000 + i);
	}
	strcpy(body + strlen(body) - 1, "]");
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, body);
	bed_type(&model, "/1150");
	bed_key(&model, KEY_ENTER_KEY);
	while (update_idle(&model, 1000)) {
	}
	assert_true(model.detail.top > 100);
	bed_type(&model, "/nowhere");
	bed_key(&model, KEY_ENTER_KEY);
	while (update_idle(&model, 1000)) {
	}
	assert_non_null(strstr(model.note.text, "nowhere"));
	model_clear(&model);
}

static void the_end_of_a_long_body_is_reached_in_slices(void **state) {
	(void)state;
	struct model model;
	struct buffer body = {0};
	bed_begin(&model, 3, false);
	for (int i = 0; i < 200000; i++) {
		buffer_append_text(&body, "line\n");
	}
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, buffer_text(&body));
	bed_key(&model, 'G');
	size_t slices = 0;
	while (update_idle(&model, 65536)) {
		slices++;
	}
	assert_true(slices > 3);
	assert_true(model.detail.top > 199900);
	buffer_clear(&body);
	model_clear(&model);
}

/* --- prompts --- */

static void a_prompt_is_edited_like_a_shell_line(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, ":forwad x");
	bed_key(&model, 'w' | KEY_CTRL);
	bed_key(&model, KEY_ERASE);
	bed_key(&model, KEY_LEFT_ARROW);
	bed_type(&model, "r");
	assert_string_equal(buffer_text(&model.prompt.text), "forward");
	bed_key(&model, 'a' | KEY_CTRL);
	bed_key(&model, 0xe4);
	assert_string_equal(buffer_text(&model.prompt.text), "\xc3\xa4"
														 "forward");
	bed_key(&model, KEY_ERASE);
	assert_string_equal(buffer_text(&model.prompt.text), "forward");
	model_clear(&model);
}

static void a_prompt_remembers_what_was_typed(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, "/one");
	bed_key(&model, KEY_ENTER_KEY);
	bed_type(&model, "/");
	bed_key(&model, 'u' | KEY_CTRL);
	bed_type(&model, "two");
	bed_key(&model, KEY_UP_ARROW);
	assert_string_equal(buffer_text(&model.prompt.text), "one");
	bed_key(&model, KEY_DOWN_ARROW);
	assert_string_equal(buffer_text(&model.prompt.text), "two");
	model_clear(&model);
}

static void a_command_is_completed_and_a_wrong_one_told(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	bed_type(&model, ":forw");
	bed_key(&model, KEY_TAB);
	assert_string_equal(buffer_text(&model.prompt.text), "forward ");
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, ":replai");
	bed_key(&model, KEY_ENTER_KEY);
	assert_non_null(strstr(model.prompt.error, "did you mean \"replay\"?"));
	model_clear(&model);
}

static void pasted_text_goes_into_a_prompt_and_nowhere_else(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 1, false);
	update(&model, &(struct msg){.type = MSG_PASTE, .text = span_text("qqq")});
	assert_false(model.quitting);
	bed_type(&model, ":");
	update(&model, &(struct msg){.type = MSG_PASTE, .text = span_text("quit\n\x1b[A")});
	assert_string_equal(buffer_text(&model.prompt.text), "quit  [A");
	assert_false(model.quitting);
	model_clear(&model);
}

/* --- replay --- */

static void replay_asks_for_a_target_once(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'r');
	assert_int_equal(model.prompt.kind, PROMPT_REPLAY);
	bed_type(&model, "localhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_REPLAY);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	effect_clear(&effect);
	bed_key(&model, 'r');
	effect = bed_effect(&model, EFFECT_REPLAY);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	effect_clear(&effect);
	model_clear(&model);
}

static void a_replay_shows_on_its_row_until_it_is_answered(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	struct uuid id = bed_event(3)->id;
	update(&model, &(struct msg){.type = MSG_REPLAY_BEGUN, .id = &id});
	assert_int_equal(model.window.rows[2].sending, 1);
	update(
		&model, &(struct msg){.type = MSG_REPLAYED, .id = &id, .attempt = bed_attempt(3, 1, 500)});
	assert_int_equal(model.window.rows[2].sending, 0);
	assert_int_equal(model.window.rows[2].event->last_status, 500);
	assert_string_equal(model.note.text, "stripe#3 answered 500 in 1.5 ms");
	model_clear(&model);
}

/* --- forwarding --- */

static void forwarding_is_asked_for_and_its_state_is_told(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	begin_forwarding(&model);
	struct effect effect = bed_effect(&model, EFFECT_FORWARD);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	effect_clear(&effect);
	update(&model, &(struct msg){.type = MSG_FORWARD_LEASE, .text = span_text("bob@desk")});
	assert_int_equal(model.forward.state, FORWARD_OTHER);
	update(&model, &(struct msg){.type = MSG_FORWARD_LEASE, .mine = true});
	assert_int_equal(model.forward.state, FORWARD_ON);
	error_set(&err, ERROR_APP, "nothing listens on 127.0.0.1:3000");
	update(&model, &(struct msg){.type = MSG_FORWARD_AWAY, .error = &err});
	assert_int_equal(model.forward.state, FORWARD_AWAY);
	update(&model, &(struct msg){.type = MSG_FORWARD_AWAY});
	assert_int_equal(model.forward.state, FORWARD_ON);
	update(&model, &(struct msg){.type = MSG_FORWARD_SENT, .attempt = bed_attempt(3, 1, 200)});
	assert_int_equal(model.forward.good, 1);
	bed_key(&model, 'F');
	effect = bed_effect(&model, EFFECT_FORWARD);
	assert_int_equal(effect.text.len, 0);
	assert_int_equal(model.forward.state, FORWARD_OFF);
	model_clear(&model);
}

static void a_refused_target_is_asked_for_anew(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	begin_forwarding(&model);
	error_set(&err, ERROR_USAGE, "\"localhost:x\" is no host name");
	update(&model, &(struct msg){.type = MSG_FORWARD_OFF, .error = &err});
	assert_int_equal(model.forward.state, FORWARD_OFF);
	bed_key(&model, 'F');
	assert_int_equal(model.prompt.kind, PROMPT_FORWARD);
	model_clear(&model);
}

static void missed_events_are_offered_before_they_are_forwarded(void **state) {
	(void)state;
	struct model model;
	struct msg_missed missed = {
		.endpoint = span_text("stripe"), .count = 12, .first_seq = 30, .last_seq = 41};
	begin_forwarding(&model);
	update(&model, &(struct msg){.type = MSG_FORWARD_LEASE, .mine = true});
	bed_has_effect(&model, EFFECT_QUIT);
	update(&model, &(struct msg){.type = MSG_MISSED, .missed = &missed});
	assert_int_equal(model.dialog.kind, DIALOG_MISSED);
	bed_key(&model, 'n');
	assert_false(bed_has_effect(&model, EFFECT_FORWARD_MISSED));
	assert_int_equal(model.forward.missed, 12);
	bed_type(&model, "uy");
	struct effect effect = bed_effect(&model, EFFECT_FORWARD_MISSED);
	assert_string_equal(buffer_text(&effect.text), "stripe");
	assert_int_equal(effect.number, 30);
	assert_int_equal(effect.limit, 41);
	assert_int_equal(model.forward.missed, 0);
	effect_clear(&effect);
	model_clear(&model);
}

static void quitting_while_forwarding_asks(void **state) {
	(void)state;
	struct model model;
	begin_forwarding(&model);
	update(&model, &(struct msg){.type = MSG_FORWARD_LEASE, .mine = true});
	bed_key(&model, 'q');
	assert_false(model.quitting);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	bed_type(&model, "qy");
	assert_true(bed_has_effect(&model, EFFECT_QUIT));
	model_clear(&model);
}

/* --- copying --- */

static void a_reference_is_copied_at_once(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "yr");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "stripe#3");
	effect_clear(&effect);
	model_clear(&model);
}

static void a_body_is_fetched_and_copied_without_anything_harmful(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "yb");
	assert_true(bed_has_effect(&model, EFFECT_DETAIL));
	bed_detail(&model, 3, "a\x1b[2Jb");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "a\\x1b[2Jb");
	effect_clear(&effect);
	model_clear(&model);
}

static void an_open_event_is_still_worked_with_when_the_list_gets_empty(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "body");
	bed_type(&model, "1/status:4xx");
	bed_key(&model, KEY_ENTER_KEY);
	bed_page(&model, 1, 0);
	assert_int_equal(model.window.count, 0);
	bed_type(&model, "yr");
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "stripe#3");
	effect_clear(&effect);
	model_clear(&model);
}

/* --- the link --- */

static void a_lost_link_is_told_with_what_it_resumes_from(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	struct msg_live live = {.ingest_url = span_text("http://127.0.0.1:8080")};
	bed_begin(&model, 3, false);
	error_set(&err, ERROR_UNREACHABLE, "connection refused");
	update(&model, &(struct msg){.type = MSG_DOWN, .error = &err, .number = 3000});
	assert_int_equal(model.link.state, LINK_GONE);
	assert_int_equal(model.link.retry_at_ms, model.now_ms + 3000);
	update(&model, &(struct msg){.type = MSG_LIVE, .live = &live});
	tell(&model, MSG_BEHIND, 42);
	assert_int_equal(model.link.state, LINK_RESUMING);
	assert_string_equal(model.link.resume_ref, "stripe#3");
	tell(&model, MSG_BEHIND, 0);
	assert_int_equal(model.link.state, LINK_LIVE);
	model_clear(&model);
}

static void a_note_goes_after_a_while(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	tell(&model, MSG_DEMO, 5);
	assert_string_equal(model.note.text, "5 demo events were sent");
	bed_tick(&model, model.now_ms + NOTE_MS);
	assert_string_equal(model.note.text, "");
	model_clear(&model);
}

/* --- the table of keys --- */

static void every_key_means_one_thing_at_a_place(void **state) {
	struct keymap keymap;
	(void)state;
	keymap_init(&keymap);
	for (size_t i = 0; i < binding_count; i++) {
		for (size_t k = 0; k < 4 && bindings[i].keys[k]; k++) {
			for (unsigned place = 1; place <= 2; place++) {
				if (bindings[i].places & place) {
					assert_int_equal(
						keymap_action(&keymap, bindings[i].keys[k], place), bindings[i].action);
				}
			}
		}
	}
}

/* Nothing on an empty screen, whatever is pressed, reaches for an event that is not there. */
static void any_key_is_safe_on_an_empty_screen(void **state) {
	(void)state;
	for (uint32_t key = 1; key < 127; key++) {
		struct model model;
		bed_begin(&model, 0, false);
		bed_key(&model, key);
		bed_key(&model, KEY_ENTER_KEY);
		bed_key(&model, key);
		model_clear(&model);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_asks_for_the_bytes),
		cmocka_unit_test(arrows_read_on_in_the_open_event),
		cmocka_unit_test(bytes_of_an_event_left_meanwhile_are_not_shown),
		cmocka_unit_test(an_attempt_at_the_open_event_is_fetched),
		cmocka_unit_test(a_body_is_shown_in_three_forms),
		cmocka_unit_test(searching_scrolls_to_the_hit_and_says_when_there_is_none),
		cmocka_unit_test(the_end_of_a_long_body_is_reached_in_slices),
		cmocka_unit_test(a_prompt_is_edited_like_a_shell_line),
		cmocka_unit_test(a_prompt_remembers_what_was_typed),
		cmocka_unit_test(a_command_is_completed_and_a_wrong_one_told),
		cmocka_unit_test(pasted_text_goes_into_a_prompt_and_nowhere_else),
		cmocka_unit_test(replay_asks_for_a_target_once),
		cmocka_unit_test(a_replay_shows_on_its_row_until_it_is_answered),
		cmocka_unit_test(forwarding_is_asked_for_and_its_state_is_told),
		cmocka_unit_test(a_refused_target_is_asked_for_anew),
		cmocka_unit_test(missed_events_are_offered_before_they_are_forwarded),
		cmocka_unit_test(quitting_while_forwarding_asks),
		cmocka_unit_test(a_reference_is_copied_at_once),
		cmocka_unit_test(a_body_is_fetched_and_copied_without_anything_harmful),
		cmocka_unit_test(an_open_event_is_still_worked_with_when_the_list_gets_empty),
		cmocka_unit_test(a_lost_link_is_told_with_what_it_resumes_from),
		cmocka_unit_test(a_note_goes_after_a_while),
		cmocka_unit_test(every_key_means_one_thing_at_a_place),
		cmocka_unit_test(any_key_is_safe_on_an_empty_screen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
