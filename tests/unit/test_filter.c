/* A filter says what it means, and what it does not understand. */
#include <stdio.h>
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
	struct error err = {0};
	struct event event = an_event();
	struct filter *filter = filter_parse(span_text(text), &err);
	if (!filter) {
		fail_msg("%s", err.text);
	}
	bool result = filter_matches_bytes(filter, &event, span_text(head), span_text(body));
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

static void or_makes_alternatives_of_what_stands_beside_it(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("provider:github or provider:stripe", &event));
	assert_true(matches("provider:github verdict:valid or provider:stripe", &event));
	assert_false(matches("provider:stripe (verdict:valid or status:200)", &event));
	assert_true(matches("provider:stripe (verdict:valid OR status:502)", &event));
	assert_true(matches("provider:stripe and verdict:invalid", &event));
	assert_true(matches("((endpoint:shop))", &event));
	assert_true(matches("(type:charge.failed or(endpoint:x))", &event));
	assert_false(matches("(endpoint:x)or(type:x)", &event));
}

static void a_parenthesis_can_be_turned_around(void **state) {
	(void)state;
	struct event event = an_event();
	assert_false(matches("-(provider:stripe or provider:github)", &event));
	assert_true(matches("-(provider:github or verdict:valid)", &event));
	assert_true(matches("!(provider:stripe verdict:valid)", &event));
	assert_true(matches("!(!provider:stripe)", &event));
	assert_true(matches("-(a -(provider:stripe))", &event));
}

static void words_that_mean_something_are_searched_for_in_quotes(void **state) {
	(void)state;
	assert_true(matches_bytes("\"or\" \"and\" orders", "", "or and orders"));
	assert_false(matches_bytes("\"or\"", "", "and"));
	assert_true(matches_bytes("\"(a)\" \".b\"", "", "(a) .b"));
	assert_true(matches_bytes("charge(x)", "", "charge(x)"));
}

static void facts_and_text_are_decided_together(void **state) {
	(void)state;
	struct event event = an_event();
	/* the facts leave it open, so that the text has to be looked at */
	assert_true(matches("provider:github or needle", &event));
	assert_true(matches_bytes("provider:github or needle", "", "a needle"));
	assert_false(matches_bytes("provider:github or needle", "", "hay"));
	assert_true(matches_bytes("provider:stripe or needle", "", "hay"));
	assert_false(matches("provider:github needle", &event));
	assert_true(matches_bytes("-(provider:github needle)", "", "a needle"));
	assert_false(matches_bytes("-(provider:stripe needle)", "", "a needle"));
}

static void a_header_is_found_by_name_and_value(void **state) {
	(void)state;
	const char *head =
		"POST /a:b HTTP/1.1\r\nHost: x\r\nX-Kind:  order.Made \r\nX-kind: two\r\nX-Empty:\r\n\r\n";
	assert_true(matches_bytes("header:x-kind=order.Made", head, ""));
	assert_true(matches_bytes("header:X-KIND=two", head, ""));
	assert_false(matches_bytes("header:x-kind=order.made", head, ""));
	assert_true(matches_bytes("header:x-kind=order.*,other", head, ""));
	assert_true(matches_bytes("header:x-*=t*o", head, ""));
	assert_true(matches_bytes("header:x-empty -header:x-full", head, ""));
	assert_true(matches_bytes("header:x-empty=\"\"", head, ""));
	assert_false(matches_bytes("header:x-kind=\"\"", head, ""));
	assert_false(matches_bytes("header:POST*", head, ""));
	assert_false(matches_bytes("header:x-kind", "POST / HTTP/1.1\r\n\r\n", "X-Kind: order\r\n"));
	assert_true(matches_bytes("(header:x-kind or header:y)", head, ""));
}

