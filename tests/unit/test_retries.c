/* The relay keeps what is due: one attempt at a time, over its own end, and tells those who watch. */
#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "common/json.h"
#include "common/moment.h"
#include "relay/stream/retries.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

#define NOW_NS (INT64_C(1795232621) * MOMENT_NS_PER_S)
#define LATER_NS (NOW_NS + 60 * MOMENT_NS_PER_S)

static struct store_bed bed;
static struct retries *retries;
static int64_t shop;

static struct retry due(uint8_t event, int64_t tries) {
	return (struct retry){.event = {{event, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, event}},
		.endpoint = span_text("shop"),
		.event_seq = event,
		.target = span_text("http://localhost:3000"),
		.owner = span_text("alice@laptop"),
		.policy = span_text("5s,30s"),
		.tries = tries,
		.attempts = 3,
		.tried_at_ns = NOW_NS,
		.due_ns = NOW_NS + 5 * MOMENT_NS_PER_S,
		.reason = span_text("503; attempt 2 of 3 follows")};
}

static struct retry_key key_of(uint8_t event, const char *claim) {
	struct retry retry = due(event, 1);
	return (struct retry_key){
		.event = retry.event, .target = retry.target, .claim = span_text(claim)};
}

/* Waits until it is on disk when it was allowed. */
static bool settled(struct store_bed_done *done, bool allowed) {
	if (allowed) {
		store_bed_wait(&bed, &done->done);
		assert_int_equal(done->err.code, ERROR_NONE);
	}
	return allowed;
}

static bool put_again(
	uint8_t event, int64_t tries, const char *claim, bool fresh, struct error *err) {
	struct retry retry = due(event, tries);
	struct store_bed_done done = {0};
	return settled(&done, retries_put(retries, &retry, shop, span_text(claim), fresh, NOW_NS,
							  store_bed_on_done, &done, err));
}

static void put(uint8_t event) {
	assert_true(put_again(event, 1, "", true, NULL));
}

static bool take(uint8_t event, const char *claim, int64_t now_ns, struct error *err) {
	struct retry_key key = key_of(event, claim);
	struct store_bed_done done = {0};
	return settled(
		&done, retries_take(retries, &key, 1, LATER_NS, now_ns, store_bed_on_done, &done, err));
}

static bool change(uint8_t event, int paused, int64_t due_ns) {
	struct retry_key key = key_of(event, "");
	struct retry_change what = {.paused = paused, .due_ns = due_ns};
	struct store_bed_done done = {0};
	return settled(&done, retries_change(retries, &key, &what, store_bed_on_done, &done, NULL));
}

static bool end(uint8_t event, const char *reason) {
	struct retry_key key = key_of(event, "");
	struct store_bed_done done = {0};
	return settled(
		&done, retries_remove(retries, &key, span_text(reason), store_bed_on_done, &done, NULL));
}

static void reopen(void) {
	struct error err = {0};
	retries_free(retries);
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	retries = retries_new(bed.store, &err);
	assert_non_null(retries);
}

/* --- */

struct watching {
	struct retry_watch *watch;
	int64_t told;
	char text[512];
	size_t most;
};

static void on_news(void *data) {
	((struct watching *)data)->told++;
}

static bool note(void *data, const struct retry *retry, struct span over) {
	struct watching *watching = data;
	size_t used = strlen(watching->text);
	if (watching->most == 0) {
		return false;
	}
	watching->most--;
	snprintf(watching->text + used, sizeof watching->text - used, "%s%lld:%lld%s%s%.*s",
		used ? " " : "", (long long)retry->event_seq, (long long)retry->tries,
		retry->paused ? "p" : "", retry->taken_until_ns ? "t" : "", (int)over.len,
		over.data ? over.data : "");
	return true;
}

static const char *news(struct watching *watching, size_t most) {
	watching->text[0] = '\0';
	watching->most = most;
	retries_each_new(retries, watching->watch, note, watching);
	return watching->text;
}

static const char *all(void) {
	static struct watching watching;
	watching = (struct watching){0};
	watching.watch = retries_watch(retries, on_news, &watching);
	news(&watching, 100);
	retries_unwatch(retries, watching.watch);
	return watching.text;
}

