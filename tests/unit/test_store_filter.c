/* However a filter is answered, the events are those of a look at every one of them, in order. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

#define EVENTS 1200
#define AT_ONCE 200

static struct store_bed bed;
static int64_t shop, mail;

/* Much of the same, and far from the newest end a little of everything else. */
static void make_one(struct store_bed_entry *made, int number) {
	static const char *const providers[] = {"stripe", "svix", "github", "a\nb"};
	store_bed_event(made, number % 10 == 3 ? mail : shop, "x");
	made->event.provider = span_text("shopify");
	made->event.verdict = VERDICT_VALID;
	made->event.type = span_text(number % 2 ? "order.created" : "order.paid");
	if (number % 53 == 0 || (number > 300 && number < 320)) {
		static const char *const types[] = {"", "order", "order.", "invoice.paid", "a\nb"};
		made->event.type = span_text(types[number % 5]);
	}
	if (number % 97 == 0 || (number > 400 && number < 440)) {
		made->event.provider = span_text(providers[number % 4]);
		made->event.verdict = (enum verdict)(number % VERDICT_COUNT);
	}
}

static void on_marked(void *data, const struct annotated *annotated, const struct error *err) {
	(void)annotated;
	store_bed_on_done(data, err);
}

static void try_some(const struct store_bed_entry *made) {
	for (int i = 0; i < AT_ONCE; i += 50) {
		struct store_bed_entry attempt;
		store_bed_attempt(&attempt, made + i, i % 100 ? 503 : 200);
		assert_int_not_equal(store_bed_append(&bed, &attempt), 0);
	}
}

static void mark(const struct store_bed_entry *made) {
	struct store_bed_done done = {0};
	const struct annotation_change change = {
		.by_id = true, .id = made->event.id, .marked = 1, .who = span_text("alice")};
	store_annotate(bed.store, &change, on_marked, &done);
	store_bed_wait(&bed, &done.done);
	assert_string_equal(done.err.text, "");
}

