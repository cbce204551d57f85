/* What the screen is like to work with: the help, other keys, colours. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/help.h"
#include "tui/screen/layout.h"
#include "tui/screen/title.h"

/* --- the help --- */

static struct help help_now(const struct model *model) {
	struct help help;
	help_make(&help, model, layout_above_bar(model));
	return help;
}

static void the_help_goes_no_further_than_its_end(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "?G");
	struct help help = help_now(&model);
	assert_int_equal(model.help.chosen, help.choices - 1);
	assert_int_equal(help.top + help.area.rows, help.high);
	bed_type(&model, "jk");
	assert_int_equal(model.help.chosen, help.choices - 2);
	bed_type(&model, "gk");
	assert_int_equal(model.help.chosen, 0);
	bed_key(&model, 'f');
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_false(model.following);
	model_clear(&model);
}

/* Searches the help, and carries out what is found first. */
static void help_does(struct model *model, const char *words) {
	bed_type(model, "?/");
	bed_type(model, words);
	bed_key(model, KEY_ENTER_KEY);
	assert_int_equal(model->dialog.kind, DIALOG_HELP);
	bed_key(model, KEY_ENTER_KEY);
}

static void the_help_does_what_its_line_says(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	help_does(&model, "select all in");
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_int_equal(model.selected, 3);
	model_clear(&model);
}

static void what_is_done_in_an_event_opens_it_first(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	help_does(&model, "search in the pane");
	assert_true(model.detail.open);
	assert_int_equal(model.prompt.kind, PROMPT_FIND);
	model_clear(&model);
}

static void what_has_a_name_alone_is_asked_what_it_needs(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	help_does(&model, "such as stripe#1042");
	assert_int_equal(model.prompt.kind, PROMPT_COMMAND);
	assert_string_equal(buffer_text(&model.prompt.text), "go ");
	model_clear(&model);
}

static void a_search_in_the_help_is_let_go_with_escape(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "?/no such thing");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(help_now(&model).count, 0);
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	bed_type(&model, "?/forward");
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_HELP);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void every_line_of_the_help_fits_in_and_can_be_carried_out(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "?");
	size_t choices = help_now(&model).choices;
	assert_true(help_now(&model).count < HELP_LINES);
	model_clear(&model);
	for (size_t i = 0; i < choices; i++) {
		bed_begin(&model, 3, false);
		bed_type(&model, "?");
		model.help.chosen = i;
		bed_key(&model, KEY_ENTER_KEY);
		model_clear(&model);
	}
}

/* --- other keys --- */

static void other_keys_do_it_and_are_what_is_told(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	const uint32_t keys[] = {'!'};
	bed_begin(&model, 3, false);
	assert_true(keymap_bind(&model.keymap, keymap_find("select-all", &err), keys, 1, &err));
	bed_type(&model, "*");
	assert_int_equal(model.selected, 0);
	bed_type(&model, "!");
	assert_int_equal(model.selected, 3);
	char text[80];
	help_keys(text, &model.keymap, keymap_find("select-all", &err));
	assert_string_equal(text, "!");
	model_clear(&model);
}

/* --- colours --- */

static void a_theme_is_chosen_by_its_name_or_the_next_one(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, ":theme light");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_THEME);
	assert_int_equal(effect.number, THEME_LIGHT);
	effect_clear(&effect);
	bed_type(&model, ":theme");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.theme, THEME_MONO);
	bed_type(&model, ":theme pink");
	bed_key(&model, KEY_ENTER_KEY);
	assert_true(model.note.bad);
	assert_int_equal(model.theme, THEME_MONO);
	model_clear(&model);
}

/* --- what is masked --- */

/* The event under the cursor comes with a cookie. */
static void take_cookie(struct model *model) {
	struct msg_bytes bytes = {
		.head = span_text("POST / HTTP/1.1\r\nCookie: secret\r\n\r\n"), .body = span_text("{}")};
	struct event event = *model_current(model);
	update(model, &(struct msg){.type = MSG_DETAIL, .event = &event, .bytes = &bytes});
	update(model, &(struct msg){.type = MSG_DETAIL_DONE});
}

