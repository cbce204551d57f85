/* The payload through a command: what is asked of the world, what is shown, and that Esc ends it. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/view.h"

static void open_with(struct model *model, const char *body) {
	bed_begin(model, 3, false);
	update(model, &(struct msg){.type = MSG_RESIZE, .columns = 160, .rows = 50});
	bed_key(model, KEY_ENTER_KEY);
	bed_detail(model, 3, body);
	bed_has_effect(model, EFFECT_QUIT);
}

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

static void pipe_through(struct model *model, const char *command) {
	bed_key(model, '|');
	assert_int_equal(model->prompt.kind, PROMPT_PIPE);
	bed_type(model, command);
	bed_key(model, KEY_ENTER_KEY);
}

static void tell(
	struct model *model, enum msg_type type, uint32_t run, const char *text, bool well) {
	update(model, &(struct msg){.type = type, .page = run, .text = span_text(text), .mine = well});
}

static void the_payload_is_given_to_a_command(void **state) {
	(void)state;
	struct model model;
	open_with(&model, "{\"a\":1}");
	pipe_through(&model, "jq .a");
	struct effect effect = bed_effect(&model, EFFECT_PIPE);
	assert_string_equal(buffer_text(&effect.text), "jq .a");
	assert_string_equal(buffer_text(&effect.body), "{\"a\":1}");
	assert_true(shows(&model, "running; Esc ends it"));
	tell(&model, MSG_PIPE_OUTPUT, effect.page, "out\x1b[2Jput\n", false);
	tell(&model, MSG_PIPE_OVER, effect.page, "exit code 0", true);
	assert_true(shows(&model, "| jq .a"));
	assert_true(shows(&model, "out\\x1b[2Jput"));
	assert_true(shows(&model, "exit code 0"));
	bed_key(&model, KEY_ESCAPE);
	assert_true(shows(&model, "\"a\": 1"));
	effect_clear(&effect);
	model_clear(&model);
}

static void escape_ends_it_first(void **state) {
	(void)state;
	struct model model;
	open_with(&model, "{}");
	pipe_through(&model, "sleep 100");
	struct effect begun = bed_effect(&model, EFFECT_PIPE);
	bed_key(&model, KEY_ESCAPE);
	struct effect stop = bed_effect(&model, EFFECT_PIPE_STOP);
	assert_int_equal(stop.page, begun.page);
	tell(&model, MSG_PIPE_OVER, begun.page, "ended by signal 15", false);
	assert_true(shows(&model, "ended by signal 15"));
	assert_true(model.detail.open);
	effect_clear(&begun);
	effect_clear(&stop);
	model_clear(&model);
}

static void another_event_ends_it(void **state) {
	(void)state;
	struct model model;
	open_with(&model, "{}");
	pipe_through(&model, "sleep 100");
	struct effect begun = bed_effect(&model, EFFECT_PIPE);
	bed_key(&model, KEY_UP_ARROW);
	bed_detail(&model, 2, "other");
	assert_true(bed_has_effect(&model, EFFECT_PIPE_STOP));
	tell(&model, MSG_PIPE_OUTPUT, begun.page, "late", false);
	assert_false(shows(&model, "late"));
	assert_true(shows(&model, "other"));
	effect_clear(&begun);
	model_clear(&model);
}

static void what_it_writes_is_bounded(void **state) {
	(void)state;
	struct model model;
	static char many[PIPED_OUTPUT_MAX];
	memset(many, 'x', sizeof many - 1);
	open_with(&model, "{}");
	pipe_through(&model, "yes");
	struct effect begun = bed_effect(&model, EFFECT_PIPE);
	tell(&model, MSG_PIPE_OUTPUT, begun.page, many, false);
	tell(&model, MSG_PIPE_OUTPUT, begun.page, many, false);
	assert_int_equal(model.detail.payload.piped.output.len, PIPED_OUTPUT_MAX);
	effect_clear(&begun);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_payload_is_given_to_a_command),
		cmocka_unit_test(escape_ends_it_first),
		cmocka_unit_test(another_event_ends_it),
		cmocka_unit_test(what_it_writes_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