/* The index has events up to a position in the midst of them. */
static void index_some(void) {
	struct store_bed_done done = {0};
	const struct key_record record = {.position = 1000};
	const struct key_mark mark = {.low = 0, .head = 1000, .version = "1"};
	store_put_keys(bed.store, &record, 1, &mark, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	assert_string_equal(done.err.text, "");
}

static int make(void **state) {
	(void)state;
	static struct store_bed_entry made[AT_ONCE];
	store_bed_make(&bed, true);
	store_bed_open(&bed, NULL);
	shop = store_bed_endpoint(&bed, "shop");
	mail = store_bed_endpoint(&bed, "mail");
	for (int number = 0; number < EVENTS; number += AT_ONCE) {
		for (int i = 0; i < AT_ONCE; i++) {
			make_one(made + i, number + i);
			store_bed_queue(&bed, made + i);
		}
		store_bed_wait(&bed, &made[AT_ONCE - 1].done);
		try_some(made);
		mark(made + 3); /* of the other endpoint */
		mark(made + 7 + number / 10);
	}
	index_some();
	return 0;
}

static int take_away(void **state) {
	(void)state;
	store_bed_remove(&bed);
	return 0;
}

static struct filter *filter_of(const char *text) {
	struct error err = {0};
	struct filter *filter = filter_parse(span_text(text), &err);
	assert_string_equal(err.text, "");
	return filter;
}

/* `query` answered by the store, and by matching `all` events within its bounds ourselves. */
static void assert_finds(
	const struct store_bed_hits *all, struct store_query query, const char *text) {
	struct filter *filter = filter_of(text);
	query.filter = filter;
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	assert_string_equal(hits.err.text, "");
	size_t found = 0;
	for (size_t i = 0; i < all->count && (query.limit == 0 || found < (size_t)query.limit); i++) {
		if (filter_matches_event(filter, all->all[i].event)) {
			assert_true(found < hits.count);
			assert_int_equal(hits.all[found].position, all->all[i].position);
			found++;
		}
	}
	assert_int_equal(hits.count, found);
	store_bed_free(&hits);
	filter_free(filter);
}

static void assert_all_find(
	struct store_query query, const char *const *filters, size_t filter_count) {
	int64_t limit = query.limit;
	query.limit = 0;
	struct store_bed_hits all = store_bed_read(&bed, &query);
	query.limit = limit;
	for (size_t i = 0; i < filter_count; i++) {
		assert_finds(&all, query, filters[i]);
	}
	store_bed_free(&all);
}

static const char *const filters[] = {"provider:stripe", "provider:s*", "!provider:shopify",
	"verdict:invalid", "verdict:invalid,expired provider:svix", "verdict:valid", "status:5xx",
	"is:undelivered", "!is:undelivered", "endpoint:mail", "endpoint:mail verdict:unsigned",
	"provider:nobody", "method:GET provider:github", "is:repeat", "status:503,none provider:github",
	"provider:\"a\nb\"", "marked", "!marked", "marked provider:shopify",
	"marked endpoint:mail or marked status:5xx", "marked or verdict:invalid", "marked type:nothing",
	"type:invoice.paid", "type:order.*", "type:order*", "type:order.", "type:order", "type:\"\"",
	"type:\"a\nb\"", "type:no.such", "type:invoice.paid,no.such", "type:*paid !type:order.paid",
	"type~^inv", "!type:order.created !type:order.paid", "type:invoice.paid or verdict:invalid",
	"type:invoice.* provider:shopify", "type:invoice.paid verdict:invalid,expired,unsigned",
	"type:order.created verdict:invalid", "type:no.such provider:shopify",
	"type:order.paid endpoint:mail provider:s*", "type:invoice.paid status:5xx",
	"type:order.created provider:nobody"};

static void filters_find_what_a_look_at_everything_finds(void **state) {
	(void)state;
	enum { COUNT = sizeof filters / sizeof *filters };
	const int64_t ends[] = {0, shop, mail};
	for (int variant = 0; variant < 12; variant++) {
		struct store_query query = {.endpoint = ends[variant % 3],
			.events = true,
			.newest_first = variant % 2,
			.limit = variant % 4 < 2 ? 0 : 7};
		assert_all_find(query, filters, COUNT);
		query.beyond = variant < 6 ? 420 : INT64_MAX;
		assert_all_find(query, filters, COUNT);
		query.beyond = 0;
		query.after = query.endpoint ? 11 : 0;
		query.before = query.endpoint == shop ? 900 : 0;
		assert_all_find(query, filters, COUNT);
	}
}

static void pages_of_few_hits_follow_each_other(void **state) {
	(void)state;
	struct filter *filter = filter_of("verdict:invalid");
	for (int back = 0; back < 2; back++) {
		struct store_query query = {.events = true, .newest_first = back, .filter = filter};
		struct store_bed_hits all = store_bed_read(&bed, &query);
		query.limit = 1;
		for (size_t i = 0; i < all.count; i++) {
			struct store_bed_hits page = store_bed_read(&bed, &query);
			assert_int_equal(page.count, 1);
			assert_int_equal(page.all[0].position, all.all[i].position);
			query.beyond = page.all[0].position;
			store_bed_free(&page);
		}
		store_bed_free(&all);
	}
	filter_free(filter);
}

static void judged_again_an_event_is_found_under_its_new_verdict(void **state) {
	(void)state;
	struct filter *filter = filter_of("verdict:expired provider:renamed");
	struct store_query query = {.endpoint = shop, .events = true, .after = 0, .limit = 1};
	struct store_bed_hits oldest = store_bed_read(&bed, &query);
	struct verdict_change change = {.event = oldest.all[0].event->id,
		.judgement = {.verdict = VERDICT_EXPIRED, .reason = "late"},
		.provider = "renamed"};
	struct store_bed_done done = {0};
	store_set_verdicts(bed.store, &change, 1, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	query = (struct store_query){.events = true, .newest_first = true, .filter = filter};
	assert_string_equal(store_bed_order(&bed, &query), "e1");
	store_bed_free(&oldest);
	filter_free(filter);
}

static void too_many_facets_are_no_harm(void **state) {
	(void)state;
	static char names[600][16];
	static struct store_bed_entry made[600];
	for (int i = 0; i < 600; i++) {
		snprintf(names[i], sizeof names[i], "many%d", i);
		store_bed_event(made + i, mail, "x");
		made[i].event.provider = span_text(names[i]);
		store_bed_queue(&bed, made + i);
	}
	store_bed_wait(&bed, &made[599].done);
	static const char *const many[] = {"provider:many*", "provider:many77", "provider:many7"};
	assert_all_find((struct store_query){.events = true}, many, 3);
	assert_all_find((struct store_query){.events = true, .newest_first = true}, many, 3);
}

/* --- events with many bytes --- */

#define LARGE_LEN ((size_t)4 * 1024 * 1024)

static void count_turn(uv_prepare_t *prepare) {
	++*(size_t *)prepare->data;
}

/* How often the loop came round while it was read. */
static size_t turns_of(struct store_bed *own, const char *text, size_t expected) {
	uv_prepare_t prepare;
	size_t turns = 0;
	struct filter *filter = filter_of(text);
	struct store_query query = store_bed_all_of(0);
	query.filter = filter;
	uv_prepare_init(&own->loop, &prepare);
	prepare.data = &turns;
	uv_prepare_start(&prepare, count_turn);
	struct store_bed_hits hits = store_bed_read(own, &query);
	uv_close((uv_handle_t *)&prepare, NULL);
	uv_run(&own->loop, UV_RUN_NOWAIT);
	assert_string_equal(hits.err.text, "");
	assert_int_equal(hits.count, expected);
	store_bed_free(&hits);
	filter_free(filter);
	return turns;
}

/* A slice ends in the middle of a body, too, and goes on there: however it is searched, and by whichever index it is come to. */
static void a_large_body_holds_nobody_up(void **state) {
	(void)state;
	struct store_bed own;
	struct store_bed_entry made;
	struct buffer body = {0};
	store_bed_make(&own, true);
	store_bed_open(&own, NULL);
	int64_t endpoint = store_bed_endpoint(&own, "large");
	store_bed_add(&own, endpoint, "{\"a\":\"small\"}");
	buffer_append_text(&body, "{\"a\":\"");
	while (body.len < LARGE_LEN) {
		buffer_append_text(&body, "abbabaabbbaabaababab");
	}
	buffer_append_text(&body, "needle\"}");
	store_bed_event(&made, endpoint, "");
	made.entry.body = buffer_span(&body);
	made.event.body_len = (int64_t)body.len;
	made.event.provider = span_text("stripe");
	assert_int_not_equal(store_bed_append(&own, &made), 0);
	store_bed_add(&own, endpoint, "needle");

	assert_true(turns_of(&own, "body:needle", 2) > 3);
	assert_true(turns_of(&own, "body~\"[ab]*a[ab]{100}c\"", 0) > 8);
	assert_true(turns_of(&own, ".a=*needle", 1) > 3);
	assert_true(turns_of(&own, "provider:stripe body:needle", 1) > 3);
	assert_true(turns_of(&own, "needle !body:nowhere", 2) > 6);
	store_bed_remove(&own);
	buffer_clear(&body);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_large_body_holds_nobody_up),
		cmocka_unit_test(filters_find_what_a_look_at_everything_finds),
		cmocka_unit_test(pages_of_few_hits_follow_each_other),
		cmocka_unit_test(judged_again_an_event_is_found_under_its_new_verdict),
		cmocka_unit_test(too_many_facets_are_no_harm),
	};
	return cmocka_run_group_tests(tests, make, take_away);
}
