/* Tests of a handler as files: mistakes are told with their place, answers are judged, reports hold anything. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/glob.h"
#include "tests/unit/unit.h"
#include "tui/suite/suite_event.h"
#include "tui/suite/suite_report.h"

/* A folder with one.http and events.jsonl in it. */
static char folder[] = "/tmp/hookline-suite.XXXXXX";

static const char *path_of(const char *name) {
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	return path;
}

static void write_text(const char *name, const char *text) {
	FILE *file = fopen(path_of(name), "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static int make_folder(void **state) {
	(void)state;
	if (!mkdtemp(folder)) {
		return 1;
	}
	write_text("one.http", "POST /e/shop/orders?a=1 HTTP/1.1\r\nHost: x\r\n\r\n{}");
	write_text("plain.http", "GET /e HTTP/1.1\r\nHost: x\r\n\r\n");
	write_text("broken.http", "POST / HTTP/1.1\nHost: x\n\n");
	write_text("events.jsonl",
		"{\"ref\":\"shop#1\",\"path_offset\":7,\"head_b64\":"
		"\"UE9TVCAvZS9zaG9wL2EgSFRUUC8xLjENCkhvc3Q6IHgNCg0K\",\"body_b64\":\"YWJj\"}\n"
		"{\"ref\":\"shop#2\",\"head_b64\":\"R0VUIC8gSFRUUC8xLjENCkhvc3Q6IHgNCg0K\",\"body_b64\":"
		"\"\"}\n");
	return 0;
}

static int remove_folder(void **state) {
	static const char *const names[] = {
		"one.http", "plain.http", "broken.http", "events.jsonl", "wrong.jsonl", "t.yaml"};
	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		unlink(path_of(names[i]));
	}
	return rmdir(folder);
}

static struct suite *load(const char *text, struct error *err) {
	write_text("t.yaml", text);
	return suite_load(path_of("t.yaml"), err);
}

