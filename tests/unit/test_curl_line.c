/* The curl command is run: what arrives must be what was captured. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/raw_app.h"
#include "tests/unit/unit.h"
#include "tui/curl_line.h"

#define OK "HTTP/1.1 204 x\r\nConnection: close\r\n\r\n"

static void on_shell_ended(uv_process_t *process, int64_t status, int signal_number) {
	*(int *)process->data = status == 0 && signal_number == 0 ? 1 : -1;
	uv_close((uv_handle_t *)process, NULL);
}

/* Runs the command while the app is served on the same loop. */
static void run_shell(uv_loop_t *loop, char *command) {
	char shell[] = "/bin/sh", option[] = "-c";
	char *arguments[] = {shell, option, command, NULL};
	int ended = 0;
	uv_process_t process = {.data = &ended};
	uv_process_options_t options = {.file = shell, .args = arguments, .exit_cb = on_shell_ended};
	assert_int_equal(uv_spawn(loop, &process, &options), 0);
	while (ended == 0) {
		uv_run(loop, UV_RUN_ONCE);
	}
	assert_int_equal(ended, 1);
}

/* `expected` has PORT where the port of the app stands; the body follows it. */
static void arrives_as(const char *head, struct span body, const char *path, const char *expected) {
	uv_loop_t loop;
	struct raw_app app;
	struct message message = {0};
	struct buffer url = {0}, line = {0}, wanted = {0};
	struct error err = {0};
	uv_loop_init(&loop);
	raw_app_init(&app, &loop, OK);
	app.close_after = true;
	assert_true(message_parse(&message, span_text(head), body, &err));
	buffer_printf(&url, "http://127.0.0.1:%d%s", app.port, path);
	curl_line_append(&line, &message, buffer_span(&url));
	run_shell(&loop, (char *)(uintptr_t)buffer_text(&line));
	const char *port = strstr(expected, "PORT");
	buffer_append(&wanted, expected, (size_t)(port - expected));
	buffer_printf(&wanted, "%d%s", app.port, port + 4);
	buffer_append_span(&wanted, body);
	assert_string_equal(buffer_text(&app.received), buffer_text(&wanted));
	assert_int_equal(app.received.len, wanted.len);
	raw_app_close(&app);
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	message_clear(&message);
	buffer_clear(&url);
	buffer_clear(&line);
	buffer_clear(&wanted);
}

static void a_readable_request_arrives_as_it_was(void **state) {
	(void)state;
	arrives_as(
		"POST /a/../b[1]?q={x}%2F HTTP/1.1\r\nHost: relay.test\r\nContent-Type: text/x\r\n"
		"X-Sig: it's\r\nX-Empty:\r\nx-sig: two\r\nConnection: close\r\nContent-Length: 11\r\n\r\n",
		span_text("{\"a\":\"it's\"}"), "/a/../b[1]?q={x}%2F",
		"POST /a/../b[1]?q={x}%2F HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Type: text/x\r\n"
		"X-Sig: it's\r\nX-Empty:\r\nx-sig: two\r\nContent-Length: 12\r\n\r\n");
}

static void a_target_arrives_with_what_looks_like_a_fragment(void **state) {
	(void)state;
	arrives_as("POST //a/../b?x#y'z HTTP/1.1\r\nHost: a\r\n\r\n", span_text("b"), "//a/../b?x#y'z",
		"POST //a/../b?x#y'z HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 1\r\n\r\n");
}

static void any_bytes_arrive_as_they_were(void **state) {
	(void)state;
	char body[600];
	for (size_t i = 0; i < sizeof body; i++) {
		body[i] = (char)(i * 7);
	}
	body[sizeof body - 1] = '\n';
	arrives_as("PUT / HTTP/1.1\r\nHost: a\r\nUser-Agent: x\r\n\r\n",
		(struct span){body, sizeof body}, "/",
		"PUT / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUser-Agent: x\r\nContent-Length: 600\r\n\r\n");
	arrives_as("POST / HTTP/1.1\r\nHost: a\r\n\r\n", span_text("@file\n"), "/",
		"POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 6\r\n\r\n");
	arrives_as("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", span_text(""), "/",
		"POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 0\r\n\r\n");
	arrives_as("GET /x HTTP/1.1\r\nHost: a\r\n\r\n", span_text(""), "/x",
		"GET /x HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\n\r\n");
}

static void nothing_in_a_request_reaches_the_shell(void **state) {
	(void)state;
	arrives_as("POST / HTTP/1.1\r\nHost: a\r\nX: $(exit 9)`exit 9`';exit 9;'\r\n\r\n",
		span_text("$(exit 9) '; exit 9; '"), "/",
		"POST / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: $(exit 9)`exit 9`';exit 9;'\r\n"
		"Content-Length: 22\r\n\r\n");
}

/* Whether a body of so many of this byte stands in the command itself. */
static bool stands_in_the_line(char byte, size_t count) {
	struct message message = {0};
	struct buffer body = {0}, line = {0};
	struct error err = {0};
	memset(buffer_reserve(&body, count), byte, count);
	body.len = count;
	assert_true(message_parse(
		&message, span_text("POST / HTTP/1.1\r\nHost: a\r\n\r\n"), buffer_span(&body), &err));
	curl_line_append(&line, &message, span_text("http://127.0.0.1/"));
	bool plain = strstr(buffer_text(&line), "--data-raw '") != NULL;
	assert_true(plain != (strstr(buffer_text(&line), "base64 -d <<'EOF' | ") != NULL));
	message_clear(&message);
	buffer_clear(&body);
	buffer_clear(&line);
	return plain;
}

static void a_body_too_long_for_an_argument_goes_by_standard_input(void **state) {
	(void)state;
	assert_true(stands_in_the_line('x', 32 * 1024 - 2)); /* and its two quotes */
	assert_false(stands_in_the_line('x', 32 * 1024 - 1));
	assert_false(stands_in_the_line('x', 1024 * 1024));
	assert_true(stands_in_the_line('\'', 8 * 1024 - 1)); /* four bytes each */
	assert_false(stands_in_the_line('\'', 8 * 1024));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_readable_request_arrives_as_it_was),
		cmocka_unit_test(a_target_arrives_with_what_looks_like_a_fragment),
		cmocka_unit_test(any_bytes_arrive_as_they_were),
		cmocka_unit_test(nothing_in_a_request_reaches_the_shell),
		cmocka_unit_test(a_body_too_long_for_an_argument_goes_by_standard_input),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
