/* Retry policies mean what they say. */
#include <stdio.h>
#include <string.h>

#include "common/signature/provider.h"
#include "tests/unit/unit.h"
#include "tui/deliver/schedule.h"

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
/* 2026-11-21T03:43:41Z */
#define START_MS INT64_C(1795232621000)

static struct schedule_policy parsed(const char *text) {
	struct schedule_policy policy;
	struct error err = {0};
	if (!schedule_policy_parse(&policy, span_text(text), &err)) {
		print_error("%s: %s\n", text, err.text);
		fail();
	}
	return policy;
}

static const char *rewritten(const char *text) {
	static struct buffer out;
	struct schedule_policy policy = parsed(text);
	buffer_reset(&out);
	schedule_policy_append(&out, &policy);
	return buffer_text(&out);
}

static const char *complaint(const char *text) {
	static struct error err;
	struct schedule_policy policy;
	err = (struct error){0};
	return schedule_policy_parse(&policy, span_text(text), &err) ? NULL : err.text;
}

static struct schedule_step after(const char *policy_text, int64_t tries, int64_t status) {
	struct schedule_policy policy = parsed(policy_text);
	const struct schedule_try tried = {
		.tries = tries, .began_ms = START_MS, .ended_ms = START_MS + 40, .status = status};
	return schedule_next(&policy, &tried);
}

static const struct provider *provider_named(const char *name) {
	for (size_t i = 0; i < providers_builtin_count; i++) {
		if (strcmp(providers_builtin[i]->name, name) == 0) {
			return providers_builtin[i];
		}
	}
	fail();
	return NULL;
}

static struct schedule_policy as_it_does(const char *name) {
	struct schedule_policy policy = parsed("provider"), resolved;
	schedule_resolve(&resolved, &policy, provider_named(name));
	return resolved;
}

/* --- the text --- */

static void a_policy_reads_back_as_it_was_written(void **state) {
	(void)state;
	static const char *const texts[] = {
		"none",
		"5s,30s,5m",
		"250ms,1h,2d",
		"15s,1m*3,1h*10",
		"exponential(1s..5m,8)",
		"provider",
		"provider @60x",
		"provider else 5s,30s @600x",
		"0s,1m,5m",
		"1m,4m,25m on=any success=2xx timeout=5s jitter=0% as=dropspace",
		"5s on=429,5xx,failed stop=406,410 success=200,204 timeout=1250ms",
		"5s jitter=20% seed=7 retry-after=1h @2x",
	};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert_string_equal(rewritten(texts[i]), texts[i]);
	}
	assert_string_equal(rewritten("5,30,300@60x"), "5s,30s,5m @60x");
	assert_string_equal(rewritten("provider@60x"), "provider @60x");
	assert_string_equal(rewritten("1.5s"), "1500ms");
	assert_string_equal(rewritten("  5s   retry-after "), "5s retry-after=1d");
	assert_string_equal(rewritten("5s stop-header=X-No:1"), "5s stop-header=X-No:1");
}

static void what_is_wrong_with_a_policy_is_said(void **state) {
	(void)state;
	static const char *const wrong[] = {"", "5x", "5s,", ",5s", "5s,,6s", "exponential",
		"exponential(5m..1s,8)", "exponential(1s..5m)", "exponential(0..5m,3)",
		"exponential(1s..5m,8", "5s @", "5s @0x", "5s @fast", "5s on=", "5s on=teapot",
		"5s jitter=101%", "5s timeout=0", "5s often", "5s often=3", "provider else", "31d",
		"1h*101", "1h*0", "-5s", "5s seed=-1", "5s stop-header=X-No", "5s stop-header=:1"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (!complaint(wrong[i])) {
			print_error("\"%s\" was taken for a policy\n", wrong[i]);
			fail();
		}
	}
	assert_string_equal(complaint("5s,soon"),
		"expected none, provider, exponential(1s..5m,8) or at most 100 delays such as 5s,30s,5m, "
		"not \"soon\"");
	assert_string_equal(complaint("5s often"),
		"\"often\" is no part of a retry policy: expected on=, stop=, stop-header=, success=, "
		"timeout=, jitter=, seed=, retry-after or a speed such as @60x");
}

/* --- what follows an attempt --- */

static void a_failure_is_tried_again_until_nothing_is_left(void **state) {
	(void)state;
	struct schedule_step step = after("5s,30s", 1, 503);
	assert_int_equal(step.outcome, SCHEDULE_AGAIN);
	assert_int_equal(step.due_ms, START_MS + 5 * SECOND);
	assert_string_equal(step.reason, "503; attempt 2 of 3 follows");
	step = after("5s,30s", 2, 0);
	assert_int_equal(step.due_ms, START_MS + 30 * SECOND);
	assert_string_equal(step.reason, "no answer; attempt 3 of 3 follows");
	step = after("5s,30s", 3, 500);
	assert_int_equal(step.outcome, SCHEDULE_GIVEN_UP);
	assert_string_equal(step.reason, "given up after 3 attempts: 500");
	assert_int_equal(after("5s,30s", 2, 204).outcome, SCHEDULE_DELIVERED);
}

