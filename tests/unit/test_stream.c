/* Relay and client over real sockets: what was stored is seen once, in order, whatever happens to the connection. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

static void history_comes_first_then_what_happens(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 200, span_text("old"));
	watcher_connect(bed, &watcher);
	watcher_follow(
		&watcher, &(struct client_query){.endpoint = span_text("shop"), .attempts = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	assert_int_equal(watcher.events, 200);
	stream_bed_events(bed, bed->shop, 5, span_text("new"));
	stream_bed_attempt(bed);
	stream_bed_until(bed, &watcher.attempts, 1);
	assert_int_equal(watcher.events, 205);
	assert_int_equal(watcher.last_seq, 206);
	assert_true(watcher.in_order);
	client_free(watcher.client);
}

static void bytes_come_exactly_with_each_entry(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	struct buffer large = {0};
	for (int i = 0; i < 3000000; i++) {
		buffer_append_byte(&large, (char)(i * 7));
	}
	stream_bed_events(bed, bed->shop, 1, buffer_span(&large));
	stream_bed_events(bed, bed->shop, 1, span_text(""));
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.bytes = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	assert_int_equal(watcher.body_bytes, 3000000);
	stream_bed_events(bed, bed->shop, 1, buffer_span(&large)); /* too large for the ring */
	stream_bed_events(bed, bed->shop, 1, span_text("hello"));
	stream_bed_until(bed, &watcher.events, 4);
	assert_int_equal(watcher.body_bytes, 6000005);
	assert_string_equal(watcher.body, "hello");
	assert_true(strstr(watcher.head, "POST /e/shop/hook?a=1 HTTP/1.1\r\n") == watcher.head);
	assert_true(watcher.in_order);
	buffer_clear(&large);
	client_free(watcher.client);
}

static void only_what_comes_from_now_on_if_asked(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 10, span_text("old"));
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.live_only = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	stream_bed_events(bed, bed->shop, 1, span_text("new"));
	stream_bed_until(bed, &watcher.events, 1);
	assert_int_equal(watcher.last_seq, 11);
	client_free(watcher.client);
}

static void a_lost_connection_is_resumed_without_gap_or_repeat(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.live_only = true, .bytes = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	for (int round = 1; round <= 10; round++) {
		stream_bed_events(bed, bed->shop, round % 3 ? 7 : 90, span_text("x"));
		if (round % 2) {
			stream_bed_until(bed, &watcher.events, 1);
		}
		stream_bed_stop(bed);
		stream_bed_events(bed, bed->shop, 3, span_text("missed"));
		stream_bed_until(bed, &watcher.downs, round);
		stream_bed_start(bed, NULL);
		stream_bed_until(bed, &watcher.lives, round + 1);
	}
	int64_t last = stream_bed_events(bed, bed->shop, 1, span_text("end"));
	stream_bed_until(bed, &watcher.events, last);
	assert_int_equal(watcher.events, last);
	assert_int_equal(watcher.last_seq, last);
	assert_true(watcher.in_order);
	assert_int_equal(watcher.gaps, 0);
	client_free(watcher.client);
}

static void who_comes_back_is_told_how_far_behind(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher, other;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	watcher_connect(bed, &watcher);
	watcher_connect(bed, &other);
	watcher_follow(&watcher, &(struct client_query){0});
	watcher_follow(&other, &(struct client_query){.endpoint = span_text("shop")});
	stream_bed_until(bed, &watcher.caught_up, 1);
	stream_bed_until(bed, &other.caught_up, 1);
	assert_int_equal(watcher.resumed, 0);
	stream_bed_stop(bed);
	stream_bed_until(bed, &watcher.downs, 1);
	stream_bed_until(bed, &other.downs, 1);
	stream_bed_events(bed, bed->shop, 40, span_text("x"));
	stream_bed_events(bed, stream_bed_endpoint(bed, "later"), 2, span_text("x"));
	stream_bed_start(bed, NULL);
	stream_bed_until(bed, &watcher.resumed, 1);
	stream_bed_until(bed, &other.resumed, 1);
	assert_int_equal(watcher.resumed_from, 3);
	assert_int_equal(watcher.behind, 42);
	assert_int_equal(other.behind, 40);
	stream_bed_until(bed, &watcher.events, 45);
	client_free(watcher.client);
	client_free(other.client);
}

