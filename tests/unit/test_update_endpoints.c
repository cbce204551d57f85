/* The endpoints: asked for while they are looked at, moved in, and left for the events of one. */
#include <stdio.h>

#include "common/counts.h"
#include "common/moment.h"
#include "common/rollup.h"
#include "tests/unit/screen_bed.h"
#include "tests/unit/unit.h"

/* The clock of a bed stands at 100 s after 1970: far from the beginning of time, for the counts' sake. */
#define NOW_NS (INT64_C(1767268800) * MOMENT_NS_PER_S)

static void tell(struct model *model, const char *const *names, size_t count) {
	struct endpoints_panel told = {0};
	for (size_t i = 0; i < count; i++) {
		struct endpoint_row *row = endpoints_panel_add(&told);
		snprintf(row->name, sizeof row->name, "%s", names[i]);
	}
	update(model, &(struct msg){.type = MSG_ENDPOINTS, .endpoints = &told});
	assert_null(told.rows);
}

static void tell_counts(struct model *model, const char *endpoint) {
	struct rollup *rollup = rollup_new();
	struct counts counts = {.span = COUNTS_WEEK};
	struct rollup_event event = {.received_at_ns = NOW_NS, .endpoint = span_text(endpoint)};
	rollup_add(rollup, &event, COUNTS_5XX);
	rollup_read(rollup, NOW_NS, NULL, NULL, &counts);
	update(model, &(struct msg){.type = MSG_ENDPOINT_COUNTS, .counts = &counts});
	counts_clear(&counts);
	rollup_free(rollup);
}

static const char *const three[] = {"billing", "git hub", "shop"};

static void open_panel(struct model *model) {
	bed_begin(model, 3, false);
	update(
		model, &(struct msg){.type = MSG_LIVE,
				   .live = &(struct msg_live){.ingest_url = span_text("https://hooks.example")}});
	bed_key(model, 'E');
	tell(model, three, 3);
	tell_counts(model, "shop");
}

static void opening_asks_for_them(void **state) {
	(void)state;
	struct model model;
	bed_begin(&model, 3, false);
	bed_key(&model, 'E');
	assert_int_equal(model.dialog.kind, DIALOG_ENDPOINTS);
	assert_true(bed_has_effect(&model, EFFECT_ENDPOINTS));
	assert_string_equal(command_log_newest(&model.command_log, 0)->text, "hookline endpoint list");
	bed_key(&model, 'E');
	assert_int_equal(model.dialog.kind, DIALOG_NONE);
	model_clear(&model);
}

static void they_are_asked_for_again_only_while_they_are_looked_at(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_asks_again(&model, EFFECT_ENDPOINTS);
	tell_counts(&model, "shop");
	bed_key(&model, 'q');
	bed_tick(&model, 120000);
	assert_false(bed_has_effect(&model, EFFECT_ENDPOINTS));
	model_clear(&model);
}

static void each_has_what_came_to_it(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	const struct endpoint_row *rows = model.endpoints.rows;
	assert_true(rows[0].counted && rows[2].counted);
	assert_int_equal(rows[0].events, 0);
	assert_int_equal(rows[2].events, 1);
	assert_int_equal(rows[2].failed, 1);
	assert_int_equal(rows[2].latest_ns, NOW_NS);
	model_clear(&model);
}

static void the_chosen_one_stays_chosen_with_its_numbers(void **state) {
	(void)state;
	static const char *const two[] = {"another", "shop"};
	struct model model;
	open_panel(&model);
	bed_key(&model, 'G');
	tell(&model, two, 2);
	assert_int_equal(model.endpoints.cursor, 1);
	assert_int_equal(model.endpoints.rows[1].events, 1);
	tell(&model, two, 1);
	assert_int_equal(model.endpoints.cursor, 0);
	tell(&model, two, 0);
	bed_key(&model, KEY_DOWN_ARROW);
	bed_key(&model, KEY_ENTER_KEY);
	bed_key(&model, 'y');
	assert_null(endpoints_panel_current(&model.endpoints));
	model_clear(&model);
}

