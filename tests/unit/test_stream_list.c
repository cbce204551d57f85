/* Relay and client over real sockets: history is looked at in pages, searched, and left alone when nobody looks. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

static void a_list_of_any_length_comes_in_its_order(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 500, span_text("x"));
	stream_bed_attempt(bed);
	watcher_connect(bed, &watcher);
	struct client_receiver told = watcher_receiver(&watcher);
	struct client_query query = {.attempts = true, .bytes = true};
	client_list(watcher.client, &query, &told);
	stream_bed_until(bed, &watcher.dones, 1);
	assert_int_equal(watcher.events, 500);
	assert_int_equal(watcher.attempts, 1);
	assert_true(watcher.in_order);
	query = (struct client_query){
		.endpoint = span_text("shop"), .newest_first = true, .limit = 70, .before = 400};
	client_list(watcher.client, &query, &told);
	stream_bed_until(bed, &watcher.dones, 2);
	assert_int_equal(watcher.events, 570);
	assert_int_equal(watcher.last_seq, 330);
	client_free(watcher.client);
}

static void one_event_is_shown_with_its_attempts(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 2, span_text("hello"));
	stream_bed_attempt(bed);
	watcher_connect(bed, &watcher);
	struct client_receiver told = watcher_receiver(&watcher);
	struct event_ref ref = {.endpoint = span_text("shop"), .seq = 2};
	client_get(watcher.client, &ref, &told);
	stream_bed_until(bed, &watcher.dones, 1);
	assert_int_equal(watcher.err.code, ERROR_NONE);
	assert_int_equal(watcher.events, 1);
	assert_int_equal(watcher.attempts, 1);
	assert_int_equal(watcher.body_bytes, 5);
	assert_string_equal(watcher.body, "fine");
	ref.seq = 4;
	client_get(watcher.client, &ref, &told);
	stream_bed_until(bed, &watcher.dones, 2);
	assert_int_equal(watcher.err.code, ERROR_NO);
	assert_string_equal(watcher.err.text, "there is no event shop#4");
	ref.seq = 3;
	client_get(watcher.client, &ref, &told);
	stream_bed_until(bed, &watcher.dones, 3);
	assert_int_equal(watcher.err.code, ERROR_NO);
	assert_string_equal(watcher.err.text, "shop#3 is an attempt to deliver shop#2");
	client_free(watcher.client);
}

/* shop#1 other#1 shop#2 other#2 ... shop#4 other#4, and an attempt for the last. */
static void two_endpoints(struct stream_bed *bed) {
	int64_t other = stream_bed_endpoint(bed, "other");
	for (int i = 0; i < 4; i++) {
		stream_bed_events(bed, bed->shop, 1, span_text("x"));
		stream_bed_events(bed, other, 1, span_text("x"));
	}
	stream_bed_attempt(bed);
}

static void pages_lead_through_all_endpoints_both_ways(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	two_endpoints(bed);
	watcher_connect(bed, &watcher);
	struct client_query query = {.newest_first = true, .limit = 3};
	watcher_list(bed, &watcher, &query);
	assert_string_equal(watcher.order, "other#4 shop#4 other#3 ");
	assert_int_equal(watcher.last_position, 6);
	query.beyond = 6;
	watcher_list(bed, &watcher, &query);
	assert_string_equal(watcher.order, "shop#3 other#2 shop#2 ");
	query.newest_first = false;
	watcher_list(bed, &watcher, &query);
	assert_string_equal(watcher.order, "shop#4 other#4 ");
	query = (struct client_query){.attempts = true, .beyond = 8};
	watcher_list(bed, &watcher, &query);
	assert_int_equal(watcher.attempts, 1);
	assert_int_equal(watcher.last_position, 9);
	client_free(watcher.client);
}

/* What deliveries came, in their order: "shop#8 of charge 1/1 ". */
static void on_delivery(void *data, const struct attempt *attempt, const struct event *event) {
	struct watcher *watcher = data;
	size_t len = strlen(watcher->order);
	snprintf(watcher->order + len, sizeof watcher->order - len, "%.*s#%lld/%lld of %lld ",
		(int)event->endpoint.len, event->endpoint.data, (long long)attempt->event_seq,
		(long long)event->seq, (long long)event->attempts);
}

static const char *deliveries_of(
	struct stream_bed *bed, struct watcher *watcher, const char *filter) {
	struct client_receiver told = watcher_receiver(watcher);
	struct client_query query = {.deliveries = true, .filter = span_text(filter)};
	int64_t dones = watcher->dones;
	told.delivery = on_delivery;
	watcher->order[0] = '\0';
	client_list(watcher->client, &query, &told);
	stream_bed_until(bed, &watcher->dones, dones + 1);
	return watcher->order;
}

static void deliveries_come_with_their_event(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 2, span_text("order 42"));
	stream_bed_attempt(bed);
	stream_bed_attempt(bed);
	watcher_connect(bed, &watcher);
	assert_string_equal(deliveries_of(bed, &watcher, ""), "shop#2/2 of 2 shop#2/2 of 2 ");
	assert_string_equal(deliveries_of(bed, &watcher, "status:5xx"), "");
	assert_string_equal(
		deliveries_of(bed, &watcher, "endpoint:shop status:2xx \"order 42\" age:>1h"),
		"shop#2/2 of 2 shop#2/2 of 2 ");
	assert_string_equal(deliveries_of(bed, &watcher, "\"order 43\""), "");
	assert_int_equal(watcher.events, 0);
	assert_string_equal(deliveries_of(bed, &watcher, "cause:none"), "");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	client_free(watcher.client);
}

