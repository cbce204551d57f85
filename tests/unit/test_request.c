/* What is sent is what was captured, but for the headers the rule names. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/deliver/request.h"

struct built {
	struct buffer out, changes;
	struct error err;
	bool ok;
};

static struct built build(const char *head, struct span body, size_t path_offset) {
	struct built built = {0};
	struct target target = {0};
	struct message message = {0};
	assert_true(target_parse(&target, "localhost:3000", false, &built.err));
	if (!message_parse(&message, span_text(head), body, &built.err)) {
		fail_msg("%s", built.err.text);
	}
	built.ok = request_build(
		&built.out, &built.changes, &target, &message, path_offset, NULL, NULL, &built.err);
	buffer_text(&built.out);
	buffer_text(&built.changes);
	message_clear(&message);
	target_clear(&target);
	return built;
}

static void sends(const char *head, const char *body, const char *expected, const char *changes) {
	struct built built = build(head, span_text(body), 0);
	assert_true(built.ok);
	assert_string_equal(built.out.data, expected);
	assert_string_equal(built.changes.data, changes);
	buffer_clear(&built.out);
	buffer_clear(&built.changes);
}

static void everything_stays_where_it_was(void **state) {
	(void)state;
	sends(
		"pOsT /a/../b?x=%zz HTTP/1.1\r\nx-first:1\r\nHOST:relay.test\r\nX-Dup:  a \r\nx-dup:\tb\r\n"
		"X-Empty:\r\nX-Blank:   \r\nContent-Length: 2\r\nX-Last: \xff\r\n\r\n",
		"hi",
		"pOsT /a/../b?x=%zz HTTP/1.1\r\nx-first:1\r\nHOST: localhost:3000\r\nX-Dup:  a "
		"\r\nx-dup:\tb\r\n"
		"X-Empty:\r\nX-Blank:   \r\nContent-Length: 2\r\nX-Last: \xff\r\n\r\nhi",
		"HOST");
}

/* As captured, but with these lines signed anew. */
static void sends_anew(const char *head, const char *lines, const char *how, const char *expected,
	const char *changes) {
	struct buffer out = {0}, said = {0};
	struct error err = {0};
	struct target target = {0};
	struct message message = {0};
	struct resign resign = {span_text(lines), span_text(how)};
	assert_true(target_parse(&target, "localhost:3000", false, &err));
	assert_true(message_parse(&message, span_text(head), span_text(""), &err));
	assert_true(request_build(&out, &said, &target, &message, 0, NULL, &resign, &err));
	assert_string_equal(buffer_text(&out), expected);
	assert_string_equal(buffer_text(&said), changes);
	message_clear(&message);
	target_clear(&target);
	buffer_clear(&out);
	buffer_clear(&said);
}

static void what_was_signed_anew_stands_in_its_place(void **state) {
	(void)state;
	sends_anew("POST / HTTP/1.1\r\nHost: localhost:3000\r\nX-SIG: old\r\nX-A: 1\r\nid:  "
			   "7\r\nx-sig: older\r\n"
			   "\r\n",
		"X-Sig: new\r\nId: 7\r\nX-Time: 9\r\n", "anew",
		"POST / HTTP/1.1\r\nHost: localhost:3000\r\nX-SIG: new\r\nX-A: 1\r\nid: 7\r\nX-Time: "
		"9\r\n\r\n",
		"Host, X-SIG anew, x-sig left out, X-Time anew");
}

/* As captured, but as the options want it; signed anew with these lines. */
static void sends_so(const struct request_options *options, const char *url, const char *lines,
	const char *head, const char *expected, const char *changes) {
	struct buffer out = {0}, said = {0};
	struct error err = {0};
	struct target target = {0};
	struct message message = {0};
	struct resign resign = {span_text(lines), span_text(*lines ? "anew" : "")};
	assert_true(target_parse(&target, url, false, &err));
	assert_true(message_parse(&message, span_text(head), span_text(""), &err));
	assert_true(request_build(&out, &said, &target, &message, 0, options, &resign, &err));
	assert_string_equal(buffer_text(&out), expected);
	assert_string_equal(buffer_text(&said), changes);
	message_clear(&message);
	target_clear(&target);
	buffer_clear(&out);
	buffer_clear(&said);
}