/* `place` is "3:12". */
static void refused(const char *text, const char *place, const char *why) {
	struct error err = {0};
	char begin[300];
	assert_null(load(text, &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	snprintf(begin, sizeof begin, "%s:%s: ", path_of("t.yaml"), place);
	if (strncmp(err.text, begin, strlen(begin)) != 0 || !strstr(err.text, why)) {
		fail_msg("told: %s", err.text);
	}
}

/* --- the format --- */

static void a_test_says_what_is_sent_and_expected(void **state) {
	(void)state;
	struct error err = {0};
	struct suite *suite = load("name: shop\n"
							   "to: localhost:3000\n"
							   "sign: {provider: stripe, secret_file: keys/live.key}\n"
							   "steps:\n"
							   "  - event: one.http\n"
							   "  - {event: events.jsonl, ref: 'shop#1', sign: as-received, "
							   "repeat: 3, path: /x?y=1,\n"
							   "     expect: {status: [200, 3xx], within: 250ms}}\n",
		&err);
	assert_non_null(suite);
	assert_string_equal(suite->name, "shop");
	assert_string_equal(suite->to, "localhost:3000");
	assert_int_equal(suite->step_count, 2);
	const struct suite_step *first = &suite->steps[0], *second = &suite->steps[1];
	assert_string_equal(first->signing->provider, "stripe");
	char key[300];
	snprintf(key, sizeof key, "%s/keys/live.key", folder);
	assert_string_equal(first->signing->secret_file, key);
	assert_int_equal(first->repeat, 1);
	assert_int_equal(first->expect.status[0].most, 299);
	assert_null(second->signing);
	assert_int_equal(second->repeat, 3);
	assert_string_equal(second->ref, "shop#1");
	assert_int_equal(second->expect.status_count, 2);
	assert_int_equal(second->expect.status[1].least, 300);
	assert_int_equal(second->expect.within_ms, 250);
	suite_free(suite);
}

static void mistakes_are_told_with_their_place(void **state) {
	(void)state;
	refused("", "1:1", "expected a test");
	refused("stops: []\n", "1:1", "did you mean \"steps\"?");
	refused("steps: []\n", "1:8", "expected a list of steps");
	refused("steps:\n  - name: x\n", "2:5", "event: FILE");
	refused("steps:\n  - event: none.http\n", "2:12", "No such file");
	refused("steps:\n  - event: broken.http\n", "2:12", "no empty line with CR LF");
	refused("steps:\n  - event: events.jsonl\n    ref: shop#9\n", "2:12", "no event shop#9");
	refused("steps:\n  - event: one.http\n    ref: shop#9\n", "2:12", "`ref` is for files");
	refused("steps:\n  - event: one.http\n    path: x\n", "3:11", "begins with /");
	refused("steps:\n  - event: one.http\n    path: /a b\n", "3:11", "percent-encoded");
	refused("steps:\n  - event: one.http\n    repeat: 0\n", "3:13", "");
	refused("sign: anew\nsteps:\n  - event: one.http\n", "1:7", "expected as-received");
	refused("sign: {provider: stripe}\nsteps:\n  - event: one.http\n", "1:7", "secret_file");
}

static void mistakes_in_what_is_expected_are_told_too(void **state) {
	static const struct {
		const char *expect, *column, *why;
	} cases[] = {
		{"200", "3:13", "expected a map"},
		{"{statu: 200}", "3:14", "did you mean \"status\"?"},
		{"{status: 20}", "3:22", "such as 200, 2xx or [200, 202]"},
		{"{status: []}", "3:22", "at least one"},
		{"{status: [200, yes]}", "3:28", "such as 200"},
		{"{json: {ok: true}}", "3:21", "such as .order.items.0.id"},
		{"{json: {.a..b: true}}", "3:21", "such as .order"},
		{"{json: {.ok: [1]}}", "3:26", "expected one value"},
		{"{headers: {X: [1]}}", "3:27", "a header's value"},
		{"{within: 5}", "3:22", ""},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[256];
		snprintf(
			text, sizeof text, "steps:\n  - event: one.http\n    expect: %s\n", cases[i].expect);
		refused(text, cases[i].column, cases[i].why);
	}
}

/* --- events --- */

static bool append_event(void *data, const struct suite_event *event) {
	struct buffer *out = data;
	buffer_printf(out, "%.*s %zu %zu+%zu\n", (int)event->name.len, event->name.data,
		event->path_offset, event->head.len, event->body.len);
	return true;
}

static void events_are(const char *file, const char *ref, const char *expected) {
	struct buffer out = {0};
	struct error err = {0};
	bool ok = suite_event_each(path_of(file), ref, append_event, &out, &err);
	assert_string_equal(ok ? buffer_text(&out) : err.text, expected);
	buffer_clear(&out);
}

static void events_are_read_as_they_were_recorded(void **state) {
	(void)state;
	events_are("one.http", NULL, "one.http 7 45+2\n");
	events_are("plain.http", NULL, "plain.http 0 28+0\n");
	events_are("events.jsonl", NULL, "shop#1 7 36+3\nshop#2 0 27+0\n");
	events_are("events.jsonl", "shop#2", "shop#2 0 27+0\n");
}

static void a_wrong_line_of_an_export_is_told_by_its_number(void **state) {
	static const char *const lines[] = {"{\"ref\":\"a#1\"}", "nonsense",
		"{\"ref\":\"a#1\",\"head_b64\":\"!\",\"body_b64\":\"\"}",
		"{\"ref\":\"a\",\"path_offset\":99,\"head_b64\":\"\",\"body_b64\":\"\"}"};
	(void)state;
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		char text[256], begin[300];
		struct buffer out = {0};
		struct error err = {0};
		snprintf(text, sizeof text, "\n%s\n", lines[i]);
		write_text("wrong.jsonl", text);
		snprintf(begin, sizeof begin, "%s:2: ", path_of("wrong.jsonl"));
		assert_false(suite_event_each(path_of("wrong.jsonl"), NULL, append_event, &out, &err));
		assert_int_equal(strncmp(err.text, begin, strlen(begin)), 0);
		buffer_clear(&out);
	}
}

/* --- judging --- */

/* The failures of an answer, a line each; "" when it passes. */
static void judged(const char *expect, struct suite_answer answer, const char *expected) {
	char text[512];
	struct error err = {0};
	struct buffer out = {0};
	struct suite_failures failures = {0};
	snprintf(text, sizeof text, "steps:\n  - event: one.http\n    expect: %s\n", expect);
	struct suite *suite = load(text, &err);
	if (!suite) {
		fail_msg("%s", err.text);
		return;
	}
	answer.connected = true;
	answer.status = answer.status ? answer.status : 200;
	answer.body_total = answer.body_total ? answer.body_total : (int64_t)answer.body.len;
	enum suite_outcome outcome = suite_judge(&suite->steps[0], &answer, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		buffer_printf(&out, "%s\n", failures.items[i].text);
	}
	assert_string_equal(buffer_text(&out), expected);
	assert_int_equal(outcome, *expected ? SUITE_FAILED : SUITE_PASSED);
	buffer_clear(&out);
	suite_failures_clear(&failures);
	suite_free(suite);
}

static void a_status_is_judged(void **state) {
	(void)state;
	judged("{}", (struct suite_answer){.status = 204}, "");
	judged("{}", (struct suite_answer){.status = 302}, "the status is 302, not 2xx\n");
	judged("{status: [200, 202, 4xx]}", (struct suite_answer){.status = 499}, "");
	judged("{status: [200, 202, 4xx]}", (struct suite_answer){.status = 201},
		"the status is 201, not 200, 202 or 4xx\n");
}

static struct suite_answer with_body(const char *body) {
	return (struct suite_answer){.body = span_text(body)};
}

static void values_of_json_are_judged(void **state) {
	static const char body[] =
		"{\"ok\":true,\"n\":1.0,\"s\":\"\\u00fc\",\"z\":null,\"a\":[{\"id\":\"7\"}],\"big\":"
		"9007199254740993}";
	(void)state;
	judged("{json: {.ok: true, .n: 1, .s: \xc3\xbc, .z: null, .a.0.id: '7'}}", with_body(body), "");
	judged("{json: {.a.0.id: 7}}", with_body(body), ".a.0.id is \"7\", not 7\n");
	judged("{json: {.n: '1'}}", with_body(body), ".n is 1.0, not \"1\"\n");
	judged("{json: {.ok: false, .none: 1}}", with_body(body),
		".ok is true, not false\nthe answer has no .none\n");
	judged("{json: {.ok: yes}}", with_body(body), ".ok is true, not \"yes\"\n");
	judged("{json: {.ok: true}}", with_body("<html>"), "the answer is no JSON\n");
	judged("{json: {.ok: true}}",
		(struct suite_answer){.body = span_text("{"), .body_total = 4000000},
		"the answer is too long to be looked at: 4000000 bytes\n");
}

static void a_text_of_the_body_is_judged(void **state) {
	(void)state;
	judged("{body: thanks}", with_body("many thanks"), "");
	judged("{body: Thanks}", with_body("many thanks"), "the answer does not hold \"Thanks\"\n");
}

static void headers_are_judged(void **state) {
	static const char head[] =
		"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\nX-A: 1\r\nx-a:  2 \r\nodd\r\n"
		"X-Empty:\r\n\r\n";
	struct suite_answer answer = {.head = span_text(head)};
	(void)state;
	judged(
		"{headers: {content-type: text/html*, X-A: '2', X-Empty: '', X-None: null}}", answer, "");
	judged("{headers: {X-A: '3'}}", answer, "X-A is \"2\", not \"3\"\n");
	judged("{headers: {X-None: '*'}}", answer, "there is no header X-None\n");
	judged("{headers: {X-A: ~}}", answer, "there is a header X-A\n");
}

static void the_time_is_judged(void **state) {
	(void)state;
	judged("{within: 20ms}", (struct suite_answer){.took_us = 20000}, "");
	judged("{within: 20ms}", (struct suite_answer){.took_us = 20100},
		"it took 20.1 ms, not 20 ms or less\n");
}

static void no_answer_fails_and_no_app_is_told_apart(void **state) {
	struct suite_step step = {.place = {2, 5}};
	struct suite_failures failures = {0};
	struct suite_answer answer = {.connected = true, .error = span_text("timed out")};
	(void)state;
	assert_int_equal(suite_judge(&step, &answer, &failures), SUITE_FAILED);
	assert_string_equal(failures.items[0].text, "no whole answer: timed out");
	answer.connected = false;
	assert_int_equal(suite_judge(&step, &answer, &failures), SUITE_UNREACHABLE);
	suite_failures_clear(&failures);
}

/* --- reports --- */

static struct suite_results hostile_results(struct suite *suite, struct suite_step *step) {
	struct suite_results results = {0};
	struct suite_result *result = suite_results_add(&results);
	struct suite_failure *failure = calloc(1, sizeof *failure);
	*failure = (struct suite_failure){{3, 7}, strdup("is \"<b>&\x01\xff\"\n]]>")};
	*result = (struct suite_result){.suite = suite,
		.step = step,
		.event = strdup("shop#1"),
		.run = 1,
		.runs = 2,
		.outcome = SUITE_FAILED,
		.status = 500,
		.took_us = 1234567,
		.failures = {failure, 1}};
	buffer_append_text(&result->excerpt, "\x1b[2J & <x>");
	suite_results_count(&results, SUITE_FAILED);
	result = suite_results_add(&results);
	*result = (struct suite_result){.suite = suite,
		.step = step,
		.event = strdup("shop#2"),
		.several = true,
		.run = 2,
		.runs = 2,
		.status = 200,
		.took_us = 12};
	suite_results_count(&results, SUITE_PASSED);
	return results;
}

static void a_report_in_xml_holds_anything(void **state) {
	struct suite suite = {.file = "t.yaml", .name = "a \"b\" <c>"};
	struct suite_step step = {.place = {2, 5}, .name = "it's & so"};
	struct buffer out = {0};
	(void)state;
	struct suite_results results = hostile_results(&suite, &step);
	suite_report_junit(&out, &results);
	assert_string_equal(buffer_text(&out),
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
		"<testsuites name=\"hookline\" tests=\"2\" failures=\"1\" errors=\"0\">\n"
		"<testsuite name=\"a &quot;b&quot; &lt;c&gt;\" tests=\"2\" failures=\"1\" errors=\"0\" "
		"time=\"1.234579\">\n"
		"<testcase classname=\"a &quot;b&quot; &lt;c&gt;\" name=\"it's &amp; so (1 of 2)\" "
		"file=\"t.yaml\" line=\"2\" time=\"1.234567\">\n"
		"<failure type=\"failed\" message=\"is &quot;&lt;b&gt;&amp;\\x01\\xff&quot;&#10;]]&gt;\">"
		"t.yaml:3:7: is &quot;&lt;b&gt;&amp;\\x01\\xff&quot;&#10;]]&gt;&#10;</failure>\n"
		"<system-out>\\x1b[2J &amp; &lt;x&gt;</system-out>\n"
		"</testcase>\n"
		"<testcase classname=\"a &quot;b&quot; &lt;c&gt;\" name=\"it's &amp; so [shop#2] (2 of "
		"2)\" file=\"t.yaml\" line=\"2\" time=\"0.000012\"/>\n"
		"</testsuite>\n</testsuites>\n");
	suite_results_clear(&results);
	buffer_clear(&out);
}

static void a_report_in_lines_is_safe_on_a_terminal(void **state) {
	struct suite suite = {.file = "t.yaml"};
	struct suite_step step = {.place = {2, 5}};
	struct buffer out = {0};
	(void)state;
	struct suite_results results = hostile_results(&suite, &step);
	suite_report_line(&out, &results.items[0], 0);
	suite_report_end(&out, &results);
	assert_string_equal(buffer_text(&out), "  FAIL  shop#1 (1 of 2)  500  1.2 s\n"
										   "        t.yaml:3:7: is \"<b>&\\x01\\xff\"\\x0a]]>\n"
										   "        the answer: \\x1b[2J & <x>\n"
										   "1 passed, 1 failed\n");
	buffer_reset(&out);
	suite_report_json(&out, &results.items[1]);
	assert_string_equal(buffer_text(&out),
		"{\"file\":\"t.yaml\",\"line\":2,\"name\":\"shop#2 (2 of 2)\",\"event\":\"shop#2\","
		"\"run\":2,\"outcome\":\"passed\",\"status\":200,\"took_us\":12,\"failures\":[]}\n");
	suite_results_clear(&results);
	buffer_clear(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_test_says_what_is_sent_and_expected),
		cmocka_unit_test(mistakes_are_told_with_their_place),
		cmocka_unit_test(mistakes_in_what_is_expected_are_told_too),
		cmocka_unit_test(events_are_read_as_they_were_recorded),
		cmocka_unit_test(a_wrong_line_of_an_export_is_told_by_its_number),
		cmocka_unit_test(a_status_is_judged),
		cmocka_unit_test(values_of_json_are_judged),
		cmocka_unit_test(a_text_of_the_body_is_judged),
		cmocka_unit_test(headers_are_judged),
		cmocka_unit_test(the_time_is_judged),
		cmocka_unit_test(no_answer_fails_and_no_app_is_told_apart),
		cmocka_unit_test(a_report_in_xml_holds_anything),
		cmocka_unit_test(a_report_in_lines_is_safe_on_a_terminal),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