static void a_client_knows_that_its_relay_lives(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	assert_int_equal(client_heard_ms(watcher.client), 0);
	assert_int_equal(client_round_trip_us(watcher.client), -1);
	stream_bed_until(bed, &watcher.lives, 1);
	for (int i = 0; i < 2; i++) {
		int64_t heard = client_heard_ms(watcher.client);
		assert_true(heard > 0);
		while (client_heard_ms(watcher.client) == heard) {
			stream_bed_turn(bed, 5);
		}
	}
	assert_true(client_round_trip_us(watcher.client) > 0);
	client_free(watcher.client);
}

static void endpoints_made_later_are_followed_too(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.live_only = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	int64_t later = stream_bed_endpoint(bed, "later");
	stream_bed_events(bed, later, 3, span_text("x"));
	stream_bed_until(bed, &watcher.events, 3);
	assert_true(watcher.in_order);
	client_free(watcher.client);
}

static void a_filter_lets_through_what_matches(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 100, span_text("grey"));
	stream_bed_events(bed, bed->shop, 1, span_text("a needle in it"));
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.filter = span_text("needle")});
	stream_bed_until(bed, &watcher.caught_up, 1);
	assert_int_equal(watcher.events, 1);
	stream_bed_events(bed, bed->shop, 200, span_text("grey"));
	stream_bed_events(bed, bed->shop, 1, span_text("needle"));
	stream_bed_until(bed, &watcher.events, 2);
	assert_int_equal(watcher.last_seq, 302);
	client_free(watcher.client);
}

static void a_cursor_beyond_the_history_is_a_gap(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.endpoint = span_text("shop"), .after = 1000});
	stream_bed_until(bed, &watcher.caught_up, 1);
	assert_int_equal(watcher.gaps, 1);
	assert_int_equal(watcher.gap_to, 1000);
	assert_int_equal(watcher.events, 3);
	client_free(watcher.client);
}

static void free_at_once(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct watcher *watcher = data;
	(void)event;
	(void)bytes;
	watcher->events++;
	client_free(watcher->client);
}

static void who_looks_at_the_newest_is_told_what_it_passed_over(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	watcher_follow(
		&watcher, &(struct client_query){.live_only = true, .at_most = 10, .every_ms = 200});
	stream_bed_until(bed, &watcher.caught_up, 1);
	stream_bed_events(bed, bed->shop, 200, span_text("x"));
	stream_bed_until(bed, &watcher.seen, 200);
	assert_true(watcher.skipped > 0);
	stream_bed_stop(bed);
	stream_bed_until(bed, &watcher.downs, 1);
	stream_bed_events(bed, bed->shop, 5, span_text("x"));
	stream_bed_start(bed, NULL);
	stream_bed_until(bed, &watcher.seen, 205);
	assert_int_equal(watcher.last_seq, 205);
	assert_int_equal(watcher.gaps, 0);
	client_free(watcher.client);
}

static void entries_come_as_often_as_they_are_wanted(void **state) {
	struct stream_bed *bed = *state;
	struct watcher slow, quick;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &slow);
	watcher_connect(bed, &quick);
	watcher_follow(&slow, &(struct client_query){.live_only = true, .every_ms = 60000});
	watcher_follow(&quick, &(struct client_query){.live_only = true, .every_ms = 1});
	stream_bed_until(bed, &slow.caught_up, 1);
	stream_bed_until(bed, &quick.caught_up, 1);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	stream_bed_until(bed, &slow.events, 1);
	for (int i = 2; i <= 5; i++) {
		stream_bed_events(bed, bed->shop, 1, span_text("x"));
		stream_bed_until(bed, &quick.events, i);
	}
	assert_int_equal(slow.events, 1);
	assert_int_equal(slow.skipped + quick.skipped, 0);
	client_free(slow.client);
	client_free(quick.client);
}

static void a_client_may_be_freed_while_it_speaks(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 20, span_text("x"));
	watcher_connect(bed, &watcher);
	struct client_receiver told = watcher_receiver(&watcher);
	told.event = free_at_once;
	client_subscribe(watcher.client, &(struct client_query){.bytes = true}, &told);
	stream_bed_until(bed, &watcher.events, 1);
	stream_bed_turn(bed, 50);
	assert_int_equal(watcher.events, 1);
}

