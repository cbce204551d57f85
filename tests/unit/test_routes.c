/* A table of routes reads what people write, says what is wrong with it, and knows where an event goes. */
#include <stdio.h>
#include <string.h>

#include "common/header_lines.h"
#include "tests/unit/unit.h"
#include "tui/routes.h"

static void add(struct routes *routes, const char *line) {
	struct error err = {0};
	if (!routes_add(routes, span_text(line), false, &err)) {
		fail_msg("%s: %s", line, err.text);
	}
}

static void assert_refused(const char *line, const char *reason) {
	struct routes routes = {0};
	struct error err = {0};
	assert_false(routes_add(&routes, span_text(line), false, &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_string_equal(err.text, reason);
	assert_int_equal(routes.count, 0);
	routes_clear(&routes);
}

/* "name name": the routes the event takes. */
static void assert_takes(
	const struct routes *routes, const struct event *event, const char *body, const char *names) {
	const struct route *picked[ROUTE_TARGETS_MAX];
	struct buffer said = {0};
	size_t count = routes_pick(routes, event, span_text("POST / HTTP/1.1\r\nX-Kind: order\r\n\r\n"),
		span_text(body), 0, picked);
	for (size_t i = 0; i < count; i++) {
		buffer_append_text(&said, i > 0 ? " " : "");
		route_append_name(&said, routes, picked[i]);
	}
	assert_string_equal(buffer_text(&said), names);
	buffer_clear(&said);
}

static const struct event stripe = {
	.provider = {"stripe", 6}, .type = {"invoice.paid", 12}, .endpoint = {"default", 7}};
static const struct event github = {.provider = {"github", 6}, .endpoint = {"default", 7}};

static void a_line_says_filter_target_and_options(void **state) {
	(void)state;
	struct routes routes = {0};
	add(&routes, "provider:stripe type:\"a => b\" => localhost:3000/hooks?a=b "
				 "name=\"the one\" path=replaced host=kept "
				 "header=\"X-Env: dev \\\"x\\\"\" timeout=1500ms "
				 "connect_timeout=1s concurrency=4 order=kept insecure "
				 "retry=\"5s,30s @60x\" disabled");
	const struct route *route = &routes.list[0];
	assert_string_equal(route->filter_text, "provider:stripe type:\"a => b\"");
	assert_string_equal(route->target.url, "http://localhost:3000/hooks?a=b");
	assert_string_equal(route->name, "the one");
	assert_int_equal(route->path, TARGET_PATH_REPLACED);
	assert_true(route->keep_host);
	assert_string_equal(buffer_text(&routes.list[0].headers), "X-Env: dev \"x\"\r\n");
	assert_int_equal(route->total_ms, 1500);
	assert_int_equal(route->connect_ms, 1000);
	assert_int_equal(route->concurrency, 4);
	assert_true(route->ordered && route->insecure && route->disabled && !route->anywhere);
	assert_string_equal(route->retry, "5s,30s @60x");
	routes_clear(&routes);
}

static void the_shortest_line_is_a_port(void **state) {
	(void)state;
	struct routes routes = {0};
	add(&routes, "=>3000");
	assert_string_equal(routes.list[0].target.url, "http://127.0.0.1:3000");
	assert_string_equal(routes.list[0].filter_text, "");
	assert_takes(&routes, &github, "", "route 1");
	routes_clear(&routes);
}

static void what_is_wrong_is_said_with_its_column(void **state) {
	(void)state;
	assert_refused("provider:stripe 3000",
		"column 1: expected FILTER => URL, such as provider:stripe => localhost:3000/hooks");
	assert_refused("provder:x => 3000",
		"filter column 1: unknown key \"provder\", did you mean \"provider\"?");
	assert_refused("=> ", "column 4: expected a URL behind =>");
	assert_refused("=> ftp://x",
		"column 4: target \"ftp://x\": only http:// and https:// can be sent to, not "
		"ftp://");
	assert_refused("=> example.com",
		"column 4: target \"example.com\": example.com is not this machine; --anywhere allows it");
	assert_refused(
		"=> 3000 tiemout=5s", "column 9: unknown option \"tiemout\", did you mean \"timeout\"?");
	assert_refused("\u00e9 => 3000 timeout=5",
		"column 11: timeout: expected a time from 1ms to 1d such as 250ms, "
		"10s or 5m, not \"5\"");
	assert_refused(
		"=> 3000 path=keep", "column 9: path: expected joined, kept or replaced, not \"keep\"");
	assert_refused("=> 3000 timeout", "column 9: timeout wants a value: timeout=...");
	assert_refused("=> 3000 name=\"a", "column 9: a quotation mark is not closed");
	assert_refused("=> 3000 concurrency=0",
		"column 9: concurrency: expected a number from 1 to 256, not \"0\"");
	assert_refused(
		"=> 3000 insecure=maybe", "column 9: insecure: expected false or true, not \"maybe\"");
	assert_refused("=> 3000/a path=kept",
		"column 4: with path kept the target's own path, \"/a\", would never be sent");
	assert_refused("=> 3000 ca=/nowhere/at/all.pem",
		"column 9: ca: the certificates in /nowhere/at/all.pem cannot be read");
}

static void a_header_that_is_not_ours_to_set_is_refused(void **state) {
	(void)state;
	assert_refused("=> 3000 header=X-A", "column 9: expected header=\"NAME: VALUE\"");
	struct routes routes = {0};
	struct error err = {0};
	static const char *const lines[] = {"=> 3000 header=\"Host: x\"",
		"=> 3000 header=\"content-length: 1\"", "=> 3000 header=\"Connection: close\"",
		"=> 3000 header=\"Transfer-Encoding: x\"", "=> 3000 header=\"A B: x\"",
		"=> 3000 header=\": x\"", "=> 3000 header=\"X-A: a\rX-B: b\"",
		"=> 3000 header=\"X-A: a\nX-B: b\"", "=> 3000 header=\"X-A: 1\" header=\"x-a: 2\""};
	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		assert_false(routes_add(&routes, span_text(lines[i]), false, &err));
	}
	routes_clear(&routes);
}

static void the_first_that_matches_takes_it(void **state) {
	(void)state;
	struct routes routes = {0};
	add(&routes, "provider:stripe type:invoice.* => 3000 name=a");
	add(&routes, "provider:stripe => 3001 name=b");
	add(&routes, ".kind=x => 3002 name=c");
	add(&routes, "header:x-kind=order provider:github => 3003 name=d");
	assert_takes(&routes, &stripe, "", "a");
	assert_takes(&routes, &github, "{\"kind\":\"x\"}", "c");
	assert_takes(&routes, &github, "", "d");
	assert_takes(&routes, &(struct event){.provider = {"x", 1}}, "", "");
	routes.list[0].disabled = true;
	assert_takes(&routes, &stripe, "", "b");
	routes_clear(&routes);
}

static void all_that_match_take_it_once_a_target(void **state) {
	(void)state;
	struct routes routes = {.match = ROUTES_ALL};
	add(&routes, "provider:stripe => 3000 name=a");
	add(&routes, "=> 3001 name=b");
	add(&routes, "=> 127.0.0.1:3000 name=c");
	assert_takes(&routes, &stripe, "", "a b");
	assert_takes(&routes, &github, "", "b c");
	routes_clear(&routes);
}

static void routes_to_one_target_share_its_connections(void **state) {
	(void)state;
	struct routes routes = {0};
	struct error err = {0};
	add(&routes, "provider:stripe => 3000 concurrency=2 order=kept");
	add(&routes, "=> 3000 timeout=1s");
	assert_int_equal(routes.list[1].concurrency, 2);
	assert_true(routes.list[1].ordered);
	assert_int_equal(routes.list[0].total_ms, 0);
	assert_false(routes_add(&routes, span_text("=> 3000 concurrency=3"), false, &err));
	assert_non_null(strstr(err.text, "another route goes to http://127.0.0.1:3000"));
	add(&routes, "=> 3000 concurrency=2 order=kept");
	routes_clear(&routes);
}

static void a_name_is_given_once(void **state) {
	(void)state;
	struct routes routes = {0};
	struct error err = {0};
	add(&routes, "=> 3000 name=a");
	assert_false(routes_add(&routes, span_text("=> 3001 name=a"), false, &err));
	assert_string_equal(err.text, "column 4: there is a route \"a\" already");
	assert_true(routes_replace(&routes, 0, span_text("=> 3002 name=a"), false, &err));
	assert_string_equal(routes.list[0].target.url, "http://127.0.0.1:3002");
	routes_clear(&routes);
}

static void a_table_has_bounds(void **state) {
	(void)state;
	struct routes routes = {0};
	struct error err = {0};
	char line[64];
	for (int i = 0; i < ROUTES_MAX; i++) {
		snprintf(line, sizeof line, "=> %d", 3000 + i % ROUTE_TARGETS_MAX);
		add(&routes, line);
	}
	assert_false(routes_add(&routes, span_text("=> 3000"), false, &err));
	assert_string_equal(err.text, "there are 64 routes at most");
	routes_remove(&routes, 0);
	assert_false(routes_add(&routes, span_text("=> 4000"), false, &err));
	assert_string_equal(err.text, "column 4: there are 16 targets at most");
	routes_clear(&routes);
}

static void what_is_written_reads_as_it_was(void **state) {
	(void)state;
	static const char full[] = "(a or b) => https://localhost:3002 path=replaced host=kept "
							   "timeout=250ms connect_timeout=2s concurrency=7 order=kept "
							   "insecure anywhere retry=\"5s,30s @60x\" disabled "
							   "header=\"X-A: a \\\\ b\" header=\"X-B: \"";
	const char *const lines[] = {
		"=> 3000", "provider:stripe \"a b\" => localhost:3001/x name=\"a \\\"b\\\" c\"", full};
	struct routes routes = {0};
	for (size_t i = 0; i < 3; i++) {
		struct buffer out = {0};
		add(&routes, lines[i]);
		route_append_line(&out, &routes.list[i]);
		assert_string_equal(buffer_text(&out), lines[i]);
		buffer_clear(&out);
	}
	struct buffer yaml = {0}, again = {0};
	struct error err = {0};
	routes.match = ROUTES_ALL;
	routes_append_yaml(&yaml, &routes, 0);
	struct yaml_document *document = yaml_parse("a.yaml", buffer_span(&yaml), &err);
	struct routes read = {0};
	if (!document || !routes_read(&read, document, yaml_root(document), &err)) {
		fail_msg("%s\n%s", err.text, buffer_text(&yaml));
	}
	routes_append_yaml(&again, &read, 0);
	assert_string_equal(buffer_text(&again), buffer_text(&yaml));
	assert_int_equal(read.count, 3);
	assert_int_equal(read.match, ROUTES_ALL);
	yaml_close(document);
	buffer_clear(&yaml);
	buffer_clear(&again);
	routes_clear(&read);
	routes_clear(&routes);
}

static void routes_keep_their_id_when_they_move(void **state) {
	(void)state;
	struct routes routes = {0};
	add(&routes, "=> 3000");
	add(&routes, "=> 3001");
	add(&routes, "=> 3002");
	uint32_t first = routes.list[0].id;
	routes_move(&routes, 0, 2);
	assert_string_equal(routes.list[0].url, "3001");
	assert_string_equal(routes.list[2].url, "3000");
	assert_ptr_equal(routes_find(&routes, first), &routes.list[2]);
	routes_move(&routes, 2, 1);
	assert_string_equal(routes.list[1].url, "3000");
	routes_remove(&routes, 1);
	assert_null(routes_find(&routes, first));
	assert_null(routes_to(&routes, "http://127.0.0.1:3000"));
	assert_ptr_equal(routes_to(&routes, "http://127.0.0.1:3002"), &routes.list[1]);
	routes_clear(&routes);
}

static void assert_asks(const struct routes *routes, const char *target, const char *filter) {
	struct buffer out = {0};
	assert_true(routes_append_filter(&out, routes, target));
	assert_string_equal(buffer_text(&out), filter);
	struct filter *read = filter_parse(buffer_span(&out), NULL);
	assert_non_null(read);
	filter_free(read);
	buffer_clear(&out);
}

static void a_relay_is_asked_for_no_more_than_routes_want(void **state) {
	(void)state;
	struct routes routes = {0};
	add(&routes, "a or b => 3000");
	add(&routes, "c => 3001");
	add(&routes, "d => 3000");
	assert_asks(&routes, "http://127.0.0.1:3000", "((a or b) or (d) -((c)))");
	assert_asks(&routes, "http://127.0.0.1:3001", "((c) -((a or b)))");
	assert_asks(&routes, NULL, "((a or b) or (c) or (d))");
	routes.match = ROUTES_ALL;
	assert_asks(&routes, "http://127.0.0.1:3000", "((a or b) or (d))");
	assert_asks(&routes, "http://127.0.0.1:3001", "((c))");
	add(&routes, "=> 3000");
	assert_asks(&routes, "http://127.0.0.1:3000", "");
	routes.match = ROUTES_FIRST;
	assert_asks(&routes, "http://127.0.0.1:3000", "((a or b) or (d) -((c)) or  -((c)))");
	assert_asks(&routes, NULL, "");
	add(&routes, "e => 3002");
	struct buffer out = {0};
	assert_false(routes_append_filter(&out, &routes, "http://127.0.0.1:3002"));
	buffer_clear(&out);
	routes_clear(&routes);
}

static void assert_file_refused(const char *text, const char *reason) {
	struct error err = {0};
	struct routes routes = {0};
	struct yaml_document *document = yaml_parse("hookline.yaml", span_text(text), &err);
	assert_non_null(document);
	assert_false(routes_read(&routes, document, yaml_root(document), &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	assert_true(span_starts_with(span_text(err.text), span_text("hookline.yaml:")));
	assert_string_equal(err.text + strlen("hookline.yaml:"), reason);
	yaml_close(document);
	routes_clear(&routes);
}

static void what_is_wrong_in_a_file_is_said_with_its_place(void **state) {
	(void)state;
	assert_file_refused("match: frist\n", "1:8: unknown value \"frist\", did you mean \"first\"?");
	assert_file_refused("routes:\n  - to: 3000\n    flter: a\n",
		"3:5: unknown key \"flter\", did you mean \"filter\"?");
	assert_file_refused("routes:\n  - filter: a\n", "2:5: this route has no \"to\", its target");
	assert_file_refused("routes:\n  - to: 3000\n    filter: is:repaet\n",
		"3:13: filter column 4: unknown property \"repaet\", did you mean \"repeat\"?");
	assert_file_refused("routes:\n  - to: a.example\n", "2:9: target \"a.example\": a.example is "
														"not this machine; --anywhere allows it");
	assert_file_refused("routes:\n  - to: 3000\n    headers: {Host: a}\n",
		"3:15: Host is the target's, or kept; it cannot be set");
	assert_file_refused("routes:\n  - to: 3000\n    timeout: 5\n",
		"3:14: timeout: expected a time from 1ms to 1d such as 250ms, 10s or 5m, not \"5\"");
	assert_file_refused("routes:\n  - to: 3000\n    insecure: maybe\n",
		"3:15: expected true or false, found \"maybe\"");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_says_filter_target_and_options),
		cmocka_unit_test(the_shortest_line_is_a_port),
		cmocka_unit_test(what_is_wrong_is_said_with_its_column),
		cmocka_unit_test(a_header_that_is_not_ours_to_set_is_refused),
		cmocka_unit_test(the_first_that_matches_takes_it),
		cmocka_unit_test(all_that_match_take_it_once_a_target),
		cmocka_unit_test(routes_to_one_target_share_its_connections),
		cmocka_unit_test(a_name_is_given_once),
		cmocka_unit_test(a_table_has_bounds),
		cmocka_unit_test(what_is_written_reads_as_it_was),
		cmocka_unit_test(routes_keep_their_id_when_they_move),
		cmocka_unit_test(a_relay_is_asked_for_no_more_than_routes_want),
		cmocka_unit_test(what_is_wrong_in_a_file_is_said_with_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