static bool shows_secret(struct model *model) {
	struct buffer *head = &model->detail.head;
	return head->len > 0 && strstr(buffer_text(head), "secret");
}

static void what_is_masked_is_revealed_until_the_event_is_left(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	take_cookie(&model);
	assert_int_equal(model.detail.masked, 1);
	assert_false(shows_secret(&model));
	assert_true(bed_has_effect(&model, EFFECT_DETAIL));
	bed_type(&model, "V");
	assert_true(bed_has_effect(&model, EFFECT_DETAIL));
	take_cookie(&model);
	assert_true(shows_secret(&model));
	bed_key(&model, KEY_UP_ARROW);
	assert_false(shows_secret(&model));
	bed_key(&model, KEY_DOWN_ARROW);
	take_cookie(&model);
	assert_false(shows_secret(&model));
	model_clear(&model);
}

static void what_was_revealed_is_gone_when_the_event_is_closed(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	take_cookie(&model);
	bed_type(&model, "V");
	take_cookie(&model);
	assert_true(shows_secret(&model));
	bed_key(&model, KEY_ESCAPE);
	assert_false(model.detail.open);
	assert_false(shows_secret(&model));
	model_clear(&model);
}

/* --- only looking --- */

static void who_only_looks_reveals_and_changes_nothing(void **state) {
	static const char *const changes[] = {"r", "R", "B", "F", "S", "e", "x", "p", "u", "m", "M",
		":keep on\r", ":reverify\r", ":forward 3000\r", ":replay 3000\r"};
	(void)state;
	for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
		struct model model;
		bed_begin(&model, 3, false);
		model.readonly = true;
		for (const char *at = changes[i]; *at; at++) {
			bed_key(&model, *at == '\r' ? KEY_ENTER_KEY : (uint32_t)*at);
		}
		assert_true(model.note.bad);
		assert_int_equal(model.dialog.kind, DIALOG_NONE);
		struct effect effect;
		while (effects_take(&model.effects, &effect)) {
			assert_false(effect_changes(effect.type));
			effect_clear(&effect);
		}
		model_clear(&model);
	}
}

static void the_role_at_the_relay_decides(void **state) {
	(void)state;
	struct model model;
	struct msg_live live = {.readonly = true};
	bed_begin(&model, 3, false);
	update(&model, &(struct msg){.type = MSG_LIVE, .live = &live});
	bed_key(&model, KEY_ENTER_KEY);
	take_cookie(&model);
	bed_type(&model, "V");
	assert_true(model.note.bad);
	take_cookie(&model);
	assert_false(shows_secret(&model));
	model_clear(&model);
}

/* --- words behind a command --- */

static void completes(const char *typed, const char *wanted) {
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, typed);
	bed_key(&model, KEY_TAB);
	assert_string_equal(buffer_text(&model.prompt.text), wanted);
	model_clear(&model);
}

static void what_stands_behind_a_command_is_completed(void **state) {
	(void)state;
	completes(":theme hi", "theme high-contrast");
	completes(":retry p", "retry pause");
	completes(":copy b", "copy body");
	completes(":send strip", "send stripe");
	completes(":forward of", "forward off");
	completes(":theme x", "theme x");
	completes(":no such", "no such");
	completes(":form ", "form ");
}

/* --- the pager --- */

static void all_of_a_pane_goes_to_the_pager(void **state) {
	(void)state;
	struct model model;
	struct buffer body = {0};
	buffer_append_text(&body, "[");
	for (int i = 0; i < 999; i++) {
		buffer_printf(&body, "%d,", i);
	}
	buffer_append_text(&body, "\"\x1b[2J\"]");
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, buffer_text(&body));
	bed_type(&model, "P");
	while (update_idle(&model, 65536)) {
		/* a piece at a time */
	}
	struct effect effect = bed_effect(&model, EFFECT_PAGER);
	const char *text = buffer_text(&effect.text);
	assert_non_null(strstr(text, "998"));
	assert_non_null(strstr(text, "\\x1b[2J"));
	assert_null(strchr(text, '\x1b'));
	effect_clear(&effect);
	buffer_clear(&body);
	model_clear(&model);
}