static void pages_lead_through_one_endpoint_and_a_filter(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	two_endpoints(bed);
	watcher_connect(bed, &watcher);
	struct client_query query = {
		.endpoint = span_text("shop"), .newest_first = true, .limit = 2, .beyond = 6};
	watcher_list(bed, &watcher, &query);
	assert_string_equal(watcher.order, "shop#3 shop#2 ");
	query = (struct client_query){
		.filter = span_text("method:POST"), .newest_first = true, .limit = 2, .beyond = 4};
	watcher_list(bed, &watcher, &query);
	assert_string_equal(watcher.order, "shop#2 other#1 ");
	client_free(watcher.client);
}

static void an_event_is_asked_for_again_without_its_bytes(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.live_only = true});
	stream_bed_until(bed, &watcher.caught_up, 1);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	stream_bed_until(bed, &watcher.events, 1);
	assert_int_equal(watcher.last_position, 1);
	assert_int_equal(watcher.last_status, 0);
	stream_bed_attempt(bed);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	stream_bed_until(bed, &watcher.events, 2);
	assert_int_equal(watcher.last_position, 3);
	watcher.in_order = true;
	watcher_list(bed, &watcher, &(struct client_query){.beyond = 0, .limit = 1});
	assert_string_equal(watcher.order, "shop#1 ");
	assert_int_equal(watcher.last_status, 200);
	client_free(watcher.client);
}

/* Hits at both ends of a history that takes a while to search. */
static void long_history(struct stream_bed *bed) {
	struct buffer grey = {0};
	memset(buffer_reserve(&grey, 100000), 'y', 100000);
	grey.len = 100000;
	stream_bed_events(bed, bed->shop, 1, span_text("a needle"));
	stream_bed_events(bed, bed->shop, 200, buffer_span(&grey));
	stream_bed_events(bed, bed->shop, 1, span_text("a needle"));
	buffer_clear(&grey);
}

static const struct client_query search = {
	.filter = {"needle", sizeof "needle" - 1}, .newest_first = true};

static void a_search_tells_what_it_finds_before_it_is_through(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	long_history(bed);
	watcher_connect(bed, &watcher);
	struct client_receiver told = watcher_receiver(&watcher);
	client_list(watcher.client, &search, &told);
	stream_bed_until(bed, &watcher.events, 1);
	watcher_ask(bed, &watcher, "{\"type\":\"endpoint.list\"}");
	assert_int_equal(watcher.events, 1);
	assert_int_equal(watcher.dones, 0);
	stream_bed_until(bed, &watcher.dones, 1);
	assert_int_equal(watcher.events, 2);
	client_free(watcher.client);
}

static struct client_progress progress;

static void on_progress(void *data, const struct client_progress *told) {
	struct watcher *watcher = data;
	progress = *told;
	watcher->answers++;
}

static void a_search_tells_how_far_it_has_come(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	long_history(bed);
	watcher_connect(bed, &watcher);
	struct client_receiver told = watcher_receiver(&watcher);
	told.progress = on_progress;
	client_list(watcher.client, &search, &told);
	stream_bed_until(bed, &watcher.answers, 1);
	assert_int_equal(watcher.dones, 0);
	assert_in_range(progress.looked, 1, 202);
	assert_int_equal(progress.from, 203);
	assert_int_equal(progress.until, 0);
	assert_int_equal(progress.at, 203 - progress.looked);
	stream_bed_until(bed, &watcher.dones, 1);
	client_free(watcher.client);
}

/* Whether the loop waits soon: it does not while a read goes on. */
static bool has_rest(struct stream_bed *bed) {
	int turns = 0;
	while (uv_backend_timeout(&bed->store.loop) == 0 && turns < 10) {
		uv_run(&bed->store.loop, UV_RUN_NOWAIT);
		turns++;
	}
	return turns < 10;
}

static void a_search_nobody_waits_for_any_more_ends(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	long_history(bed);
	watcher_connect(bed, &watcher);
	struct client_receiver told = watcher_receiver(&watcher);
	client_request request = client_list(watcher.client, &search, &told);
	stream_bed_until(bed, &watcher.events, 1);
	client_cancel(watcher.client, request);
	watcher_ask(bed, &watcher, "{\"type\":\"endpoint.list\"}");
	assert_true(has_rest(bed));
	assert_int_equal(watcher.events, 1);
	assert_int_equal(watcher.dones, 0);
	client_free(watcher.client);
}

static void a_request_cancelled_is_silent(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	client_request request = watcher_follow(&watcher, &(struct client_query){0});
	stream_bed_until(bed, &watcher.caught_up, 1);
	client_cancel(watcher.client, request);
	stream_bed_events(bed, bed->shop, 5, span_text("x"));
	watcher_ask(bed, &watcher, "{\"type\":\"endpoint.list\"}");
	assert_int_equal(watcher.events, 0);
	client_free(watcher.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_list_of_any_length_comes_in_its_order),
		TEST(one_event_is_shown_with_its_attempts),
		TEST(pages_lead_through_all_endpoints_both_ways),
		TEST(deliveries_come_with_their_event),
		TEST(pages_lead_through_one_endpoint_and_a_filter),
		TEST(an_event_is_asked_for_again_without_its_bytes),
		TEST(a_search_tells_what_it_finds_before_it_is_through),
		TEST(a_search_tells_how_far_it_has_come),
		TEST(a_search_nobody_waits_for_any_more_ends),
		TEST(a_request_cancelled_is_silent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
