/* A filter says what it means, and what it does not understand. */
#include <string.h>

#include "common/filter.h"
#include "common/glob.h"
#include "common/needle.h"
#include "tests/unit/unit.h"

static struct event an_event(void) {
	struct event event = {
		.endpoint = span_text("shop"),
		.provider = span_text("stripe"),
		.method = span_text("POST"),
		.target = span_text("/e/shop/orders/42?x=1"),
		.path_offset = 7,
		.type = span_text("charge.failed"),
		.verdict = VERDICT_INVALID,
		.attempts = 1,
		.last_status = 502,
		.repeat = 2,
	};
	return event;
}

static bool matches(const char *text, const struct event *event) {
	struct error err = {0};
	struct filter *filter = filter_parse(span_text(text), &err);
	if (!filter) {
		fail_msg("%s", err.text);
	}
	bool result = filter_matches_event(filter, event);
	filter_free(filter);
	return result;
}

static bool matches_bytes(const char *text, const char *head, const char *body) {
	struct filter *filter = filter_parse(span_text(text), NULL);
	assert_non_null(filter);
	bool result = filter_matches_bytes(filter, span_text(head), span_text(body));
	filter_free(filter);
	return result;
}

static void assert_refused(const char *text, const char *reason) {
	struct error err = {0};
	assert_null(filter_parse(span_text(text), &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_string_equal(err.text, reason);
}

static void an_empty_filter_matches_everything(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("", &event));
	assert_true(matches(" \t ", &event));
	assert_true(matches_bytes("", "", ""));
}

static void facts_are_compared_whole_or_by_wildcard(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("endpoint:shop provider:stripe method:post type:charge.*", &event));
	assert_false(matches("endpoint:sho", &event));
	assert_true(matches("endpoint:sho*", &event));
	assert_false(matches("type:charge", &event));
	assert_true(matches("path:/orders/42", &event));
	assert_true(matches("path:/*/4*", &event));
	assert_false(matches("path:*x=1*", &event));
}

static void values_of_a_list_are_alternatives(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("verdict:expired,invalid", &event));
	assert_false(matches("verdict:expired,valid", &event));
	assert_true(matches("status:200,5xx", &event));
	assert_true(matches("type:\"a,b\",charge.failed", &event));
}

static void all_terms_must_hold(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("provider:stripe verdict:invalid", &event));
	assert_false(matches("provider:stripe verdict:valid", &event));
}

static void a_term_can_be_turned_around(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("!verdict:valid -provider:github", &event));
	assert_false(matches("-verdict:invalid,expired", &event));
	assert_true(matches_bytes("!secret", "a", "b"));
	assert_false(matches_bytes("-b", "a", "b"));
}

static void a_status_is_that_of_the_last_attempt(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("status:502", &event));
	assert_false(matches("status:4xx", &event));
	event.last_status = 0;
	assert_true(matches("status:none", &event));
	event.last_status = -1;
	assert_true(matches("status:failed", &event));
	assert_false(matches("status:none", &event));
}

static void undelivered_is_whatever_was_not_answered_2xx(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("is:undelivered is:repeat", &event));
	event.last_status = 204;
	event.repeat = 1;
	assert_false(matches("is:undelivered", &event));
	assert_false(matches("is:repeat", &event));
}

static void what_was_made_here_is_told_apart(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("is:received", &event));
	assert_false(matches("is:edited,sent", &event));
	event.origin = ORIGIN_EDITED;
	assert_true(matches("is:edited !is:received", &event));
	event.origin = ORIGIN_SENT;
	assert_true(matches("is:sent", &event));
}

static void words_are_searched_in_head_and_body(void **state) {
	(void)state;
	struct event event = an_event();
	struct filter *filter = filter_parse(span_text("provider:stripe"), NULL);
	assert_false(filter_needs_bytes(filter));
	filter_free(filter);
	filter = filter_parse(span_text("x provider:stripe"), NULL);
	assert_true(filter_needs_bytes(filter));
	assert_true(filter_matches_event(filter, &event));
	filter_free(filter);
	assert_true(matches_bytes("oRDer", "POST /Order HTTP/1.1", ""));
	assert_true(matches_bytes("\"order 42\"", "", "the ORDER 42 x"));
	assert_true(matches_bytes("a,b 12:30", "a,b", "12:30"));
	assert_false(matches_bytes("one two", "one", "three"));
}