static void a_value_in_the_json_of_the_body_is_found_by_its_path(void **state) {
	(void)state;
	const char *body =
		"{\"data\":{\"items\":[{\"id\":42},{\"id\":9007199254740993}],\"name\":\"a \\\"b\\\"\","
		"\"on\":true,\"none\":null,\"kind\":\"one\",\"kind\":\"two\"}}";
	assert_true(matches_bytes(".data.items[0].id=42", "", body));
	assert_true(matches_bytes(".data.items.1.id=9007199254740993", "", body));
	assert_false(matches_bytes(".data.items[1].id=9007199254740992", "", body));
	assert_true(matches_bytes(".data.on=true .data.none=null", "", body));
	assert_true(matches_bytes(".data.name=\"a*\"", "", body));
	assert_true(matches_bytes(".data.kind=two", "", body));
	assert_false(matches_bytes(".data.kind=one", "", body));
	assert_true(matches_bytes(".data.kind=one,two", "", body));
	assert_true(matches_bytes(".data.items -.data.other", "", body));
	assert_false(matches_bytes(".data.items=*", "", body));
	assert_false(matches_bytes(".a=1", "", "no json"));
	assert_true(matches_bytes("(.a=1 or .b=2)", "", "{\"b\":2}"));
}

static void patterns_fit_somewhere(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("type~\"^charge\\.(failed|refunded)$\" path~^/orders/\\d+$", &event));
	assert_false(matches("type~^failed", &event));
	assert_true(matches("provider~^str endpoint~op -method~GET", &event));
	assert_true(matches_bytes("body~foo", "", "a foo b"));
	assert_false(matches_bytes("body~foo", "foo", "bar"));
	assert_true(matches_bytes("body~\"a {1,3}b\"", "", "a  b"));
	assert_true(matches_bytes("body~a{1,2}", "", "xaa"));
	assert_true(matches_bytes("body~\"\\\"id\\\": *\\d+\"", "", "{\"id\": 42}"));
	assert_true(matches_bytes("(body~a|b or x)", "", "b"));
	assert_true(matches_bytes("body~(a|b)c", "", "bc"));
	assert_true(matches_bytes("body:FOO", "", "a foo"));
	assert_false(matches_bytes("body:FOO", "foo", ""));
	const char *head = "POST / HTTP/1.1\r\nX-Kind: order.Made \r\n\r\n";
	assert_true(matches_bytes("header:x-kind~^order\\.", head, ""));
	assert_false(matches_bytes("header:x-kind~^made", head, ""));
	assert_true(matches_bytes(".data.id~^4", "", "{\"data\":{\"id\":42}}"));
	assert_false(matches_bytes(".data.id~^2", "", "{\"data\":{\"id\":42}}"));
}

static void a_quotation_mark_in_quotes_has_a_backslash(void **state) {
	(void)state;
	assert_true(matches_bytes("\"\\\"id\\\": 4\"", "", "{\"id\": 42}"));
	assert_true(matches_bytes("\"a\\b c\"", "", "a\\b c"));
	assert_int_equal(filter_quoted_len(span_text("\"a\\\" b\" c")), 7);
	assert_int_equal(filter_quoted_len(span_text("\"a\\\"")), 0);
	assert_int_equal(filter_quoted_len(span_text("\"")), 0);
}

static void a_bare_duplicate_is_a_repeat(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("duplicate is:duplicate", &event));
	assert_false(matches("-duplicate", &event));
	assert_true(matches("(provider:x or duplicate)", &event));
	event.repeat = 1;
	assert_false(matches("duplicate", &event));
	assert_true(matches_bytes("\"duplicate\" duplicated", "", "a duplicated key"));
}

static void a_bare_marked_is_an_event_that_somebody_marked(void **state) {
	(void)state;
	struct event event = an_event();
	assert_false(matches("marked", &event));
	assert_true(matches("-marked !is:marked", &event));
	event.annotation.marked = true;
	assert_true(matches("marked is:marked", &event));
	assert_true(matches_bytes("\"marked\"", "", "a marked event"));
}

