/* A subscriber is a cursor: slow, late or returning, it sees everything once and costs a slice. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/stream/hub_state.h"
#include "relay/stream/ring.h"
#include "relay/stream/subscription.h"
#include "tests/unit/stream_bed.h"
#include "tests/unit/unit.h"

/* Somebody who follows, and what it saw. */
struct reader {
	struct stream_bed *bed;
	struct subscription *subscription;
	int64_t woken, items, caught_up, gaps, cursors, judged, last_seq, gap_from, gap_to, content;
	int64_t answered, answered_at; /* how many; and how many items came before the first */
	bool in_order;
};

static void wake(void *data) {
	((struct reader *)data)->woken++;
}

static void subscribe(
	struct stream_bed *bed, struct reader *reader, const struct subscription_options *options) {
	*reader = (struct reader){.bed = bed, .in_order = true};
	reader->subscription = subscription_new(bed->hub, options, wake, reader);
}

static void look_at(struct reader *reader, struct pulled *pulled) {
	switch (pulled->kind) {
	case PULLED_ITEM:
		reader->items++;
		reader->in_order &= pulled->item->seq > reader->last_seq;
		reader->last_seq = pulled->item->seq;
		reader->content += (int64_t)item_part(pulled->item, FRAME_BODY).len;
		item_unref(pulled->item);
		break;
	case PULLED_CAUGHT_UP:
		reader->caught_up++;
		break;
	case PULLED_GAP:
		reader->gaps++;
		reader->gap_from = pulled->from;
		reader->gap_to = pulled->to;
		break;
	case PULLED_CURSOR:
		reader->cursors++;
		break;
	case PULLED_JUDGED:
		reader->judged += pulled->changed;
		break;
	case PULLED_ANSWERED:
		reader->answered_at = reader->answered++ ? reader->answered_at : reader->items;
		break;
	case PULLED_NOTHING:
	case PULLED_FAILED:
		break;
	}
}

/* Pulls at most `most` things; waits for the store in between. */
static void pull(struct reader *reader, int most) {
	for (int i = 0; i < most;) {
		int64_t woken = reader->woken;
		struct pulled pulled = subscription_next(reader->subscription);
		assert_int_not_equal(pulled.kind, PULLED_FAILED);
		look_at(reader, &pulled);
		if (pulled.kind != PULLED_NOTHING) {
			i++;
		} else if (reader->bed->hub->asleep > 0) {
			return; /* it waits for something new */
		} else {
			stream_bed_until(reader->bed, &reader->woken, woken + 1);
		}
	}
}

static void a_late_subscriber_gets_history_then_the_present(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	stream_bed_events(bed, bed->shop, 150, span_text("x"));
	subscribe(bed, &reader, &(struct subscription_options){0});
	pull(&reader, 1000);
	assert_int_equal(reader.items, 150);
	assert_int_equal(reader.caught_up, 1);
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	pull(&reader, 1000);
	assert_int_equal(reader.items, 153);
	assert_true(reader.in_order);
	subscription_free(reader.subscription);
}

static void what_comes_while_history_is_read_is_seen_once(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	stream_bed_events(bed, bed->shop, 100, span_text("x"));
	subscribe(bed, &reader, &(struct subscription_options){0});
	for (int i = 0; i < 40; i++) {
		pull(&reader, 5);
		stream_bed_events(bed, bed->shop, 2, span_text("y"));
	}
	pull(&reader, 1000);
	assert_int_equal(reader.items, 180);
	assert_true(reader.in_order);
	subscription_free(reader.subscription);
}

static void a_slow_subscriber_misses_nothing_and_costs_little(void **state) {
	struct stream_bed *bed = *state;
	struct reader slow;
	hub_limit(bed->hub, 16, 65536);
	subscribe(bed, &slow, &(struct subscription_options){.bytes = true});
	pull(&slow, 1);
	char body[2000];
	memset(body, 'b', sizeof body);
	stream_bed_events(bed, bed->shop, 500, (struct span){body, sizeof body});
	assert_true(bed->hub->ring.bytes <= 65536);
	assert_true(bed->hub->held.bytes == 0);
	pull(&slow, 10);
	assert_true(bed->hub->held.bytes < 600000);
	pull(&slow, 1000);
	assert_int_equal(slow.items, 500);
	assert_int_equal(slow.content, 500 * 2000);
	assert_true(slow.in_order);
	subscription_free(slow.subscription);
	assert_true(bed->hub->held.bytes == 0);
}

