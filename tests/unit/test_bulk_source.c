/* Where the events of a bulk replay come from: pages of a filter, or names, over real sockets. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"
#include "tui/bulk_source.h"

/* Takes all that comes. */
struct taker {
	struct stream_bed *bed;
	struct watcher watcher;
	struct bulk_source *source;
	int64_t count, ended, failed, missing, first, last, delivered;
	int64_t stop_after; /* 0: never */
	bool in_order, newest_first;
	char order[128];
};

static void take(struct taker *taker) {
	const struct event *event;
	while ((taker->stop_after == 0 || taker->count < taker->stop_after) &&
		   (event = bulk_source_next(taker->source))) {
		bool follows = taker->newest_first ? event->seq < taker->last : event->seq > taker->last;
		taker->in_order = taker->in_order && (taker->count == 0 || follows);
		taker->first = taker->count++ == 0 ? event->seq : taker->first;
		taker->last = event->seq;
		taker->delivered += event->delivered_at > 0;
		size_t used = strlen(taker->order);
		snprintf(taker->order + used, sizeof taker->order - used, "%" PRId64 " ", event->seq);
		bulk_source_pass(taker->source);
	}
	taker->ended = bulk_source_ended(taker->source);
}

static void on_ready(void *data) {
	take(data);
}

static void on_missing(void *data, const struct event_ref *ref, const struct error *err) {
	struct taker *taker = data;
	assert_int_equal(err->code, ERROR_NO);
	taker->missing = ref->seq;
}

static void on_failed(void *data, const struct error *err) {
	struct taker *taker = data;
	assert_int_equal(err->code, ERROR_UNREACHABLE);
	taker->failed++;
}

static void begin(
	struct taker *taker, struct stream_bed *bed, const struct bulk_source_options *options) {
	static const struct bulk_source_events events = {on_ready, on_missing, on_failed};
	struct bulk_source_options all = *options;
	*taker =
		(struct taker){.bed = bed, .in_order = true, .newest_first = options->order == BULK_NEWEST};
	all.target = "http://127.0.0.1:3000/hook";
	watcher_connect(bed, &taker->watcher);
	taker->source = bulk_source_new(taker->watcher.client, &all, &events, taker);
}

static void end(struct taker *taker) {
	bulk_source_free(taker->source);
	client_free(taker->watcher.client);
}

static void take_all(struct taker *taker) {
	taker->count = taker->ended = 0;
	take(taker);
	stream_bed_until(taker->bed, &taker->ended, 1);
}

static void a_filter_is_read_page_by_page(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	stream_bed_start(bed, NULL);
	/* two whole pages and nothing behind them, and then one more */
	stream_bed_events(bed, bed->shop, 2 * BULK_PAGE, span_text("x"));
	begin(&taker, bed, &(struct bulk_source_options){.endpoint = span_text("shop")});
	take_all(&taker);
	assert_int_equal(taker.count, 2 * BULK_PAGE);
	assert_true(taker.in_order);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	bulk_source_rewind(taker.source);
	take_all(&taker);
	assert_int_equal(taker.count, 2 * BULK_PAGE + 1);
	end(&taker);
}

static void newest_first_goes_the_other_way(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 600, span_text("x"));
	begin(&taker, bed, &(struct bulk_source_options){.order = BULK_NEWEST});
	take_all(&taker);
	assert_int_equal(taker.count, 600);
	assert_int_equal(taker.first, 600);
	assert_int_equal(taker.last, 1);
	assert_true(taker.in_order);
	end(&taker);
}

static void what_came_behind_the_plan_is_not_part_of_it(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 600, span_text("x"));
	static const enum bulk_order orders[] = {BULK_OLDEST, BULK_NEWEST};
	static const int64_t limits[] = {0, 1, 256, 300, 599};
	for (size_t i = 0; i < 2; i++) {
		begin(&taker, bed, &(struct bulk_source_options){.order = orders[i]});
		for (size_t k = 0; k < sizeof limits / sizeof *limits; k++) {
			bulk_source_limit(taker.source, limits[k]);
			take_all(&taker);
			assert_int_equal(taker.count, limits[k]);
		}
		end(&taker);
	}
}