static void sizes_and_ages_are_compared(void **state) {
	(void)state;
	const int64_t hour = INT64_C(3600) * 1000000000;
	struct event event = an_event();
	event.body_len = 10000;
	assert_true(matches("size:10000 size:10k size:>=10k size:<=10k", &event));
	assert_false(matches("size:<10k", &event));
	assert_false(matches("size:>10k", &event));
	assert_true(matches("size:>9KiB,0", &event));
	event.received_at_ns = 10 * hour;
	struct filter *filter = filter_parse(span_text("age:<2h -age:<1h"), NULL);
	filter_set_now(filter, 11 * hour + 1);
	assert_true(filter_matches_event(filter, &event));
	filter_set_now(filter, 12 * hour);
	assert_false(filter_matches_event(filter, &event));
	filter_set_now(filter, 9 * hour); /* a clock that is behind */
	assert_false(filter_matches_event(filter, &event));
	filter_free(filter);
}

static void spans_of_time_that_stand_beside_each_other_share_no_event(void **state) {
	(void)state;
	struct event event = an_event();
	event.received_at_ns = INT64_C(1767225590) * 1000000000; /* 2025-12-31T23:59:50Z */
	assert_true(matches("since:2025-12-31T23:59:50Z until:2025-12-31T23:59:51Z", &event));
	assert_true(matches("since:1767225589.5", &event));
	assert_false(matches("since:1767225590.5", &event));
	assert_false(matches("until:1767225590", &event));
	assert_refused("since:noon", "filter column 7: \"noon\" is no moment: expected one like "
								 "2026-11-21T03:43:41Z, or seconds since 1970");
}

static void events_of_no_known_provider_or_type_are_found(void **state) {
	(void)state;
	struct event event = an_event();
	assert_false(matches("provider:\"\"", &event));
	event.provider = event.type = (struct span){0};
	assert_true(matches("provider:\"\" type:\"\"", &event));
}

static bool leaves_open(const char *text, const struct event *group) {
	struct filter *filter = filter_parse(span_text(text), NULL);
	assert_non_null(filter);
	bool open = filter_may_match(filter, group);
	assert_true(filter_narrows(filter) || open);
	filter_free(filter);
	return open;
}

static void a_group_is_left_out_only_when_none_of_it_can_match(void **state) {
	(void)state;
	const struct event group = {.provider = span_text("stripe"),
		.endpoint = span_text("shop"),
		.verdict = VERDICT_VALID,
		.last_status = 200};
	assert_false(leaves_open("provider:github x", &group));
	assert_true(leaves_open("provider:github or x", &group));
	assert_true(leaves_open("provider:github or type:x", &group));
	assert_false(leaves_open("provider:github or verdict:invalid x", &group));
	assert_false(leaves_open("-(provider:stripe or x)", &group));
	assert_true(leaves_open("-(provider:stripe x)", &group));
	assert_false(leaves_open("(is:undelivered or status:5xx) type:x", &group));
	assert_true(leaves_open("is:undelivered,repeat", &group));
	assert_true(leaves_open("header:a=b .c=d size:>1 age:<1h", &group));
	assert_true(leaves_open("", &group));
}

static bool wants_marked(const char *text) {
	struct error err = {0};
	struct filter *filter = filter_parse(span_text(text), &err);
	assert_string_equal(err.text, "");
	bool wants = filter_wants_marked(filter);
	filter_free(filter);
	return wants;
}

static void only_marked_ones_are_wanted_when_nothing_else_can_match(void **state) {
	(void)state;
	assert_true(wants_marked("marked"));
	assert_true(wants_marked("is:marked provider:stripe order:42 text"));
	assert_true(wants_marked("marked type:a or marked type:b"));
	assert_true(wants_marked("-(-marked or type:a)"));
	assert_false(wants_marked(""));
	assert_false(wants_marked("-marked"));
	assert_false(wants_marked("marked or type:a"));
	assert_false(wants_marked("is:marked,repeat"));
	assert_false(wants_marked("\"marked\""));
}

