/* Addresses to listen on are understood, or refused with what would be. */
#include "common/error.h"
#include "relay/context.h"
#include "tests/unit/unit.h"

static void check(const char *text, const char *host, int port, bool loopback) {
	struct listen_address address = {0};
	struct error err = {0};
	assert_true(listen_address_parse(&address, text, &err));
	assert_string_equal(address.host, host);
	assert_int_equal(address.port, port);
	assert_int_equal(address.loopback, loopback);
}

static void addresses_are_understood(void **state) {
	(void)state;
	check("127.0.0.1:8080", "127.0.0.1", 8080, true);
	check("localhost:8080", "127.0.0.1", 8080, true);
	check("8080", "127.0.0.1", 8080, true);
	check("0", "127.0.0.1", 0, true);
	check("[::1]:0", "::1", 0, true);
	check("127.8.9.1:1", "127.8.9.1", 1, true);
	check("0.0.0.0:80", "0.0.0.0", 80, false);
	check("[::]:65535", "::", 65535, false);
	check("203.0.113.7:443", "203.0.113.7", 443, false);
}

static void anything_else_is_refused(void **state) {
	(void)state;
	const char *wrong[] = {"", ":", ":80", "localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x",
		"127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.1: 80", "127.0.0.1:80 ", "::1:80", "[::1]",
		"[::1]80", "[]:80", "[127.0.0.1]:80", "example.com:80", "1.2.3:80", "[::1:80", "0x7f.1:80",
		"127.0.0.1:99999999999999999999"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct listen_address address = {.port = 7};
		struct error err = {0};
		assert_false(listen_address_parse(&address, wrong[i], &err));
		assert_int_equal(err.code, ERROR_CONFIG);
		assert_int_equal(address.port, 7);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_understood),
		cmocka_unit_test(anything_else_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