static void the_captured_host_is_kept_on_request(void **state) {
	(void)state;
	const struct request_options kept = {.keep_host = true};
	sends_so(&kept, "3000", "", "POST / HTTP/1.1\r\nX: y\r\nhOst:  relay.test:8080 \r\n\r\n",
		"POST / HTTP/1.1\r\nX: y\r\nhOst:  relay.test:8080 \r\n\r\n", "");
	sends_so(&kept, "3000", "", "GET / HTTP/1.0\r\nX: y\r\n\r\n",
		"GET / HTTP/1.1\r\nHost: 127.0.0.1:3000\r\nX: y\r\n\r\n", "version, Host");
}

static void the_path_is_joined_kept_or_replaced(void **state) {
	(void)state;
	const char *head = "POST /a?x=1 HTTP/1.1\r\nHost: localhost:3000\r\n\r\n";
	const struct request_options kept = {.path = TARGET_PATH_KEPT, .keep_host = true};
	const struct request_options replaced = {.path = TARGET_PATH_REPLACED, .keep_host = true};
	sends_so(&kept, "localhost:3000", "", head, head, "");
	sends_so(&replaced, "localhost:3000/hooks?t=1", "", head,
		"POST /hooks?t=1&x=1 HTTP/1.1\r\nHost: localhost:3000\r\n\r\n", "target");
	sends_so(&replaced, "localhost:3000", "", head,
		"POST /?x=1 HTTP/1.1\r\nHost: localhost:3000\r\n\r\n", "target");
}

static void headers_of_a_route_stand_above_all_others(void **state) {
	(void)state;
	const struct request_options options = {
		.keep_host = true, .headers = span_text("X-Env: dev\r\nX-Sig: fixed\r\nX-New:\r\n")};
	sends_so(&options, "3000", "X-Sig: new\r\nX-Time: 9\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nx-env: live\r\nX-A: 1\r\nX-ENV: test\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: a\r\nx-env: dev\r\nX-A: 1\r\nX-Time: 9\r\nX-Sig: fixed\r\n"
		"X-New: \r\n\r\n",
		"x-env set, X-ENV left out, X-Time anew, X-Sig set, X-New set");
}

static void why_nothing_was_signed_anew_is_said(void **state) {
	(void)state;
	sends_anew("POST / HTTP/1.1\r\nHost: localhost:3000\r\nX-Sig: old\r\n\r\n", "",
		"not signed anew: no secret",
		"POST / HTTP/1.1\r\nHost: localhost:3000\r\nX-Sig: old\r\n\r\n",
		"Host, not signed anew: no secret");
}

static void a_length_as_captured_is_kept_as_it_was_written(void **state) {
	(void)state;
	sends("POST / HTTP/1.1\r\nHost: a\r\ncontent-length:   002\r\n\r\n", "hi",
		"POST / HTTP/1.1\r\nHost: localhost:3000\r\ncontent-length:   002\r\n\r\nhi", "Host");
}

static void a_length_that_no_longer_fits_is_computed_anew(void **state) {
	(void)state;
	sends("POST / HTTP/1.1\r\nHost: a\r\nContent-length: 1\r\nX: y\r\n\r\n", "longer",
		"POST / HTTP/1.1\r\nHost: localhost:3000\r\nContent-length: 6\r\nX: y\r\n\r\nlonger",
		"Host, Content-length");
}

static void a_chunked_body_gets_a_length_in_its_place(void **state) {
	(void)state;
	sends(
		"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\nX: y\r\n\r\n",
		"hi", "POST / HTTP/1.1\r\nHost: localhost:3000\r\nContent-Length: 2\r\nX: y\r\n\r\nhi",
		"Host, Transfer-Encoding left out, Content-Length, Trailer left out");
}

static void nothing_is_added(void **state) {
	(void)state;
	sends("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "", "GET / HTTP/1.1\r\nHost: localhost:3000\r\n\r\n",
		"Host");
	sends("POST / HTTP/1.1\r\nHost: a\r\n\r\n", "",
		"POST / HTTP/1.1\r\nHost: localhost:3000\r\n\r\n", "Host");
}

