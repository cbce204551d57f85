/* The payload under its cursor: folding, going to names, copying, filtering by what is there. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/view.h"

static const char order[] =
	"{\"id\":9007199254740993,\"data\":{\"items\":[{\"sku\":\"a b\"},{\"sku\":\"c\","
	"\"sku\":\"d\"}],\"open\":true},\"note\":\"\"}";

/* An event is open with this body. */
static void open_with(struct model *model, const char *body) {
	bed_begin(model, 3, false);
	update(model, &(struct msg){.type = MSG_RESIZE, .columns = 160, .rows = 50});
	bed_key(model, KEY_ENTER_KEY);
	bed_detail(model, 3, body);
	while (update_idle(model, 1000)) {
	}
}

static void finish(struct model *model) {
	while (update_idle(model, 1000)) {
	}
}

static void path_is(const struct model *model, const char *expected) {
	struct buffer path = {0};
	buffer_append_span(&path, buffer_span(&model->detail.payload.path));
	assert_string_equal(path.len > 0 ? buffer_text(&path) : "", expected);
	buffer_clear(&path);
}

/* Whether it is painted somewhere. */
static bool shows(struct model *model, const char *text) {
	struct canvas canvas;
	struct buffer dump = {0};
	canvas_init(&canvas, model->columns, model->rows, false);
	view(model, &canvas);
	canvas_dump(&dump, &canvas, false);
	bool found = strstr(buffer_text(&dump), text) != NULL;
	buffer_clear(&dump);
	canvas_clear(&canvas);
	return found;
}

static void run(struct model *model, const char *command) {
	bed_type(model, command);
	bed_key(model, KEY_ENTER_KEY);
	finish(model);
}

static void the_path_under_the_cursor_is_shown(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	path_is(&model, ".");
	bed_key(&model, 'j');
	path_is(&model, ".id");
	bed_type(&model, "jjj");
	path_is(&model, ".data.items[0]");
	bed_key(&model, 'j');
	path_is(&model, ".data.items[0].sku");
	assert_true(shows(&model, ".data.items[0].sku"));
	bed_key(&model, 'G');
	path_is(&model, ".");
	bed_key(&model, 'g');
	path_is(&model, ".");
	model_clear(&model);
}

static void a_value_is_folded_and_unfolded(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	size_t lines = document_lines(model.detail.document);
	bed_type(&model, "jjz");
	finish(&model);
	assert_true(shows(&model, "\"data\": {\u2026 2 members},"));
	path_is(&model, ".data");
	assert_true(document_lines(model.detail.document) < lines);
	bed_key(&model, KEY_ENTER_KEY);
	finish(&model);
	assert_int_equal(document_lines(model.detail.document), lines);
	model_clear(&model);
}

static void what_holds_nothing_folds_what_it_is_in(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	bed_type(&model, "jjjjjz");
	finish(&model);
	path_is(&model, ".data.items[0]");
	assert_true(shows(&model, "{\u2026 1 member},"));
	model_clear(&model);
}

static void all_is_folded_and_unfolded(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	size_t lines = document_lines(model.detail.document);
	bed_key(&model, 'Z');
	finish(&model);
	assert_true(shows(&model, "\"data\": {\u2026 2 members},"));
	bed_key(&model, 'Z');
	finish(&model);
	assert_int_equal(document_lines(model.detail.document), lines);
	model_clear(&model);
}

static void a_hit_in_what_is_folded_is_unfolded(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	bed_key(&model, 'Z');
	finish(&model);
	run(&model, "/sku");
	path_is(&model, ".data.items[0].sku");
	bed_key(&model, 'n');
	finish(&model);
	path_is(&model, ".data.items[1].sku");
	model_clear(&model);
}

static void names_and_paths_are_gone_to(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	bed_key(&model, 'Z');
	run(&model, ".open");
	path_is(&model, ".data.open");
	run(&model, "..data.items[1].sku");
	path_is(&model, ".data.items[1].sku");
	run(&model, ":jump note");
	path_is(&model, ".note");
	run(&model, ".nothing");
	assert_non_null(strstr(model.note.text, "no such name"));
	path_is(&model, ".note");
	model_clear(&model);
}