static void a_filter_that_fits_nothing_ends_at_once(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 10, span_text("x"));
	begin(&taker, bed, &(struct bulk_source_options){.filter = span_text("method:DELETE")});
	take_all(&taker);
	assert_int_equal(taker.count, 0);
	end(&taker);
}

static void named_events_come_once_each_in_the_order_asked_for(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	static const int64_t seqs[] = {9, 3, 20, 3, 12, 99, 1, 2, 4, 5, 6, 7};
	static const char *const orders[] = {
		"1 2 3 4 5 6 7 9 12 20 ", "20 12 9 7 6 5 4 3 2 1 ", "9 3 20 12 1 2 4 5 6 7 "};
	struct event_ref named[12];
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 20, span_text("x"));
	stream_bed_attempt(bed);
	for (size_t i = 0; i < 12; i++) {
		named[i] = (struct event_ref){.endpoint = span_text("shop"), .seq = seqs[i]};
	}
	for (int order = BULK_OLDEST; order <= BULK_LISTED; order++) {
		begin(&taker, bed,
			&(struct bulk_source_options){
				.named = named, .named_count = 12, .order = (enum bulk_order)order});
		take_all(&taker);
		assert_string_equal(taker.order, orders[order]);
		assert_int_equal(taker.missing, 99);
		assert_int_equal(taker.delivered, 1);
		size_t count;
		bulk_source_named(taker.source, &count);
		assert_int_equal(count, 10);
		/* they are not looked up again */
		bulk_source_rewind(taker.source);
		taker.count = 0;
		take(&taker);
		assert_int_equal(taker.count, 10);
		end(&taker);
	}
}

static void events_tell_what_the_target_answered(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 3, span_text("x"));
	stream_bed_attempt(bed);
	begin(&taker, bed, &(struct bulk_source_options){0});
	take_all(&taker);
	assert_int_equal(taker.delivered, 1);
	end(&taker);
}

static void it_goes_on_where_it_was_when_the_relay_is_back(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 600, span_text("x"));
	begin(&taker, bed, &(struct bulk_source_options){0});
	taker.stop_after = BULK_PAGE;
	take(&taker);
	stream_bed_until(bed, &taker.count, BULK_PAGE);
	stream_bed_stop(bed);
	taker.stop_after = 0;
	take(&taker);
	stream_bed_until(bed, &taker.watcher.downs, 1);
	stream_bed_turn(bed, 50);
	stream_bed_start(bed, NULL);
	stream_bed_until(bed, &taker.watcher.lives, 2);
	if (taker.failed > 0) { /* else the page had not been asked for yet */
		bulk_source_again(taker.source);
	}
	stream_bed_until(bed, &taker.ended, 1);
	assert_int_equal(taker.count, 600);
	assert_true(taker.in_order);
	end(&taker);
}

static void it_can_be_let_go_of_in_the_middle(void **state) {
	struct stream_bed *bed = *state;
	struct taker taker;
	struct event_ref named[] = {{.endpoint = span_text("shop"), .seq = 1}};
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 600, span_text("x"));
	begin(&taker, bed, &(struct bulk_source_options){0});
	take(&taker);
	end(&taker);
	begin(&taker, bed, &(struct bulk_source_options){.named = named, .named_count = 1});
	take(&taker);
	end(&taker);
	stream_bed_turn(bed, 50);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_filter_is_read_page_by_page),
		TEST(newest_first_goes_the_other_way),
		TEST(what_came_behind_the_plan_is_not_part_of_it),
		TEST(a_filter_that_fits_nothing_ends_at_once),
		TEST(named_events_come_once_each_in_the_order_asked_for),
		TEST(events_tell_what_the_target_answered),
		TEST(it_goes_on_where_it_was_when_the_relay_is_back),
		TEST(it_can_be_let_go_of_in_the_middle),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