static void a_request_of_http_1_0_gets_what_1_1_needs(void **state) {
	(void)state;
	sends("GET / HTTP/1.0\r\nX: y\r\n\r\n", "",
		"GET / HTTP/1.1\r\nHost: localhost:3000\r\nX: y\r\n\r\n", "version, Host");
}

static void headers_of_one_connection_are_left_out(void **state) {
	(void)state;
	sends("POST / HTTP/1.1\r\nHost: a\r\nConnection: X-A, close\r\nx-a: 1\r\nKeep-Alive: 5\r\n"
		  "Proxy-Authorization: x\r\nproxy-connection: y\r\nTE: trailers\r\nUpgrade: h2c\r\nX-B: "
		  "2\r\n\r\n",
		"", "POST / HTTP/1.1\r\nHost: localhost:3000\r\nX-B: 2\r\n\r\n",
		"Host, Connection left out, x-a left out, Keep-Alive left out, Proxy-Authorization left "
		"out, "
		"proxy-connection left out, TE left out, Upgrade left out");
}

static void the_endpoint_is_cut_off_the_path(void **state) {
	(void)state;
	struct built built = build("POST /e/stripe/hooks?x HTTP/1.1\r\nHost: a\r\n\r\n",
		(struct span){0}, strlen("/e/stripe"));
	assert_true(built.ok);
	assert_memory_equal(built.out.data, "POST /hooks?x HTTP/1.1\r\n", 24);
	assert_string_equal(built.changes.data, "target, Host");
	buffer_clear(&built.out);
	buffer_clear(&built.changes);
}

static void any_byte_may_stand_in_a_body(void **state) {
	(void)state;
	char body[512];
	for (size_t i = 0; i < sizeof body; i++) {
		body[i] = (char)i;
	}
	struct built built = build("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 512\r\n\r\n",
		(struct span){body, sizeof body}, 0);
	assert_true(built.ok);
	assert_memory_equal(built.out.data + built.out.len - sizeof body, body, sizeof body);
	buffer_clear(&built.out);
	buffer_clear(&built.changes);
}

/* The message of an edit: parts that no reader has seen. */
static void what_an_edit_could_smuggle_in_is_refused(void **state) {
	(void)state;
	struct target target = {0};
	struct error err = {0};
	assert_true(target_parse(&target, "3000", false, &err));
	struct header header = {.name = span_text("X-A"),
		.value = span_text("a\r\nX-Injected: yes"),
		.line = span_text("X-A: a\r\nX-Injected: yes")};
	struct message message = {
		.method = span_text("POST"), .target = span_text("/"), .version = span_text("HTTP/1.1")};
	message.headers = &header;
	message.header_count = 1;
	struct buffer out = {0}, changes = {0};
	assert_false(request_build(&out, &changes, &target, &message, 0, NULL, NULL, &err));
	assert_int_equal(out.len, 0);
	assert_non_null(strstr(err.text, "not sent: a control byte (0x0d) in the value of header X-A"));
	buffer_clear(&out);
	buffer_clear(&changes);
	target_clear(&target);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(everything_stays_where_it_was),
		cmocka_unit_test(what_was_signed_anew_stands_in_its_place),
		cmocka_unit_test(the_captured_host_is_kept_on_request),
		cmocka_unit_test(the_path_is_joined_kept_or_replaced),
		cmocka_unit_test(headers_of_a_route_stand_above_all_others),
		cmocka_unit_test(why_nothing_was_signed_anew_is_said),
		cmocka_unit_test(a_length_as_captured_is_kept_as_it_was_written),
		cmocka_unit_test(a_length_that_no_longer_fits_is_computed_anew),
		cmocka_unit_test(a_chunked_body_gets_a_length_in_its_place),
		cmocka_unit_test(nothing_is_added),
		cmocka_unit_test(a_request_of_http_1_0_gets_what_1_1_needs),
		cmocka_unit_test(headers_of_one_connection_are_left_out),
		cmocka_unit_test(the_endpoint_is_cut_off_the_path),
		cmocka_unit_test(any_byte_may_stand_in_a_body),
		cmocka_unit_test(what_an_edit_could_smuggle_in_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
