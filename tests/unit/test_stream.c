/* Relay and client over real sockets: what was stored is seen once, in order, whatever happens to the connection. */
#include <cjson/cJSON.h>
#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/frame.h"
#include "tests/unit/stream_bed.h"
#include "tests/unit/unit.h"
#include "tui/client.h"

/* A client and what it was told. */
struct watcher {
	struct client *client;
	int64_t lives, downs, events, attempts, caught_up, dones, gaps, judged, stored, leased, answers;
	int64_t last_seq;
	int64_t gap_from, gap_to, judged_changed, number;
	bool in_order, mine;
	int64_t body_bytes;
	char head[128], body[64], holder[64], text[256];
	struct error err;
	int64_t retry_ms;
};

static void on_live(void *data, const struct client_welcome *welcome) {
	struct watcher *watcher = data;
	watcher->lives++;
	assert_true(span_is(welcome->ingest_url, "http://127.0.0.1:8080"));
	assert_true(welcome->version.len > 0);
}

static void on_down(void *data, const struct error *err, int64_t retry_ms) {
	struct watcher *watcher = data;
	watcher->downs++;
	watcher->err = *err;
	watcher->retry_ms = retry_ms;
}

static void keep(char *to, size_t size, struct span from) {
	snprintf(to, size, "%.*s", (int)from.len, from.data ? from.data : "");
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct watcher *watcher = data;
	watcher->events++;
	watcher->in_order &= event->seq > watcher->last_seq;
	watcher->last_seq = event->seq;
	watcher->body_bytes += (int64_t)bytes->body.len;
	keep(watcher->head, sizeof watcher->head, bytes->head);
	keep(watcher->body, sizeof watcher->body, bytes->body);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	struct watcher *watcher = data;
	watcher->attempts++;
	watcher->in_order &= attempt->seq > watcher->last_seq;
	watcher->last_seq = attempt->seq;
	keep(watcher->body, sizeof watcher->body, bytes->body);
}

static void on_caught_up(void *data) {
	((struct watcher *)data)->caught_up++;
}

static void on_judged(void *data, struct span endpoint, int64_t changed) {
	struct watcher *watcher = data;
	watcher->judged++;
	watcher->judged_changed = changed;
	assert_true(span_is(endpoint, "shop"));
}

static void on_gap(void *data, struct span endpoint, int64_t from, int64_t to, struct span why) {
	struct watcher *watcher = data;
	(void)why;
	assert_true(span_is(endpoint, "shop"));
	watcher->gaps++;
	watcher->gap_from = from;
	watcher->gap_to = to;
}

static void on_done(void *data, const struct error *err) {
	struct watcher *watcher = data;
	watcher->dones++;
	watcher->err = err ? *err : (struct error){0};
}

static const struct client_events link_events = {on_live, on_down, NULL};

static struct client_receiver receiver(struct watcher *watcher) {
	return (struct client_receiver){.event = on_event,
		.attempt = on_attempt,
		.caught_up = on_caught_up,
		.judged = on_judged,
		.gap = on_gap,
		.done = on_done,
		.data = watcher};
}

static void connect_with(
	struct stream_bed *bed, struct watcher *watcher, const char *token_file, bool once) {
	*watcher = (struct watcher){.in_order = true};
	const struct client_options options = {.url = bed->url,
		.token_file = token_file,
		.who = "alice@laptop",
		.once = once,
		.retry_least_ms = 10,
		.retry_most_ms = 50};
	struct error err = {0};
	watcher->client = client_new(&bed->store.loop, &options, &link_events, watcher, &err);
	assert_string_equal(err.text, "");
}

static void connect_to(struct stream_bed *bed, struct watcher *watcher) {
	connect_with(bed, watcher, NULL, false);
}

static client_request follow(struct watcher *watcher, const struct client_query *query) {
	struct client_receiver told = receiver(watcher);
	return client_subscribe(watcher->client, query, &told);
}

static int setup(void **state) {
	struct stream_bed *bed = alloc_zero(1, sizeof *bed);
	stream_bed_make(bed);
	*state = bed;
	return 0;
}

static int teardown(void **state) {
	stream_bed_remove(*state);
	free(*state);
	return 0;
}

static void history_comes_first_then_what_happens(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 200, span_text("old"));
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.endpoint = span_text("shop"), .attempts = true});
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
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.bytes = true});
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
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.live_only = true});
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
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.live_only = true, .bytes = true});
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

static void endpoints_made_later_are_followed_too(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.live_only = true});
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
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.filter = span_text("needle")});
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
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.endpoint = span_text("shop"), .after = 1000});
	stream_bed_until(bed, &watcher.caught_up, 1);
	assert_int_equal(watcher.gaps, 1);
	assert_int_equal(watcher.gap_to, 1000);
	assert_int_equal(watcher.events, 3);
	client_free(watcher.client);
}

