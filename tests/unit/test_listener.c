/* Who is let in, who is turned away, and how a listener ends. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/unit/listener_bed.h"
#include "tests/unit/unit.h"

static const char request[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

static void who_comes_when_all_places_are_taken_is_503(void **state) {
	(void)state;
	struct listener_bed bed;
	struct listener_options options = listener_bed_options();
	options.limits.connections = 2;
	listener_bed_make_with(&bed, options);
	struct caller callers[3];
	for (int i = 0; i < 3; i++) {
		callers[i] = caller_open(&bed);
	}
	caller_receives(callers + 2, "HTTP/1.1 503 Service Unavailable\r\n");
	assert_int_equal(caller_count(callers + 2, "Retry-After: 5\r\n"), 1);
	caller_is_hung_up_on(callers + 2);
	assert_int_equal(listener_counts(bed.listener).turned_away, 1);
	assert_string_equal(bed.refused_reason, "more connections than the limit");

	caller_close(callers);
	UNTIL(&bed, listener_counts(bed.listener).connections == 1);
	callers[0] = caller_open(&bed);
	caller_send(callers, request);
	caller_receives(callers, "HTTP/1.1 200");
	for (int i = 0; i < 3; i++) {
		caller_close(callers + i);
	}
	listener_bed_remove(&bed);
}

static void one_address_cannot_take_all_places(void **state) {
	(void)state;
	struct listener_bed bed;
	struct listener_options options = listener_bed_options();
	options.limits.connections_per_address = 2;
	listener_bed_make_with(&bed, options);
	struct caller callers[3];
	for (int i = 0; i < 3; i++) {
		callers[i] = caller_open_from(&bed, "203.0.113.7");
	}
	caller_receives(callers + 2, "HTTP/1.1 429 Too Many Requests\r\n");
	assert_string_equal(bed.refused_reason, "more connections than one address may have");
	struct caller other = caller_open_from(&bed, "203.0.113.8");
	caller_send(&other, request);
	caller_receives(&other, "HTTP/1.1 200");

	caller_close(callers + 1);
	UNTIL(&bed, listener_counts(bed.listener).connections == 2);
	caller_close(callers + 2);
	callers[2] = caller_open_from(&bed, "203.0.113.7");
	caller_send(callers + 2, request);
	caller_receives(callers + 2, "HTTP/1.1 200");
	caller_close(callers);
	caller_close(callers + 2);
	caller_close(&other);
	listener_bed_remove(&bed);
}

static void a_network_of_version_6_counts_as_one_address(void **state) {
	(void)state;
	struct listener_bed bed;
	struct listener_options options = listener_bed_options();
	options.limits.connections_per_address = 1;
	listener_bed_make_with(&bed, options);
	struct caller first = caller_open_from(&bed, "2001:db8::1");
	struct caller second = caller_open_from(&bed, "2001:db8::2:3");
	struct caller elsewhere = caller_open_from(&bed, "2001:db8:0:1::1");
	caller_receives(&second, "HTTP/1.1 429");
	caller_send(&elsewhere, request);
	caller_receives(&elsewhere, "HTTP/1.1 200");
	caller_close(&first);
	caller_close(&second);
	caller_close(&elsewhere);
	listener_bed_remove(&bed);
}

static void a_proxy_on_this_machine_is_not_counted_as_one_address(void **state) {
	(void)state;
	struct listener_bed bed;
	struct listener_options options = listener_bed_options();
	options.limits.connections_per_address = 1;
	listener_bed_make_with(&bed, options);
	struct caller callers[3] = {
		caller_open(&bed), caller_open_from(&bed, "127.0.0.9"), caller_open_from(&bed, "::1")};
	for (int i = 0; i < 3; i++) {
		caller_send(callers + i, request);
		caller_receives(callers + i, "HTTP/1.1 200");
		caller_close(callers + i);
	}
	listener_bed_remove(&bed);
}

static void the_port_that_was_bound_is_told_also_on_version_6(void **state) {
	(void)state;
	struct listener_bed bed;
	struct listener_options options = listener_bed_options();
	struct error err = {0};
	assert_true(listen_address_parse(&options.address, "[::1]:0", &err));
	listener_bed_make_with(&bed, options);
	struct sockaddr_in6 address = {.sin6_family = AF_INET6,
		.sin6_addr = in6addr_loopback,
		.sin6_port = htons((uint16_t)listener_port(bed.listener))};
	assert_int_not_equal(address.sin6_port, 0);
	struct caller caller = {.bed = &bed, .socket = socket(AF_INET6, SOCK_STREAM, 0)};
	assert_int_equal(connect(caller.socket, (struct sockaddr *)&address, sizeof address), 0);
	caller_send(&caller, request);
	caller_receives(&caller, "HTTP/1.1 200");
	caller_close(&caller);
	listener_bed_remove(&bed);
}

static void an_address_that_is_taken_says_which_setting_to_change(void **state) {
	(void)state;
	struct listener_bed bed;
	listener_bed_make(&bed);
	struct listener_options options = listener_bed_options();
	options.address.port = listener_port(bed.listener);
	struct error err = {0};
	assert_null(listener_new(bed.context, &bed.loop, &options, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "is in use by another program"));
	assert_non_null(strstr(err.text, "--ingest or ingest.listen"));
	listener_bed_remove(&bed);
}

static void a_certificate_that_cannot_be_read_is_refused(void **state) {
	(void)state;
	struct listener_bed bed;
	listener_bed_make(&bed);
	struct listener_options options = listener_bed_options();
	options.certificate = options.key = "/nowhere/at-all.pem";
	struct error err = {0};
	assert_null(listener_new(bed.context, &bed.loop, &options, &err));
	assert_non_null(strstr(err.text, "/nowhere/at-all.pem"));
	listener_bed_remove(&bed);
}

static int try_to_connect(int port) {
	struct sockaddr_in address = {.sin_family = AF_INET,
		.sin_port = htons((uint16_t)port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int failed = connect(fd, (struct sockaddr *)&address, sizeof address);
	close(fd);
	return failed;
}

static void a_drain_answers_what_has_begun_and_ends_the_rest(void **state) {
	(void)state;
	struct listener_bed bed;
	listener_bed_make(&bed);
	struct caller idle = caller_open(&bed), busy = caller_open(&bed), slow = caller_open(&bed);
	caller_send(&idle, request);
	caller_receives(&idle, "HTTP/1.1 200");
	bed.hold = true;
	caller_send(&busy, request);
	caller_send(&slow, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nhal");
	UNTIL(&bed, bed.held_count == 1 && bed.listener->first->phase == PHASE_BODY);

	listener_drain(bed.listener);
	caller_is_hung_up_on(&idle);
	assert_int_not_equal(try_to_connect(listener_port(bed.listener)), 0);
	assert_int_equal(listener_in_flight(bed.listener), 2);
	listener_bed_answer(&bed);
	caller_receives(&busy, "Connection: close\r\n");
	caller_is_hung_up_on(&busy);
	caller_send(&slow, "f");
	UNTIL(&bed, bed.held_count == 1);
	listener_bed_answer(&bed);
	caller_receives(&slow, "POST / half\n");
	assert_int_equal(caller_count(&slow, "Connection: close\r\n"), 1);
	assert_int_equal(listener_in_flight(bed.listener), 0);
	caller_close(&idle);
	caller_close(&busy);
	caller_close(&slow);
	listener_bed_remove(&bed);
}

static void a_listener_may_go_while_its_requests_are_still_handled(void **state) {
	(void)state;
	struct listener_bed bed;
	listener_bed_make(&bed);
	bed.hold = true;
	struct caller callers[3];
	for (int i = 0; i < 3; i++) {
		callers[i] = caller_open(&bed);
		caller_send(callers + i, request);
	}
	UNTIL(&bed, bed.held_count == 3);
	listener_bed_remove(&bed); /* answers them afterwards */
	for (int i = 0; i < 3; i++) {
		caller_close(callers + i);
	}
}

