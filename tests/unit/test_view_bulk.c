/* The panel of a replay of many: its plan, how it goes, how it went, in all sizes. */
#include <stdlib.h>
#include <time.h>

#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/update.h"

static struct bulk_plan some_plan(void) {
	return (struct bulk_plan){.count = 412,
		.delivered = 12,
		.bytes = 451200,
		.oldest_ns = (VIEW_BED_NOW_MS - 7500000) * 1000000,
		.newest_ns = (VIEW_BED_NOW_MS - 300000) * 1000000,
		.first = "stripe#1039",
		.last = "stripe#1450"};
}

static struct bulk_panel *panel(struct model *model, enum bulk_phase phase) {
	struct bulk_panel *panel = &model->bulk;
	view_bed_events(model);
	model->dialog.kind = DIALOG_BULK;
	panel->phase = phase;
	panel->settings.concurrency = 4;
	panel->settings.pace = (struct bulk_pace){.spacing = BULK_RATE, .per_s = 10};
	view_bed_text(panel->target, sizeof panel->target, "http://localhost:3000/hooks");
	panel->plan = some_plan();
	panel->report = (struct bulk_report){
		.planned = 400, .sent = 123, .classes = {1, 0, 118, 0, 0, 4}, .delivered = 12};
	panel->open = 4;
	panel->began_ms = VIEW_BED_NOW_MS - 12300;
	return panel;
}

static void counting(struct model *model) {
	panel(model, BULK_PHASE_COUNTING)->counted = 3000;
	model->bulk.plan = (struct bulk_plan){0};
}

static void planned(struct model *model) {
	panel(model, BULK_PHASE_PLANNED);
}

static void planned_otherwise(struct model *model) {
	struct bulk_settings *settings = &panel(model, BULK_PHASE_PLANNED)->settings;
	settings->order = BULK_NEWEST;
	settings->again = settings->as_received = settings->stop_on_failure = true;
	settings->pace = (struct bulk_pace){.spacing = BULK_ORIGINAL, .speed = 60};
}

static void cut_off_before(struct model *model) {
	struct bulk_panel *bulk = panel(model, BULK_PHASE_PLANNED);
	view_bed_text(bulk->unfinished, sizeof bulk->unfinished, "20260101-115800-3f2a");
	view_bed_text(bulk->unfinished_target, sizeof bulk->unfinished_target,
		"http://localhost:4000/\xe4\xbd\xa0\xe5\xa5\xbd\x1b[2J/a/rather/long/path/of/an/app");
	bulk->unfinished_ms = VIEW_BED_NOW_MS - 754000;
}

static void to_a_route(struct model *model) {
	view_bed_text(panel(model, BULK_PHASE_PLANNED)->route_options, sizeof model->bulk.route_options,
		"path=join retry=1s,5s header=\"X-A: \xe4\xbd\xa0\x1b[2J\"");
}

static void resumed(struct model *model) {
	cut_off_before(model);
	model->bulk.resumed = true;
	model->bulk.plan.answered = 230;
	model->bulk.plan.maybe = 2;
}

static void refused(struct model *model) {
	struct bulk_panel *bulk = panel(model, BULK_PHASE_PLANNED);
	bulk->plan = (struct bulk_plan){0};
	view_bed_text(bulk->error, sizeof bulk->error, "no event matches");
}

static void host_is_asked_for(struct model *model) {
	struct bulk_panel *bulk = panel(model, BULK_PHASE_PLANNED);
	view_bed_text(bulk->target, sizeof bulk->target, "https://app.staging.example.com/hooks");
	view_bed_text(bulk->host, sizeof bulk->host, "app.staging.example.com");
	update(model, &(struct msg){.type = MSG_KEY, .key = KEY_ENTER_KEY});
}

static void running(struct model *model) {
	panel(model, BULK_PHASE_RUNNING);
}

static void paused(struct model *model) {
	panel(model, BULK_PHASE_PAUSED);
}

static void relay_away(struct model *model) {
	panel(model, BULK_PHASE_RUNNING)->away = true;
}

static void hidden(struct model *model) {
	panel(model, BULK_PHASE_RUNNING);
	model->dialog.kind = DIALOG_NONE;
}

static void over(struct model *model) {
	struct bulk_panel *bulk = panel(model, BULK_PHASE_OVER);
	buffer_append_text(&bulk->told,
		"complete: 400 sent in 40 s: 395 2xx, 4 5xx, 1 no answer; 12 skipped, delivered before\n"
		"  stripe#1042  answered 503\n"
		"  stripe#1043  127.0.0.1:3000: no answer within 30 s\n"
		"report: /home/alice/.local/state/hookline/replays/20260101-120000-3f2a/report.json\n");
}

static void quitting(struct model *model) {
	panel(model, BULK_PHASE_RUNNING);
	model->dialog.kind = DIALOG_QUIT;
}

static void a_plan_says_what_will_happen_and_which_keys_change_it(void **state) {
	(void)state;
	view_bed_screens("bulk_counting", counting);
	view_bed_screens("bulk_planned", planned);
	view_bed_screens("bulk_planned_otherwise", planned_otherwise);
	view_bed_screens("bulk_refused", refused);
	view_bed_screens("bulk_cut_off_before", cut_off_before);
	view_bed_screens("bulk_resumed", resumed);
	view_bed_screens("bulk_to_a_route", to_a_route);
}

static void the_host_of_another_machine_is_typed(void **state) {
	(void)state;
	view_bed_screens("bulk_host", host_is_asked_for);
}

static void a_run_is_followed_and_can_be_hidden(void **state) {
	(void)state;
	view_bed_screens("bulk_running", running);
	view_bed_screens("bulk_paused", paused);
	view_bed_screens("bulk_away", relay_away);
	view_bed_screens("bulk_hidden", hidden);
	view_bed_screens("bulk_quitting", quitting);
}

static void a_report_stands_at_the_end(void **state) {
	(void)state;
	view_bed_screens("bulk_over", over);
}

static void no_size_is_too_small(void **state) {
	(void)state;
	static view_bed_setup_fn *const setups[] = {
		counting, planned, host_is_asked_for, running, over};
	for (size_t i = 0; i < sizeof setups / sizeof *setups; i++) {
		for (size_t columns = 0; columns < 70; columns += 3) {
			for (size_t rows = 0; rows < 24; rows++) {
				view_bed_paint(setups[i], columns, rows, DIALOG_BULK);
			}
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_says_what_will_happen_and_which_keys_change_it),
		cmocka_unit_test(the_host_of_another_machine_is_typed),
		cmocka_unit_test(a_run_is_followed_and_can_be_hidden),
		cmocka_unit_test(a_report_stands_at_the_end),
		cmocka_unit_test(no_size_is_too_small),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