static void enter_leads_to_its_events(void **state) {
	(void)state;
	static const char *const filters[] = {
		"endpoint:billing", "endpoint:\"git hub\"", "endpoint:shop"};
	for (size_t i = 0; i < 3; i++) {
		struct model model;
		open_panel(&model);
		for (size_t k = 0; k < i; k++) {
			bed_key(&model, KEY_DOWN_ARROW);
		}
		bed_key(&model, KEY_ENTER_KEY);
		assert_int_equal(model.dialog.kind, DIALOG_NONE);
		assert_string_equal(buffer_text(&model.filter), filters[i]);
		model_clear(&model);
	}
}

static void what_no_filter_can_say_is_told(void **state) {
	(void)state;
	static const char *const quoted[] = {"a\"b"};
	struct model model;
	open_panel(&model);
	tell(&model, quoted, 1);
	bed_key(&model, KEY_ENTER_KEY);
	assert_int_equal(model.dialog.kind, DIALOG_ENDPOINTS);
	assert_string_equal(model.note.text, "no filter can say this name");
	model_clear(&model);
}

static void y_copies_where_webhooks_go(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_key(&model, 'y');
	struct effect effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "https://hooks.example/e/billing/");
	effect_clear(&effect);
	snprintf(model.endpoints.rows[0].host, sizeof model.endpoints.rows[0].host, "a\nb.example");
	bed_key(&model, 'y');
	effect = bed_effect(&model, EFFECT_COPY);
	assert_string_equal(buffer_text(&effect.text), "https://a\\x0ab.example/");
	effect_clear(&effect);
	assert_int_equal(model.dialog.kind, DIALOG_ENDPOINTS);
	model_clear(&model);
}

static void a_refusal_is_told_and_the_rows_stay(void **state) {
	(void)state;
	struct model model;
	struct error err = {0};
	open_panel(&model);
	error_set(&err, ERROR_NO, "not today");
	update(&model, &(struct msg){.type = MSG_ENDPOINTS, .error = &err});
	error_set(&err, ERROR_NO, "nor this");
	update(&model, &(struct msg){.type = MSG_ENDPOINT_COUNTS, .error = &err});
	assert_string_equal(model.endpoints.error, "not today");
	assert_int_equal(model.endpoints.count, 3);
	tell(&model, three, 3);
	assert_string_equal(model.endpoints.error, "");
	model_clear(&model);
}

static void there_are_no_more_than_are_shown(void **state) {
	(void)state;
	struct endpoints_panel panel = {0};
	for (size_t i = 0; i < ENDPOINTS_SHOWN_MAX; i++) {
		assert_non_null(endpoints_panel_add(&panel));
	}
	assert_null(endpoints_panel_add(&panel));
	assert_true(panel.more);
	endpoints_panel_clear(&panel);
}

static void another_key_closes_it_and_does_what_it_does(void **state) {
	(void)state;
	struct model model;
	open_panel(&model);
	bed_key(&model, 'D');
	assert_int_equal(model.dialog.kind, DIALOG_DELIVERIES);
	model_clear(&model);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(opening_asks_for_them),
		cmocka_unit_test(they_are_asked_for_again_only_while_they_are_looked_at),
		cmocka_unit_test(each_has_what_came_to_it),
		cmocka_unit_test(the_chosen_one_stays_chosen_with_its_numbers),
		cmocka_unit_test(enter_leads_to_its_events),
		cmocka_unit_test(what_no_filter_can_say_is_told),
		cmocka_unit_test(y_copies_where_webhooks_go),
		cmocka_unit_test(a_refusal_is_told_and_the_rows_stay),
		cmocka_unit_test(there_are_no_more_than_are_shown),
		cmocka_unit_test(another_key_closes_it_and_does_what_it_does),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