static void what_is_wrong_is_said_with_what_is_right(void **state) {
	(void)state;
	assert_refused(
		"provder:stripe", "filter column 1: unknown key \"provder\", did you mean \"provider\"?");
	assert_refused("\u00e9 verdict:valid,invald y",
		"filter column 17: unknown verdict \"invald\", did you mean \"invalid\"?");
	assert_refused("http://x",
		"filter column 1: unknown key \"http\", there are endpoint, provider, method, type, "
		"path, verdict, status, is, header, age, size, since, until and body; a text with a colon "
		"needs quotes");
	assert_refused("is:red", "filter column 4: unknown property \"red\", there are undelivered, "
							 "repeat, received, edited, sent, duplicate and marked");
	assert_refused("status:600", "filter column 8: \"600\" is no status: expected one like "
								 "200 or 5xx, none or failed");
	assert_refused("!", "filter column 2: a value is missing");
	assert_refused("type:a,", "filter column 8: a value is missing");
	assert_refused("\"a b", "filter column 1: a quotation mark is not closed");
	static char endless[FILTER_MAX + 2];
	memset(endless, 'x', sizeof endless - 1);
	assert_refused(endless, "the filter is longer than 4096 bytes");
}

static void what_is_wrong_with_newer_terms_is_said(void **state) {
	(void)state;
	assert_refused("a (b", "filter column 3: a parenthesis is not closed");
	assert_refused("a )",
		"filter column 3: there is no ( for this ); a text with parentheses needs "
		"quotes");
	assert_refused("a ( )", "filter column 5: nothing stands between the parentheses");
	const char *beside =
		"something is missing beside \"or\"; to search for the word, put it in quotes";
	char text[200];
	snprintf(text, sizeof text, "filter column 1: %s", beside);
	assert_refused("or a", text);
	snprintf(text, sizeof text, "filter column 5: %s", beside);
	assert_refused("a or", text);
	assert_refused("header:=x",
		"filter column 8: expected the name of a header: header:NAME or header:NAME=VALUE");
	assert_refused("header:a=", "filter column 10: a value is missing");
	assert_refused("age:1h",
		"filter column 5: \"1h\" is no age: expected < or > and a time such as "
		"90s, 1h or 7d");
	assert_refused("size:>10x",
		"filter column 6: \">10x\" is no size: expected < or > and a number "
		"such as 512, 10k or 1MiB");
	assert_refused(".a..b=1", "filter column 1: expected names between dots such as "
							  ".data.items[0].id=42; a text with a dot in front needs quotes");
	char deep[FILTER_DEPTH_MAX + 2];
	memset(deep, '(', sizeof deep);
	deep[sizeof deep - 1] = '\0';
	assert_refused(deep, "filter column 33: more than 32 parentheses in each other");
}

static void what_is_wrong_with_patterns_is_said(void **state) {
	(void)state;
	assert_refused("a body~(", "filter column 8: pattern character 2: a ( is not closed; to search "
							   "for one, write \\(");
	assert_refused("body~", "filter column 6: a pattern is missing behind the ~");
	assert_refused("status~5",
		"filter column 1: no pattern can stand behind this key; body~, path~ "
		"and type~ take one");
	assert_refused("bdy~x", "filter column 1: unknown key \"bdy\", did you mean \"body\"?");
	assert_refused("body~1 body~2 body~3 body~4 body~5 body~6 body~7 body~8 body~9",
		"filter column 62: more than 8 patterns");
}

