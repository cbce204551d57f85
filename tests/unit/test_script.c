/* Failing on purpose: scripts as people write them, and what they have left. */
#include <string.h>

#include "common/duration.h"
#include "relay/ingest/script.h"
#include "tests/unit/unit.h"

#define SET_MS INT64_C(1795233821000)

static struct script script_of(const char *text) {
	struct script script;
	struct error err = {0};
	assert_true(script_parse(&script, span_text(text), &err));
	return script;
}

static void assert_left(const struct script *script, const struct script_state *state,
	int64_t now_ms, const char *wanted) {
	struct buffer left = {0};
	script_append_left(&left, script, state, now_ms);
	assert_string_equal(buffer_text(&left), wanted);
	buffer_clear(&left);
}

static void a_script_reads_back_as_it_was_meant(void **state) {
	(void)state;
	static const struct {
		const char *text, *again;
	} all[] = {
		{"", ""},
		{"  next 3 : 500 ", "next 3: 500"},
		{"every 3:429 retry-after 5s,for 120s: hang-up",
			"every 3: 429 retry-after 5s, for 2m: hang-up"},
		{"next 1: drip 20s", "next 1: drip 20s"},
		{"next 1: drip 1500ms 404", "next 1: drip 1500ms 404"},
		{"for 1d: 503 retry-after 0s", "for 1d: 503 retry-after 0s"},
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct script script = script_of(all[i].text);
		struct buffer again = {0};
		script_append(&again, &script);
		assert_string_equal(buffer_text(&again), all[i].again);
		buffer_clear(&again);
	}
}

static const char nine_rules[] = "next 1: 500, next 1: 500, next 1: 500, next 1: 500, "
								 "next 1: 500, next 1: 500, next 1: 500, next 1: 500, "
								 "next 1: 500";

static void what_is_no_rule_is_named(void **state) {
	(void)state;
	static const char *const all[] = {"next: 500", "next 0: 500", "next 3 500", "next 3: 700",
		"next 3: 100", "every x: 500", "for 3: 500", "for 0s: 500", "next 3: 500 later",
		"next 3: drip", "next 3: drip 2h 200", "next 3: hang-up now", "next 3: 429 retry-after",
		"sometimes: 500", "next 3: 500,", "next 3: 500, , next 2: 500", nine_rules};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct script script;
		struct error err = {0};
		bool read = script_parse(&script, span_text(all[i]), &err);
		if (i == 14) { /* nothing behind the last comma */
			assert_true(read);
			continue;
		}
		assert_false(read);
		assert_int_equal(err.code, ERROR_USAGE);
		assert_non_null(strstr(err.text, i == 16 ? "at most 8 rules" : "is no rule of a script"));
	}
}

static int status_of(const struct script *script, struct script_state *state, int64_t now_ms) {
	const struct script_rule *rule = script_take(script, state, now_ms);
	return rule ? rule->status : 0;
}

static void the_next_requests_fail_and_no_other(void **state) {
	(void)state;
	struct script script = script_of("next 2: 500");
	struct script_state left = {.since_ms = SET_MS};
	assert_left(&script, &left, SET_MS, "next 2: 500");
	assert_int_equal(status_of(&script, &left, SET_MS), 500);
	assert_left(&script, &left, SET_MS, "next 1: 500");
	assert_int_equal(status_of(&script, &left, SET_MS), 500);
	assert_true(script_is_spent(&script, &left, SET_MS));
	assert_left(&script, &left, SET_MS, "");
	assert_int_equal(status_of(&script, &left, SET_MS), 0);
}

static void every_third_request_fails(void **state) {
	(void)state;
	struct script script = script_of("every 3: 429");
	struct script_state left = {.since_ms = SET_MS};
	for (int i = 1; i <= 9; i++) {
		assert_int_equal(status_of(&script, &left, SET_MS), i % 3 == 0 ? 429 : 0);
	}
	assert_false(script_is_spent(&script, &left, SET_MS));
}

static void a_time_is_over_when_it_is_over(void **state) {
	(void)state;
	struct script script = script_of("for 2m: 503");
	struct script_state left = {.since_ms = SET_MS};
	assert_int_equal(status_of(&script, &left, SET_MS), 503);
	assert_left(&script, &left, SET_MS + 30500, "for 90s: 503");
	assert_int_equal(status_of(&script, &left, SET_MS + 119999), 503);
	assert_int_equal(status_of(&script, &left, SET_MS + 120000), 0);
	assert_true(script_is_spent(&script, &left, SET_MS + 120000));
	/* a clock that is set back does not make it longer than it was */
	assert_left(&script, &left, SET_MS - 3600000, "for 2m: 503");
}

static void the_first_rule_that_fits_decides(void **state) {
	(void)state;
	struct script script = script_of("next 1: 500, every 2: 429");
	struct script_state left = {.since_ms = SET_MS};
	static const int wanted[] = {500, 0, 429, 0, 429};
	for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
		assert_int_equal(status_of(&script, &left, SET_MS), wanted[i]);
	}
}

static void a_state_survives_being_kept(void **state) {
	(void)state;
	struct script_state left = {.since_ms = SET_MS, .counts = {1, 0, 1000000}};
	struct buffer kept = {0};
	script_state_append_json(&kept, &left);
	struct script_state again = script_state_from_json(buffer_span(&kept), SET_MS);
	assert_memory_equal(&again, &left, sizeof left);
	buffer_clear(&kept);
}

static void the_state_of_another_setting_begins_anew(void **state) {
	(void)state;
	static const char *const all[] = {"", "{", "{}", "{\"since_ms\":1,\"counts\":[5]}",
		"{\"since_ms\":1795233821000,\"counts\":[-3,1e30,\"x\"]}"};
	const struct script_state fresh = {.since_ms = SET_MS};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct script_state state_read = script_state_from_json(span_text(all[i]), SET_MS);
		assert_memory_equal(&state_read, &fresh, sizeof fresh);
	}
}

static void durations_have_a_unit(void **state) {
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} all[] = {{"250ms", 250}, {"10s", 10000}, {"5m", 300000}, {"2h", 7200000}, {"3d", 259200000},
		{"0s", 0}, {"", -1}, {"10", -1}, {"s", -1}, {"1.5s", -1}, {"-1s", -1}, {"1 s", -1},
		{"99999999d", -1}, {"99999999999999999999ms", -1}};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		int64_t ms = 0;
		assert_int_equal(duration_parse(&ms, span_text(all[i].text)), all[i].ms >= 0);
		assert_true(all[i].ms < 0 || ms == all[i].ms);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_script_reads_back_as_it_was_meant),
		cmocka_unit_test(what_is_no_rule_is_named),
		cmocka_unit_test(the_next_requests_fail_and_no_other),
		cmocka_unit_test(every_third_request_fails),
		cmocka_unit_test(a_time_is_over_when_it_is_over),
		cmocka_unit_test(the_first_rule_that_fits_decides),
		cmocka_unit_test(a_state_survives_being_kept),
		cmocka_unit_test(the_state_of_another_setting_begins_anew),
		cmocka_unit_test(durations_have_a_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
