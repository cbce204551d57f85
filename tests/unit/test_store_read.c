/* Reads of a store: order, bounds, pages, filters, their end, also when it is closed meanwhile; for every kind of store. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

static void reads_go_both_ways(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	struct store_query query = store_bed_all_of(ends[0]);
	assert_string_equal(store_bed_order(&bed, &query), "e1 a2 e3");
	query.newest_first = true;
	assert_string_equal(store_bed_order(&bed, &query), "e3 a2 e1");
	query.attempts = false;
	assert_string_equal(store_bed_order(&bed, &query), "e3 e1");
	query.endpoint = 0;
	assert_string_equal(store_bed_order(&bed, &query), "e3 e2 e1 e1");
	query.attempts = true;
	assert_string_equal(store_bed_order(&bed, &query), "e3 e2 a2 e1 e1");
	query.newest_first = false;
	assert_string_equal(store_bed_order(&bed, &query), "e1 e1 a2 e2 e3");
	query.events = false;
	assert_string_equal(store_bed_order(&bed, &query), "a2");
}

static void reads_are_bounded_by_seq_and_limit(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	struct store_query query = store_bed_all_of(ends[0]);
	query.after = 1;
	assert_string_equal(store_bed_order(&bed, &query), "a2 e3");
	query.before = 3;
	assert_string_equal(store_bed_order(&bed, &query), "a2");
	query = store_bed_all_of(ends[0]);
	query.limit = 2;
	assert_string_equal(store_bed_order(&bed, &query), "e1 a2");
	query.newest_first = true;
	assert_string_equal(store_bed_order(&bed, &query), "e3 a2");
	query.after = 3;
	assert_string_equal(store_bed_order(&bed, &query), "");
}

/* One entry a page, in both directions; `endpoint` 0: of all. */
static void assert_pages(
	int64_t endpoint, const char *const *oldest_first, const char *const *newest_first, int count) {
	for (int back = 0; back < 2; back++) {
		struct store_query query = store_bed_all_of(endpoint);
		query.newest_first = back;
		query.limit = 1;
		for (int page = 0; page < count; page++) {
			struct store_bed_hits hits = store_bed_read(&bed, &query);
			assert_int_equal(hits.count, 1);
			assert_string_equal(
				store_bed_order(&bed, &query), (back ? newest_first : oldest_first)[page]);
			query.beyond = hits.all[0].position;
			store_bed_free(&hits);
		}
		assert_string_equal(store_bed_order(&bed, &query), "");
	}
}

static void pages_follow_each_other_in_both_directions(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	static const char *const oldest_first[] = {"e1", "e1", "a2", "e2", "e3"};
	static const char *const newest_first[] = {"e3", "e2", "a2", "e1", "e1"};
	assert_pages(0, oldest_first, newest_first, 5);
}

static void pages_of_one_endpoint_follow_each_other(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	static const char *const oldest_first[] = {"e1", "a2", "e3"};
	static const char *const newest_first[] = {"e3", "a2", "e1"};
	assert_pages(ends[0], oldest_first, newest_first, 3);
	struct store_query query = store_bed_all_of(ends[0]);
	query.beyond = 2; /* an entry of the other endpoint */
	assert_string_equal(store_bed_order(&bed, &query), "a2 e3");
	query.newest_first = true;
	query.beyond = 4; /* another one */
	assert_string_equal(store_bed_order(&bed, &query), "a2 e1");
	query.beyond = INT64_MAX; /* of no entry */
	assert_string_equal(store_bed_order(&bed, &query), "e3 a2 e1");
	query.newest_first = false;
	assert_string_equal(store_bed_order(&bed, &query), "");
}

static void an_id_finds_its_event_alone_or_with_attempts(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	struct store_query query = {.endpoint = ends[0], .events = true, .limit = 1};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	query = (struct store_query){.by_id = true, .id = hits.all[0].event->id, .events = true};
	assert_string_equal(store_bed_order(&bed, &query), "e1");
	query.attempts = true;
	assert_string_equal(store_bed_order(&bed, &query), "e1 a2");
	query.id.bytes[15] ^= 1;
	assert_string_equal(store_bed_order(&bed, &query), "");
	store_bed_free(&hits);
}

static void filters_choose_by_facts_and_by_text(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	for (int i = 1; i <= 9; i++) {
		struct store_bed_entry made;
		char body[32];
		snprintf(body, sizeof body, "order %d", i);
		store_bed_event(&made, shop, body);
		made.event.provider = span_text(i % 3 ? "stripe" : "svix");
		made.event.verdict = i % 2 ? VERDICT_VALID : VERDICT_INVALID;
		store_bed_append(&bed, &made);
	}
	static const char *const cases[][2] = {{"provider:svix", "e3 e6 e9"},
		{"provider:svix verdict:invalid", "e6"}, {"\"ORDER 7\"", "e7"}, {"\"order 10\"", ""},
		{"provider:none", ""}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error err = {0};
		struct filter *filter = filter_parse(span_text(cases[i][0]), &err);
		assert_string_equal(err.text, "");
		struct store_query query = {.endpoint = shop, .events = true, .filter = filter};
		assert_string_equal(store_bed_order(&bed, &query), cases[i][1]);
		filter_free(filter);
	}
}

