/* Relay and client over real sockets: what clients ask to be kept, granted and changed. */
#include <string.h>
#include <time.h>

#include "common/moment.h"
#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

static void on_kept(void *data, const struct client_stored *stored, const struct error *err) {
	struct watcher *watcher = data;
	watcher->stored++;
	watcher->last_seq = stored->seq;
	watcher->number = stored->number;
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
	watcher_connect(bed, &other);
	watcher_follow(&other, &(struct client_query){.attempts = true, .bytes = true});
	stream_bed_until(bed, &other.caught_up, 1);
	watcher_connect(bed, &watcher);
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
	watcher_connect(bed, &watcher);
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

static void on_lease(void *data, bool mine, struct span holder) {
	struct watcher *watcher = data;
	watcher->leased++;
	watcher->mine = mine;
	watcher_keep(watcher->holder, sizeof watcher->holder, holder);
}

static void one_forwards_and_the_other_waits_for_it_to_end(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &first);
	watcher_connect(bed, &second);
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

static void on_leases(
	void *data, const struct client_held *leases, size_t count, const struct error *err) {
	struct watcher *watcher = data;
	assert_null(err);
	watcher->leases++;
	watcher->held = count;
	for (size_t i = 0; i < count; i++) {
		assert_true(span_is(leases[i].target, "http://localhost:3000"));
		watcher_keep(watcher->text, sizeof watcher->text, leases[i].endpoint);
		watcher_keep(watcher->holder, sizeof watcher->holder, leases[i].holder);
	}
}

static void everybody_is_told_who_forwards(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second, third;
	struct span target = span_text("http://localhost:3000");
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &third);
	client_request request = client_leases(third.client, on_leases, &third);
	stream_bed_until(bed, &third.leases, 1);
	assert_int_equal(third.held, 0);
	watcher_connect(bed, &first);
	client_lease(first.client, span_text("shop"), target, on_lease, &first);
	stream_bed_until(bed, &third.leases, 2);
	assert_int_equal(third.held, 1);
	assert_string_equal(third.text, "shop");
	assert_true(strstr(third.holder, "alice@laptop since ") == third.holder);
	watcher_connect(bed, &second);
	client_lease(second.client, span_text(""), target, on_lease, &second);
	stream_bed_until(bed, &second.leased, 1);
	assert_int_equal(third.leases, 2); /* who waits is no news */
	client_free(first.client);
	stream_bed_until(bed, &third.leases, 3);
	assert_string_equal(third.text, "");
	client_free(second.client);
	stream_bed_until(bed, &third.leases, 4);
	assert_int_equal(third.held, 0);
	stream_bed_stop(bed);
	stream_bed_until(bed, &third.downs, 1);
	stream_bed_start(bed, NULL);
	stream_bed_until(bed, &third.leases, 5); /* asked again */
	client_cancel(third.client, request);
	client_free(third.client);
}

