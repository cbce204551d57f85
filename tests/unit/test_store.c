/* What relay/store/store.h promises, for every kind of store: one list of cases, run for each URL. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

static void assert_bytes(const struct buffer *found, struct span wanted) {
	assert_int_equal(found->len, wanted.len);
	if (wanted.len > 0) {
		assert_memory_equal(found->data, wanted.data, wanted.len);
	}
}

static void bytes_come_back_exactly(struct span head, struct span body, struct span trailers) {
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made;
	store_bed_event(&made, shop, "");
	made.entry.head = head;
	made.entry.body = body;
	made.entry.trailers = trailers;
	assert_int_not_equal(store_bed_append(&bed, &made), 0);
	struct store_query query = {
		.by_id = true, .id = made.event.id, .events = true, .content = true};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_int_equal(hits.count, 1);
	assert_bytes(&hits.all[0].head, head);
	assert_bytes(&hits.all[0].body, body);
	assert_bytes(&hits.all[0].trailers, trailers);
	assert_int_equal(hits.all[0].event->body_len, body.len);
	assert_int_equal(hits.all[0].event->head_len, head.len);
	assert_int_equal(hits.all[0].event->trailers_len, trailers.len);
	store_bed_free(&hits);
}

static void every_byte_is_kept(void **state) {
	(void)state;
	char every[256 * 3];
	for (size_t i = 0; i < sizeof every; i++) {
		every[i] = (char)(i % 256);
	}
	struct span bytes = {every, sizeof every};
	bytes_come_back_exactly(bytes, bytes, bytes);
	bytes_come_back_exactly(
		span_text("GET / HTTP/1.1\r\n\r\n"), (struct span){0}, (struct span){0});
	bytes_come_back_exactly((struct span){"\0", 1}, (struct span){"\xff\xfe\0\x80", 4}, bytes);
}

static void a_body_of_ten_mebibytes_is_kept(void **state) {
	(void)state;
	size_t len = 10 << 20;
	char *body = malloc(len);
	assert_non_null(body);
	for (size_t i = 0; i < len; i++) {
		body[i] = (char)(i * 2654435761u >> 13);
	}
	bytes_come_back_exactly(span_text("x"), (struct span){body, len}, (struct span){0});
	free(body);
}

static void facts_of_an_event_come_back(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made;
	store_bed_event(&made, shop, "{}");
	made.event.target = (struct span){"/e/shop/\0\xff raw", 14};
	made.event.provider = span_text("stripe");
	made.event.type = span_text("order.paid");
	made.event.provider_id = span_text("evt_1");
	made.event.verdict = VERDICT_EXPIRED;
	made.event.reason = span_text("signed 10 minutes ago");
	made.event.secret = span_text("live");
	made.event.recipe = span_text("9c1e07aa");
	made.event.handshake = span_text("slack url_verification answered");
	made.event.answer = span_text("\r\n{}");
	assert_int_equal(store_bed_append(&bed, &made), 1);

	struct store_query query = store_bed_all_of(shop);
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_int_equal(hits.count, 1);
	const struct event *event = hits.all[0].event;
	assert_memory_equal(&event->id, &made.event.id, sizeof event->id);
	assert_true(span_is(event->endpoint, "shop"));
	assert_true(span_equal(event->target, made.event.target));
	assert_true(span_is(event->method, "POST"));
	assert_true(span_is(event->peer, "203.0.113.7:51034"));
	assert_true(span_is(event->provider, "stripe"));
	assert_true(span_is(event->type, "order.paid"));
	assert_true(span_is(event->provider_id, "evt_1"));
	assert_true(span_is(event->reason, "signed 10 minutes ago"));
	assert_true(span_is(event->secret, "live"));
	assert_true(span_is(event->recipe, "9c1e07aa"));
	assert_true(span_is(event->handshake, "slack url_verification answered"));
	assert_true(span_is(event->answer, "\r\n{}"));
	assert_int_equal(event->verdict, VERDICT_EXPIRED);
	assert_int_equal(event->received_at_ns, made.event.received_at_ns);
	assert_int_equal(event->path_offset, 7);
	assert_int_equal(event->answer_status, 200);
	assert_int_equal(event->repeat, 1);
	assert_int_equal(event->attempts, 0);
	assert_int_equal(event->last_status, 0);
	assert_int_equal(hits.all[0].head.len, 0);
	store_bed_free(&hits);
}

static void numbers_are_given_without_gaps_in_order_of_the_appends(void **state) {
	(void)state;
	enum { COUNT = 2000 };
	int64_t ends[2] = {store_bed_endpoint(&bed, "a"), store_bed_endpoint(&bed, "b")};
	struct store_bed_entry *made = calloc(COUNT, sizeof *made);
	int64_t order = 0, last[2] = {0};
	for (int i = 0; i < COUNT; i++) {
		store_bed_event(made + i, ends[i % 3 == 0], "x");
		made[i].counter = &order;
		store_bed_queue(&bed, made + i);
	}
	assert_int_equal(store_backlog(bed.store).entries, COUNT);
	store_bed_wait(&bed, &made[COUNT - 1].done);
	for (int i = 0; i < COUNT; i++) {
		assert_int_equal(made[i].order, i + 1);
		assert_int_equal(made[i].event.seq, ++last[i % 3 == 0]);
		assert_int_equal(made[i].entry.position, i + 1);
	}
	assert_int_equal(store_backlog(bed.store).entries, 0);
	assert_int_equal(store_backlog(bed.store).bytes, 0);
	assert_true(store_state(bed.store).groups < COUNT / 2);
	free(made);
}

static void one_bad_entry_does_not_take_the_others_with_it(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made[5];
	for (int i = 0; i < 5; i++) {
		store_bed_event(made + i, i == 2 ? shop + 99 : shop, "x");
	}
	made[3].event.id = made[1].event.id;
	for (int i = 0; i < 5; i++) {
		store_bed_queue(&bed, made + i);
	}
	store_bed_wait(&bed, &made[4].done);
	assert_int_equal(made[2].err.code, ERROR_NO);
	assert_int_equal(made[3].err.code, ERROR_NO);
	assert_string_equal(made[3].err.text, "an event with this id is stored already");
	assert_int_equal(made[2].event.seq, 0);
	assert_int_equal(made[0].event.seq, 1);
	assert_int_equal(made[1].event.seq, 2);
	assert_int_equal(made[4].event.seq, 3);
	assert_true(store_state(bed.store).ready);
}

static void a_repeated_delivery_is_counted_on_its_endpoint(void **state) {
	(void)state;
	int64_t ends[2] = {store_bed_endpoint(&bed, "a"), store_bed_endpoint(&bed, "b")};
	static const struct {
		int end;
		const char *id;
		int64_t repeat;
	} cases[] = {{0, "evt_1", 1}, {0, "evt_1", 2}, {0, "evt_2", 1}, {1, "evt_1", 1}, {0, "", 0},
		{0, "evt_1", 3}};
	struct store_bed_entry made[6];
	for (int i = 0; i < 6; i++) {
		store_bed_event(made + i, ends[cases[i].end], "x");
		made[i].event.provider_id = span_text(cases[i].id);
		store_bed_queue(&bed, made + i);
	}
	store_bed_wait(&bed, &made[5].done);
	for (int i = 0; i < 6; i++) {
		assert_int_equal(made[i].event.repeat, cases[i].repeat);
	}
}

static void repeats_are_known_as_far_back_as_promised(void **state) {
	(void)state;
	enum { KEPT = 32768, AT_ONCE = 256 };
	static struct store_bed_entry made[AT_ONCE];
	static char ids[AT_ONCE][16];
	int64_t shop = store_bed_endpoint(&bed, "shop"), number = 0;
	while (number < KEPT) {
		for (int i = 0; i < AT_ONCE; i++) {
			snprintf(ids[i], sizeof ids[i], "evt_%lld", (long long)number++);
			store_bed_event(made + i, shop, "x");
			made[i].event.provider_id = span_text(ids[i]);
			store_bed_queue(&bed, made + i);
		}
		store_bed_wait(&bed, &made[AT_ONCE - 1].done);
		assert_int_equal(made[0].event.repeat, 1);
	}
	for (int64_t repeat = 2; repeat <= 3; repeat++) {
		store_bed_event(made, shop, "x");
		made->event.provider_id = span_text("evt_0");
		store_bed_append(&bed, made);
		assert_int_equal(made->event.repeat, repeat);
	}
}

static void attempts_are_numbered_and_share_the_counter(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, tries[2];
	store_bed_event(&event, shop, "x");
	assert_int_equal(store_bed_append(&bed, &event), 1);
	store_bed_attempt(tries, &event, 0);
	assert_int_equal(store_bed_append(&bed, tries), 2);
	store_bed_attempt(tries + 1, &event, 503);
	assert_int_equal(store_bed_append(&bed, tries + 1), 3);
	assert_int_equal(tries[1].attempt.number, 2);
	assert_int_equal(tries[1].attempt.event_seq, 1);

	struct store_query query = {
		.by_id = true, .id = event.event.id, .attempts = true, .content = true};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_int_equal(hits.count, 2);
	const struct attempt *attempt = hits.all[1].attempt;
	assert_int_equal(attempt->number, 2);
	assert_int_equal(attempt->seq, 3);
	assert_int_equal(attempt->event_seq, 1);
	assert_memory_equal(&attempt->event, &event.event.id, sizeof attempt->event);
	assert_int_equal(attempt->cause, CAUSE_REPLAY);
	assert_int_equal(attempt->status, 503);
	assert_int_equal(attempt->answer_body_len, 4);
	assert_int_equal(attempt->answer_body_total, 5000);
	assert_int_equal(attempt->took_us, 1234);
	assert_true(span_is(attempt->who, "alice@laptop"));
	assert_true(span_is(attempt->changes, "Host"));
	assert_true(span_is(attempt->target, "http://127.0.0.1:3000/hook"));
	assert_true(span_is(attempt->endpoint, "shop"));
	assert_true(span_is(hits.all[0].attempt->error, "connection refused"));
	assert_bytes(&hits.all[1].body, span_text("fine"));
	store_bed_free(&hits);
}

static void an_event_knows_its_attempts(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, attempt;
	store_bed_event(&event, shop, "x");
	store_bed_append(&bed, &event);
	static const int64_t statuses[] = {500, 0, 204}, shown[] = {500, -1, 204};
	for (int i = 0; i < 3; i++) {
		store_bed_attempt(&attempt, &event, statuses[i]);
		store_bed_append(&bed, &attempt);
		struct store_query query = {.by_id = true, .id = event.event.id, .events = true};
		struct store_bed_hits hits = store_bed_read(&bed, &query);
		assert_int_equal(hits.all[0].event->attempts, i + 1);
		assert_int_equal(hits.all[0].event->last_status, shown[i]);
		store_bed_free(&hits);
	}
}

static void an_event_tells_what_a_target_answered(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, attempt;
	store_bed_event(&event, shop, "x");
	store_bed_append(&bed, &event);
	static const int64_t statuses[] = {0, 500, 204, 503, 0};
	static const int64_t delivered[] = {0, 0, 4, 4, 4}, answered[] = {0, 3, 4, 5, 5};
	for (int i = 0; i < 5; i++) {
		store_bed_attempt(&attempt, &event, statuses[i]);
		store_bed_append(&bed, &attempt);
		struct store_query query = {
			.endpoint = shop, .events = true, .target = attempt.attempt.target};
		struct store_bed_hits hits = store_bed_read(&bed, &query);
		assert_int_equal(hits.all[0].event->delivered_at, delivered[i]);
		assert_int_equal(hits.all[0].event->answered_at, answered[i]);
		store_bed_free(&hits);
		query.target = span_text("http://127.0.0.1:3001");
		hits = store_bed_read(&bed, &query);
		assert_int_equal(hits.all[0].event->answered_at, 0);
		store_bed_free(&hits);
	}
}

static void an_attempt_needs_its_event(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop"), other = store_bed_endpoint(&bed, "other");
	struct store_bed_entry event, attempt;
	store_bed_event(&event, shop, "x");
	store_bed_attempt(&attempt, &event, 200);
	assert_int_equal(store_bed_append(&bed, &attempt), 0);
	assert_int_equal(attempt.err.code, ERROR_NO);
	store_bed_append(&bed, &event);
	store_bed_attempt(&attempt, &event, 200);
	attempt.entry.endpoint = other;
	assert_int_equal(store_bed_append(&bed, &attempt), 0);
	store_bed_attempt(&attempt, &event, 200);
	assert_int_equal(store_bed_append(&bed, &attempt), 2);
	attempt.done = false;
	store_bed_append(&bed, &attempt);
	assert_string_equal(attempt.err.text, "an attempt with this id is stored already");
}

struct observed {
	int64_t positions[8];
	int count;
};

static void note_entry(void *data, const struct entry *entry) {
	struct observed *observed = data;
	assert_true(observed->count < 8);
	observed->positions[observed->count++] = entry->position;
}

static void each_observer_hears_of_every_entry_in_order(void **state) {
	(void)state;
	struct observed first = {0}, second = {0};
	int64_t shop = store_bed_endpoint(&bed, "shop");
	store_observe(bed.store, note_entry, &first);
	store_observe(bed.store, note_entry, &second);
	struct store_bed_entry events[3], bad;
	for (int i = 0; i < 3; i++) {
		store_bed_event(&events[i], shop, "x");
		store_bed_queue(&bed, &events[i]);
	}
	store_bed_event(&bad, shop + 1, "x");
	store_bed_queue(&bed, &bad);
	store_bed_wait(&bed, &bad.done);
	assert_int_equal(bad.err.code, ERROR_NO);
	struct observed wanted = {{1, 2, 3}, 3};
	assert_memory_equal(&first, &wanted, sizeof wanted);
	assert_memory_equal(&second, &wanted, sizeof wanted);
}

/* Every case for every kind of store. */
#define CASE(name) STORE_BED_CASES(&bed, name)

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(every_byte_is_kept),
		CASE(a_body_of_ten_mebibytes_is_kept),
		CASE(facts_of_an_event_come_back),
		CASE(numbers_are_given_without_gaps_in_order_of_the_appends),
		CASE(one_bad_entry_does_not_take_the_others_with_it),
		CASE(a_repeated_delivery_is_counted_on_its_endpoint),
		CASE(repeats_are_known_as_far_back_as_promised),
		CASE(attempts_are_numbered_and_share_the_counter),
		CASE(an_event_knows_its_attempts),
		CASE(an_event_tells_what_a_target_answered),
		CASE(an_attempt_needs_its_event),
		CASE(each_observer_hears_of_every_entry_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
