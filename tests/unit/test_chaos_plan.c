/* Chance that repeats, faults as text, the order they make, and the fewest that are enough. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/prove/chaos_plan.h"
#include "tui/prove/dice.h"
#include "tui/prove/shrink.h"

#define EVENTS 200

static struct chaos_event events[EVENTS];
static char refs[EVENTS][16];

static int make_events(void **state) {
	(void)state;
	for (size_t i = 0; i < EVENTS; i++) {
		snprintf(refs[i], sizeof refs[i], "shop#%zu", i + 1);
		events[i] = (struct chaos_event){span_text(refs[i]), 100};
	}
	return 0;
}

static void roll_text(struct buffer *out, size_t count, double rate, uint64_t seed) {
	double rates[MISCHIEF_COUNT];
	struct chaos_plan plan = {0};
	for (int i = 0; i < MISCHIEF_COUNT; i++) {
		rates[i] = rate;
	}
	chaos_plan_roll(&plan, events, count, rates, seed);
	chaos_plan_append(out, &plan, NULL, events);
	chaos_plan_clear(&plan);
}

static void the_same_seed_makes_the_same_disorder(void **state) {
	(void)state;
	struct buffer first = {0}, again = {0}, more = {0}, other = {0};
	roll_text(&first, 100, 0.1, 42);
	roll_text(&again, 100, 0.1, 42);
	roll_text(&more, EVENTS, 0.1, 42);
	roll_text(&other, 100, 0.1, 43);
	assert_string_equal(buffer_text(&first), buffer_text(&again));
	assert_true(span_starts_with(buffer_span(&more), buffer_span(&first)));
	assert_string_not_equal(buffer_text(&first), buffer_text(&other));
	buffer_clear(&first);
	buffer_clear(&again);
	buffer_clear(&more);
	buffer_clear(&other);
}

static void rates_are_met(void **state) {
	(void)state;
	size_t hits = 0;
	for (uint64_t seed = 0; seed < 100; seed++) {
		for (size_t i = 0; i < EVENTS; i++) {
			double part = dice_part(seed, "drop", events[i].ref);
			assert_true(part >= 0 && part < 1);
			hits += part < 0.25;
			int64_t number = dice_between(seed, "cut at", events[i].ref, 3, 5);
			assert_true(number >= 3 && number <= 5);
		}
	}
	assert_in_range(hits, 4700, 5300);
	assert_int_equal(dice_between(1, "cut at", events[0].ref, 0, -1), 0);
}

static void faults_read_back_as_they_were_written(void **state) {
	(void)state;
	struct buffer text = {0}, again = {0};
	struct chaos_plan plan = {0};
	struct error err = {0};
	roll_text(&text, EVENTS, 0.2, 7);
	assert_true(chaos_plan_read(&plan, events, EVENTS, buffer_span(&text), &err));
	chaos_plan_append(&again, &plan, NULL, events);
	assert_string_equal(buffer_text(&text), buffer_text(&again));
	chaos_plan_clear(&plan);
	assert_true(chaos_plan_read(&plan, events, EVENTS, span_text("none"), &err));
	assert_int_equal(plan.count, 0);
	buffer_clear(&text);
	buffer_clear(&again);
}

static void what_is_no_fault_is_told(void **state) {
	(void)state;
	static const char *const wrong[] = {"explode@shop#1", "drop", "drop@", "drop@shop#999",
		"cut@shop#1", "cut@shop#1:", "cut@shop#1:x", "cut@shop#1:99999999999999999999",
		"drop@shop#1:3"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct chaos_plan plan = {0};
		struct error err = {0};
		assert_false(chaos_plan_read(&plan, events, EVENTS, span_text(wrong[i]), &err));
		assert_int_equal(err.code, ERROR_USAGE);
		assert_true(strncmp(err.text, "fault \"", 7) == 0);
		chaos_plan_clear(&plan);
	}
}

/* "1 2 2+ 3c 3+": events in the order they are sent; + once more, c cut, s slowly. */
static void sends(const char *faults, size_t count, const char *wanted) {
	struct chaos_plan plan = {0};
	struct error err = {0};
	struct buffer out = {0};
	size_t send_count = 0;
	assert_true(chaos_plan_read(&plan, events, count, span_text(faults), &err));
	struct chaos_send *all = chaos_plan_sends(&plan, NULL, count, &send_count);
	for (size_t i = 0; i < send_count; i++) {
		buffer_printf(&out, "%s%zu%s%s%s", i > 0 ? " " : "", all[i].event + 1,
			all[i].again ? "+" : "", all[i].fault.cut ? "c" : "",
			all[i].fault.drip_ms > 0 ? "s" : "");
	}
	assert_string_equal(buffer_text(&out), wanted);
	free(all);
	buffer_clear(&out);
	chaos_plan_clear(&plan);
}