static void a_pane_that_is_left_goes_nowhere(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, KEY_ENTER_KEY);
	bed_detail(&model, 3, "{}");
	bed_type(&model, "P3");
	while (update_idle(&model, 65536)) {
		/* nothing of it is left */
	}
	assert_false(bed_has_effect(&model, EFFECT_PAGER));
	model_clear(&model);
}

/* --- titles --- */

static void the_title_says_where_one_is(void **state) {
	(void)state;
	struct model model;
	struct buffer title = {0};
	struct msg_live live = {.relay_url = span_text("wss://relay.\x1b.example.com/x")};
	bed_begin(&model, 3, false);
	update(&model, &(struct msg){.type = MSG_LIVE, .live = &live});
	title_append(&title, &model);
	assert_string_equal(buffer_text(&title), "hookline relay.\\x1b.example.com");
	buffer_reset(&title);
	struct error err = {0};
	error_set(&err, ERROR_UNREACHABLE, "gone");
	update(&model, &(struct msg){.type = MSG_DOWN, .error = &err, .number = 1});
	title_append(&title, &model);
	assert_non_null(strstr(buffer_text(&title), ", the relay is away"));
	buffer_clear(&title);
	model_clear(&model);
}

/* --- the wheel --- */

static void the_wheel_moves_in_the_help_and_answers_nothing(void **state) {
	(void)state;
	struct model model;
	const struct msg down = {.type = MSG_MOUSE, .mouse = {.what = MOUSE_WHEEL_DOWN}};
	bed_begin(&model, 3, false);
	bed_type(&model, "?");
	update(&model, &down);
	assert_int_equal(model.help.chosen, 3);
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, "y");
	update(&model, &down);
	assert_int_equal(model.dialog.kind, DIALOG_COPY);
	model_clear(&model);
}

/* --- tips --- */

static void a_tip_goes_once_it_was_followed(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	assert_null(tips_now(&model));
	model.tips.on = true;
	assert_int_equal(tips_now(&model)->action, ACTION_OPEN);
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_TIPS);
	assert_string_equal(buffer_text(&effect.text), "1\n");
	effect_clear(&effect);
	assert_int_equal(tips_now(&model)->action, ACTION_REPLAY);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(tips_now(&model)->action, ACTION_FILTER);
	bed_type(&model, ":tips off");
	bed_key(&model, KEY_ENTER_KEY);
	assert_null(tips_now(&model));
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_help_goes_no_further_than_its_end),
		cmocka_unit_test(the_help_does_what_its_line_says),
		cmocka_unit_test(what_is_done_in_an_event_opens_it_first),
		cmocka_unit_test(what_has_a_name_alone_is_asked_what_it_needs),
		cmocka_unit_test(a_search_in_the_help_is_let_go_with_escape),
		cmocka_unit_test(every_line_of_the_help_fits_in_and_can_be_carried_out),
		cmocka_unit_test(other_keys_do_it_and_are_what_is_told),
		cmocka_unit_test(a_theme_is_chosen_by_its_name_or_the_next_one),
		cmocka_unit_test(what_is_masked_is_revealed_until_the_event_is_left),
		cmocka_unit_test(what_was_revealed_is_gone_when_the_event_is_closed),
		cmocka_unit_test(who_only_looks_reveals_and_changes_nothing),
		cmocka_unit_test(the_role_at_the_relay_decides),
		cmocka_unit_test(what_stands_behind_a_command_is_completed),
		cmocka_unit_test(all_of_a_pane_goes_to_the_pager),
		cmocka_unit_test(a_pane_that_is_left_goes_nowhere),
		cmocka_unit_test(the_title_says_where_one_is),
		cmocka_unit_test(the_wheel_moves_in_the_help_and_answers_nothing),
		cmocka_unit_test(a_tip_goes_once_it_was_followed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
