/* Addresses of relays are understood or refused. */
#include "tests/unit/unit.h"
#include "tui/relay_url.h"

static void check(const char *text, bool tls, const char *host, int port, const char *path) {
	struct relay_url url;
	struct error err = {0};
	assert_true(relay_url_parse(&url, text, &err));
	assert_int_equal(url.tls, tls);
	assert_string_equal(url.host, host);
	assert_int_equal(url.port, port);
	assert_string_equal(url.path, path);
}

static void addresses_are_understood(void **state) {
	(void)state;
	check("ws://127.0.0.1:8081", false, "127.0.0.1", 8081, "/");
	check("ws://localhost:1/", false, "localhost", 1, "/");
	check("wss://relay.example.com", true, "relay.example.com", 443, "/");
	check(
		"wss://relay.example.com:8443/stream?x=1", true, "relay.example.com", 8443, "/stream?x=1");
	check("ws://[::1]:8081", false, "::1", 8081, "/");
	check("ws://[::1]", false, "::1", 80, "/");
}

static void anything_else_is_refused(void **state) {
	(void)state;
	const char *wrong[] = {"", "ws://", "ws:///x", "http://127.0.0.1:8081", "127.0.0.1:8081",
		"ws://127.0.0.1:", "ws://127.0.0.1:0", "ws://127.0.0.1:65536", "ws://127.0.0.1:x",
		"ws://:8081", "ws://user@host", "ws://a b", "ws://a\r\nX: y", "ws://[::1", "ws://[]:1",
		"ws://[x]:1", "ws://::1", "ws://h:1\"", "ws://\xc3\xa9:1", "ws://h/#f"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct relay_url url;
		struct error err = {0};
		assert_false(relay_url_parse(&url, wrong[i], &err));
		assert_int_equal(err.code, ERROR_USAGE);
	}
}

static void hosts_are_written_as_http_wants_them(void **state) {
	(void)state;
	const char *pairs[][2] = {{"ws://127.0.0.1:8081", "127.0.0.1:8081"},
		{"wss://relay.example.com:443", "relay.example.com"}, {"ws://[::1]:8081", "[::1]:8081"}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct relay_url url;
		struct buffer out = {0};
		assert_true(relay_url_parse(&url, pairs[i][0], NULL));
		relay_url_append_host(&out, &url);
		assert_string_equal(buffer_text(&out), pairs[i][1]);
		buffer_clear(&out);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_understood),
		cmocka_unit_test(anything_else_is_refused),
		cmocka_unit_test(hosts_are_written_as_http_wants_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
