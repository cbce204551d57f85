/* An answer is one run of bytes, and says whether the connection goes on. */
#include "relay/ingest/answer.h"
#include "tests/unit/unit.h"

static const char date[] = "Sat, 21 Nov 2026 03:43:41 GMT";

static void assert_bytes(struct answer answer, struct answer_form form, const char *expected) {
	struct buffer out = {0};
	form.date = date;
	answer_append(&out, &answer, &form);
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void an_answer_has_its_length_headers_and_body(void **state) {
	(void)state;
	assert_bytes((struct answer){.status = 200,
					 .type = "text/plain",
					 .headers = span_text("X-Hookline-Event: stripe#1\r\n"),
					 .body = span_text("stripe#1\n")},
		(struct answer_form){0},
		"HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 03:43:41 GMT\r\nContent-Type: text/plain\r\n"
		"Content-Length: 9\r\nX-Hookline-Event: stripe#1\r\n\r\nstripe#1\n");
}

static void an_answer_to_head_tells_the_length_and_has_no_body(void **state) {
	(void)state;
	assert_bytes((struct answer){.status = 200, .body = span_text("abc")},
		(struct answer_form){.head_only = true},
		"HTTP/1.1 200 OK\r\nDate: Sat, 21 Nov 2026 03:43:41 GMT\r\nContent-Length: 3\r\n\r\n");
}

static void no_content_has_no_length_either(void **state) {
	(void)state;
	assert_bytes((struct answer){.status = 204}, (struct answer_form){0},
		"HTTP/1.1 204 No Content\r\nDate: Sat, 21 Nov 2026 03:43:41 GMT\r\n\r\n");
}

static void the_last_answer_says_so(void **state) {
	(void)state;
	assert_bytes((struct answer){.status = 400, .close = true},
		(struct answer_form){.says_keep_alive = true},
		"HTTP/1.1 400 Bad Request\r\nDate: Sat, 21 Nov 2026 03:43:41 GMT\r\nContent-Length: 0\r\n"
		"Connection: close\r\n\r\n");
}

static void an_old_client_is_told_that_it_goes_on(void **state) {
	(void)state;
	assert_bytes((struct answer){.status = 299}, (struct answer_form){.says_keep_alive = true},
		"HTTP/1.1 299 Status\r\nDate: Sat, 21 Nov 2026 03:43:41 GMT\r\nContent-Length: 0\r\n"
		"Connection: keep-alive\r\n\r\n");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_answer_has_its_length_headers_and_body),
		cmocka_unit_test(an_answer_to_head_tells_the_length_and_has_no_body),
		cmocka_unit_test(no_content_has_no_length_either),
		cmocka_unit_test(the_last_answer_says_so),
		cmocka_unit_test(an_old_client_is_told_that_it_goes_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
