/* What one who speaks HTTP to a port sees, byte by byte and deadline by deadline. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/unit/listener_bed.h"
#include "tests/unit/unit.h"

#define LARGE ((size_t)16 << 20)

static struct listener_bed bed;
static struct caller caller;

static int make(void **state) {
	(void)state;
	listener_bed_make(&bed);
	caller = caller_open(&bed);
	return 0;
}

static int take_away(void **state) {
	(void)state;
	caller_close(&caller);
	listener_bed_remove(&bed);
	return 0;
}

static void assert_refused(int status, const char *reason) {
	UNTIL(&bed, bed.refusals > 0);
	assert_int_equal(bed.refusals, 1);
	assert_int_equal(bed.refused_status, status);
	assert_string_equal(bed.refused_reason, reason);
}

static void wait_for_phase(enum phase phase) {
	UNTIL(&bed, bed.listener->first && bed.listener->first->phase == phase);
}

static void a_connection_is_kept_for_the_next_request(void **state) {
	(void)state;
	caller_send(&caller, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n");
	caller_receives(&caller, "GET /a \n");
	caller_send(&caller, "POST /b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nyes");
	caller_receives(&caller, "POST /b yes\n");
	assert_int_equal(caller_count(&caller, "HTTP/1.1 200 OK\r\n"), 2);
	assert_int_equal(caller_count(&caller, "Connection: close"), 0);
	assert_int_equal(listener_counts(bed.listener).accepted, 1);
}

static void every_byte_may_come_by_itself(void **state) {
	(void)state;
	static const char request[] =
		"POST /drip HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
	for (size_t i = 0; request[i]; i++) {
		caller_send(&caller, (char[]){request[i], '\0'});
		listener_bed_turn(&bed);
	}
	caller_receives(&caller, "POST /drip hi\n");
}

static void pipelined_requests_are_answered_in_order(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\nPOST /2 HTTP/1.1\r\nHost: x\r\n"
						 "Content-Length: 2\r\n\r\n22GET /3 HTTP/1.1\r\nHost: x\r\n\r\n");
	for (int64_t number = 1; number <= 3; number++) {
		UNTIL(&bed, bed.held_count == 1);
		assert_int_equal(bed.requests, number);
		listener_bed_answer(&bed);
		char wanted[16];
		snprintf(wanted, sizeof wanted, " /%lld ", (long long)number);
		caller_receives(&caller, wanted);
		assert_int_equal(caller_count(&caller, "HTTP/1.1 200"), number);
	}
}

static void a_request_behind_one_that_is_not_answered_waits(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET /1 HTTP/1.1\r\nHost: x\r\n\r\n");
	UNTIL(&bed, bed.held_count == 1);
	caller_send(&caller, "GET /2 HTTP/1.1\r\nHost: x\r\n\r\n");
	UNTIL(&bed, bed.listener->first->leftover.len > 0);
	assert_int_equal(bed.requests, 1);
	listener_bed_answer(&bed);
	UNTIL(&bed, bed.held_count == 1);
	listener_bed_answer(&bed);
	caller_receives(&caller, "GET /2 \n");
}

static void who_waits_to_be_told_is_told_to_go_on(void **state) {
	(void)state;
	caller_send(
		&caller, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
	caller_receives(&caller, "HTTP/1.1 100 Continue\r\n\r\n");
	assert_int_equal(bed.requests, 0);
	caller_send(&caller, "body");
	caller_receives(&caller, "POST / body\n");
	assert_int_equal(caller_count(&caller, "100 Continue"), 1);
}

static void who_does_not_wait_is_not_told_to_go_on(void **state) {
	(void)state;
	caller_send(&caller,
		"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\nbody");
	caller_receives(&caller, "POST / body\n");
	assert_int_equal(caller_count(&caller, "100 Continue"), 0);
}

static void a_head_that_is_refused_needs_no_body(void **state) {
	(void)state;
	bed.refuse_status = 404;
	caller_send(
		&caller, "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n");
	caller_receives(&caller, "HTTP/1.1 404 Not Found\r\n");
	assert_refused(404, "as the test wants it");
	assert_int_equal(caller_count(&caller, "100 Continue"), 0);
	assert_int_equal(caller_count(&caller, "Connection: close\r\n"), 1);
	caller_is_hung_up_on(&caller);
}

static void head_is_answered_without_a_body(void **state) {
	(void)state;
	caller_send(
		&caller, "HEAD /x HTTP/1.1\r\nHost: x\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
	caller_receives(&caller, "OPTIONS * \n");
	assert_int_equal(caller_count(&caller, "Content-Length: 9\r\n"), 1);
	assert_int_equal(caller_count(&caller, "HEAD /x \n"), 0);
	assert_int_equal(caller_count(&caller, "HTTP/1.1 200"), 2);
}

static void http_1_0_ends_unless_it_asks_to_be_kept(void **state) {
	(void)state;
	caller_send(&caller, "GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
	caller_receives(&caller, "GET /a \n");
	assert_int_equal(caller_count(&caller, "Connection: keep-alive\r\n"), 1);
	caller_send(&caller, "GET /b HTTP/1.0\r\n\r\n");
	caller_receives(&caller, "GET /b \n");
	assert_int_equal(caller_count(&caller, "Connection: close\r\n"), 1);
	caller_is_hung_up_on(&caller);
}

static void what_is_no_http_is_refused_and_nothing_more_is_believed(void **state) {
	(void)state;
	caller_send(&caller, "nonsense\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
	caller_receives(&caller, "HTTP/1.1 400 Bad Request\r\n");
	caller_is_hung_up_on(&caller);
	assert_true(caller.closed);
	assert_int_equal(bed.refused_status, 400);
	assert_string_equal(bed.refused_line, "nonsense");
	assert_int_equal(bed.requests, 0);
	assert_int_equal(caller_count(&caller, "HTTP/1.1"), 1);
}

static void who_goes_on_sending_can_still_read_why_it_was_refused(void **state) {
	(void)state;
	caller_send(&caller, "nonsense\r\n\r\n");
	wait_for_phase(PHASE_LINGER);
	for (int i = 0; i < 20; i++) {
		caller_send(&caller, "and more, as if nothing had been said");
		listener_bed_turn(&bed);
	}
	caller_receives(&caller, "HTTP/1.1 400");
	caller_is_hung_up_on(&caller);
	assert_true(caller.closed && !caller.reset);
	assert_int_equal(listener_counts(bed.listener).connections, 1);
	listener_bed_pass(&bed, 1000);
	UNTIL(&bed, listener_counts(bed.listener).connections == 0);
	assert_int_equal(bed.refusals, 1);
}

static void a_head_that_does_not_end_is_408(void **state) {
	(void)state;
	caller_send(&caller, "POST / HTTP/1.1\r\nHost: ");
	UNTIL(&bed, bed.listener->first->reader.started);
	listener_bed_pass(&bed, 9999);
	assert_int_equal(bed.refusals, 0);
	listener_bed_pass(&bed, 10000);
	caller_receives(&caller, "HTTP/1.1 408 Request Timeout\r\n");
	assert_refused(408, "the head did not arrive in time");
	assert_string_equal(bed.refused_line, "POST / HTTP/1.1");
	caller_is_hung_up_on(&caller);
}

static void who_says_nothing_at_all_is_hung_up_on_without_a_word(void **state) {
	(void)state;
	listener_bed_pass(&bed, 10000);
	caller_is_hung_up_on(&caller);
	assert_int_equal(caller.in.len, 0);
	assert_int_equal(bed.refusals, 0);
}

static void a_kept_connection_that_stays_silent_ends_without_a_word(void **state) {
	(void)state;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	caller_receives(&caller, "GET / \n");
	size_t len = caller.in.len;
	listener_bed_pass(&bed, 74999);
	assert_int_equal(listener_counts(bed.listener).connections, 1);
	listener_bed_pass(&bed, 75000);
	caller_is_hung_up_on(&caller);
	assert_int_equal(caller.in.len, len);
	assert_int_equal(bed.refusals, 0);
}

static void a_body_that_drips_is_408(void **state) {
	(void)state;
	caller_send(&caller, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\ndrip");
	UNTIL(&bed, bed.listener->first->phase_bytes >= 4);
	listener_bed_pass(&bed, 9999);
	assert_int_equal(bed.refusals, 0);
	listener_bed_pass(&bed, 10000);
	caller_receives(&caller, "HTTP/1.1 408");
	assert_refused(408, "the body did not arrive in time");
}

static void a_body_has_a_minute_however_fast_it_comes(void **state) {
	(void)state;
	static char bytes[70000];
	memset(bytes, 'x', sizeof bytes - 1);
	caller_send(&caller, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n");
	caller_send(&caller, bytes);
	UNTIL(&bed, bed.listener->first->phase_bytes >= (int64_t)sizeof bytes - 1);
	listener_bed_pass(&bed, 59999);
	assert_int_equal(bed.refusals, 0);
	listener_bed_pass(&bed, 60000);
	assert_refused(408, "the body did not arrive in time");
}

static void an_answer_may_take_as_long_as_the_disk_needs(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	UNTIL(&bed, bed.held_count == 1);
	listener_bed_pass(&bed, 3600000);
	listener_bed_answer(&bed);
	caller_receives(&caller, "GET / \n");
}

static void who_said_its_last_word_still_gets_its_answer(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "POST /last HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\n.");
	shutdown(caller.socket, SHUT_WR);
	UNTIL(&bed, bed.held_count == 1 && listener_counts(bed.listener).connections == 0);
	listener_bed_answer(&bed);
	caller_receives(&caller, "POST /last .\n");
	assert_int_equal(caller_count(&caller, "Connection: close\r\n"), 1);
	caller_is_hung_up_on(&caller);
	assert_true(caller.closed);
}

static void who_hangs_up_is_answered_into_the_void(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	UNTIL(&bed, bed.held_count == 1);
	caller_reset(&caller);
	UNTIL(&bed, listener_counts(bed.listener).connections == 0);
	assert_int_equal(listener_in_flight(bed.listener), 1);
	listener_bed_answer(&bed);
	assert_int_equal(listener_in_flight(bed.listener), 0);
	assert_int_equal(listener_counts(bed.listener).buffered_bytes, 0);
}

static void a_request_cut_short_is_a_refusal_without_an_answer(void **state) {
	(void)state;
	caller_send(&caller, "POST /cut HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nfour");
	wait_for_phase(PHASE_BODY);
	caller_close(&caller);
	assert_refused(0, "the connection ended in the middle of a body");
	assert_string_equal(bed.refused_line, "POST /cut HTTP/1.1");
}

static void a_large_answer_arrives_whole(void **state) {
	(void)state;
	bed.answer_len = LARGE;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	wait_for_phase(PHASE_ANSWER);
	caller_takes(&caller, LARGE);
	wait_for_phase(PHASE_IDLE);
	bed.answer_len = 0;
	caller_send(&caller, "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
	UNTIL(&bed, bed.requests == 2);
}

static void who_does_not_take_its_answer_is_cut_off(void **state) {
	(void)state;
	bed.answer_len = LARGE;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	wait_for_phase(PHASE_ANSWER);
	listener_bed_pass(&bed, 29999);
	assert_int_equal(bed.refusals, 0);
	listener_bed_pass(&bed, 30000);
	assert_refused(0, "the client did not take its answer in time");
	UNTIL(&bed, listener_counts(bed.listener).connections == 0);
	assert_int_equal(listener_counts(bed.listener).buffered_bytes, 0);
}

static void more_than_fits_into_memory_is_503(void **state) {
	(void)state;
	static char bytes[200000];
	memset(bytes, 'x', sizeof bytes - 1);
	struct listener_limits limits = bed.listener->limits;
	limits.buffered_bytes = 50000;
	listener_set_limits(bed.listener, &limits);
	struct caller other = caller_open(&bed);
	caller_send(&caller, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n");
	caller_send(&caller, bytes);
	caller_receives(&caller, "HTTP/1.1 503 Service Unavailable\r\n");
	assert_int_equal(caller_count(&caller, "Retry-After: 5\r\n"), 1);
	assert_refused(503, "too much is being received at once, try again later");
	caller_send(&other, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nsmall");
	caller_receives(&other, "POST / small\n");
	caller_close(&other);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, make, take_away)

static struct connection *take_held(void) {
	UNTIL(&bed, bed.held_count == 1);
	bed.held_count = 0;
	return bed.held[0];
}

static void who_is_hung_up_on_gets_no_answer(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	connection_hang_up(take_held());
	caller_is_hung_up_on(&caller);
	assert_int_equal(caller.in.len, 0);
	assert_int_equal(listener_in_flight(bed.listener), 0);
	assert_int_equal(bed.refusals, 0);
}

static void who_is_gone_already_can_be_hung_up_on(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET / HTTP/1.1\r\nHost: x\r\n\r\n");
	struct connection *connection = take_held();
	assert_false(connection_is_deserted(connection));
	caller_reset(&caller);
	UNTIL(&bed, listener_counts(bed.listener).connections == 0);
	assert_true(connection_is_deserted(connection));
	connection_hang_up(connection);
	assert_int_equal(listener_in_flight(bed.listener), 0);
}

static void an_answer_may_come_in_drops(void **state) {
	(void)state;
	bed.hold = true;
	caller_send(&caller, "GET /slow HTTP/1.1\r\nHost: x\r\n\r\n");
	connection_drip(
		take_held(), &(struct answer){.status = 200, .body = span_text("at last\n")}, 600);
	caller_takes(&caller, 0);
	assert_int_equal(caller_count(&caller, "at last"), 0);
	assert_int_equal(listener_in_flight(bed.listener), 1);
	caller_receives(&caller, "at last\n");
	assert_int_equal(listener_in_flight(bed.listener), 0);
	bed.hold = false;
	caller_send(&caller, "GET /next HTTP/1.1\r\nHost: x\r\n\r\n");
	caller_receives(&caller, "GET /next \n");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(a_connection_is_kept_for_the_next_request),
		CASE(every_byte_may_come_by_itself),
		CASE(pipelined_requests_are_answered_in_order),
		CASE(a_request_behind_one_that_is_not_answered_waits),
		CASE(who_waits_to_be_told_is_told_to_go_on),
		CASE(who_does_not_wait_is_not_told_to_go_on),
		CASE(a_head_that_is_refused_needs_no_body),
		CASE(head_is_answered_without_a_body),
		CASE(http_1_0_ends_unless_it_asks_to_be_kept),
		CASE(what_is_no_http_is_refused_and_nothing_more_is_believed),
		CASE(who_goes_on_sending_can_still_read_why_it_was_refused),
		CASE(a_head_that_does_not_end_is_408),
		CASE(who_says_nothing_at_all_is_hung_up_on_without_a_word),
		CASE(a_kept_connection_that_stays_silent_ends_without_a_word),
		CASE(a_body_that_drips_is_408),
		CASE(a_body_has_a_minute_however_fast_it_comes),
		CASE(an_answer_may_take_as_long_as_the_disk_needs),
		CASE(who_said_its_last_word_still_gets_its_answer),
		CASE(who_is_hung_up_on_gets_no_answer),
		CASE(who_is_gone_already_can_be_hung_up_on),
		CASE(an_answer_may_come_in_drops),
		CASE(who_hangs_up_is_answered_into_the_void),
		CASE(a_request_cut_short_is_a_refusal_without_an_answer),
		CASE(a_large_answer_arrives_whole),
		CASE(who_does_not_take_its_answer_is_cut_off),
		CASE(more_than_fits_into_memory_is_503),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