static void nobody_there_is_told_with_what_to_do(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_stop(bed);
	watcher_connect_with(bed, &watcher, NULL, true);
	stream_bed_until(bed, &watcher.downs, 1);
	assert_int_equal(watcher.err.code, ERROR_UNREACHABLE);
	assert_int_equal(watcher.retry_ms, -1);
	char expected[256];
	snprintf(expected, sizeof expected,
		"no relay answers at %s: connection refused; start one with hookline-relay, or name one "
		"with --relay",
		bed->url);
	assert_string_equal(watcher.err.text, expected);
	client_free(watcher.client);
}

static void only_the_right_token_opens(void **state) {
	struct stream_bed *bed = *state;
	struct watcher right, wrong, none;
	char good[128], bad[128];
	snprintf(good, sizeof good, "%s.token", bed->store.file);
	snprintf(bad, sizeof bad, "%s.wrong", bed->store.file);
	stream_bed_token(good, "# ours\n0123456789abcdef0123\n");
	stream_bed_token(bad, "0123456789abcdef0124\n");
	stream_bed_start(bed, &(struct stream_options){.token_file = good});
	watcher_connect_with(bed, &right, good, true);
	watcher_connect_with(bed, &wrong, bad, false);
	watcher_connect_with(bed, &none, NULL, true);
	stream_bed_until(bed, &right.lives, 1);
	stream_bed_until(bed, &wrong.downs, 1);
	stream_bed_until(bed, &none.downs, 1);
	assert_int_equal(wrong.err.code, ERROR_REFUSED);
	assert_int_equal(wrong.retry_ms, -1);
	assert_non_null(strstr(none.err.text, "--token-file"));
	client_free(right.client);
	client_free(wrong.client);
	client_free(none.client);
	unlink(good);
	unlink(bad);
}

static void two_hundred_clients_see_the_same(void **state) {
	struct stream_bed *bed = *state;
	enum { COUNT = 200, EVENTS = 50 };
	struct watcher *watchers = alloc_zero(COUNT, sizeof *watchers);
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, EVENTS, span_text("x"));
	for (int i = 0; i < COUNT; i++) {
		watcher_connect(bed, &watchers[i]);
		watcher_follow(&watchers[i], &(struct client_query){.attempts = true});
	}
	for (int i = 0; i < COUNT; i++) {
		stream_bed_until(bed, &watchers[i].caught_up, 1);
	}
	stream_bed_events(bed, bed->shop, EVENTS, span_text("y"));
	for (int i = 0; i < COUNT; i++) {
		stream_bed_until(bed, &watchers[i].events, 2 * EVENTS);
		assert_true(watchers[i].in_order);
		assert_int_equal(watchers[i].last_seq, 2 * EVENTS);
		client_free(watchers[i].client);
	}
	free(watchers);
}

static void too_many_clients_are_turned_away(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second;
	stream_bed_start(bed, &(struct stream_options){.max_sessions = 1});
	watcher_connect(bed, &first);
	stream_bed_until(bed, &first.lives, 1);
	watcher_connect_with(bed, &second, NULL, true);
	stream_bed_until(bed, &second.downs, 1);
	assert_non_null(strstr(second.err.text, "no room"));
	assert_int_equal(stream_state(bed->stream).refused, 1);
	client_free(first.client);
	client_free(second.client);
}

static void a_relay_that_stops_says_so(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect_with(bed, &watcher, NULL, true);
	stream_bed_until(bed, &watcher.lives, 1);
	stream_say_bye(bed->stream);
	stream_bed_until(bed, &watcher.downs, 1);
	assert_non_null(strstr(watcher.err.text, "it is stopping"));
	client_free(watcher.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(history_comes_first_then_what_happens),
		TEST(bytes_come_exactly_with_each_entry),
		TEST(only_what_comes_from_now_on_if_asked),
		TEST(a_lost_connection_is_resumed_without_gap_or_repeat),
		TEST(who_comes_back_is_told_how_far_behind),
		TEST(a_client_knows_that_its_relay_lives),
		TEST(endpoints_made_later_are_followed_too),
		TEST(a_filter_lets_through_what_matches),
		TEST(a_cursor_beyond_the_history_is_a_gap),
		TEST(who_looks_at_the_newest_is_told_what_it_passed_over),
		TEST(entries_come_as_often_as_they_are_wanted),
		TEST(a_client_may_be_freed_while_it_speaks),
		TEST(nobody_there_is_told_with_what_to_do),
		TEST(only_the_right_token_opens),
		TEST(two_hundred_clients_see_the_same),
		TEST(too_many_clients_are_turned_away),
		TEST(a_relay_that_stops_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
