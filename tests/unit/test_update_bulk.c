/* A replay of many on the screen: nothing is sent before its plan was seen and Enter pressed. */
#include <string.h>

#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"
#include "tui/screen/command_log.h"

static const struct bulk_plan plan = {
	.count = 3, .delivered = 1, .first = "stripe#1", .last = "stripe#3"};

static void planned(struct model *model, const char *host) {
	const struct msg_bulk told = {.plan = &plan};
	update(model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &told, .text = span_text(host)});
}

/* Three events are selected, and planned. */
static void plan_three(struct model *model) {
	bed_begin(model, 3, false);
	bed_type(model, "*rlocalhost:3000");
	bed_key(model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(model, EFFECT_BULK_PLAN);
	effect_clear(&effect);
	planned(model, "");
}

static void what_is_selected_is_counted_before_it_is_sent(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "*rlocalhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_BULK);
	struct effect effect = bed_effect(&model, EFFECT_BULK_PLAN);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	assert_int_equal(effect.body.len, 3 * sizeof(struct uuid));
	struct uuid second = bed_event(2)->id;
	assert_memory_equal(effect.body.data + sizeof second, &second, sizeof second);
	effect_clear(&effect);
	/* not before it is counted */
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_BULK_RUN));
	planned(&model, "");
	bed_key(&model, 'x');
	assert_false(bed_has_effect(&model, EFFECT_BULK_RUN));
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_BULK_RUN);
	effect_clear(&effect);
	assert_int_equal(model.bulk.phase, BULK_PHASE_RUNNING);
	assert_int_equal(model.selected, 0);
	model_clear(&model);
}

static void all_that_the_filter_shows_is_planned_by_its_filter(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "/verdict:valid");
	bed_key(&model, KEY_ENTER_KEY);
	bed_type(&model, ":bulk localhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_BULK_PLAN);
	assert_string_equal(buffer_text(&effect.filter), "verdict:valid");
	assert_int_equal(effect.body.len, 0);
	effect_clear(&effect);
	model_clear(&model);
}

static void a_plan_without_a_target_asks_for_it(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'B');
	assert_int_equal(model.prompt.kind, PROMPT_BULK_TARGET);
	assert_false(bed_has_effect(&model, EFFECT_BULK_PLAN));
	bed_type(&model, "localhost:3000");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_BULK_PLAN);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_BULK);
	model_clear(&model);
}

static void each_setting_has_a_key(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	bed_type(&model, "adsc");
	assert_true(model.bulk.settings.as_received && model.bulk.settings.again &&
				model.bulk.settings.stop_on_failure);
	assert_int_equal(model.bulk.settings.concurrency, 4);
	assert_false(bed_has_effect(&model, EFFECT_BULK_PLAN));
	bed_type(&model, "p10/s");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.bulk.settings.pace.spacing, BULK_RATE);
	/* another order and another target are counted anew */
	bed_key(&model, 'o');
	struct effect effect = bed_effect(&model, EFFECT_BULK_PLAN);
	assert_int_equal(effect.bulk.order, BULK_NEWEST);
	effect_clear(&effect);
	bed_type(&model, "t/hooks");
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_BULK_PLAN);
	assert_string_equal(buffer_text(&effect.text), "localhost:3000/hooks");
	effect_clear(&effect);
	planned(&model, "");
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_BULK_RUN);
	assert_int_equal(effect.bulk.concurrency, 4);
	assert_true(effect.bulk.again);
	effect_clear(&effect);
	assert_non_null(strstr(command_log_newest(&model.command_log, 0)->text,
		"hookline replay stripe#1 stripe#2 stripe#3 --to localhost:3000/hooks --order newest "
		"--rate 10/s --concurrency 4 --as-received --again --stop-on-failure --yes"));
	model_clear(&model);
}

static void a_pace_is_a_rate_or_a_speed(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	bed_type(&model, "p60x");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.bulk.settings.pace.spacing, BULK_ORIGINAL);
	assert_true(model.bulk.settings.pace.speed == 60);
	bed_key(&model, 'p');
	bed_key(&model, 'u' | KEY_CTRL);
	bed_type(&model, "fast");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.prompt.kind, PROMPT_BULK_PACE);
	assert_non_null(strstr(model.prompt.error, "10/s"));
	bed_key(&model, 'u' | KEY_CTRL);
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.bulk.settings.pace.spacing, BULK_AT_ONCE);
	assert_int_equal(model.dialog.kind, DIALOG_BULK);
	model_clear(&model);
}

