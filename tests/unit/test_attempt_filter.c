/* Filters over attempts: what asks about the attempt, and what asks about its event. */
#include <string.h>

#include "common/attempt_filter.h"
#include "tests/unit/unit.h"

static const struct attempt failed = {.target = {"http://localhost:3000/hooks", 27},
	.cause = CAUSE_REPLAY,
	.status = 503,
	.took_us = 1500000,
	.who = {"alice@laptop", 12}};
static const struct attempt unanswered = {
	.target = {"https://app.example.com/", 24}, .cause = CAUSE_FORWARD, .who = {"bob@desk", 8}};

static void matches(const char *text, bool of_failed, bool of_unanswered) {
	struct error err = {0};
	struct attempt_filter *filter = attempt_filter_parse(span_text(text), &err);
	if (!filter) {
		fail_msg("%s: %s", text, err.text);
		return;
	}
	if (attempt_filter_matches(filter, &failed) != of_failed ||
		attempt_filter_matches(filter, &unanswered) != of_unanswered) {
		fail_msg("%s matches otherwise", text);
	}
	attempt_filter_free(filter);
}

static void what_asks_about_the_attempt_is_asked_of_it(void **state) {
	(void)state;
	matches("", true, true);
	matches("status:503", true, false);
	matches("status:5xx,4xx", true, false);
	matches("status:failed", false, true);
	matches("-status:failed", true, false);
	matches("target:localhost:3000/*", true, false);
	matches("target:http://localhost:3000/hooks", true, false);
	matches("target:localhost:3000", false, false);
	matches("target:\"localhost:3000/hooks\",*example.com/", true, true);
	matches("cause:replay,edit", true, false);
	matches("!cause:replay", false, true);
	matches("who:bob@*", false, true);
	matches("took:>1s", true, false);
	matches("took:<=1500ms", true, true);
	matches("took:<1500ms", false, true);
	matches("who:* cause:forward status:failed", false, true);
}

static void all_else_is_asked_of_the_event(void **state) {
	(void)state;
	struct error err = {0};
	struct event event = {.provider = span_text("stripe"), .last_status = 200};
	struct attempt_filter *filter =
		attempt_filter_parse(span_text(" provider:stripe  status:5xx !verdict:valid "), &err);
	assert_non_null(filter);
	assert_true(filter_matches_event(attempt_filter_event(filter), &event));
	event.provider = span_text("github");
	assert_false(filter_matches_event(attempt_filter_event(filter), &event));
	attempt_filter_free(filter);
	filter = attempt_filter_parse(span_text("status:5xx"), &err);
	assert_null(attempt_filter_event(filter));
	attempt_filter_free(filter);
	filter = attempt_filter_parse(span_text("body~\"a\\\" status:5xx b\""), &err);
	assert_non_null(filter);
	assert_true(attempt_filter_matches(filter, &unanswered));
	attempt_filter_free(filter);
	filter = attempt_filter_parse(span_text("\"a status:5xx b\""), &err);
	assert_true(filter_needs_bytes(attempt_filter_event(filter)));
	assert_true(attempt_filter_matches(filter, &unanswered));
	attempt_filter_free(filter);
}

static void refused(const char *text, const char *why) {
	struct error err = {0};
	assert_null(attempt_filter_parse(span_text(text), &err));
	assert_int_equal(err.code, ERROR_USAGE);
	if (!strstr(err.text, why)) {
		fail_msg("told: %s", err.text);
	}
}

static void mistakes_are_told(void **state) {
	(void)state;
	char many[400] = "";
	refused("cause:replai", "filter term cause:replai: unknown cause \"replai\", did you mean "
							"\"replay\"?");
	refused("cause:x", "there are forward, retry, replay, edit and test");
	refused("took:1s", "expected < or > and one such as 250ms, 2s or 1m");
	refused("took:", "a value is missing");
	refused("status:none", "expected one like 200 or 5xx, or failed");
	refused("status:", "a value is missing");
	refused("status:200,", "a value is missing");
	refused("verdict:wrong", "unknown verdict");
	for (int i = 0; i < 65; i++) {
		strcat(many, "who:a ");
	}
	refused(many, "more than 64 terms");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_asks_about_the_attempt_is_asked_of_it),
		cmocka_unit_test(all_else_is_asked_of_the_event),
		cmocka_unit_test(mistakes_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
