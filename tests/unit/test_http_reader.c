/* The reader's rules one by one; what hostile senders make of them is in test_http_torture. */
#include <stdio.h>
#include <string.h>

#include "common/http_reader.h"
#include "tests/unit/unit.h"

static struct http_reader reader_with(struct http_limits limits) {
	struct http_reader reader;
	http_reader_init(&reader, &limits);
	return reader;
}

/* Feeds text until something is said; the rest is left in `text`. */
static enum http_event feed(struct http_reader *reader, struct span *text) {
	size_t used = 0;
	enum http_event event = http_reader_feed(reader, text->data, text->len, &used);
	*text = span_after(*text, used);
	return event;
}

/* What becomes of one request: 200, the status of its refusal, or 0 when it is not complete. */
static int status_with(struct http_limits limits, const char *request) {
	struct http_reader reader = reader_with(limits);
	struct span text = span_text(request);
	enum http_event event;
	do {
		event = feed(&reader, &text);
	} while (event == HTTP_HEAD);
	int status = event == HTTP_MESSAGE ? 200 : event == HTTP_REFUSED ? reader.status : 0;
	http_reader_clear(&reader);
	return status;
}

static int status_of(const char *request) {
	return status_with(http_limits_default(), request);
}

/* `part` stands in for the @ of `form`. */
static int status_of_head(const char *form, const char *part) {
	char request[1024];
	struct span rest = span_text(form), front = span_cut(&rest, '@');
	snprintf(request, sizeof request, "%.*s%s%s", (int)front.len, front.data, part, rest.data);
	return status_of(request);
}

static void a_head_is_told_before_its_body_has_come(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	struct span text =
		span_text("POST /a?b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabcGET");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	assert_true(span_is(text, "abcGET"));
	assert_true(span_is(reader.message.target, "/a?b"));
	assert_true(span_is(message_header_value(&reader.message, "content-LENGTH"), "3"));
	assert_int_equal(feed(&reader, &text), HTTP_MESSAGE);
	assert_true(span_is(reader.message.body, "abc"));
	assert_true(span_is(text, "GET"));
	http_reader_clear(&reader);
}