static void a_list_of_any_length_comes_in_its_order(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 500, span_text("x"));
	stream_bed_attempt(bed);
	connect_to(bed, &watcher);
	struct client_receiver told = receiver(&watcher);
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
	connect_to(bed, &watcher);
	struct client_receiver told = receiver(&watcher);
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
	client_free(watcher.client);
}

static void on_kept(void *data, int64_t seq, int64_t number, const struct error *err) {
	struct watcher *watcher = data;
	watcher->stored++;
	watcher->last_seq = seq;
	watcher->number = number;
	if (err) {
		watcher->err = *err;
	}
}

static struct attempt attempt_of(struct stream_bed *bed, uint8_t id) {
	const struct store_query query = {.endpoint = bed->shop, .events = true};
	struct store_bed_hits hits = store_bed_read(&bed->store, &query);
	struct attempt attempt = {.id = {{id, 2, 3}},
		.event = hits.all[0].event->id,
		.endpoint = span_text("shop"),
		.target = span_text("http://localhost:3000/"),
		.status = 200,
		.started_at_ns = 1700000000000000000,
		.answer_body_total = 1000000};
	store_bed_free(&hits);
	return attempt;
}

static void attempts_are_kept_and_streamed(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher, other;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	connect_to(bed, &other);
	follow(&other, &(struct client_query){.attempts = true, .bytes = true});
	stream_bed_until(bed, &other.caught_up, 1);
	connect_to(bed, &watcher);
	struct buffer body = {0};
	memset(buffer_reserve(&body, 1000000), 'y', 1000000);
	body.len = 1000000;
	for (uint8_t i = 1; i <= 100; i++) {
		struct attempt attempt = attempt_of(bed, i);
		struct span answer = buffer_span(&body);
		answer.len = i % 10 ? 10 : answer.len;
		client_store_attempt(watcher.client, &attempt, span_text("HTTP/1.1 200 OK\r\n\r\n"), answer,
			on_kept, &watcher);
	}
	stream_bed_until(bed, &watcher.stored, 100);
	stream_bed_until(bed, &other.attempts, 100);
	assert_int_equal(watcher.err.code, ERROR_NONE);
	assert_int_equal(watcher.number, 100);
	assert_int_equal(watcher.last_seq, 101);
	assert_true(other.in_order);
	buffer_clear(&body);
	client_free(watcher.client);
	client_free(other.client);
}

static void an_attempt_sent_twice_is_kept_once(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	connect_to(bed, &watcher);
	struct attempt attempt = attempt_of(bed, 1);
	for (int i = 1; i <= 2; i++) {
		client_store_attempt(watcher.client, &attempt, span_text("HTTP/1.1 200 OK\r\n\r\n"),
			span_text("fine"), on_kept, &watcher);
		stream_bed_until(bed, &watcher.stored, i);
		assert_string_equal(watcher.err.text, "");
		assert_int_equal(watcher.last_seq, 2);
		assert_int_equal(watcher.number, 1);
	}
	client_free(watcher.client);
}

static void free_at_once(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct watcher *watcher = data;
	(void)event;
	(void)bytes;
	watcher->events++;
	client_free(watcher->client);
}

static void a_client_may_be_freed_while_it_speaks(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 20, span_text("x"));
	connect_to(bed, &watcher);
	struct client_receiver told = receiver(&watcher);
	told.event = free_at_once;
	client_subscribe(watcher.client, &(struct client_query){.bytes = true}, &told);
	stream_bed_until(bed, &watcher.events, 1);
	stream_bed_turn(bed, 50);
	assert_int_equal(watcher.events, 1);
}

static void on_lease(void *data, bool mine, struct span holder) {
	struct watcher *watcher = data;
	watcher->leased++;
	watcher->mine = mine;
	keep(watcher->holder, sizeof watcher->holder, holder);
}

static void one_forwards_and_the_other_waits_for_it_to_end(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second;
	stream_bed_start(bed, NULL);
	connect_to(bed, &first);
	connect_to(bed, &second);
	struct span target = span_text("http://localhost:3000");
	client_lease(first.client, span_text("shop"), target, on_lease, &first);
	stream_bed_until(bed, &first.leased, 1);
	assert_true(first.mine);
	client_lease(second.client, span_text(""), target, on_lease, &second);
	stream_bed_until(bed, &second.leased, 1);
	assert_false(second.mine);
	assert_true(strstr(second.holder, "alice@laptop since ") == second.holder);
	client_free(first.client);
	stream_bed_until(bed, &second.leased, 2);
	assert_true(second.mine);
	client_free(second.client);
}

static void on_answer(void *data, const struct cJSON *answer, const struct error *err) {
	struct watcher *watcher = data;
	watcher->answers++;
	watcher->err = err ? *err : (struct error){0};
	char *text = answer ? cJSON_PrintUnformatted(answer) : NULL;
	snprintf(watcher->text, sizeof watcher->text, "%s", text ? text : "");
	cJSON_free(text);
}

static void ask(struct stream_bed *bed, struct watcher *watcher, const char *object) {
	int64_t before = watcher->answers;
	client_ask(watcher->client, span_text(object), on_answer, watcher);
	stream_bed_until(bed, &watcher->answers, before + 1);
}