static void an_entry_too_large_for_the_ring_comes_from_the_store(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	hub_limit(bed->hub, 16, 80000);
	subscribe(bed, &reader, &(struct subscription_options){.bytes = true});
	pull(&reader, 10);
	char *body = alloc_zero(1, 50000);
	stream_bed_events(bed, bed->shop, 2, (struct span){body, 50000});
	stream_bed_events(bed, bed->shop, 1, span_text("small"));
	pull(&reader, 10);
	assert_int_equal(reader.items, 3);
	assert_int_equal(reader.content, 100005);
	assert_true(reader.in_order);
	subscription_free(reader.subscription);
	free(body);
}

static void a_cursor_goes_on_where_it_was(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	stream_bed_events(bed, bed->shop, 30, span_text("x"));
	subscribe(bed, &reader, &(struct subscription_options){.endpoint = bed->shop});
	assert_true(subscription_begin(reader.subscription, bed->shop, 20));
	pull(&reader, 100);
	assert_int_equal(reader.items, 10);
	assert_int_equal(reader.gaps, 0);
	subscription_free(reader.subscription);
}

static void a_cursor_of_another_history_is_a_gap(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	subscribe(bed, &reader, &(struct subscription_options){0});
	assert_true(subscription_begin_anew(reader.subscription, bed->shop, 2));
	assert_false(subscription_begin(reader.subscription, 4711, 1));
	pull(&reader, 100);
	assert_int_equal(reader.items, 3);
	assert_int_equal(reader.gaps, 1);
	assert_int_equal(reader.gap_to, 2);
	subscription_free(reader.subscription);
}

static void an_endpoint_made_again_is_followed_again(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	stream_bed_events(bed, bed->shop, 5, span_text("x"));
	subscribe(bed, &reader, &(struct subscription_options){.endpoint = bed->shop});
	pull(&reader, 1000);
	struct store_bed_done removed = {0};
	store_remove_endpoint(bed->store.store, bed->shop, store_bed_on_done, &removed);
	store_bed_wait(&bed->store, &removed.done);
	fake_endpoints_remove(bed->endpoints, "shop");
	hub_endpoints_changed(bed->hub);
	pull(&reader, 1000);
	int64_t again = stream_bed_endpoint(bed, "shop");
	hub_endpoints_changed(bed->hub);
	assert_int_not_equal(again, bed->shop);
	stream_bed_events(bed, again, 3, span_text("y"));
	pull(&reader, 1000);
	assert_int_equal(reader.items, 8);
	assert_int_equal(reader.last_seq, 3);
	assert_int_equal(reader.caught_up, 1);
	assert_int_equal(reader.gaps, 0);
	subscription_free(reader.subscription);
}

static void attempts_only_for_those_who_want_them(void **state) {
	struct stream_bed *bed = *state;
	struct reader events, both;
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	stream_bed_attempt(bed);
	subscribe(bed, &events, &(struct subscription_options){0});
	subscribe(bed, &both, &(struct subscription_options){.attempts = true});
	for (int i = 0; i < 200; i++) {
		stream_bed_attempt(bed);
	}
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	pull(&events, 1000);
	bed->hub->asleep = 0;
	pull(&both, 1000);
	assert_int_equal(events.items, 2);
	assert_int_equal(both.items, 203);
	assert_true(events.in_order && both.in_order);
	bed->hub->asleep = 2;
	subscription_free(events.subscription);
	subscription_free(both.subscription);
}

static void entries_passed_over_move_the_cursor(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	struct filter *filter = filter_parse(span_text("needle"), NULL);
	subscribe(bed, &reader, &(struct subscription_options){.filter = filter});
	stream_bed_events(bed, bed->shop, 300, span_text("grey"));
	pull(&reader, 100);
	assert_int_equal(reader.items, 0);
	assert_int_equal(reader.cursors, 1);
	subscription_free(reader.subscription);
}

static void verdicts_judged_again_are_told_together(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	subscribe(bed, &reader, &(struct subscription_options){.endpoint = bed->shop});
	pull(&reader, 10);
	hub_judged(bed->hub, span_text("shop"), 5);
	hub_judged(bed->hub, span_text("shop"), 2);
	hub_judged(bed->hub, span_text("other"), 2);
	pull(&reader, 10);
	assert_int_equal(reader.judged, 7);
	subscription_free(reader.subscription);
}

