/* What an attempt makes of a retry; every provider's schedule is met to the second, whoever is restarted in between. */
#include "tui/retry_step.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "common/json.h"
#include "common/moment.h"
#include "common/signature/provider.h"
#include "tests/unit/unit.h"

#define SECOND INT64_C(1000)
#define HOUR (3600 * SECOND)
/* 2026-11-21T03:43:41Z */
#define START_MS INT64_C(1795232621000)
/* How far the clock goes on at once, and when everything is restarted. */
#define STEP_MS 500
#define RESTART_MS (7 * 60 * SECOND)

static struct schedule_policy parsed(struct span text) {
	struct schedule_policy policy;
	assert_true(schedule_policy_parse(&policy, text, NULL));
	return policy;
}

/* --- Retry-After --- */

static const char *retry_after(const char *head) {
	static char text[64];
	struct span value = retry_after_of(span_text(head));
	assert_true(value.len < sizeof text);
	memcpy(text, value.data ? value.data : "", value.len);
	text[value.len] = '\0';
	return text;
}

static void retry_after_is_found_in_the_head_of_the_answer(void **state) {
	(void)state;
	assert_string_equal(retry_after("HTTP/1.1 503 X\r\nRetry-After: 120\r\n\r\n"), "120");
	assert_string_equal(retry_after("HTTP/1.1 503 X\r\nA: b\r\nretry-after:  7 \r\n\r\n"), "7");
	assert_string_equal(
		retry_after("HTTP/1.1 503 X\r\nRetry-After: Sat, 21 Nov 2026 03:53:41 GMT\r\n\r\n"),
		"Sat, 21 Nov 2026 03:53:41 GMT");
	assert_string_equal(retry_after("HTTP/1.1 503 X\r\nX-Retry-After: 9\r\n\r\n"), "");
	assert_string_equal(retry_after(""), "");
	assert_string_equal(retry_after("Retry-After"), "");
	assert_string_equal(retry_after("Retry-After:"), "");
}

/* --- one attempt --- */

static struct attempt attempt_at(int64_t ms, int64_t status) {
	return (struct attempt){.event = {{7}},
		.cause = CAUSE_RETRY,
		.target = span_text("http://localhost:3000"),
		.status = status,
		.error = span_text(status > 0 ? "" : "connection refused"),
		.started_at_ns = ms * MOMENT_NS_PER_MS,
		.took_us = 120000};
}

static struct retry retry_new(void) {
	return (struct retry){.event = {{7}},
		.endpoint = span_text("shop"),
		.event_seq = 1,
		.target = span_text("http://localhost:3000"),
		.owner = span_text("alice@laptop")};
}

static void an_attempt_counts_and_moves_what_is_due(void **state) {
	(void)state;
	struct schedule_policy policy = parsed(span_text("5s,30s retry-after"));
	struct retry retry = retry_new();
	struct attempt attempt = attempt_at(START_MS, 503);
	struct schedule_step step = retry_step(&retry, &policy, &attempt, (struct span){0});
	assert_int_equal(step.outcome, SCHEDULE_AGAIN);
	assert_int_equal(retry.tries, 1);
	assert_int_equal(retry.attempts, 3);
	assert_int_equal(retry.due_ns, (START_MS + 5 * SECOND) * MOMENT_NS_PER_MS);
	assert_int_equal(retry.tried_at_ns, START_MS * MOMENT_NS_PER_MS);
	attempt = attempt_at(START_MS + 5 * SECOND, 429);
	step = retry_step(
		&retry, &policy, &attempt, span_text("HTTP/1.1 429 X\r\nRetry-After: 60\r\n\r\n"));
	assert_int_equal(retry.due_ns, (START_MS + 65 * SECOND + 120) * MOMENT_NS_PER_MS);
	attempt = attempt_at(START_MS + 70 * SECOND, 200);
	step = retry_step(&retry, &policy, &attempt, (struct span){0});
	assert_int_equal(step.outcome, SCHEDULE_DELIVERED);
}

static void an_answer_may_say_that_it_does_not_want_another(void **state) {
	(void)state;
	struct schedule_policy policy = parsed(span_text("5s,30s stop-header=X-Slack-No-Retry:1"));
	static const char *const heads[] = {"HTTP/1.1 500 X\r\nx-slack-no-retry: 1\r\n\r\n",
		"HTTP/1.1 500 X\r\nX-Slack-No-Retry: 0\r\n\r\n", "HTTP/1.1 500 X\r\n\r\n"};
	for (int i = 0; i < 3; i++) {
		struct retry retry = retry_new();
		struct attempt attempt = attempt_at(START_MS, 500);
		struct schedule_step step = retry_step(&retry, &policy, &attempt, span_text(heads[i]));
		assert_int_equal(step.outcome, i == 0 ? SCHEDULE_FINAL : SCHEDULE_AGAIN);
		if (i == 0) {
			assert_string_equal(
				step.reason, "not retried: 500, and X-Slack-No-Retry:1 in the answer");
		}
	}
}

static void an_answer_that_broke_off_is_none(void **state) {
	(void)state;
	struct schedule_policy policy = parsed(span_text("5s"));
	struct retry retry = retry_new();
	struct attempt attempt = attempt_at(START_MS, 200);
	attempt.error = span_text("the answer had no end within 30 s");
	struct schedule_step step = retry_step(&retry, &policy, &attempt, (struct span){0});
	assert_int_equal(step.outcome, SCHEDULE_AGAIN);
	assert_string_equal(step.reason, "no answer; attempt 2 of 2 follows");
}