static void faults_make_an_order(void **state) {
	(void)state;
	sends("none", 3, "1 2 3");
	sends("duplicate@shop#2", 3, "1 2 2+ 3");
	sends("swap@shop#1", 3, "2 1 3");
	sends("swap@shop#1,swap@shop#2", 3, "2 1 3");
	sends("swap@shop#3", 3, "1 2 3");
	sends("delay@shop#1:2", 4, "2 3 1 4");
	sends("delay@shop#3:9", 4, "1 2 4 3");
	sends("drop@shop#1", 3, "2 3 1");
	sends("cut@shop#2:5", 3, "1 2c 3 2+");
	sends("drip@shop#3:100", 3, "1 2 3s");
	sends("cut@shop#1:5,duplicate@shop#1", 2, "1c 2 1+ 1+");
	sends("drop@shop#1,duplicate@shop#1,cut@shop#1:3", 2, "2 1 1+");
}

/* Fails when both 17 and 42 are there. Returns how many runs it took. */
static size_t shrink_pair(struct shrink *shrink, size_t first, size_t second) {
	size_t runs = 0;
	const bool *kept;
	while ((kept = shrink_next(shrink))) {
		shrink_told(shrink, kept[first] && kept[second]);
		runs++;
	}
	return runs;
}

static void the_fewest_that_fail_are_found(void **state) {
	(void)state;
	static const size_t pairs[][2] = {{17, 42}, {0, 99}, {5, 5}, {50, 51}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct shrink shrink;
		shrink_init(&shrink, 100);
		size_t runs = shrink_pair(&shrink, pairs[i][0], pairs[i][1]);
		assert_int_equal(shrink.left, pairs[i][0] == pairs[i][1] ? 1 : 2);
		assert_true(shrink.kept[pairs[i][0]] && shrink.kept[pairs[i][1]]);
		assert_true(runs < 60);
		shrink_clear(&shrink);
	}
}

static void what_fails_without_any_is_found_at_once(void **state) {
	(void)state;
	struct shrink shrink;
	shrink_init(&shrink, 100);
	assert_non_null(shrink_next(&shrink));
	shrink_told(&shrink, true);
	assert_null(shrink_next(&shrink));
	assert_int_equal(shrink.left, 0);
	shrink_clear(&shrink);
	shrink_init(&shrink, 0);
	assert_null(shrink_next(&shrink));
	shrink_clear(&shrink);
}

static void what_needs_all_of_them_keeps_all(void **state) {
	(void)state;
	struct shrink shrink;
	shrink_init(&shrink, 7);
	while (shrink_next(&shrink)) {
		shrink_told(&shrink, false);
	}
	assert_int_equal(shrink.left, 7);
	shrink_clear(&shrink);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_makes_the_same_disorder),
		cmocka_unit_test(rates_are_met),
		cmocka_unit_test(faults_read_back_as_they_were_written),
		cmocka_unit_test(what_is_no_fault_is_told),
		cmocka_unit_test(faults_make_an_order),
		cmocka_unit_test(the_fewest_that_fail_are_found),
		cmocka_unit_test(what_fails_without_any_is_found_at_once),
		cmocka_unit_test(what_needs_all_of_them_keeps_all),
	};
	return cmocka_run_group_tests(tests, make_events, NULL);
}
