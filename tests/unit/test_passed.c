/* The app's answer goes back as it was, but for what belongs to the connection it came over. */
#include "relay/ingest/passed.h"
#include "tests/unit/unit.h"

static const char date[] = "Sat, 21 Nov 2026 03:43:41 GMT";

static void assert_passed(const char *head, const char *body, bool to_head, const char *wanted) {
	struct answer answer;
	struct buffer headers = {0}, out = {0};
	const struct answer_form form = {.head_only = to_head, .date = date};
	assert_true(passed_make(&answer, &headers, span_text(head), span_text(body), to_head));
	answer_append(&out, &answer, &form);
	assert_string_equal(buffer_text(&out), wanted);
	buffer_clear(&headers);
	buffer_clear(&out);
}

static void names_order_and_repetition_stay(void **state) {
	(void)state;
	assert_passed("HTTP/1.1 418 I'm a  teapot\r\nX-b: 1\r\nX-A:2 \r\nx-B:\t3\r\nDate: then\r\n\r\n",
		"tea", false,
		"HTTP/1.1 418 I'm a  teapot\r\nContent-Length: 3\r\nX-b: 1\r\nX-A:2 \r\nx-B:\t3\r\n"
		"Date: then\r\n\r\ntea");
}

static void a_date_is_added_where_there_is_none(void **state) {
	(void)state;
	assert_passed("HTTP/1.0 200\r\n\r\n", "", false,
		"HTTP/1.1 200 \r\nDate: Sat, 21 Nov 2026 03:43:41 GMT\r\nContent-Length: 0\r\n\r\n");
}

static void what_belongs_to_the_connection_stays_behind(void **state) {
	(void)state;
	assert_passed("HTTP/1.1 200 OK\r\nDate: d\r\nconnection: close, X-Hop\r\nX-Hop: 1\r\n"
				  "Keep-Alive: timeout=5\r\nTransfer-Encoding: chunked\r\nTrailer: X\r\nTE: x\r\n"
				  "Upgrade: h2c\r\nProxy-Authenticate: Basic\r\nProxy-Connection: close\r\n"
				  "content-length: 99\r\nX-Kept: yes\r\n\r\n",
		"ok", false, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: d\r\nX-Kept: yes\r\n\r\nok");
}

static void lines_that_end_bare_are_put_right(void **state) {
	(void)state;
	assert_passed("HTTP/1.1 200 OK\nDate: d\nX: 1\n\n", "ok", false,
		"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nDate: d\r\nX: 1\r\n\r\nok");
}

static void the_length_of_an_answer_to_head_is_the_apps(void **state) {
	(void)state;
	assert_passed("HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 4711\r\n\r\n", "", true,
		"HTTP/1.1 200 OK\r\nDate: d\r\nContent-Length: 4711\r\n\r\n");
	assert_passed(
		"HTTP/1.1 200 OK\r\nDate: d\r\n\r\n", "", true, "HTTP/1.1 200 OK\r\nDate: d\r\n\r\n");
}

static void an_answer_without_a_body_has_none(void **state) {
	(void)state;
	assert_passed("HTTP/1.1 204 No Content\r\nDate: d\r\nContent-Length: 3\r\n\r\n", "abc", false,
		"HTTP/1.1 204 No Content\r\nDate: d\r\n\r\n");
	assert_passed("HTTP/1.1 304 Not Modified\r\nDate: d\r\nContent-Length: 3\r\nETag: x\r\n\r\n",
		"", false, "HTTP/1.1 304 Not Modified\r\nDate: d\r\nContent-Length: 3\r\nETag: x\r\n\r\n");
}

static void what_is_no_answer_is_not_passed_back(void **state) {
	(void)state;
	static const char *const all[] = {
		"",
		"200 OK\r\n\r\n",
		"HTTP/1.1 20 OK\r\n\r\n",
		"HTTP/1.1 2000 OK\r\n\r\n",
		"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
		"HTTP/1.1 200 O\x01K\r\n\r\n",
		"HTTP/1.1 200 OK\r\nno header\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX Y: 1\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
		"HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n",
		"HTTP/1.1 200 OK\r\n: nameless\r\n\r\n",
	};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct answer answer;
		struct buffer headers = {0};
		assert_false(passed_make(&answer, &headers, span_text(all[i]), span_text("x"), false));
		buffer_clear(&headers);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_order_and_repetition_stay),
		cmocka_unit_test(a_date_is_added_where_there_is_none),
		cmocka_unit_test(what_belongs_to_the_connection_stays_behind),
		cmocka_unit_test(lines_that_end_bare_are_put_right),
		cmocka_unit_test(the_length_of_an_answer_to_head_is_the_apps),
		cmocka_unit_test(an_answer_without_a_body_has_none),
		cmocka_unit_test(what_is_no_answer_is_not_passed_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