static void what_is_due_survives_the_relay(void **state) {
	(void)state;
	put(1);
	put(2);
	assert_true(change(2, 1, 0));
	assert_true(take(1, "me", NOW_NS, NULL));
	put(3);
	assert_true(end(3, "cancelled"));
	reopen();
	assert_string_equal(all(), "1:1t 2:1p");
	assert_int_equal(retries_count(retries), 2);
	struct error err = {0};
	assert_false(take(1, "another", NOW_NS, &err));
	assert_string_equal(err.text, "another client makes the attempt just now");
	assert_true(put_again(1, 2, "me", false, NULL));
	assert_string_equal(all(), "2:1p 1:2");
}

static void this_machine_is_one_target_however_it_is_spelled(void **state) {
	(void)state;
	struct store_bed_done done = {0};
	struct retry retry = due(1, 2);
	put(1);
	retry.target = span_text("http://127.0.0.1:3000");
	assert_true(settled(&done, retries_put(retries, &retry, shop, span_text(""), true, NOW_NS,
								   store_bed_on_done, &done, NULL)));
	assert_int_equal(retries_count(retries), 1);
	assert_string_equal(all(), "1:2");
	reopen();
	assert_int_equal(retries_count(retries), 1);
	struct retry_key key = key_of(1, "");
	key.target = span_text("http://[::1]:3000");
	done = (struct store_bed_done){0};
	assert_true(settled(&done,
		retries_remove(retries, &key, span_text("cancelled"), store_bed_on_done, &done, NULL)));
	reopen();
	assert_int_equal(retries_count(retries), 0);
}

static void what_is_due_is_held_back_for_an_attempt_beside_it(void **state) {
	(void)state;
	struct store_bed_done done = {0};
	struct error err = {0};
	struct retry_key replay = key_of(1, "replay");
	bool held = true;
	assert_true(
		retries_hold(retries, &replay, LATER_NS, NOW_NS, &held, store_bed_on_done, &done, &err));
	assert_false(held);
	put(1);
	assert_true(change(1, 1, 0)); /* also one that is paused */
	assert_true(settled(&done,
		retries_hold(retries, &replay, LATER_NS, NOW_NS, &held, store_bed_on_done, &done, &err)));
	assert_true(held);
	assert_true(change(1, 0, 0));
	assert_false(take(1, "me", NOW_NS, &err));
	done = (struct store_bed_done){0};
	assert_true(settled(&done,
		retries_hold(retries, &replay, NOW_NS, NOW_NS, &held, store_bed_on_done, &done, &err)));
	assert_true(take(1, "me", NOW_NS, &err));
	err = (struct error){0};
	assert_false(
		retries_hold(retries, &replay, LATER_NS, NOW_NS, &held, store_bed_on_done, &done, &err));
	assert_int_equal(err.code, ERROR_NO);
}

static void what_they_wait_for_is_counted(void **state) {
	(void)state;
	for (uint8_t i = 1; i <= 5; i++) {
		put(i);
	}
	assert_true(change(2, 1, 0));
	assert_true(take(3, "me", NOW_NS, NULL));
	assert_true(change(4, -1, NOW_NS - 7 * MOMENT_NS_PER_S));
	struct retries_state told = retries_state(retries, NOW_NS);
	assert_int_equal(told.waiting, 2);
	assert_int_equal(told.paused, 1);
	assert_int_equal(told.taken, 1);
	assert_int_equal(told.due, 1);
	assert_int_equal(told.overdue_s, 7);
	told = retries_state(retries, LATER_NS);
	assert_int_equal(told.due, 4);
	assert_int_equal(told.taken + told.waiting, 0);
	assert_int_equal(told.overdue_s, 67);
}

static void an_attempt_is_taken_by_one_and_comes_back_after_a_while(void **state) {
	(void)state;
	struct error err = {0};
	put(1);
	assert_true(take(1, "first", NOW_NS, NULL));
	assert_true(take(1, "first", NOW_NS, NULL));
	assert_false(take(1, "second", LATER_NS - 1, &err));
	assert_true(take(1, "second", LATER_NS, NULL));
	assert_false(put_again(1, 2, "first", false, &err));
	assert_string_equal(err.text, "another client makes the attempt just now");
	assert_true(put_again(1, 2, "second", false, NULL));
	assert_false(take(1, "first", NOW_NS, &err));
	assert_string_equal(err.text, "this attempt was made meanwhile");
}

static void a_paused_one_is_not_taken(void **state) {
	(void)state;
	struct error err = {0};
	put(1);
	assert_true(change(1, 1, 0));
	assert_false(take(1, "me", NOW_NS, &err));
	assert_string_equal(err.text, "it is paused");
	assert_true(change(1, 0, 0));
	assert_true(take(1, "me", NOW_NS, &err));
}