static void nothing_is_kept_while_nobody_listens(void **state) {
	struct stream_bed *bed = *state;
	stream_bed_events(bed, bed->shop, 10, span_text("x"));
	assert_int_equal(bed->hub->ring.bytes, 0);
	assert_int_equal(endpoint_head(endpoints_find_id(bed->endpoints, bed->shop)), 10);
}

static void what_nobody_follows_is_not_kept_and_read_later(void **state) {
	struct stream_bed *bed = *state;
	struct reader quiet, all;
	int64_t other = stream_bed_endpoint(bed, "other");
	subscribe(bed, &quiet, &(struct subscription_options){.endpoint = other});
	pull(&quiet, 1000);
	stream_bed_events(bed, bed->shop, 5, span_text("x"));
	assert_int_equal(bed->hub->ring.end - bed->hub->ring.begin, 0);
	assert_int_equal(quiet.woken, 0);
	subscribe(bed, &all, &(struct subscription_options){0});
	stream_bed_events(bed, bed->shop, 2, span_text("x"));
	stream_bed_events(bed, other, 2, span_text("x"));
	pull(&all, 1000);
	pull(&quiet, 1000);
	assert_int_equal(all.items, 9);
	assert_int_equal(quiet.items, 2);
	subscription_free(quiet.subscription);
	subscription_free(all.subscription);
}

static void attempts_nobody_asked_for_reach_who_asks_later(void **state) {
	struct stream_bed *bed = *state;
	struct reader events, late;
	subscribe(bed, &events, &(struct subscription_options){0});
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	stream_bed_attempt(bed);
	subscribe(bed, &late, &(struct subscription_options){.attempts = true});
	stream_bed_attempt(bed);
	pull(&events, 1000);
	bed->hub->asleep = 0;
	pull(&late, 1000);
	bed->hub->asleep = 2;
	assert_int_equal(events.items, 1);
	assert_int_equal(late.items, 3);
	subscription_free(events.subscription);
	subscription_free(late.subscription);
}

static void who_holds_too_much_makes_others_wait(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	subscribe(bed, &reader, &(struct subscription_options){.bytes = true});
	bed->hub->held.bytes += bed->hub->held.limit;
	for (int i = 0; i < 20; i++) {
		struct pulled pulled = subscription_next(reader.subscription);
		assert_int_equal(pulled.kind, PULLED_NOTHING);
		stream_bed_turn(bed, 1);
	}
	assert_true(bed->hub->starved);
	bed->hub->held.bytes -= bed->hub->held.limit;
	pull(&reader, 100);
	assert_int_equal(reader.items, 3);
	subscription_free(reader.subscription);
}

static void who_looks_at_the_newest_passes_over_a_flood(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	subscribe(bed, &reader, &(struct subscription_options){.live_only = true});
	pull(&reader, 10);
	stream_bed_events(bed, bed->shop, 100, span_text("x"));
	assert_int_equal(subscription_skip(reader.subscription, 100), 0);
	pull(&reader, 200);
	assert_int_equal(reader.items, 100);
	stream_bed_events(bed, bed->shop, 300, span_text("x"));
	assert_int_equal(subscription_skip(reader.subscription, 100), 300);
	pull(&reader, 200);
	assert_int_equal(reader.items, 100);
	assert_int_equal(reader.cursors, 1);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	pull(&reader, 200);
	assert_int_equal(reader.items, 101);
	assert_int_equal(reader.last_seq, 401);
	subscription_free(reader.subscription);
}

static void who_fell_behind_the_ring_passes_over_without_reading(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	hub_limit(bed->hub, 16, 65536);
	subscribe(bed, &reader, &(struct subscription_options){.live_only = true});
	pull(&reader, 10);
	stream_bed_events(bed, bed->shop, 500, span_text("x"));
	assert_int_equal(subscription_skip(reader.subscription, 100), 500);
	stream_bed_events(bed, bed->shop, 2, span_text("x"));
	pull(&reader, 200);
	assert_int_equal(reader.items, 2);
	assert_int_equal(reader.gaps, 0);
	subscription_free(reader.subscription);
}