static void endpoints_are_managed_and_followers_told(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	connect_to(bed, &watcher);
	follow(&watcher, &(struct client_query){.endpoint = span_text("shop")});
	stream_bed_until(bed, &watcher.caught_up, 1);
	ask(bed, &watcher, "{\"type\":\"endpoint.list\"}");
	assert_non_null(strstr(watcher.text, "\"endpoints\":[{\"name\":\"shop\""));
	ask(bed, &watcher,
		"{\"type\":\"endpoint.set\",\"name\":\"shop\",\"provider\":\"stripe\","
		"\"secrets\":[{\"label\":\"live\",\"value\":\"whsec_1\"},{\"label\":\"old\",\"remove\":"
		"true}]}");
	assert_string_equal(fake_endpoints_asked(bed->endpoints), "set shop provider=stripe secrets=2");
	assert_non_null(strstr(watcher.text, "\"changed\":3"));
	stream_bed_until(bed, &watcher.judged, 1);
	assert_int_equal(watcher.judged_changed, 3);
	ask(bed, &watcher, "{\"type\":\"endpoint.add\",\"name\":\"shop\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	ask(bed, &watcher, "{\"type\":\"endpoint.reverify\",\"name\":\"nobody\"}");
	assert_int_equal(watcher.err.code, ERROR_NO);
	ask(bed, &watcher, "{\"type\":\"refusals\",\"limit\":5}");
	assert_non_null(strstr(watcher.text, "\"refusals\":[]"));
	ask(bed, &watcher, "{\"type\":\"make.coffee\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	client_free(watcher.client);
}

static void nobody_there_is_told_with_what_to_do(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_stop(bed);
	connect_with(bed, &watcher, NULL, true);
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

static void write_token(const char *file, const char *token) {
	FILE *out = fopen(file, "w");
	assert_non_null(out);
	fputs(token, out);
	fclose(out);
	chmod(file, 0600);
}

static void only_the_right_token_opens(void **state) {
	struct stream_bed *bed = *state;
	struct watcher right, wrong, none;
	char good[128], bad[128];
	snprintf(good, sizeof good, "%s.token", bed->store.file);
	snprintf(bad, sizeof bad, "%s.wrong", bed->store.file);
	write_token(good, "# ours\n0123456789abcdef0123\n");
	write_token(bad, "0123456789abcdef0124\n");
	stream_bed_start(bed, &(struct stream_options){.token_file = good});
	connect_with(bed, &right, good, true);
	connect_with(bed, &wrong, bad, false);
	connect_with(bed, &none, NULL, true);
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
		connect_to(bed, &watchers[i]);
		follow(&watchers[i], &(struct client_query){.attempts = true});
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

static void a_request_cancelled_is_silent(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	connect_to(bed, &watcher);
	client_request request = follow(&watcher, &(struct client_query){0});
	stream_bed_until(bed, &watcher.caught_up, 1);
	client_cancel(watcher.client, request);
	stream_bed_events(bed, bed->shop, 5, span_text("x"));
	ask(bed, &watcher, "{\"type\":\"endpoint.list\"}");
	assert_int_equal(watcher.events, 0);
	client_free(watcher.client);
}

static void too_many_clients_are_turned_away(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second;
	stream_bed_start(bed, &(struct stream_options){.max_sessions = 1});
	connect_to(bed, &first);
	stream_bed_until(bed, &first.lives, 1);
	connect_with(bed, &second, NULL, true);
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
	connect_with(bed, &watcher, NULL, true);
	stream_bed_until(bed, &watcher.lives, 1);
	stream_say_bye(bed->stream);
	stream_bed_until(bed, &watcher.downs, 1);
	assert_non_null(strstr(watcher.err.text, "it is stopping"));
	client_free(watcher.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(history_comes_first_then_what_happens),
		TEST(bytes_come_exactly_with_each_entry),
		TEST(only_what_comes_from_now_on_if_asked),
		TEST(a_lost_connection_is_resumed_without_gap_or_repeat),
		TEST(endpoints_made_later_are_followed_too),
		TEST(a_filter_lets_through_what_matches),
		TEST(a_cursor_beyond_the_history_is_a_gap),
		TEST(a_list_of_any_length_comes_in_its_order),
		TEST(one_event_is_shown_with_its_attempts),
		TEST(attempts_are_kept_and_streamed),
		TEST(an_attempt_sent_twice_is_kept_once),
		TEST(a_client_may_be_freed_while_it_speaks),
		TEST(one_forwards_and_the_other_waits_for_it_to_end),
		TEST(endpoints_are_managed_and_followers_told),
		TEST(nobody_there_is_told_with_what_to_do),
		TEST(only_the_right_token_opens),
		TEST(two_hundred_clients_see_the_same),
		TEST(a_request_cancelled_is_silent),
		TEST(too_many_clients_are_turned_away),
		TEST(a_relay_that_stops_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