static void one_that_was_cancelled_in_an_attempt_does_not_come_back(void **state) {
	(void)state;
	struct error err = {0};
	put(1);
	assert_true(take(1, "me", NOW_NS, NULL));
	assert_true(end(1, "cancelled"));
	assert_false(put_again(1, 2, "me", false, &err));
	assert_int_equal(err.code, ERROR_NO);
	assert_string_equal(all(), "");
	assert_false(end(1, "cancelled"));
	assert_false(change(1, 1, 0));
	assert_false(take(1, "me", NOW_NS, NULL));
}

static void pausing_during_an_attempt_stays(void **state) {
	(void)state;
	put(1);
	assert_true(take(1, "me", NOW_NS, NULL));
	assert_true(change(1, 1, 0));
	assert_true(put_again(1, 2, "me", false, NULL));
	assert_string_equal(all(), "1:2p");
}

static void those_who_watch_hear_of_each_change_once(void **state) {
	(void)state;
	struct watching early = {0}, late = {0};
	put(1);
	put(2);
	early.watch = retries_watch(retries, on_news, &early);
	assert_string_equal(news(&early, 100), "1:1 2:1");
	assert_string_equal(news(&early, 100), "");
	put(3);
	assert_true(change(1, 1, 0));
	assert_true(change(1, 0, 0));
	assert_true(end(2, "given up"));
	late.watch = retries_watch(retries, on_news, &late);
	assert_string_equal(news(&early, 2), "3:1 1:1");
	assert_string_equal(news(&early, 2), "2:1given up");
	assert_string_equal(news(&late, 100), "3:1 1:1 2:1given up");
	assert_true(end(1, "a"));
	put(1);
	assert_string_equal(news(&late, 100), "1:1a 1:1");
	retries_unwatch(retries, late.watch);
	assert_string_equal(news(&early, 100), "1:1a 1:1");
	retries_unwatch(retries, early.watch);
	assert_string_equal(all(), "3:1 1:1");
}

static void a_removed_endpoint_takes_its_retries_along(void **state) {
	(void)state;
	struct store_bed_done done = {0};
	put(1);
	store_remove_endpoint(bed.store, shop, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	retries_forget_endpoint(retries, span_text("shop"));
	assert_string_equal(all(), "");
	reopen();
	assert_string_equal(all(), "");
}

static void a_retry_reads_back_as_it_was_written(void **state) {
	(void)state;
	struct retry retry = due(7, 2), read;
	struct buffer once = {0}, twice = {0};
	struct error err = {0};
	retry.paused = true;
	retry.taken_until_ns = LATER_NS;
	retry_append_json(&once, &retry);
	struct cJSON *object = json_parse(buffer_span(&once), &err);
	assert_true(retry_from_json(&read, object, &err));
	assert_true(retry_is_same(&retry, &read));
	retry_append_json(&twice, &read);
	assert_string_equal(buffer_text(&once), buffer_text(&twice));
	cJSON_Delete(object);
	buffer_clear(&once);
	buffer_clear(&twice);
}

static int set_up(void **state) {
	(void)state;
	struct error err = {0};
	store_bed_make(&bed, false);
	store_bed_open(&bed, NULL);
	shop = store_bed_endpoint(&bed, "shop");
	retries = retries_new(bed.store, &err);
	return retries ? 0 : -1;
}

static int tear_down(void **state) {
	(void)state;
	retries_free(retries);
	store_bed_close(&bed);
	store_bed_remove(&bed);
	return 0;
}

#define CASE(name)                                                                                 \
	{ #name, name, set_up, tear_down, NULL }

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(what_is_due_survives_the_relay),
		CASE(this_machine_is_one_target_however_it_is_spelled),
		CASE(what_is_due_is_held_back_for_an_attempt_beside_it),
		CASE(what_they_wait_for_is_counted),
		CASE(an_attempt_is_taken_by_one_and_comes_back_after_a_while),
		CASE(a_paused_one_is_not_taken),
		CASE(one_that_was_cancelled_in_an_attempt_does_not_come_back),
		CASE(pausing_during_an_attempt_stays),
		CASE(those_who_watch_hear_of_each_change_once),
		CASE(a_removed_endpoint_takes_its_retries_along),
		CASE(a_retry_reads_back_as_it_was_written),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
