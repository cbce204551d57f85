/* The table of routes is seen and changed with keys, and each target is told how it goes. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

static struct msg_route route(const char *line, const char *to, const char *target, bool enabled) {
	return (struct msg_route){.line = span_text(line),
		.name = span_text(""),
		.filter = span_text(""),
		.to = span_text(to),
		.target = span_text(target),
		.enabled = enabled};
}

static void tell(struct model *model, size_t count, bool second) {
	const struct msg_route list[] = {route("a => 3000", "3000", "http://127.0.0.1:3000", true),
		route("b => 3001 disabled", "3001", "http://127.0.0.1:3001", second),
		route("=> 3000", "3000", "http://127.0.0.1:3000", true)};
	const struct msg_routes told = {.list = list, .count = count, .file = span_text("/a.yaml")};
	update(model, &(struct msg){.type = MSG_ROUTES, .routes = &told});
}

static void begin(struct model *model) {
	bed_begin(model, 3, false);
	tell(model, 3, true);
	bed_key(model, 'T');
	assert_int_equal(model->dialog.kind, DIALOG_ROUTES);
}

static void assert_changes(struct model *model, enum route_edit edit, int64_t number) {
	struct effect effect = bed_effect(model, EFFECT_ROUTES);
	assert_int_equal(effect.edit, edit);
	assert_int_equal(effect.number, number);
	effect_clear(&effect);
}

static void a_route_is_switched_moved_and_removed(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_key(&model, 'j');
	bed_key(&model, ' ');
	struct effect effect = bed_effect(&model, EFFECT_ROUTES);
	assert_int_equal(effect.edit, ROUTE_EDIT_SWITCH);
	assert_int_equal(effect.number, 1);
	assert_false(effect.flag);
	effect_clear(&effect);
	bed_key(&model, 'K');
	effect = bed_effect(&model, EFFECT_ROUTES);
	assert_int_equal(effect.edit, ROUTE_EDIT_MOVE);
	assert_int_equal(effect.number, 1);
	assert_int_equal(effect.limit, 0);
	effect_clear(&effect);
	assert_int_equal(model.dialog.top, 0);
	bed_key(&model, 'K');
	assert_false(bed_has_effect(&model, EFFECT_ROUTES));
	bed_key(&model, 'G');
	bed_key(&model, 'x');
	assert_changes(&model, ROUTE_EDIT_REMOVE, 2);
	tell(&model, 2, true);
	assert_int_equal(model.dialog.top, 1);
	bed_key(&model, 'm');
	assert_changes(&model, ROUTE_EDIT_MATCH, 0);
	bed_key(&model, 'w');
	assert_changes(&model, ROUTE_EDIT_SAVE, 0);
	bed_key(&model, 'q');
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void a_route_is_typed_as_a_line(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_key(&model, 'a');
	bed_type(&model, "c => 3002");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_ROUTES);
	assert_int_equal(effect.edit, ROUTE_EDIT_LINE);
	assert_int_equal(effect.number, 3);
	assert_string_equal(buffer_text(&effect.text), "c => 3002");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_ROUTES);
	bed_key(&model, 'g');
	bed_key(&model, KEY_ENTER_KEY);
	assert_string_equal(buffer_text(&model.prompt.text), "a => 3000");
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_ROUTES);
	model_clear(&model);
}

static void a_wrong_line_is_mended_where_it_was_typed(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	begin(&model);
	error_set(&err, ERROR_USAGE, "column 6: unknown option \"x\"");
	const struct msg_route list[] = {route("a => 3000", "3000", "http://127.0.0.1:3000", true)};
	const struct msg_routes told = {.list = list, .count = 1};
	update(&model, &(struct msg){.type = MSG_ROUTES,
					   .routes = &told,
					   .error = &err,
					   .text = span_text("=> 3 x"),
					   .number = 1});
	assert_int_equal(model.prompt.kind, PROMPT_ROUTE);
	assert_string_equal(buffer_text(&model.prompt.text), "=> 3 x");
	assert_string_equal(model.prompt.error, "column 6: unknown option \"x\"");
	bed_key(&model, KEY_ERASE);
	bed_key(&model, KEY_ENTER_KEY);
	assert_changes(&model, ROUTE_EDIT_LINE, 1);
	model_clear(&model);
}

static void a_route_is_added_by_its_command(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, ":route a => 3000");
	bed_key(&model, KEY_ENTER_KEY);
	assert_changes(&model, ROUTE_EDIT_LINE, 0);
	bed_key(&model, KEY_ESCAPE);
	bed_type(&model, ":route");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.prompt.kind, PROMPT_ROUTE);
	model_clear(&model);
}

static void lease(struct model *model, const char *target, bool mine) {
	update(model, &(struct msg){.type = MSG_FORWARD_LEASE,
					  .target = span_text(target),
					  .mine = mine,
					  .text = span_text("bob@desk")});
}

static void all_targets_together_are_as_well_as_the_worst_of_them(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	begin(&model);
	bed_key(&model, 'F');
	struct effect effect = bed_effect(&model, EFFECT_FORWARD);
	assert_true(effect.flag);
	effect_clear(&effect);
	assert_int_equal(model.routes.target_count, 2);
	lease(&model, "http://127.0.0.1:3000", true);
	assert_int_equal(model.forward.state, FORWARD_ASKING);
	lease(&model, "http://127.0.0.1:3001", true);
	assert_int_equal(model.forward.state, FORWARD_ON);
	error_set(&err, ERROR_APP, "nothing listens");
	update(&model,
		&(struct msg){
			.type = MSG_FORWARD_AWAY, .target = span_text("http://127.0.0.1:3001"), .error = &err});
	assert_int_equal(model.forward.state, FORWARD_AWAY);
	assert_string_equal(model.forward.why, "nothing listens");
	assert_int_equal(model.routes.targets[0].state, FORWARD_ON);
	struct attempt attempt = *bed_attempt(3, 1, 200);
	attempt.target = span_text("http://127.0.0.1:3000");
	update(&model, &(struct msg){.type = MSG_FORWARD_SENT, .attempt = &attempt});
	assert_int_equal(model.routes.targets[0].good, 1);
	assert_int_equal(model.routes.targets[1].good, 0);
	/* the other one is switched off: what remains is well, and what was known of it stays */
	tell(&model, 3, false);
	assert_int_equal(model.routes.target_count, 1);
	assert_int_equal(model.forward.state, FORWARD_ON);
	assert_int_equal(model.routes.targets[0].good, 1);
	model_clear(&model);
}