static void endpoints_are_managed_and_followers_told(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	watcher_follow(&watcher, &(struct client_query){.endpoint = span_text("shop")});
	stream_bed_until(bed, &watcher.caught_up, 1);
	watcher_ask(bed, &watcher, "{\"type\":\"endpoint.list\"}");
	assert_non_null(strstr(watcher.text, "\"endpoints\":[{\"name\":\"shop\""));
	watcher_ask(bed, &watcher,
		"{\"type\":\"endpoint.set\",\"name\":\"shop\",\"provider\":\"stripe\","
		"\"secrets\":[{\"label\":\"live\",\"value\":\"whsec_1\"},{\"label\":\"old\",\"remove\":"
		"true}]}");
	assert_string_equal(fake_endpoints_asked(bed->endpoints), "set shop provider=stripe secrets=2");
	assert_non_null(strstr(watcher.text, "\"changed\":3"));
	stream_bed_until(bed, &watcher.judged, 1);
	assert_int_equal(watcher.judged_changed, 3);
	watcher_ask(bed, &watcher, "{\"type\":\"endpoint.add\",\"name\":\"shop\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	watcher_ask(bed, &watcher,
		"{\"type\":\"endpoint.reverify\",\"name\":\"shop\",\"filter\":\"verdict:invalid\","
		"\"progress\":"
		"true}");
	assert_string_equal(fake_endpoints_asked(bed->endpoints), "reverify shop");
	assert_non_null(strstr(watcher.text, "\"changed\":3"));
	watcher_ask(bed, &watcher,
		"{\"type\":\"endpoint.reverify\",\"name\":\"shop\",\"filter\":\"verdict:odd\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	watcher_ask(bed, &watcher, "{\"type\":\"endpoint.reverify\",\"name\":\"nobody\"}");
	assert_int_equal(watcher.err.code, ERROR_NO);
	watcher_ask(bed, &watcher, "{\"type\":\"refusals\",\"limit\":5}");
	assert_non_null(strstr(watcher.text, "\"refusals\":[]"));
	watcher_ask(bed, &watcher, "{\"type\":\"make.coffee\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	client_free(watcher.client);
}

static void an_event_is_signed_anew_by_its_name(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	stream_bed_events(bed, stream_bed_endpoint(bed, "mute"), 1, span_text("x"));
	watcher_connect(bed, &watcher);
	watcher_ask(bed, &watcher, "{\"type\":\"sign\",\"ref\":\"shop#1\"}");
	assert_non_null(strstr(watcher.text, "\"secret\":\"live\",\"headers\":\"X-Fake: now\\r\\n\""));
	assert_non_null(strstr(watcher.text, "\"verdict\":\"valid\""));
	assert_non_null(strstr(watcher.text, "\"id_header\":\"X-Fake-Id\""));
	watcher_ask(bed, &watcher, "{\"type\":\"sign\",\"ref\":\"mute#1\"}");
	assert_string_equal(watcher.err.text, "no secret for Fake yet");
	watcher_ask(bed, &watcher, "{\"type\":\"sign\",\"ref\":\"shop#7\"}");
	assert_string_equal(watcher.err.text, "there is no event shop#7");
	watcher_ask(bed, &watcher, "{\"type\":\"sign\",\"ref\":\"nobody#7\"}");
	assert_int_equal(watcher.err.code, ERROR_NO);
	watcher_ask(bed, &watcher, "{\"type\":\"sign\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	client_free(watcher.client);
}

static void the_moment_and_a_wrong_secret_are_asked_for(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	struct buffer object = {0};
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	watcher_connect(bed, &watcher);
	buffer_append_text(&object, "{\"type\":\"sign\",\"ref\":\"shop#1\",\"at\":\"");
	moment_append(&object, (int64_t)(time(NULL) - 86400) * MOMENT_NS_PER_S);
	buffer_append_text(&object, "\",\"wrong_secret\":true}");
	watcher_ask(bed, &watcher, buffer_text(&object));
	assert_non_null(strstr(watcher.text, "\"headers\":\"X-Fake: then wrong\\r\\n\""));
	assert_non_null(strstr(watcher.text, "\"verdict\":\"invalid\""));
	watcher_ask(bed, &watcher, "{\"type\":\"sign\",\"ref\":\"shop#1\",\"at\":\"soon\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	watcher_ask(
		bed, &watcher, "{\"type\":\"sign\",\"ref\":\"shop#1\",\"at\":\"1999-01-01T00:00:00Z\"}");
	assert_string_equal(watcher.err.text, "a moment more than a year away is not signed");
	buffer_clear(&object);
	client_free(watcher.client);
}

static void a_verdict_is_explained_but_not_too_often(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, &(struct stream_options){.explain_rate = 2});
	stream_bed_events(bed, bed->shop, 1, span_text("four"));
	watcher_connect(bed, &watcher);
	size_t explained = 0, refused = 0;
	for (int i = 0; i < 8; i++) {
		watcher.text[0] = '\0';
		watcher.err = (struct error){0};
		watcher_ask(bed, &watcher, "{\"type\":\"explain\",\"ref\":\"shop#1\"}");
		explained +=
			strstr(watcher.text, "\"explanation\":{\"cause\":\"fake\",\"macs\":8}") != NULL;
		refused += watcher.err.code == ERROR_FULL;
	}
	assert_true(explained >= 2);
	assert_true(refused >= 1);
	assert_int_equal(explained + refused, 8);
	client_free(watcher.client);
}

static void how_an_event_is_signed_is_told(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, &(struct stream_options){.explain_rate = 1});
	stream_bed_events(bed, bed->shop, 1, span_text("four"));
	watcher_connect(bed, &watcher);
	for (int i = 0; i < 8; i++) {
		watcher.text[0] = '\0';
		watcher_ask(bed, &watcher, "{\"type\":\"scheme\",\"ref\":\"shop#1\"}");
		assert_non_null(strstr(watcher.text, "\"title\":\"Fake\""));
	}
	watcher_ask(bed, &watcher, "{\"type\":\"scheme\",\"ref\":\"shop#2\"}");
	assert_string_equal(watcher.err.text, "there is no event shop#2");
	watcher_ask(bed, &watcher, "{\"type\":\"scheme\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	client_free(watcher.client);
}

static void on_deserted(void *data) {
	++*(int64_t *)data;
}

static void a_relay_ends_when_the_last_client_has_left(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second;
	int64_t deserted = 0;
	stream_bed_start(bed, &(struct stream_options){
							  .deserted = on_deserted, .deserted_data = &deserted, .alone_ms = 1});
	watcher_connect(bed, &first);
	watcher_connect(bed, &second);
	stream_bed_until(bed, &first.lives, 1);
	stream_bed_until(bed, &second.lives, 1);
	client_free(first.client);
	stream_bed_turn(bed, 50);
	assert_int_equal(deserted, 0);
	client_free(second.client);
	stream_bed_until(bed, &deserted, 1);
}

static void a_relay_stays_while_it_was_asked_to(void **state) {
	struct stream_bed *bed = *state;
	struct watcher first, second;
	int64_t deserted = 0;
	stream_bed_start(bed, &(struct stream_options){
							  .deserted = on_deserted, .deserted_data = &deserted, .alone_ms = 1});
	watcher_connect(bed, &first);
	watcher_ask(bed, &first, "{\"type\":\"relay.stay\",\"stay\":true}");
	assert_non_null(strstr(first.text, "\"stay\":true,\"ends_with_clients\":true"));
	client_free(first.client);
	stream_bed_turn(bed, 50);
	assert_int_equal(deserted, 0);
	watcher_connect(bed, &second);
	watcher_ask(bed, &second, "{\"type\":\"relay.stay\"}");
	assert_non_null(strstr(second.text, "\"stay\":true"));
	watcher_ask(bed, &second, "{\"type\":\"relay.stay\",\"stay\":false}");
	client_free(second.client);
	stream_bed_until(bed, &deserted, 1);
}

static void a_relay_that_stays_anyway_says_so(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	stream_bed_start(bed, NULL);
	watcher_connect(bed, &watcher);
	watcher_ask(bed, &watcher, "{\"type\":\"relay.stay\",\"stay\":false}");
	assert_int_equal(watcher.err.code, ERROR_NO);
	assert_non_null(strstr(watcher.err.text, "--end-with-clients"));
	client_free(watcher.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(attempts_are_kept_and_streamed),
		TEST(an_attempt_sent_twice_is_kept_once),
		TEST(one_forwards_and_the_other_waits_for_it_to_end),
		TEST(everybody_is_told_who_forwards),
		TEST(endpoints_are_managed_and_followers_told),
		TEST(an_event_is_signed_anew_by_its_name),
		TEST(the_moment_and_a_wrong_secret_are_asked_for),
		TEST(a_verdict_is_explained_but_not_too_often),
		TEST(how_an_event_is_signed_is_told),
		TEST(a_relay_ends_when_the_last_client_has_left),
		TEST(a_relay_stays_while_it_was_asked_to),
		TEST(a_relay_that_stays_anyway_says_so),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