static void the_usual_statuses_are_retried_and_no_others(void **state) {
	(void)state;
	static const int64_t retried[] = {0, 408, 425, 429, 500, 503, 599},
						 final[] = {301, 400, 401, 404, 410, 422};
	for (size_t i = 0; i < sizeof retried / sizeof *retried; i++) {
		assert_int_equal(after("5s", 1, retried[i]).outcome, SCHEDULE_AGAIN);
	}
	for (size_t i = 0; i < sizeof final / sizeof *final; i++) {
		assert_int_equal(after("5s", 1, final[i]).outcome, SCHEDULE_FINAL);
	}
	assert_string_equal(after("5s", 1, 404).reason, "not retried: 404 ends the matter");
	assert_int_equal(after("5s on=404", 1, 404).outcome, SCHEDULE_AGAIN);
	assert_int_equal(after("5s on=404", 1, 500).outcome, SCHEDULE_FINAL);
	assert_int_equal(after("5s on=any stop=410", 1, 410).outcome, SCHEDULE_FINAL);
	assert_int_equal(after("5s on=any success=200", 1, 204).outcome, SCHEDULE_AGAIN);
}

static void an_attempt_that_took_longer_than_the_delay_is_followed_at_once(void **state) {
	(void)state;
	struct schedule_policy policy = parsed("1s");
	const struct schedule_try tried = {
		.tries = 1, .began_ms = START_MS, .ended_ms = START_MS + 30 * SECOND};
	assert_int_equal(schedule_next(&policy, &tried).due_ms, START_MS + 30 * SECOND);
}

static void speed_shortens_delays_and_nothing_else(void **state) {
	(void)state;
	struct schedule_policy policy = parsed("1m,5m timeout=5s @60x");
	assert_int_equal(schedule_delay_ms(&policy, 2, 0), SECOND);
	assert_int_equal(schedule_delay_ms(&policy, 3, 0), 5 * SECOND);
	assert_int_equal(schedule_delay_ms(&policy, 4, 0), -1);
	assert_int_equal(schedule_delay_ms(&policy, 1, 0), -1);
	assert_int_equal(policy.timeout_ms, 5 * SECOND);
}

static void exponential_delays_double_up_to_the_longest(void **state) {
	(void)state;
	struct schedule_policy policy = parsed("exponential(1s..10s,6) jitter=0%");
	static const int64_t expected[] = {1, 2, 4, 8, 10, 10};
	assert_int_equal(schedule_attempts(&policy), 7);
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(schedule_delay_ms(&policy, (int64_t)i + 2, 0), expected[i] * SECOND);
	}
	assert_int_equal(schedule_delay_ms(&policy, 8, 0), -1);
}

static void jitter_shortens_within_its_bounds_and_the_same_way_each_time(void **state) {
	(void)state;
	struct schedule_policy policy = parsed("100s jitter=20% seed=7");
	struct schedule_policy other = parsed("100s jitter=20% seed=8");
	int64_t least = INT64_MAX, most = 0, same = 0;
	for (uint64_t salt = 0; salt < 1000; salt++) {
		int64_t ms = schedule_delay_ms(&policy, 2, salt);
		assert_int_equal(ms, schedule_delay_ms(&policy, 2, salt));
		same += ms == schedule_delay_ms(&other, 2, salt);
		least = ms < least ? ms : least;
		most = ms > most ? ms : most;
	}
	assert_in_range(least, 80 * SECOND, 81 * SECOND);
	assert_in_range(most, 99 * SECOND, 100 * SECOND);
	assert_in_range(same, 0, 5);
}

/* --- Retry-After --- */

static int64_t due_after(const char *policy_text, const char *retry_after) {
	struct schedule_policy policy = parsed(policy_text);
	const struct schedule_try tried = {.tries = 1,
		.began_ms = START_MS,
		.ended_ms = START_MS,
		.status = 429,
		.retry_after = span_text(retry_after)};
	return schedule_next(&policy, &tried).due_ms - START_MS;
}

static void retry_after_is_honoured_where_the_policy_says_so(void **state) {
	(void)state;
	assert_int_equal(due_after("5s", "120"), 5 * SECOND);
	assert_int_equal(due_after("5s retry-after", "120"), 120 * SECOND);
	assert_int_equal(due_after("5m retry-after", "120"), 300 * SECOND);
	assert_int_equal(due_after("5s retry-after=1m", "120"), 60 * SECOND);
	assert_int_equal(due_after("5s retry-after", "99999999999999999999"), 24 * HOUR);
	assert_int_equal(due_after("5s retry-after", "soon"), 5 * SECOND);
	assert_int_equal(due_after("5s retry-after", "-1"), 5 * SECOND);
	assert_int_equal(due_after("1m retry-after @60x", "120"), 2 * SECOND);
	assert_int_equal(due_after("5s retry-after", "Sat, 21 Nov 2026 03:53:41 GMT"), 600 * SECOND);
	assert_int_equal(due_after("5s retry-after", "Sat, 21 Nov 2020 03:53:41 GMT"), 5 * SECOND);
}