static void without_a_route_nothing_is_forwarded(void **state) {
	(void)state;
	struct model model;
	begin(&model);
	bed_key(&model, 'F');
	bed_has_effect(&model, EFFECT_FORWARD);
	tell(&model, 0, false);
	struct effect effect = bed_effect(&model, EFFECT_FORWARD);
	assert_int_equal(effect.text.len, 0);
	assert_false(effect.flag);
	effect_clear(&effect);
	assert_int_equal(model.forward.state, FORWARD_OFF);
	model_clear(&model);
}

static void a_table_is_not_lost_by_naming_a_target(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	tell(&model, 3, true);
	bed_type(&model, ":forward 4000");
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_FORWARD));
	assert_string_equal(model.note.text, "there are 3 routes: T changes them");
	tell(&model, 1, true);
	bed_type(&model, ":forward 4000");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_FORWARD);
	assert_string_equal(buffer_text(&effect.text), "4000");
	effect_clear(&effect);
	model_clear(&model);
}

static void what_forwards_is_logged_with_its_routes(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	tell(&model, 3, false);
	bed_key(&model, 'F');
	assert_string_equal(command_log_newest(&model.command_log, 0)->text,
		"hookline listen --route 'a => 3000' --route '=> 3000'");
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_route_is_switched_moved_and_removed),
		cmocka_unit_test(a_route_is_typed_as_a_line),
		cmocka_unit_test(a_wrong_line_is_mended_where_it_was_typed),
		cmocka_unit_test(a_route_is_added_by_its_command),
		cmocka_unit_test(all_targets_together_are_as_well_as_the_worst_of_them),
		cmocka_unit_test(without_a_route_nothing_is_forwarded),
		cmocka_unit_test(a_table_is_not_lost_by_naming_a_target),
		cmocka_unit_test(what_forwards_is_logged_with_its_routes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