static void what_a_filter_does_not_want_is_no_flood(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	struct error err = {0};
	subscribe(bed, &reader,
		&(struct subscription_options){
			.live_only = true, .filter = filter_parse(span_text("needle"), &err)});
	pull(&reader, 10);
	stream_bed_events(bed, bed->shop, 300, span_text("grey"));
	stream_bed_events(bed, bed->shop, 3, span_text("a needle"));
	assert_int_equal(subscription_skip(reader.subscription, 100), 0);
	pull(&reader, 200);
	assert_int_equal(reader.items, 3);
	subscription_free(reader.subscription);
}

/* What is long is searched by the store, in slices: it comes in order all the same, and what does not match is passed. */
static void long_bodies_are_filtered_in_order(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	struct error err = {0};
	struct buffer grey = {0}, wanted = {0};
	subscribe(bed, &reader,
		&(struct subscription_options){.bytes = true,
			.live_only = true,
			.filter = filter_parse(span_text("body~needle"), &err)});
	pull(&reader, 10);
	while (grey.len < 200000) {
		buffer_append_text(&grey, "hay ");
	}
	buffer_append_span(&wanted, buffer_span(&grey));
	buffer_append_text(&wanted, "needle");
	for (int i = 0; i < 5; i++) {
		stream_bed_events(bed, bed->shop, 1, buffer_span(i % 2 ? &wanted : &grey));
		stream_bed_events(bed, bed->shop, 1, span_text("a needle"));
		pull(&reader, 10);
	}
	assert_int_equal(reader.items, 7);
	assert_true(reader.in_order);
	assert_int_equal(reader.last_seq, 10);
	assert_int_equal(reader.content, 2 * (int64_t)wanted.len + 5 * 8);
	subscription_free(reader.subscription);
	buffer_clear(&grey);
	buffer_clear(&wanted);
}

static void answer(struct stream_bed *bed, int64_t endpoint, int count) {
	const struct answer_record record = {.status = 201, .by = ANSWERED_BY_APP};
	for (int i = 0; i < count; i++) {
		hub_answered(bed->hub, endpoint, 1, &record);
	}
}

static void what_a_sender_was_answered_comes_behind_its_event(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	subscribe(bed, &reader, &(struct subscription_options){.endpoint = bed->shop});
	pull(&reader, 10);
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	answer(bed, bed->shop, 2);
	answer(bed, stream_bed_endpoint(bed, "other"), 5);
	pull(&reader, 100);
	assert_int_equal(reader.items, 3);
	assert_int_equal(reader.answered, 2);
	assert_int_equal(reader.answered_at, 3);
	subscription_free(reader.subscription);
}

static void who_misses_answers_is_told_how_many(void **state) {
	struct stream_bed *bed = *state;
	struct reader reader;
	subscribe(bed, &reader, &(struct subscription_options){.live_only = true});
	pull(&reader, 10);
	answer(bed, bed->shop, ANSWERED_KEPT + 7);
	pull(&reader, ANSWERED_KEPT + 100);
	assert_int_equal(reader.judged, 7);
	assert_int_equal(reader.answered, ANSWERED_KEPT);
	subscription_free(reader.subscription);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_late_subscriber_gets_history_then_the_present),
		TEST(what_comes_while_history_is_read_is_seen_once),
		TEST(a_slow_subscriber_misses_nothing_and_costs_little),
		TEST(an_entry_too_large_for_the_ring_comes_from_the_store),
		TEST(a_cursor_goes_on_where_it_was),
		TEST(a_cursor_of_another_history_is_a_gap),
		TEST(an_endpoint_made_again_is_followed_again),
		TEST(attempts_only_for_those_who_want_them),
		TEST(entries_passed_over_move_the_cursor),
		TEST(verdicts_judged_again_are_told_together),
		TEST(nothing_is_kept_while_nobody_listens),
		TEST(what_nobody_follows_is_not_kept_and_read_later),
		TEST(attempts_nobody_asked_for_reach_who_asks_later),
		TEST(who_holds_too_much_makes_others_wait),
		TEST(who_looks_at_the_newest_passes_over_a_flood),
		TEST(who_fell_behind_the_ring_passes_over_without_reading),
		TEST(what_a_filter_does_not_want_is_no_flood),
		TEST(long_bodies_are_filtered_in_order),
		TEST(what_a_sender_was_answered_comes_behind_its_event),
		TEST(who_misses_answers_is_told_how_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