static void dates_are_read_strictly(void **state) {
	(void)state;
	static const char *const wrong[] = {"Sat, 21 Nov 2026 03:53:41 CET",
		"Sat, 21 ovD 2026 03:53:41 GMT", "Sat, 41 Nov 2026 03:53:41 GMT",
		"Sat, 21 Nov 2026 25:53:41 GMT", "Sat, 21 Nov 2026 03:53:41 GM", "1e3", "12 ,"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_int_equal(schedule_retry_after_ms(span_text(wrong[i]), START_MS), -1);
	}
	assert_int_equal(schedule_retry_after_ms(span_text(" 7 "), START_MS), 7 * SECOND);
}

/* --- providers --- */

static void the_first_five_deliver_as_their_pages_say(void **state) {
	(void)state;
	struct schedule_policy dropspace = as_it_does("dropspace");
	assert_int_equal(dropspace.timeout_ms, 5 * SECOND);
	assert_int_equal(schedule_attempts(&dropspace), 4);
	assert_true(schedule_is_success(&dropspace, 299));
	struct schedule_policy postpress = as_it_does("postpress");
	assert_int_equal(postpress.timeout_ms, 30 * SECOND);
	assert_int_equal(schedule_attempts(&postpress), 5);
	assert_true(schedule_is_success(&postpress, 200));
	assert_false(schedule_is_success(&postpress, 201));
	assert_true(postpress.assumed);
	struct schedule_policy blackspace = as_it_does("blackspace");
	assert_int_equal(blackspace.timeout_ms, 5 * SECOND);
	assert_false(schedule_is_success(&blackspace, 202));
	assert_int_equal(schedule_attempts(&blackspace), 1);
	struct schedule_policy dragdropdo = as_it_does("dragdropdo");
	assert_true(schedule_is_success(&dragdropdo, 202));
	assert_int_equal(schedule_attempts(&dragdropdo), 1);
	struct schedule_policy drop_cowboy = as_it_does("drop-cowboy");
	assert_false(schedule_is_success(&drop_cowboy, 202));
	assert_int_equal(schedule_attempts(&drop_cowboy), 1);
}

static void what_the_policy_says_itself_stands_above_the_provider(void **state) {
	(void)state;
	struct schedule_policy policy = parsed("provider success=201 timeout=1s @60x"), resolved;
	schedule_resolve(&resolved, &policy, provider_named("dropspace"));
	assert_false(schedule_is_success(&resolved, 200));
	assert_int_equal(resolved.timeout_ms, SECOND);
	assert_int_equal(schedule_delay_ms(&resolved, 2, 0), SECOND);
	assert_string_equal(resolved.as, "dropspace");
}

static void a_provider_without_a_schedule_leaves_it_to_the_rest_of_the_policy(void **state) {
	(void)state;
	struct schedule_policy policy = parsed("provider else 5s,30s"), resolved;
	schedule_resolve(&resolved, &policy, NULL);
	assert_int_equal(schedule_attempts(&resolved), 3);
	schedule_resolve(&resolved, &policy, provider_named("blackspace"));
	assert_int_equal(schedule_attempts(&resolved), 3);
	assert_false(schedule_is_success(&resolved, 202));
	schedule_resolve(&resolved, &policy, provider_named("github"));
	assert_int_equal(schedule_attempts(&resolved), 1);
}

static void every_provider_makes_a_policy_that_reads_back(void **state) {
	(void)state;
	for (size_t i = 0; i < providers_builtin_count; i++) {
		struct schedule_policy policy = as_it_does(providers_builtin[i]->name);
		struct buffer text = {0};
		schedule_policy_append(&text, &policy);
		assert_string_equal(rewritten(buffer_text(&text)), buffer_text(&text));
		assert_true(text.len < SCHEDULE_TEXT_MAX);
		buffer_clear(&text);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_policy_reads_back_as_it_was_written),
		cmocka_unit_test(what_is_wrong_with_a_policy_is_said),
		cmocka_unit_test(a_failure_is_tried_again_until_nothing_is_left),
		cmocka_unit_test(the_usual_statuses_are_retried_and_no_others),
		cmocka_unit_test(an_attempt_that_took_longer_than_the_delay_is_followed_at_once),
		cmocka_unit_test(speed_shortens_delays_and_nothing_else),
		cmocka_unit_test(exponential_delays_double_up_to_the_longest),
		cmocka_unit_test(jitter_shortens_within_its_bounds_and_the_same_way_each_time),
		cmocka_unit_test(retry_after_is_honoured_where_the_policy_says_so),
		cmocka_unit_test(dates_are_read_strictly),
		cmocka_unit_test(the_first_five_deliver_as_their_pages_say),
		cmocka_unit_test(what_the_policy_says_itself_stands_above_the_provider),
		cmocka_unit_test(a_provider_without_a_schedule_leaves_it_to_the_rest_of_the_policy),
		cmocka_unit_test(every_provider_makes_a_policy_that_reads_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