static void an_attempt_that_was_not_counted_is_recognised(void **state) {
	(void)state;
	struct retry retry = retry_new();
	struct attempt attempt = attempt_at(START_MS, 503);
	retry.tried_at_ns = attempt.started_at_ns;
	assert_false(retry_has_missed(&retry, &attempt));
	attempt.started_at_ns++;
	assert_true(retry_has_missed(&retry, &attempt));
	attempt.target = span_text("http://localhost:4000");
	assert_false(retry_has_missed(&retry, &attempt));
	attempt.target = retry.target;
	attempt.event.bytes[3] = 1;
	assert_false(retry_has_missed(&retry, &attempt));
}

/* --- 72 hours --- */

/* One delivery that fails for ever: all that is kept of it is a text, as the relay keeps it. */
struct life {
	struct buffer kept;
	bool over;
	int64_t attempts, due_ms;
	int64_t began_ms[SCHEDULE_RETRIES_MAX + 1]; /* what the app saw */
};

static void keep(struct life *life, struct retry *retry, const struct schedule_step *step) {
	struct buffer text = {0};
	retry->reason = span_text(step->reason);
	retry_append_json(&text, retry);
	buffer_clear(&life->kept);
	life->kept = text;
	life->over = step->outcome != SCHEDULE_AGAIN;
	life->due_ms = retry->due_ns / MOMENT_NS_PER_MS;
}

static void make_attempt(struct life *life, int64_t now_ms) {
	struct retry retry;
	struct cJSON *object = json_parse(buffer_span(&life->kept), NULL);
	assert_true(retry_from_json(&retry, object, NULL));
	struct schedule_policy policy = parsed(retry.policy);
	struct attempt attempt = attempt_at(now_ms, 503);
	life->began_ms[life->attempts++] = now_ms;
	struct schedule_step step = retry_step(&retry, &policy, &attempt, (struct span){0});
	keep(life, &retry, &step);
	cJSON_Delete(object);
}

/* Nothing but what is kept is left: whoever comes back reads when it is due. */
static void restart(struct life *life) {
	struct retry retry;
	struct cJSON *object = json_parse(buffer_span(&life->kept), NULL);
	assert_true(retry_from_json(&retry, object, NULL));
	life->due_ms = retry.due_ns / MOMENT_NS_PER_MS;
	cJSON_Delete(object);
}

static void begin(struct life *life, const struct provider *provider) {
	struct schedule_policy policy = parsed(span_text("provider")), resolved;
	struct retry retry = retry_new();
	struct buffer text = {0};
	schedule_resolve(&resolved, &policy, provider);
	schedule_policy_append(&text, &resolved);
	retry.policy = buffer_span(&text);
	keep(life, &retry, &(struct schedule_step){.outcome = SCHEDULE_AGAIN});
	life->attempts = 0;
	life->due_ms = START_MS;
	buffer_clear(&text);
}

/* By what the file says, not by the policy that was made of it. */
static int64_t expected_delay_ms(const struct provider *provider, int64_t number) {
	if (provider->retry_s) {
		return provider->retry_s[number - 2] * SECOND;
	}
	int64_t ms = 60 * SECOND;
	for (int64_t i = 2; i < number && ms < 12 * HOUR; i++) {
		ms *= 2;
	}
	return ms < 12 * HOUR ? ms : 12 * HOUR;
}

static void check(const struct provider *provider, const struct life *life) {
	for (int64_t i = 1; i < life->attempts; i++) {
		int64_t due_ms = life->began_ms[i - 1] + expected_delay_ms(provider, i + 1);
		if (life->began_ms[i] < due_ms || life->began_ms[i] >= due_ms + SECOND) {
			print_error("%s: attempt %lld came %lld ms after the one before it\n", provider->name,
				(long long)i + 1, (long long)(life->began_ms[i] - life->began_ms[i - 1]));
			fail();
		}
	}
	if (life->over && provider->retry_s) {
		assert_int_equal(life->attempts, (int64_t)provider->retry_count + 1);
	} else if (life->over && provider->attempts > 0) {
		assert_int_equal(life->attempts, provider->attempts);
	}
}

static void live_72_hours(const struct provider *provider) {
	static struct life life;
	begin(&life, provider);
	for (int64_t ms = 0; ms < 72 * HOUR && !life.over; ms += STEP_MS) {
		if (ms > 0 && ms % RESTART_MS == 0) {
			restart(&life);
		}
		if (START_MS + ms >= life.due_ms) {
			make_attempt(&life, START_MS + ms);
		}
	}
	assert_in_range(life.attempts, 1, SCHEDULE_RETRIES_MAX);
	check(provider, &life);
	buffer_clear(&life.kept);
}

static void every_providers_schedule_is_met_to_the_second_over_72_hours(void **state) {
	(void)state;
	size_t schedules = 0;
	for (size_t i = 0; i < providers_builtin_count; i++) {
		const struct provider *provider = providers_builtin[i];
		if (provider->retry_s || provider->attempts > 0 || provider->within_s > 0) {
			live_72_hours(provider);
			schedules++;
		}
	}
	assert_in_range(schedules, 70, 1000);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after_is_found_in_the_head_of_the_answer),
		cmocka_unit_test(an_attempt_counts_and_moves_what_is_due),
		cmocka_unit_test(an_answer_may_say_that_it_does_not_want_another),
		cmocka_unit_test(an_answer_that_broke_off_is_none),
		cmocka_unit_test(an_attempt_that_was_not_counted_is_recognised),
		cmocka_unit_test(every_providers_schedule_is_met_to_the_second_over_72_hours),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