static void a_request_without_body_needs_no_further_byte(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	struct span text = span_text("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	assert_int_equal(text.len, 0);
	assert_int_equal(feed(&reader, &text), HTTP_MESSAGE);
	assert_int_equal(reader.message.body.len, 0);
	assert_int_equal(feed(&reader, &text), HTTP_MORE);
	http_reader_clear(&reader);
}

static void headers_keep_case_order_repeats_and_bytes(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	struct span text =
		span_text("PoSt /%zz//\xff HTTP/1.1\r\nB:1\r\nhOst: h\r\nb: \t2 \xe9\t \r\nB:\r\n\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	const struct message *message = &reader.message;
	assert_true(span_is(message->method, "PoSt"));
	assert_true(span_is(message->target, "/%zz//\xff"));
	assert_int_equal(message->header_count, 4);
	assert_true(span_is(message->headers[1].name, "hOst"));
	assert_true(span_is(message->headers[2].value, "2 \xe9"));
	assert_true(span_is(message->headers[2].line, "b: \t2 \xe9\t "));
	assert_true(span_is(message_header(message, "b", 2)->value, ""));
	assert_null(message_header(message, "b", 3));
	http_reader_clear(&reader);
}

static void trailers_are_kept_apart(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	struct span text = span_text("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
								 "3;x=\"y\"\r\nabc\r\n000A\r\n0123456789\r\n0\r\nX-Sum: 1\r\n\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	assert_int_equal(feed(&reader, &text), HTTP_MESSAGE);
	assert_true(span_is(reader.message.body, "abc0123456789"));
	assert_true(span_is(reader.message.trailers, "X-Sum: 1\r\n"));
	assert_null(message_header(&reader.message, "X-Sum", 0));
	http_reader_clear(&reader);
}

static void one_empty_line_before_a_request_is_skipped(void **state) {
	(void)state;
	assert_int_equal(status_of("\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
	assert_int_equal(status_of("\r\n\r\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
	assert_int_equal(status_of("\nGET / HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
	assert_int_equal(status_of("\r\rGET / HTTP/1.1\r\nHost: h\r\n\r\n"), 400);
}

static void hanging_up_between_requests_cuts_nothing_off(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	assert_true(http_reader_is_idle(&reader));
	struct span text = span_text("\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_MORE);
	assert_true(http_reader_is_idle(&reader));
	text = span_text("G");
	assert_int_equal(feed(&reader, &text), HTTP_MORE);
	assert_false(http_reader_is_idle(&reader));
	text = span_text("ET / HTTP/1.1\r\nHost: h\r\n\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	assert_false(http_reader_is_idle(&reader));
	assert_int_equal(feed(&reader, &text), HTTP_MESSAGE);
	assert_true(http_reader_is_idle(&reader));
	http_reader_clear(&reader);
}

static void nothing_is_read_behind_a_refusal(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	struct span text = span_text("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET / HTTP/1.1\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_REFUSED);
	assert_int_equal(reader.status, 400);
	assert_string_equal(reader.reason, "there is no Host header");
	assert_true(span_is(reader.message.target, "/"));
	struct span left = text;
	assert_int_equal(feed(&reader, &text), HTTP_REFUSED);
	assert_int_equal(left.len, text.len);
	http_reader_clear(&reader);
}

static void only_http_1_0_and_1_1_are_spoken(void **state) {
	(void)state;
	const char *form = "GET / @\r\nHost: h\r\n\r\n";
	assert_int_equal(status_of_head(form, "HTTP/1.1"), 200);
	assert_int_equal(status_of_head(form, "HTTP/1.0"), 200);
	assert_int_equal(status_of_head(form, "HTTP/1.2"), 505);
	assert_int_equal(status_of_head(form, "HTTP/2.0"), 505);
	assert_int_equal(status_of_head(form, "HTTP/0.9"), 505);
	assert_int_equal(status_of_head(form, "HTTP/1.1 "), 400);
	assert_int_equal(status_of_head(form, "HTTP/11.1"), 400);
	assert_int_equal(status_of_head(form, "http/1.1"), 400);
	assert_int_equal(status_of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505);
}

static void a_target_is_a_path_or_an_http_url(void **state) {
	(void)state;
	const char *post = "POST @ HTTP/1.1\r\nHost: h\r\n\r\n";
	assert_int_equal(status_of_head(post, "/"), 200);
	assert_int_equal(status_of_head(post, "//a/../?#x"), 200);
	assert_int_equal(status_of_head(post, "HTTPS://a.example:8443?x=1"), 200);
	assert_int_equal(status_of_head(post, "http://[::1]/x"), 200);
	assert_int_equal(status_of_head(post, "http:///x"), 400);
	assert_int_equal(status_of_head(post, "http://u:p@a/"), 400);
	assert_int_equal(status_of_head(post, "ftp://a/"), 400);
	assert_int_equal(status_of_head(post, "relay.test:80"), 400);
	assert_int_equal(status_of_head(post, "*"), 400);
	assert_int_equal(status_of("OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
	assert_int_equal(status_of("CONNECT h:80 HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
	assert_int_equal(status_of("TRACE / HTTP/1.1\r\nHost: h\r\n\r\n"), 405);
}

static void a_host_is_one_name_or_address(void **state) {
	(void)state;
	static const char *const right[] = {"a", "a.example:8080", "a_b-c.~x", "127.0.0.1", "[::1]",
		"[2001:db8::7]:443", "a:", "xn--bcher-kva", "%41"};
	static const char *const wrong[] = {"", "a,b", "u@a", "a b", "a/b", "a:x", "a:65536", "a:1:2",
		"[::1", "[::1]x", "[::g]", "[]", "::1", "a\\b", "%4", "%zz", "\xc3\xa9", "a\"", ":80",
		"[1.2.3.4]"};
	const char *form = "GET / HTTP/1.1\r\nHost: @\r\n\r\n";
	for (size_t i = 0; i < sizeof right / sizeof right[0]; i++) {
		assert_int_equal(status_of_head(form, right[i]), 200);
	}
	for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
		assert_int_equal(status_of_head(form, wrong[i]), 400);
	}
	assert_int_equal(status_of("GET / HTTP/1.0\r\n\r\n"), 200);
	assert_int_equal(status_of("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"), 400);
	assert_int_equal(status_of("GET / HTTP/1.0\r\nHost: a,b\r\n\r\n"), 400);
}

static void a_length_is_one_number(void **state) {
	(void)state;
	const char *form = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length:@\r\n\r\nabc";
	assert_int_equal(status_of_head(form, "3"), 200);
	assert_int_equal(status_of_head(form, " 0003\t"), 200);
	assert_int_equal(status_of_head(form, "3,3"), 400);
	assert_int_equal(status_of_head(form, "3\r\nContent-Length: 3"), 400);
	assert_int_equal(status_of_head(form, "3\r\nTransfer-Encoding: chunked"), 400);
	assert_int_equal(status_of_head(form, "18446744073709551619"), 413); /* 2^64 + 3 */
	assert_int_equal(status_of_head(form, "18446744073709551619x"), 400);
	assert_int_equal(status_of_head(form, ""), 400);
}

static void the_only_coding_is_chunked(void **state) {
	(void)state;
	const char *form = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding:@\r\n\r\n0\r\n\r\n";
	assert_int_equal(status_of_head(form, "chunked"), 200);
	assert_int_equal(status_of_head(form, "gzip, chunked"), 501);
	assert_int_equal(status_of_head(form, "chunked,"), 501);
	assert_int_equal(status_of_head(form, "identity"), 501);
	assert_int_equal(status_of_head(form, "chunked\r\nTransfer-Encoding: chunked"), 400);
	assert_int_equal(
		status_of("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 400);
}

static void chunk_framing_is_taken_by_the_letter(void **state) {
	(void)state;
	const char *form =
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n@\r\n0\r\n\r\n";
	assert_int_equal(status_of_head(form, "3\r\nabc"), 200);
	assert_int_equal(status_of_head(form, "3;a=b;c\r\nabc"), 200);
	assert_int_equal(status_of_head(form, "3 \r\nabc"), 400);
	assert_int_equal(status_of_head(form, "3\nabc"), 400);
	assert_int_equal(status_of_head(form, "3;\x7f\r\nabc"), 400);
	assert_int_equal(status_of_head(form, "3;a\r\r\nabc"), 400);
	assert_int_equal(status_of_head(form, "3\r\nab"), 400);
	assert_int_equal(status_of_head(form, "3\r\nabcd"), 400);
	assert_int_equal(status_of_head(form, "-3\r\nabc"), 400);
	assert_int_equal(status_of_head(form, "a00001\r\nabc"), 413);
	assert_int_equal(status_of_head(form, "10000000000000003\r\nabc"), 413); /* 2^64 + 3 */
}

static void a_trailer_cannot_say_where_the_body_ends(void **state) {
	(void)state;
	const char *form =
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n@\r\n\r\n";
	assert_int_equal(status_of_head(form, "X-Sum: 1\r\nHost: x"), 200);
	assert_int_equal(status_of_head(form, "X-Sum: 1\r\ncontent-length: 3"), 400);
	assert_int_equal(status_of_head(form, "Transfer-Encoding: chunked"), 400);
	assert_int_equal(status_of_head(form, "X-Sum : 1"), 400);
}

static void the_only_expectation_is_100_continue(void **state) {
	(void)state;
	const char *form = "POST / HTTP/1.1\r\nHost: h\r\nExpect: @\r\nContent-Length: 1\r\n\r\nx";
	assert_int_equal(status_of_head(form, "100-Continue"), 200);
	assert_int_equal(status_of_head(form, "200-ok"), 417);
	assert_int_equal(status_of_head(form, "100-continue, x"), 417);
	assert_int_equal(status_of_head(form, ""), 417);
}

static bool expects_continue(const char *request) {
	struct http_reader reader = reader_with(http_limits_default());
	struct span text = span_text(request);
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	bool expects = reader.expects_continue;
	http_reader_clear(&reader);
	return expects;
}

static void a_100_is_due_only_where_a_body_waits_for_it(void **state) {
	(void)state;
	assert_true(expects_continue(
		"POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"));
	assert_true(expects_continue("POST / HTTP/1.1\r\nHost: h\r\nExpect: "
								 "100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"));
	assert_false(expects_continue("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n\r\n"));
	assert_false(
		expects_continue("POST / HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n"));
}

static bool keeps_alive(const char *version, const char *connection) {
	char request[256];
	snprintf(request, sizeof request, "GET / %s\r\nHost: h\r\nConnection: %s\r\n\r\n", version,
		connection);
	struct http_reader reader = reader_with(http_limits_default());
	struct span text = span_text(request);
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	bool keep = reader.keep_alive;
	http_reader_clear(&reader);
	return keep;
}

static void connection_says_whether_to_go_on(void **state) {
	(void)state;
	assert_true(keeps_alive("HTTP/1.1", "x"));
	assert_false(keeps_alive("HTTP/1.1", "x , CLOSE"));
	assert_false(keeps_alive("HTTP/1.1", "keep-alive\r\nConnection: close"));
	assert_true(keeps_alive("HTTP/1.1", "closed"));
	assert_false(keeps_alive("HTTP/1.0", "x"));
	assert_true(keeps_alive("HTTP/1.0", "Keep-Alive"));
}

static void each_limit_bites_one_beyond_it(void **state) {
	(void)state;
	const char *request = "POST /12 HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc";
	struct http_limits fits = http_limits_default();
	fits.head_bytes = strlen(request) - 3;
	fits.header_lines = 2;
	fits.target_bytes = 3;
	fits.body_bytes = 3;
	assert_int_equal(status_with(fits, request), 200);
	struct http_limits tight = fits;
	tight.head_bytes--;
	assert_int_equal(status_with(tight, request), 431);
	tight = fits;
	tight.header_lines--;
	assert_int_equal(status_with(tight, request), 431);
	tight = fits;
	tight.target_bytes--;
	assert_int_equal(status_with(tight, request), 414);
	tight = fits;
	tight.body_bytes--;
	assert_int_equal(status_with(tight, request), 413);
}

static void each_limit_of_chunks_bites_one_beyond_it(void **state) {
	(void)state;
	const char *request = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
						  "3\r\nabc\r\n2\r\nde\r\n0\r\nA: 1\r\n\r\n";
	struct http_limits fits = http_limits_default();
	fits.body_bytes = 5;
	fits.trailer_bytes = strlen("A: 1\r\n\r\n");
	fits.chunk_overhead = strlen("3\r\n\r\n2\r\n\r\n0\r\n") - 5;
	assert_int_equal(status_with(fits, request), 200);
	struct http_limits tight = fits;
	tight.body_bytes--;
	assert_int_equal(status_with(tight, request), 413);
	tight = fits;
	tight.trailer_bytes--;
	assert_int_equal(status_with(tight, request), 431);
	tight = fits;
	tight.chunk_overhead--;
	assert_int_equal(status_with(tight, request), 413);
}

static void a_promised_length_is_no_reason_to_allocate(void **state) {
	(void)state;
	struct http_reader reader = reader_with(http_limits_default());
	struct span text =
		span_text("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10485760\r\n\r\nabc");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	assert_int_equal(feed(&reader, &text), HTTP_MORE);
	assert_true(reader.body.capacity <= 65536);
	http_reader_clear(&reader);
}

static void the_memory_of_a_large_body_is_given_back(void **state) {
	(void)state;
	static char body[1024 * 1024];
	struct http_reader reader = reader_with(http_limits_default());
	struct span text = span_text("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1048576\r\n\r\n");
	assert_int_equal(feed(&reader, &text), HTTP_HEAD);
	text = (struct span){body, sizeof body};
	assert_int_equal(feed(&reader, &text), HTTP_MESSAGE);
	assert_int_equal(reader.message.body.len, sizeof body);
	assert_int_equal(feed(&reader, &text), HTTP_MORE);
	assert_true(reader.body.capacity <= 65536);
	http_reader_clear(&reader);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_head_is_told_before_its_body_has_come),
		cmocka_unit_test(a_request_without_body_needs_no_further_byte),
		cmocka_unit_test(headers_keep_case_order_repeats_and_bytes),
		cmocka_unit_test(trailers_are_kept_apart),
		cmocka_unit_test(one_empty_line_before_a_request_is_skipped),
		cmocka_unit_test(hanging_up_between_requests_cuts_nothing_off),
		cmocka_unit_test(nothing_is_read_behind_a_refusal),
		cmocka_unit_test(only_http_1_0_and_1_1_are_spoken),
		cmocka_unit_test(a_target_is_a_path_or_an_http_url),
		cmocka_unit_test(a_host_is_one_name_or_address),
		cmocka_unit_test(a_length_is_one_number),
		cmocka_unit_test(the_only_coding_is_chunked),
		cmocka_unit_test(chunk_framing_is_taken_by_the_letter),
		cmocka_unit_test(a_trailer_cannot_say_where_the_body_ends),
		cmocka_unit_test(the_only_expectation_is_100_continue),
		cmocka_unit_test(a_100_is_due_only_where_a_body_waits_for_it),
		cmocka_unit_test(connection_says_whether_to_go_on),
		cmocka_unit_test(each_limit_bites_one_beyond_it),
		cmocka_unit_test(each_limit_of_chunks_bites_one_beyond_it),
		cmocka_unit_test(a_promised_length_is_no_reason_to_allocate),
		cmocka_unit_test(the_memory_of_a_large_body_is_given_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