static void every_beginning_of_a_filter_is_read_or_refused(void **state) {
	(void)state;
	struct event event = an_event();
	const char *text =
		"provider:stripe type:invoice.* verdict:invalid status:5xx age:<1h size:>10k method:GET "
		"path:/hooks/* header:x-id=4*2,\"a b\" body~\"(?i)f+o{2,3}[^a-c]\\\"\" .data.object.id=42 "
		"duplicate "
		"endpoint:a,b -type:ping (a or b) !(c -(d or e)) since:2026-11-21T03:43:41Z \"quo\\\"ted\"";
	struct span all = span_text(text);
	for (size_t len = 0; len <= all.len; len++) {
		struct error err = {0};
		struct filter *filter = filter_parse((struct span){text, len}, &err);
		assert_true(filter != NULL || err.code == ERROR_USAGE);
		if (filter) {
			filter_matches_event(filter, &event);
			filter_matches_bytes(filter, &event, all, all);
		}
		assert_true(len < all.len || filter != NULL);
		filter_free(filter);
	}
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

static struct event an_event_with_keys(void) {
	struct event event = an_event();
	static const char keys[] = "order\0"
							   "42\0"
							   "customer\0"
							   "c 9\0"
							   "shop-id\0"
							   "42";
	event.keys = (struct span){keys, sizeof keys};
	return event;
}

static void business_keys_are_asked_for_by_name(void **state) {
	(void)state;
	struct event event = an_event_with_keys();
	assert_true(matches("order:42", &event));
	assert_true(matches("Order:41,42", &event));
	assert_true(matches("customer:\"c 9\"", &event));
	assert_true(matches("customer:c* -order:43", &event));
	assert_true(matches("order~^4.$", &event));
	assert_true(matches("key:42 key.shop-id:42", &event));
	assert_false(matches("customer:42", &event));
	assert_false(matches("order:4", &event));
	assert_false(matches("-order:42", &event));
	assert_refused("order:", "filter column 7: a value is missing");
	assert_refused("ordr:42",
		"filter column 1: unknown key \"ordr\", there are endpoint, provider, method, type, path, "
		"verdict, status, is, header, age, size, since, until and body; a text with a colon needs "
		"quotes");
}

/* Bytes tell nothing of keys: who knows them fills them in first. */
static void keys_that_are_not_known_leave_it_open(void **state) {
	(void)state;
	struct event event = an_event();
	assert_true(matches("order:42", &event));
	assert_true(matches("-order:42", &event));
	assert_false(matches("order:42 provider:github", &event));
	assert_false(matches_bytes("order:42", "", "{\"order\":42}"));
	assert_true(matches_bytes("-order:42", "", ""));
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
		cmocka_unit_test(or_makes_alternatives_of_what_stands_beside_it),
		cmocka_unit_test(a_parenthesis_can_be_turned_around),
		cmocka_unit_test(words_that_mean_something_are_searched_for_in_quotes),
		cmocka_unit_test(facts_and_text_are_decided_together),
		cmocka_unit_test(a_header_is_found_by_name_and_value),
		cmocka_unit_test(a_value_in_the_json_of_the_body_is_found_by_its_path),
		cmocka_unit_test(patterns_fit_somewhere),
		cmocka_unit_test(a_quotation_mark_in_quotes_has_a_backslash),
		cmocka_unit_test(a_bare_duplicate_is_a_repeat),
		cmocka_unit_test(a_bare_marked_is_an_event_that_somebody_marked),
		cmocka_unit_test(sizes_and_ages_are_compared),
		cmocka_unit_test(spans_of_time_that_stand_beside_each_other_share_no_event),
		cmocka_unit_test(events_of_no_known_provider_or_type_are_found),
		cmocka_unit_test(a_group_is_left_out_only_when_none_of_it_can_match),
		cmocka_unit_test(only_marked_ones_are_wanted_when_nothing_else_can_match),
		cmocka_unit_test(what_is_wrong_is_said_with_what_is_right),
		cmocka_unit_test(what_is_wrong_with_newer_terms_is_said),
		cmocka_unit_test(what_is_wrong_with_patterns_is_said),
		cmocka_unit_test(every_beginning_of_a_filter_is_read_or_refused),
		cmocka_unit_test(stars_stand_for_any_run),
		cmocka_unit_test(hostile_texts_take_linear_time),
		cmocka_unit_test(business_keys_are_asked_for_by_name),
		cmocka_unit_test(keys_that_are_not_known_leave_it_open),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