static void what_is_wrong_is_said_with_what_is_right(void **state) {
	(void)state;
	assert_refused("provder:stripe",
		"filter term provder:stripe: unknown key \"provder\", did you mean \"provider\"?");
	assert_refused("x verdict:invald y",
		"filter term verdict:invald: unknown verdict \"invald\", did you mean \"invalid\"?");
	assert_refused("http://x",
		"filter term http://x: unknown key \"http\", there are endpoint, provider, method, type, "
		"path, verdict, status and is; a text with a colon needs quotes");
	assert_refused("is:red", "filter term is:red: unknown property \"red\", there are undelivered, "
							 "repeat, received, edited and sent");
	assert_refused("status:600", "filter term status:600: \"600\" is no status: expected one like "
								 "200 or 5xx, none or failed");
	assert_refused("!", "filter term !: a value is missing");
	assert_refused("type:a,", "filter term type:a,: a value is missing");
	assert_refused("\"a b", "filter term \"a: a quotation mark is not closed");
	static char endless[FILTER_MAX + 2];
	memset(endless, 'x', sizeof endless - 1);
	assert_refused(endless, "the filter is longer than 4096 bytes");
}

static bool fits(const char *pattern, const char *text) {
	struct glob *glob = glob_new(span_text(pattern), false);
	bool result = glob_matches(glob, span_text(text));
	glob_free(glob);
	return result;
}

static void stars_stand_for_any_run(void **state) {
	(void)state;
	assert_true(fits("*", ""));
	assert_true(fits("**", "abc"));
	assert_true(fits("a*c", "ac"));
	assert_true(fits("a*b*c", "a-b-b-c"));
	assert_true(fits("*b*", "abc"));
	assert_false(fits("ab*ba", "aba"));
	assert_false(fits("*aa*aa*", "aaa"));
	assert_true(fits("*aa*aa*", "aaaa"));
	assert_false(fits("", "a"));
	assert_true(fits("", ""));
	assert_false(fits("a*", "ba"));
	assert_false(fits("a*c*c", "abc"));
}

static void hostile_texts_take_linear_time(void **state) {
	(void)state;
	static char text[8 * 1024 * 1024], part[2000];
	memset(text, 'a', sizeof text);
	memset(part, 'a', sizeof part);
	part[sizeof part - 1] = 'b';
	struct needle *needle = needle_new((struct span){part, sizeof part}, true);
	size_t at;
	assert_false(needle_find(needle, (struct span){text, sizeof text}, &at));
	memcpy(text + 5000000, part, sizeof part);
	assert_true(needle_find(needle, (struct span){text, sizeof text}, &at));
	assert_int_equal(at, 5000000);
	needle_free(needle);
	struct glob *glob = glob_new(span_text("*a*a*a*a*a*a*a*a*a*a*c*d"), false);
	assert_false(glob_matches(glob, (struct span){text, sizeof text}));
	glob_free(glob);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_filter_matches_everything),
		cmocka_unit_test(facts_are_compared_whole_or_by_wildcard),
		cmocka_unit_test(values_of_a_list_are_alternatives),
		cmocka_unit_test(all_terms_must_hold),
		cmocka_unit_test(a_term_can_be_turned_around),
		cmocka_unit_test(a_status_is_that_of_the_last_attempt),
		cmocka_unit_test(undelivered_is_whatever_was_not_answered_2xx),
		cmocka_unit_test(what_was_made_here_is_told_apart),
		cmocka_unit_test(words_are_searched_in_head_and_body),
		cmocka_unit_test(what_is_wrong_is_said_with_what_is_right),
		cmocka_unit_test(stars_stand_for_any_run),
		cmocka_unit_test(hostile_texts_take_linear_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