static void another_machine_is_confirmed_by_typing_its_host(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	planned(&model, "app.example.com");
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.prompt.kind, PROMPT_BULK_HOST);
	bed_type(&model, "app.example");
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_BULK_RUN));
	assert_int_equal(model.prompt.kind, PROMPT_BULK_HOST);
	bed_type(&model, ".com");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_BULK_RUN);
	assert_string_equal(buffer_text(&effect.text), "app.example.com");
	effect_clear(&effect);
	assert_non_null(
		strstr(command_log_newest(&model.command_log, 0)->text, "--yes-to app.example.com"));
	model_clear(&model);
}

static void one_event_to_another_machine_is_planned_too(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_type(&model, "rhttps://app.example.com");
	bed_key(&model, KEY_ENTER_KEY);
	struct effect effect = bed_effect(&model, EFFECT_REPLAY);
	update(&model, &(struct msg){.type = MSG_REPLAY_ELSEWHERE, .id = &effect.id});
	effect_clear(&effect);
	effect = bed_effect(&model, EFFECT_BULK_PLAN);
	assert_int_equal(effect.body.len, sizeof(struct uuid));
	assert_true(effect.bulk.again);
	effect_clear(&effect);
	model_clear(&model);
}

static void a_run_is_paused_stopped_and_hidden(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, 'p');
	struct effect effect = bed_effect(&model, EFFECT_BULK_PAUSE);
	assert_true(effect.flag);
	bed_key(&model, 'p');
	effect = bed_effect(&model, EFFECT_BULK_PAUSE);
	assert_false(effect.flag);
	bed_key(&model, KEY_ESCAPE);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_false(bed_has_effect(&model, EFFECT_BULK_DROP));
	bed_key(&model, 'B');
	assert_int_equal(model.dialog.kind, DIALOG_BULK);
	bed_key(&model, 's');
	effect = bed_effect(&model, EFFECT_BULK_STOP);
	bed_key(&model, 's');
	assert_false(bed_has_effect(&model, EFFECT_BULK_STOP));
	model_clear(&model);
}

static void the_report_is_told_at_the_end(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	bed_key(&model, KEY_ENTER_KEY);
	struct bulk_report report = {.planned = 2, .sent = 1, .classes = {0, 0, 1}};
	const struct msg_bulk told = {.plan = &plan, .report = &report, .open = 1};
	update(&model, &(struct msg){.type = MSG_BULK_PROGRESS, .bulk = &told});
	assert_int_equal(model.bulk.report.sent, 1);
	report.end = BULK_COMPLETE;
	bed_key(&model, KEY_ESCAPE);
	update(&model,
		&(struct msg){.type = MSG_BULK_OVER, .bulk = &told, .text = span_text("/home/alice/x")});
	assert_int_equal(model.bulk.phase, BULK_PHASE_OVER);
	assert_string_equal(model.note.text, "replay complete: 1 sent in 0 s: 1 2xx; B shows it");
	assert_non_null(strstr(buffer_text(&model.bulk.told), "report: /home/alice/x/report.json\n"));
	bed_key(&model, 'B');
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	assert_true(bed_has_effect(&model, EFFECT_BULK_DROP));
	assert_int_equal(model.bulk.phase, BULK_PHASE_NONE);
	model_clear(&model);
}

static void quitting_in_the_middle_asks(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, KEY_ESCAPE);
	bed_key(&model, 'Q');
	assert_int_equal(model.dialog.kind, DIALOG_QUIT);
	assert_false(model.quitting);
	model_clear(&model);
}

static void nothing_to_send_is_said(void **state) {
	(void)state;
	struct model model;
	plan_three(&model);
	const struct bulk_plan done = {.count = 3, .delivered = 3};
	const struct msg_bulk told = {.plan = &done};
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &told});
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_BULK_RUN));
	assert_string_equal(model.note.text, "there is nothing to send");
	const struct error err = {ERROR_USAGE, "target \"x y\": no host"};
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .error = &err});
	assert_string_equal(model.bulk.error, err.text);
	bed_key(&model, KEY_ENTER_KEY);
	assert_false(bed_has_effect(&model, EFFECT_BULK_RUN));
	model_clear(&model);
}

