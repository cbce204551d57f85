/* A head that was stored or read from a file comes apart as the reader took it. */
#include <string.h>

#include "common/message.h"
#include "tests/unit/unit.h"

static void a_stored_head_has_its_parts(void **state) {
	(void)state;
	struct message message = {0};
	struct error err = {0};
	struct span head = span_text("PUT /x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\n\r\n");
	assert_true(message_parse(&message, head, span_text("body"), &err));
	assert_true(span_is(message.method, "PUT"));
	assert_true(span_is(message.target, "/x"));
	assert_true(span_is(message.version, "HTTP/1.1"));
	assert_true(span_is(message.body, "body"));
	assert_ptr_equal(message.head.data, head.data);
	assert_int_equal(message.head.len, head.len);
	assert_true(span_is(message_header(&message, "X-A", 1)->value, "2"));
	assert_null(message_header_value(&message, "X-B").data);
	assert_non_null(message_header_value(&message, "x-a").data);
	message_clear(&message);
}

static void one_message_is_used_for_many_heads(void **state) {
	(void)state;
	struct message message = {0};
	for (int i = 0; i < 3; i++) {
		struct span head = span_text("GET / HTTP/1.0\r\nA: 1\r\nB: 2\r\n\r\n");
		assert_true(message_parse(&message, head, (struct span){0}, NULL));
		assert_int_equal(message.header_count, 2);
	}
	message_clear(&message);
}

static void assert_refused(const char *head, const char *reason) {
	struct message message = {0};
	struct error err = {0};
	assert_false(message_parse(&message, span_text(head), (struct span){0}, &err));
	assert_string_equal(err.text, reason);
	message_clear(&message);
}

static void what_the_reader_refuses_is_refused_with_the_same_reason(void **state) {
	(void)state;
	assert_refused("GET / HTTP/1.1\r\n\r\n", "there is no Host header");
	assert_refused(
		"GET / HTTP/1.1\nHost: h\n\n", "the request line does not end in HTTP/1.0 or HTTP/1.1");
	assert_refused("GET / HTTP/1.1\r\nHost: h\r\n", "the head does not end in an empty line");
	assert_refused("", "the head does not end in an empty line");
	assert_refused(
		"GET / HTTP/1.1\r\nHost: h\r\n\r\nx", "there are bytes behind the empty line of the head");
}

static void limits_of_the_day_do_not_matter_for_what_is_stored(void **state) {
	(void)state;
	static char head[100000];
	strcpy(head, "GET / HTTP/1.0\r\nX: ");
	size_t len = strlen(head);
	memset(head + len, 'x', sizeof head - len - 4);
	memcpy(head + sizeof head - 4, "\r\n\r\n", 4);
	struct message message = {0};
	assert_true(message_parse(&message, (struct span){head, sizeof head}, (struct span){0}, NULL));
	message_clear(&message);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stored_head_has_its_parts),
		cmocka_unit_test(one_message_is_used_for_many_heads),
		cmocka_unit_test(what_the_reader_refuses_is_refused_with_the_same_reason),
		cmocka_unit_test(limits_of_the_day_do_not_matter_for_what_is_stored),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
