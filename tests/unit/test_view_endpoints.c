/* The endpoints in every size: a row each, and the chosen one whole. */
#include <stdio.h>

#include "common/moment.h"
#include "tests/unit/unit.h"
#include "tests/unit/view_bed.h"
#include "tui/screen/update.h"

#define NOW_NS (VIEW_BED_NOW_MS * MOMENT_NS_PER_MS)

static struct endpoint_row row(const char *name, const char *provider, const char *secrets) {
	struct endpoint_row made = {.status = 200, .counted = true};
	snprintf(made.name, sizeof made.name, "%s", name);
	snprintf(made.provider, sizeof made.provider, "%s", provider);
	snprintf(made.secrets, sizeof made.secrets, "%s", secrets);
	return made;
}

static void put(struct endpoints_panel *told, struct endpoint_row made, int64_t events,
	int64_t failed, int64_t age_s) {
	made.events = events;
	made.failed = failed;
	made.latest_ns = events > 0 ? NOW_NS - age_s * MOMENT_NS_PER_S : 0;
	*endpoints_panel_add(told) = made;
}

static void show(struct model *model, struct endpoints_panel *told) {
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_ENDPOINTS});
	update(model, &(struct msg){.type = MSG_ENDPOINTS, .endpoints = told});
}

static void forwarded(struct model *model) {
	static const struct msg_lease leases[] = {
		{.endpoint = {"shop", 4},
			.target = {"http://localhost:3000", 21},
			.holder = {"me", 2},
			.mine = true},
		{.endpoint = {"shop", 4},
			.target = {"http://10.0.0.7:8080/in", 23},
			.holder = {"bob@desk", 8}},
		{.endpoint = {"github", 6},
			.target = {"http://10.0.0.7:8080/in", 23},
			.holder = {"bob@desk", 8}},
	};
	update(model, &(struct msg){.type = MSG_LEASES, .leases = leases, .count = 3});
}

static void four(struct model *model) {
	struct endpoints_panel told = {0};
	view_bed_events(model);
	forwarded(model);
	struct endpoint_row shop = row("shop", "stripe", "live, old");
	shop.for_app = shop.rejects = true;
	shop.after_ms = 10000;
	put(&told, shop, 1234567, 42, 7);
	struct endpoint_row github = row("github", "github", "default");
	github.status = 204;
	github.delay_ms = 50;
	snprintf(github.script, sizeof github.script, "next 3: 500");
	put(&told, github, 12, 0, 3 * 3600);
	struct endpoint_row hooks = row("a-name-that-is-rather-long-for-a-column", "", "");
	snprintf(hooks.host, sizeof hooks.host, "hooks.example");
	put(&told, hooks, 0, 0, 0);
	struct endpoint_row unknown = row("unknown", "", "");
	unknown.counted = false;
	put(&told, unknown, 0, 0, 0);
	show(model, &told);
}

static void second(struct model *model) {
	four(model);
	update(model, &(struct msg){.type = MSG_KEY, .key = 'j'});
}

static void ascii(struct model *model) {
	four(model);
	model->ascii = true;
}

static void hostile(struct model *model) {
	struct endpoints_panel told = {0};
	view_bed_events(model);
	struct endpoint_row red = row("\x1b[31mred\xff\x9b", "e\u0301\u202egnp", "a\nb\tc");
	snprintf(red.host, sizeof red.host, "\u202eelpmaxe.\x1b]0;x\x07");
	snprintf(red.script, sizeof red.script, "\x1b[2J");
	put(&told, red, INT64_MAX, INT64_MAX, 60);
	put(&told,
		row("\u6ce8\u6587\u304c\u6765\u305f\u3088\u6ce8\u6587", "\u6ce8\u6587\u304c\u6765\u305f",
			"\u6ce8\u6587\u304c\u6765\u305f\u3088"),
		1, -1, -60);
	show(model, &told);
}

static void none(struct model *model) {
	struct endpoints_panel told = {0};
	view_bed_events(model);
	show(model, &told);
}

static void refused(struct model *model) {
	struct error err = {0};
	view_bed_events(model);
	update(model, &(struct msg){.type = MSG_ACTION, .action = ACTION_ENDPOINTS});
	error_set(&err, ERROR_USAGE, "this relay knows no request of type \"endpoint.list\"");
	update(model, &(struct msg){.type = MSG_ENDPOINTS, .error = &err});
}

static void not_counted(struct model *model) {
	struct error err = {0};
	four(model);
	error_set(&err, ERROR_USAGE, "this relay knows no request of type \"stats\"");
	update(model, &(struct msg){.type = MSG_ENDPOINT_COUNTS, .error = &err});
}

static void endpoints_have_a_row_each(void **state) {
	(void)state;
	view_bed_screens("endpoints", four);
	view_bed_screen("endpoints_ascii", ascii, 80, 24, false);
	view_bed_screen("endpoints_second", second, 120, 40, true);
}

static void hostile_names_stay_in_their_place(void **state) {
	(void)state;
	view_bed_screens("endpoints_hostile", hostile);
}

static void what_is_missing_is_said(void **state) {
	(void)state;
	view_bed_screens("endpoints_none", none);
	view_bed_screens("endpoints_refused", refused);
	view_bed_screens("endpoints_not_counted", not_counted);
}

static void no_size_breaks_it(void **state) {
	(void)state;
	for (size_t columns = 1; columns <= 160; columns += columns < 20 ? 1 : 13) {
		for (size_t rows = 1; rows <= 50; rows += rows < 24 ? 1 : 7) {
			view_bed_paint(four, columns, rows, DIALOG_ENDPOINTS);
			view_bed_paint(hostile, columns, rows, DIALOG_ENDPOINTS);
		}
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(endpoints_have_a_row_each),
		cmocka_unit_test(hostile_names_stay_in_their_place),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(no_size_breaks_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