/* B, and one is found that was cut off. */
static void find_one(struct model *model) {
	bed_begin(model, 3, false);
	bed_type(model, ":bulk localhost:3000");
	bed_key(model, KEY_ENTER_KEY);
	assert_true(bed_has_effect(model, EFFECT_BULK_FIND));
	update(model, &(struct msg){.type = MSG_BULK_FOUND,
					  .text = span_text("20261121-094512-3f2a"),
					  .target = span_text("http://localhost:4000/"),
					  .number = 1000});
	planned(model, "");
}

static void one_that_was_cut_off_is_resumed_as_it_was_begun(void **state) {
	(void)state;
	static const struct bulk_plan left = {.count = 6, .answered = 3, .maybe = 1};
	static const struct bulk_settings settings = {.order = BULK_NEWEST, .concurrency = 4};
	const struct msg_bulk told = {.plan = &left, .settings = &settings};
	struct model model;
	find_one(&model);
	bed_type(&model, "u");
	struct effect effect = bed_effect(&model, EFFECT_BULK_RESUME);
	assert_string_equal(buffer_text(&effect.text), "20261121-094512-3f2a");
	effect_clear(&effect);
	assert_string_equal(model.bulk.target, "http://localhost:4000/");
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &told});
	bed_type(&model, "oatd"); /* neither order, signature nor target; but what is in doubt */
	assert_int_equal(model.prompt.kind, PROMPT_NONE);
	assert_int_equal(bulk_panel_to_send(&model.bulk), 3);
	bed_key(&model, KEY_ENTER_KEY);
	effect = bed_effect(&model, EFFECT_BULK_RUN);
	assert_int_equal(effect.bulk.order, BULK_NEWEST);
	assert_false(effect.bulk.as_received);
	assert_true(effect.flag);
	effect_clear(&effect);
	assert_string_equal(command_log_newest(&model.command_log, 0)->text,
		"hookline replay --resume 20261121-094512-3f2a --concurrency 4 --again");
	model_clear(&model);
}

static void one_whose_rest_is_all_answered_is_completed(void **state) {
	(void)state;
	static const struct bulk_plan left = {.count = 6, .answered = 6};
	static const struct bulk_settings settings = {.concurrency = 1};
	const struct msg_bulk told = {.plan = &left, .settings = &settings};
	struct model model;
	find_one(&model);
	bed_type(&model, "u");
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &told});
	bed_key(&model, KEY_ENTER_KEY);
	assert_true(bed_has_effect(&model, EFFECT_BULK_RUN));
	model_clear(&model);
}

static void options_of_a_route_to_the_target_are_told_as_not_applied(void **state) {
	(void)state;
	const struct msg_bulk told = {.plan = &plan, .target = "http://localhost:3000/"};
	struct route_row rows[] = {
		{.line = (char *)"type:a => localhost:3000 path=replace retry=1s",
			.filter = (char *)"type:a",
			.to = (char *)"localhost:3000",
			.target = (char *)"http://localhost:3000/",
			.enabled = true},
	};
	struct model model;
	plan_three(&model);
	assert_string_equal(model.bulk.route_options, "");
	model.routes.rows = rows;
	model.routes.count = 1;
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &told});
	assert_string_equal(model.bulk.route_options, "path=replace retry=1s");
	rows[0].line = (char *)"type:a => localhost:3000";
	update(&model, &(struct msg){.type = MSG_BULK_PLANNED, .bulk = &told});
	assert_string_equal(model.bulk.route_options, "");
	model.routes = (struct routes_status){0};
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_selected_is_counted_before_it_is_sent),
		cmocka_unit_test(all_that_the_filter_shows_is_planned_by_its_filter),
		cmocka_unit_test(a_plan_without_a_target_asks_for_it),
		cmocka_unit_test(each_setting_has_a_key),
		cmocka_unit_test(a_pace_is_a_rate_or_a_speed),
		cmocka_unit_test(another_machine_is_confirmed_by_typing_its_host),
		cmocka_unit_test(one_event_to_another_machine_is_planned_too),
		cmocka_unit_test(a_run_is_paused_stopped_and_hidden),
		cmocka_unit_test(the_report_is_told_at_the_end),
		cmocka_unit_test(quitting_in_the_middle_asks),
		cmocka_unit_test(nothing_to_send_is_said),
		cmocka_unit_test(one_that_was_cut_off_is_resumed_as_it_was_begun),
		cmocka_unit_test(one_whose_rest_is_all_answered_is_completed),
		cmocka_unit_test(options_of_a_route_to_the_target_are_told_as_not_applied),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
