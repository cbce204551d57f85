/* An app may answer anything: what is understood of it, and where it is cut. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/deliver/answer.h"

static const struct answer_limits limits = {4096, 16, 64};

/* Feeds the bytes in segments of `step`, then ends the connection unless the answer came to an end by itself. */
static enum answer_event read_answer(
	struct answer *answer, struct span bytes, size_t step, bool to_head) {
	answer_init(answer, &limits, to_head);
	enum answer_event event = ANSWER_MORE;
	for (size_t at = 0; at < bytes.len && event == ANSWER_MORE; at += step) {
		size_t len = bytes.len - at < step ? bytes.len - at : step;
		event = answer_feed(answer, bytes.data + at, len);
	}
	return event == ANSWER_MORE ? answer_end(answer) : event;
}

struct expected {
	enum answer_event event;
	int status;
	const char *body;
	uint64_t total;
	bool keep_alive; /* looked at for ANSWER_DONE fed at once */
};

static void comes_out_as(const char *bytes, bool to_head, struct expected expected) {
	static const size_t steps[] = {1, 2, 3, 7, 100000};
	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		struct answer answer;
		assert_int_equal(read_answer(&answer, span_text(bytes), steps[i], to_head), expected.event);
		assert_int_equal(answer.status, expected.status);
		assert_int_equal(answer.body.len, strlen(expected.body));
		assert_memory_equal(
			answer.body.data ? answer.body.data : "", expected.body, answer.body.len);
		if (expected.event == ANSWER_DONE) {
			assert_int_equal(answer.body_total, expected.total);
			assert_int_equal(answer.keep_alive, expected.keep_alive);
		}
		answer_clear(&answer);
	}
}

static void usual_answers_are_read(void **state) {
	(void)state;
	comes_out_as("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", false,
		(struct expected){ANSWER_DONE, 200, "hi", 2, true});
	comes_out_as("HTTP/1.1 500\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", false,
		(struct expected){ANSWER_DONE, 500, "", 0, false});
	comes_out_as("HTTP/1.0 200 OK\r\n\r\nuntil the end", false,
		(struct expected){ANSWER_DONE, 200, "until the end", 13, false});
	comes_out_as("HTTP/1.1 200 OK\nContent-Length: 2\n\nhi", false,
		(struct expected){ANSWER_DONE, 200, "hi", 2, true});
}

static void chunks_are_put_together(void **state) {
	(void)state;
	comes_out_as(
		"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\n"
		"X-Trailer: 1\r\n\r\n",
		false, (struct expected){ANSWER_DONE, 200, "hello", 5, true});
	comes_out_as("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", false,
		(struct expected){ANSWER_BAD, 200, "", 0, false});
	comes_out_as("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n", false,
		(struct expected){ANSWER_BAD, 200, "he", 0, false});
}

static void interim_answers_are_passed_over(void **state) {
	(void)state;
	comes_out_as("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
				 "HTTP/1.1 201 Created\r\nContent-Length: 1\r\n\r\nx",
		false, (struct expected){ANSWER_DONE, 201, "x", 1, true});
}

static void some_answers_have_no_body(void **state) {
	(void)state;
	comes_out_as("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n", true,
		(struct expected){ANSWER_DONE, 200, "", 0, true});
	comes_out_as(
		"HTTP/1.1 204 No Content\r\n\r\n", false, (struct expected){ANSWER_DONE, 204, "", 0, true});
	comes_out_as("HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n", false,
		(struct expected){ANSWER_DONE, 304, "", 0, true});
}

static void a_long_body_is_cut_and_counted(void **state) {
	(void)state;
	struct answer answer;
	struct span bytes =
		span_text("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n0123456789abcdefghij");
	assert_int_equal(read_answer(&answer, bytes, 5, false), ANSWER_CUT);
	assert_int_equal(answer.body.len, 16);
	assert_int_equal(answer.body_total, 1000000);
	answer_clear(&answer);
	bytes = span_text("HTTP/1.0 200 OK\r\n\r\n0123456789abcdefghij");
	assert_int_equal(read_answer(&answer, bytes, 5, false), ANSWER_DONE);
	assert_int_equal(answer.body.len, 16);
	assert_int_equal(answer.body_total, 20);
	answer_clear(&answer);
}

static void an_endless_body_is_left(void **state) {
	(void)state;
	struct answer answer;
	answer_init(&answer, &limits, false);
	const char *head = "HTTP/1.1 200 OK\r\n\r\n";
	enum answer_event event = answer_feed(&answer, head, strlen(head));
	for (int i = 0; i < 100 && event == ANSWER_MORE; i++) {
		event = answer_feed(&answer, "xxxxxxxxxx", 10);
	}
	assert_int_equal(event, ANSWER_CUT);
	assert_int_equal(answer.body.len, 16);
	assert_true(answer.body_total < 100);
	answer_clear(&answer);
}

static void a_head_has_its_bounds(void **state) {
	(void)state;
	struct answer answer;
	answer_init(&answer, &limits, false);
	enum answer_event event = answer_feed(&answer, "HTTP/1.1 200 OK\r\n", 17);
	for (int i = 0; i < 1000 && event == ANSWER_MORE; i++) {
		event = answer_feed(&answer, "X-Header: value\r\n", 17);
	}
	assert_int_equal(event, ANSWER_BAD);
	assert_string_equal(answer.reason, "answered with a head that is too long");
	answer_clear(&answer);
}

static void fails_with(struct span bytes, const char *reason) {
	struct answer answer;
	assert_int_equal(read_answer(&answer, bytes, 1, false), ANSWER_BAD);
	assert_string_equal(answer.reason, reason);
	answer_clear(&answer);
}

static void what_is_no_answer_says_so(void **state) {
	(void)state;
	fails_with(span_text(""), "closed without an answer");
	fails_with((struct span){"\0\1\2", 3}, "answered with something that is not HTTP");
	fails_with(span_text("SSH-2.0-OpenSSH_9.2\r\n"), "answered with something that is not HTTP");
	fails_with(span_text("HTTP/1.1 2x0 OK\r\n\r\n"), "answered with something that is not HTTP");
	fails_with(span_text("HTTP/2 200\r\n\r\n"), "answered with something that is not HTTP");
	fails_with(span_text("HTTP/1.1 200 OK\r\n"), "closed in the middle of the answer's head");
	fails_with(span_text("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhi"),
		"closed in the middle of the answer's body");
	fails_with(span_text("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nhi"),
		"answered with a Content-Length that cannot be trusted");
}

static void bytes_behind_an_answer_end_the_connection(void **state) {
	(void)state;
	struct answer answer;
	struct span bytes =
		span_text("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\n");
	assert_int_equal(read_answer(&answer, bytes, bytes.len, false), ANSWER_DONE);
	assert_false(answer.keep_alive);
	answer_clear(&answer);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(usual_answers_are_read),
		cmocka_unit_test(chunks_are_put_together),
		cmocka_unit_test(interim_answers_are_passed_over),
		cmocka_unit_test(some_answers_have_no_body),
		cmocka_unit_test(a_long_body_is_cut_and_counted),
		cmocka_unit_test(an_endless_body_is_left),
		cmocka_unit_test(a_head_has_its_bounds),
		cmocka_unit_test(what_is_no_answer_says_so),
		cmocka_unit_test(bytes_behind_an_answer_end_the_connection),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