static void other_limits_count_from_the_next_request_on(void **state) {
	(void)state;
	struct listener_bed bed;
	listener_bed_make(&bed);
	struct listener_limits limits = bed.listener->limits;
	limits.http.body_bytes = 3;
	limits.connections = 1;
	listener_set_limits(bed.listener, &limits);
	struct caller first = caller_open(&bed), second = caller_open(&bed);
	caller_send(&first, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n");
	caller_receives(&first, "HTTP/1.1 413 ");
	caller_send(&second, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nyes");
	caller_receives(&second, "POST / yes\n");
	caller_close(&first);
	caller_close(&second);
	listener_bed_remove(&bed);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_comes_when_all_places_are_taken_is_503),
		cmocka_unit_test(one_address_cannot_take_all_places),
		cmocka_unit_test(a_network_of_version_6_counts_as_one_address),
		cmocka_unit_test(a_proxy_on_this_machine_is_not_counted_as_one_address),
		cmocka_unit_test(the_port_that_was_bound_is_told_also_on_version_6),
		cmocka_unit_test(an_address_that_is_taken_says_which_setting_to_change),
		cmocka_unit_test(a_certificate_that_cannot_be_read_is_refused),
		cmocka_unit_test(a_drain_answers_what_has_begun_and_ends_the_rest),
		cmocka_unit_test(a_listener_may_go_while_its_requests_are_still_handled),
		cmocka_unit_test(other_limits_count_from_the_next_request_on),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
