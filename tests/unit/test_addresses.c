/* Connections are counted by address, whatever addresses come. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "relay/ingest/addresses.h"
#include "tests/unit/unit.h"

static struct address v4(uint32_t number, char text[PEER_TEXT_LEN]) {
	struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(51034)};
	peer.sin_addr.s_addr = htonl(number);
	return address_of((struct sockaddr *)&peer, text);
}

static struct address v6(const char *host, char text[PEER_TEXT_LEN]) {
	struct sockaddr_in6 peer = {.sin6_family = AF_INET6, .sin6_port = htons(443)};
	assert_int_equal(inet_pton(AF_INET6, host, &peer.sin6_addr), 1);
	return address_of((struct sockaddr *)&peer, text);
}

static void peers_are_written_as_people_write_them(void **state) {
	(void)state;
	char text[PEER_TEXT_LEN];
	v4(0xcb007107, text);
	assert_string_equal(text, "203.0.113.7:51034");
	v6("2001:db8::1", text);
	assert_string_equal(text, "[2001:db8::1]:443");
	v6("::ffff:203.0.113.7", text);
	assert_string_equal(text, "203.0.113.7:443");
}

static void a_mapped_address_is_the_same_as_the_plain_one(void **state) {
	(void)state;
	char text[PEER_TEXT_LEN];
	struct address plain = v4(0xcb007107, text), mapped = v6("::ffff:203.0.113.7", text);
	assert_memory_equal(&plain, &mapped, sizeof plain);
}

static void a_network_of_ipv6_counts_as_one_sender(void **state) {
	(void)state;
	char text[PEER_TEXT_LEN];
	struct address one = v6("2001:db8:1:2::1", text), two = v6("2001:db8:1:2:ffff::9", text);
	struct address other = v6("2001:db8:1:3::1", text);
	assert_memory_equal(&one, &two, sizeof one);
	assert_memory_not_equal(&one, &other, sizeof one);
}

static void loopback_is_known_in_every_form(void **state) {
	(void)state;
	char text[PEER_TEXT_LEN];
	struct address plain = v4(0x7f000001, text), far = v4(0x7f01ffff, text), six = v6("::1", text),
				   mapped = v6("::ffff:127.0.0.1", text), other = v4(0x80000001, text);
	assert_true(address_is_loopback(&plain));
	assert_true(address_is_loopback(&far));
	assert_true(address_is_loopback(&six));
	assert_true(address_is_loopback(&mapped));
	assert_false(address_is_loopback(&other));
}

static void entering_counts_up_and_leaving_counts_down(void **state) {
	(void)state;
	char text[PEER_TEXT_LEN];
	struct addresses *addresses = addresses_new(4, 1);
	struct address one = v4(1, text), two = v4(2, text);
	assert_int_equal(addresses_enter(addresses, &one), 1);
	assert_int_equal(addresses_enter(addresses, &one), 2);
	assert_int_equal(addresses_enter(addresses, &two), 1);
	addresses_leave(addresses, &one);
	assert_int_equal(addresses_enter(addresses, &one), 2);
	addresses_free(addresses);
}

static void a_full_table_takes_no_more_until_somebody_left(void **state) {
	(void)state;
	char text[PEER_TEXT_LEN];
	struct addresses *addresses = addresses_new(2, 1);
	struct address one = v4(1, text), two = v4(2, text), three = v4(3, text);
	addresses_enter(addresses, &one);
	addresses_enter(addresses, &two);
	assert_int_equal(addresses_enter(addresses, &three), 0);
	addresses_leave(addresses, &one);
	assert_int_equal(addresses_enter(addresses, &three), 1);
	addresses_free(addresses);
}

static void many_addresses_come_and_go_without_being_mixed_up(void **state) {
	(void)state;
	enum { MANY = 500 };
	char text[PEER_TEXT_LEN];
	size_t expected[MANY] = {0};
	struct addresses *addresses = addresses_new(MANY, 7);
	uint32_t random = 1;
	for (int i = 0; i < 50000; i++) {
		random = random * 1664525 + 1013904223;
		uint32_t who = (random >> 8) % MANY;
		struct address address = v4(0x0a000000 + who, text);
		if (expected[who] > 0 && (random >> 30) != 0) {
			addresses_leave(addresses, &address);
			expected[who]--;
		} else {
			assert_int_equal(addresses_enter(addresses, &address), ++expected[who]);
		}
	}
	addresses_free(addresses);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(peers_are_written_as_people_write_them),
		cmocka_unit_test(a_mapped_address_is_the_same_as_the_plain_one),
		cmocka_unit_test(a_network_of_ipv6_counts_as_one_sender),
		cmocka_unit_test(loopback_is_known_in_every_form),
		cmocka_unit_test(entering_counts_up_and_leaving_counts_down),
		cmocka_unit_test(a_full_table_takes_no_more_until_somebody_left),
		cmocka_unit_test(many_addresses_come_and_go_without_being_mixed_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