static void what_a_receiver_may_get_wrong_is_said_in_words(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	assert_true(shows(&model, "! 9007199254740992 as a double"));
	run(&model, "..data.items[1].sku");
	assert_true(shows(&model, "! repeated below: the last one counts"));
	assert_true(shows(&model, "! repeated: this last one counts"));
	model_clear(&model);
}

static void copied_is(struct model *model, char letter, const char *expected) {
	bed_key(model, 'y');
	bed_key(model, (uint32_t)letter);
	struct effect effect = bed_effect(model, EFFECT_COPY);
	assert_string_equal(effect.text.len > 0 ? buffer_text(&effect.text) : "", expected);
	effect_clear(&effect);
}

static void value_and_path_are_copied(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	run(&model, ".sku");
	copied_is(&model, 'v', "a b");
	copied_is(&model, 'p', ".data.items[0].sku");
	run(&model, "..id");
	copied_is(&model, 'v', "9007199254740993");
	run(&model, "..data.items[0]");
	copied_is(&model, 'v', "{\"sku\":\"a b\"}");
	model_clear(&model);
}

static void filter_is(struct model *model, const char *path, const char *expected) {
	run(model, path);
	bed_key(model, '=');
	assert_int_equal(model->prompt.kind, PROMPT_FILTER);
	assert_string_equal(buffer_text(&model->prompt.text), expected);
	bed_key(model, KEY_ESCAPE);
}

static void the_value_under_the_cursor_becomes_a_filter(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	filter_is(&model, ".sku", ".data.items.0.sku=\"a b\"");
	filter_is(&model, ".open", ".data.open=true");
	filter_is(&model, ".note", ".note=\"\"");
	filter_is(&model, ".items", ".data.items");
	filter_is(&model, "..id", ".id=9007199254740993");
	model_clear(&model);
	open_with(&model, "{\"a.b\":1}");
	bed_type(&model, "j=");
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_non_null(strstr(model.note.text, "a filter cannot say this"));
	model_clear(&model);
}

static void the_place_stays_when_the_screen_becomes_another(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	run(&model, ".open");
	update(&model, &(struct msg){.type = MSG_RESIZE, .columns = 40, .rows = 12});
	finish(&model);
	path_is(&model, ".data.open");
	model_clear(&model);
}

static void folds_stay_when_an_attempt_is_made(void **state) {
	(void)state;
	struct model model;
	open_with(&model, order);
	bed_type(&model, "jjz");
	finish(&model);
	update(&model, &(struct msg){.type = MSG_ATTEMPT, .attempt = bed_attempt(3, 1, 500)});
	bed_tick(&model, model.now_ms + 1000);
	bed_detail(&model, 3, order);
	finish(&model);
	assert_true(shows(&model, "\"data\": {\u2026 2 members},"));
	path_is(&model, ".data");
	model_clear(&model);
}

static void what_is_no_json_says_so(void **state) {
	(void)state;
	struct model model;
	open_with(&model, "plain text");
	bed_key(&model, 'z');
	assert_non_null(strstr(model.note.text, "JSON"));
	bed_key(&model, '=');
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	bed_key(&model, 'j');
	assert_true(shows(&model, "byte 0 of 10"));
	model_clear(&model);
}

static void the_raw_request_is_shown_as_it_came(void **state) {
	(void)state;
	struct model model;
	open_with(&model, "{\"a\":  1}");
	bed_key(&model, '6');
	assert_true(shows(&model, "HTTP/1.1\\x0d"));
	assert_true(shows(&model, "{\"a\":  1}"));
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_path_under_the_cursor_is_shown),
		cmocka_unit_test(a_value_is_folded_and_unfolded),
		cmocka_unit_test(what_holds_nothing_folds_what_it_is_in),
		cmocka_unit_test(all_is_folded_and_unfolded),
		cmocka_unit_test(a_hit_in_what_is_folded_is_unfolded),
		cmocka_unit_test(names_and_paths_are_gone_to),
		cmocka_unit_test(what_a_receiver_may_get_wrong_is_said_in_words),
		cmocka_unit_test(value_and_path_are_copied),
		cmocka_unit_test(the_value_under_the_cursor_becomes_a_filter),
		cmocka_unit_test(the_place_stays_when_the_screen_becomes_another),
		cmocka_unit_test(folds_stay_when_an_attempt_is_made),
		cmocka_unit_test(what_is_no_json_says_so),
		cmocka_unit_test(the_raw_request_is_shown_as_it_came),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