struct stopper {
	struct store_read *read;
	int hits, until;
	bool answer;
};

static bool stop_here(void *data, const struct entry *entry) {
	struct stopper *stopper = data;
	(void)entry;
	if (++stopper->hits < stopper->until) {
		return true;
	}
	store_read_stop(stopper->read);
	return stopper->answer;
}

static void must_not_come(void *data, const struct error *err) {
	(void)data;
	(void)err;
	fail_msg("done was called after store_read_stop");
}

static void a_read_can_be_stopped_from_its_own_callback(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	for (int answer = 0; answer < 2; answer++) {
		struct stopper stopper = {.until = 2, .answer = answer};
		struct store_query query = store_bed_all_of(0);
		stopper.read = store_read(bed.store, &query, stop_here, must_not_come, &stopper);
		store_bed_add(&bed, ends[0], "time passes");
		store_bed_add(&bed, ends[0], "time passes");
		assert_int_equal(stopper.hits, 2);
	}
	struct stopper never = {.until = 1};
	struct store_query query = store_bed_all_of(0);
	struct store_read *read = store_read(bed.store, &query, stop_here, must_not_come, &never);
	store_read_stop(read);
	store_bed_add(&bed, ends[0], "time passes");
	assert_int_equal(never.hits, 0);
}

static bool take_one(void *data, const struct entry *entry) {
	(void)entry;
	++*(int *)data;
	return false;
}

struct enough {
	int hits;
	struct store_bed_done done;
};

static void on_enough(void *data, const struct error *err) {
	store_bed_on_done(&((struct enough *)data)->done, err);
}

static void enough_is_an_end_like_any_other(void **state) {
	(void)state;
	int64_t ends[2];
	store_bed_two_endpoints(&bed, ends);
	struct enough enough = {0};
	struct store_query query = store_bed_all_of(0);
	store_read(bed.store, &query, take_one, on_enough, &enough);
	store_bed_wait(&bed, &enough.done.done);
	assert_int_equal(enough.hits, 1);
	assert_int_equal(enough.done.err.code, ERROR_NONE);
}

static void a_long_read_does_not_hold_up_the_loop(void **state) {
	(void)state;
	enum { COUNT = 20000 };
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry *made = calloc(COUNT, sizeof *made), one;
	for (int i = 0; i < COUNT; i++) {
		store_bed_event(made + i, shop, "x");
		store_bed_queue(&bed, made + i);
	}
	store_bed_wait(&bed, &made[COUNT - 1].done);
	free(made);
	struct error err = {0};
	struct filter *filter = filter_parse(span_text("type:none"), &err);
	struct store_bed_done done = {0};
	struct store_query query = {.events = true, .filter = filter};
	store_read(bed.store, &query, take_one, store_bed_on_done, &done);
	store_bed_event(&one, shop, "in between");
	assert_int_equal(store_bed_append(&bed, &one), COUNT + 1);
	assert_false(done.done);
	store_bed_wait(&bed, &done.done);
	filter_free(filter);
}

static void a_read_sees_what_was_announced_when_it_began(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	store_bed_add(&bed, shop, "x");
	struct store_query query = store_bed_all_of(shop);
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	struct store_bed_entry late;
	store_bed_event(&late, shop, "late");
	store_bed_queue(&bed, &late);
	assert_string_equal(store_bed_order(&bed, &query), "e1");
	store_bed_wait(&bed, &late.done);
	assert_string_equal(store_bed_order(&bed, &query), "e1 e2");
	store_bed_free(&hits);
}

static void closing_writes_what_is_queued(void **state) {
	(void)state;
	enum { COUNT = 600 };
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry *made = calloc(COUNT, sizeof *made);
	for (int i = 0; i < COUNT; i++) {
		store_bed_event(made + i, shop, "x");
		store_bed_queue(&bed, made + i);
	}
	struct store_query query = store_bed_all_of(0);
	store_read(bed.store, &query, take_one, must_not_come, NULL);
	store_bed_close(&bed);
	for (int i = 0; i < COUNT; i++) {
		assert_true(made[i].done);
		assert_int_equal(made[i].event.seq, i + 1);
	}
	free(made);
}

/* Every case for every kind of store. */
#define CASE(name) STORE_BED_CASES(&bed, name)

int main(void) {
	const struct CMUnitTest tests[] = {
		CASE(reads_go_both_ways),
		CASE(reads_are_bounded_by_seq_and_limit),
		CASE(pages_follow_each_other_in_both_directions),
		CASE(pages_of_one_endpoint_follow_each_other),
		CASE(an_id_finds_its_event_alone_or_with_attempts),
		CASE(filters_choose_by_facts_and_by_text),
		CASE(a_read_can_be_stopped_from_its_own_callback),
		CASE(enough_is_an_end_like_any_other),
		CASE(a_long_read_does_not_hold_up_the_loop),
		CASE(a_read_sees_what_was_announced_when_it_began),
		CASE(closing_writes_what_is_queued),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
