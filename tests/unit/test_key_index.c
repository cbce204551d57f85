/* The index of business keys follows what is committed, and a question finds the same with it and without it. */
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/moment.h"
#include "common/signature/provider.h"
#include "relay/after/key_index.h"
#include "relay/endpoints.h"
#include "relay/store/sqlite_types.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;
static struct vault *vault;
static struct catalogue *catalogue;
static struct endpoints *endpoints;
static struct key_index *index_;

static void open_all(void) {
	struct error err = {0};
	store_bed_open(&bed, NULL);
	endpoints = endpoints_new(bed.store, vault, catalogue, &err);
	assert_string_equal(err.text, "");
}

static void begin_index(void) {
	index_ = key_index_new(&bed.loop, bed.store, endpoints);
}

static void close_all(void) {
	key_index_stop(index_);
	endpoints_stop(endpoints);
	store_bed_close(&bed);
	endpoints_free(endpoints);
	key_index_free(index_);
	index_ = NULL;
	uv_run(&bed.loop, UV_RUN_NOWAIT);
}

static int make(void **state) {
	(void)state;
	store_bed_make(&bed, false);
	vault = vault_open(NULL, NULL);
	catalogue = catalogue_new();
	open_all();
	return 0;
}

static int take_away(void **state) {
	(void)state;
	close_all();
	store_bed_remove(&bed);
	vault_free(vault);
	catalogue_free(catalogue);
	return 0;
}

static void on_changed(void *data, int64_t events, int64_t changed, const struct error *err) {
	(void)events;
	(void)changed;
	assert_null(err);
	*(bool *)data = true;
}

static int64_t set_place(const char *name, const char *key, const char *place, bool is_new) {
	struct business_key keys[1];
	struct error err = {0};
	bool done = false;
	assert_true(business_key_read(keys, span_text(key), span_text(place), &err));
	const struct endpoint_change asked = {.name = span_text(name),
		.reject_invalid = -1,
		.business_keys = keys,
		.business_key_count = 1};
	endpoints_change(endpoints, &asked, is_new, on_changed, &done);
	store_bed_wait(&bed, &done);
	return endpoint_id(endpoints_find(endpoints, span_text(name)));
}

static void receive(int64_t endpoint, const char *body) {
	store_bed_add(&bed, endpoint, body);
}

/* Until everything stored so far is in the index, with the places there are now. */
static void wait_for_index(void) {
	char version[ENDPOINTS_KEYS_VERSION_LEN + 1];
	endpoints_keys_version(endpoints, version);
	for (int i = 0; i < 5000; i++) {
		struct key_mark mark = store_key_mark(bed.store);
		if (mark.head == store_position(bed.store) && mark.low == 0 &&
			strcmp(mark.version, version) == 0) {
			return;
		}
		uv_run(&bed.loop, UV_RUN_NOWAIT);
		uv_sleep(1);
	}
	fail_msg("the index does not come to its end");
}

static const char *found(int64_t endpoint, const char *text, bool newest_first) {
	struct error err = {0};
	struct filter *filter = filter_parse(span_text(text), &err);
	assert_non_null(filter);
	struct store_query query = {
		.endpoint = endpoint, .events = true, .newest_first = newest_first, .filter = filter};
	const char *order = store_bed_order(&bed, &query);
	filter_free(filter);
	return order;
}

static void events_are_found_before_and_behind_the_index(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	int64_t mail = set_place("mail", "order", ".ref", true);
	receive(shop, "{\"order\":42}");
	receive(mail, "{\"ref\":\"42\"}");
	receive(shop, "{\"order\":43}");
	begin_index();
	assert_string_equal(found(0, "order:42", true), "e1 e1");
	wait_for_index();
	receive(shop, "{\"order\":\"42\"}");
	receive(mail, "{\"order\":42}");
	assert_string_equal(found(0, "order:42", true), "e3 e1 e1");
	wait_for_index();
	assert_string_equal(found(0, "order:42", true), "e3 e1 e1");
	assert_string_equal(found(0, "order:42", false), "e1 e1 e3");
	assert_string_equal(found(shop, "order:42", true), "e3 e1");
	assert_string_equal(found(shop, "order:42,43", false), "e1 e2 e3");
	assert_string_equal(found(0, "key:43", true), "e2");
	assert_string_equal(found(0, "customer:42", true), "");
	assert_string_equal(found(0, "-order:42 endpoint:shop", true), "e2");
	assert_string_equal(found(0, "order:4*", false), "e1 e1 e2 e3");
}

static void listed_events_tell_their_keys(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	receive(shop, "{\"order\":42}");
	begin_index();
	for (int i = 0; i < 2; i++) {
		struct store_query query = {.events = true};
		struct store_bed_hits hits = store_bed_read(&bed, &query);
		assert_int_equal(hits.count, 1);
		assert_true(
			business_keys_have(hits.all[0].event->keys, span_text("order"), span_text("42")));
		store_bed_free(&hits);
		wait_for_index();
	}
}

static void other_places_index_the_history_again(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	receive(shop, "{\"order\":42,\"ref\":7}");
	begin_index();
	wait_for_index();
	set_place("shop", "ticket", ".ref", false);
	assert_string_equal(found(0, "ticket:7", true), "e1");
	wait_for_index();
	assert_string_equal(found(0, "ticket:7", true), "e1");
	assert_string_equal(found(0, "order:42", true), "");
}

static void the_index_is_gone_on_with_after_a_restart(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	receive(shop, "{\"order\":42}");
	begin_index();
	wait_for_index();
	close_all();
	open_all();
	assert_int_equal(store_key_mark(bed.store).head, store_position(bed.store));
	receive(shop, "{\"order\":42}");
	begin_index();
	wait_for_index();
	assert_string_equal(found(0, "order:42", true), "e2 e1");
}

/* A body that is too large to be looked into at once stands between two that are not. */
static void large_bodies_are_read_back(void **state) {
	(void)state;
	enum { LARGE = 100 << 10 };
	static char large[LARGE];
	int64_t shop = set_place("shop", "order", ".order", true);
	begin_index();
	wait_for_index();
	memset(large, ' ', sizeof large);
	strcpy(large + LARGE - 20, "{\"order\":42}");
	receive(shop, "{\"order\":42}");
	receive(shop, large);
	receive(shop, "{\"order\":42}");
	wait_for_index();
	assert_string_equal(found(0, "order:42", true), "e3 e2 e1");
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM event_keys"), 3);
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM key_place"), 3);
}

/* What was looked into at places that are others by the time it would be written is not. */
static void places_that_change_meanwhile_are_the_new_ones(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	begin_index();
	wait_for_index();
	receive(shop, "{\"order\":42,\"ref\":7}");
	set_place("shop", "ticket", ".ref", false);
	receive(shop, "{\"order\":42,\"ref\":7}");
	wait_for_index();
	assert_string_equal(found(0, "ticket:7", true), "e2 e1");
	assert_string_equal(found(0, "order:42", true), "");
	assert_int_equal(store_bed_ask(&bed, "SELECT count(*) FROM key_place"), 2);
}

/* More than a bucket of positions without an event: what was indexed before stays so. */
static void many_attempts_leave_the_types_where_they_were(void **state) {
	(void)state;
	enum { AT_ONCE = 250, COUNT = 4500 };
	static struct store_bed_entry tries[AT_ONCE];
	struct store_bed_entry event;
	int64_t shop = set_place("shop", "order", ".order", true);
	begin_index();
	store_bed_event(&event, shop, "{}");
	event.event.type = span_text("one");
	store_bed_append(&bed, &event);
	wait_for_index();
	key_index_stop(index_);
	for (int number = 0; number < COUNT; number += AT_ONCE) {
		for (int i = 0; i < AT_ONCE; i++) {
			store_bed_attempt(&tries[i], &event, 200);
			store_bed_queue(&bed, &tries[i]);
		}
		store_bed_wait(&bed, &tries[AT_ONCE - 1].done);
	}
	close_all();
	open_all();
	begin_index();
	wait_for_index();
	assert_int_equal(store_bed_ask(&bed, "SELECT type_low FROM key_mark"), 0);
	assert_string_equal(found(0, "type:one", true), "e1");
}

/* Senders in a rush come first, but not for ever. */
static void a_rush_holds_the_index_up_for_a_while_only(void **state) {
	(void)state;
	enum { AT_ONCE = 100, PATIENCE_MS = 15000 };
	static struct store_bed_entry made[AT_ONCE];
	int64_t shop = set_place("shop", "order", ".order", true);
	begin_index();
	wait_for_index();
	uint64_t begun = uv_hrtime();
	bool waited = false, indexed = false;
	while (!indexed && (uv_hrtime() - begun) / 1000000 < PATIENCE_MS) {
		for (int i = 0; i < AT_ONCE; i++) {
			store_bed_event(&made[i], shop, "{\"order\":42}");
			store_bed_queue(&bed, &made[i]);
		}
		store_bed_wait(&bed, &made[AT_ONCE - 1].done);
		int64_t behind = store_position(bed.store) - store_key_mark(bed.store).head;
		waited = waited || behind > 2000;
		indexed = waited && store_key_mark(bed.store).head > 2000;
	}
	assert_true(indexed || !waited); /* on a machine that stores fewer a second there is no rush */
	wait_for_index();
}

#define MANY 9000

/* Across buckets, with every 1,000th event asked for; cut off in the middle. */
static void many_events_are_indexed_in_batches(void **state) {
	(void)state;
	static struct store_bed_entry made[500];
	static char bodies[500][32];
	int64_t shop = set_place("shop", "order", ".order", true);
	for (int number = 0; number < MANY; number += 500) {
		for (int i = 0; i < 500; i++) {
			snprintf(bodies[i], sizeof bodies[i], "{\"order\":%d}", (number + i) % 1000);
			store_bed_event(&made[i], shop, bodies[i]);
			made[i].event.type = span_text((number + i) % 1000 == 700 ? "rare.one" : "common");
			store_bed_queue(&bed, &made[i]);
		}
		store_bed_wait(&bed, &made[499].done);
	}
	begin_index();
	while (store_key_mark(bed.store).head == 0 || store_key_mark(bed.store).low > MANY / 2) {
		uv_run(&bed.loop, UV_RUN_ONCE);
	}
	static const char all[] = "e8701 e7701 e6701 e5701 e4701 e3701 e2701 e1701 e701";
	assert_string_equal(found(0, "order:700", true), all);
	assert_string_equal(found(0, "type:rare.one", true), all);
	close_all();
	open_all();
	begin_index();
	wait_for_index();
	assert_string_equal(found(0, "order:700", true), all);
	assert_string_equal(found(0, "type:rare.one", true), all);
	assert_string_equal(found(shop, "type:rare.* provider:none", true), "");
	const struct key_mark before = store_key_mark(bed.store);
	set_place("shop", "other", ".other", false);
	while (strcmp(store_key_mark(bed.store).version, before.version) == 0) {
		uv_run(&bed.loop, UV_RUN_ONCE);
	}
	/* while the keys begin anew, the types stay */
	assert_int_equal(store_bed_ask(&bed, "SELECT type_low FROM key_mark"), 0);
	assert_string_equal(found(0, "type:rare.*", true), all);
	wait_for_index();
	assert_string_equal(found(0, "type:rare.*", true), all);
	set_place("shop", "order", ".order", false);
	wait_for_index();
	assert_string_equal(
		found(shop, "order:700", false), "e701 e1701 e2701 e3701 e4701 e5701 e6701 e7701 e8701");
}

/* --- an index that grows under a question --- */

#define GROWING 10
#define GROWING_FROM 5
static const char run_of_42[] = "order\0"
								"42";

static void put_of_42(int64_t low, int64_t high, struct store_bed_done *done) {
	struct key_record records[GROWING];
	size_t count = 0;
	for (int64_t position = high; position > low; position--) {
		records[count++] = (struct key_record){position, {run_of_42, sizeof run_of_42}};
	}
	const struct key_mark mark = {.low = low, .head = GROWING, .version = "1"};
	store_put_keys(bed.store, records, count, &mark, store_bed_on_done, done);
}

static void find_42(void *data, const struct entry *entry, struct buffer *keys) {
	(void)data;
	(void)entry;
	buffer_append(keys, run_of_42, sizeof run_of_42);
}

struct growing {
	struct store_bed_done put, read;
	int64_t left;
};

/* With each hit a slice is over; with the first, the rest is indexed. */
static bool on_hit(void *data, const struct entry *entry) {
	struct growing *growing = data;
	if (growing->left == GROWING) {
		put_of_42(0, GROWING_FROM, &growing->put);
	}
	assert_int_equal(entry->position, growing->left--);
	uv_sleep(5);
	return true;
}

static void on_all(void *data, const struct error *err) {
	store_bed_on_done(&((struct growing *)data)->read, err);
}

static void a_question_sees_what_is_indexed_meanwhile(void **state) {
	(void)state;
	struct error err = {0};
	struct store_bed_done first = {0};
	struct growing growing = {.left = GROWING};
	int64_t shop = store_bed_endpoint(&bed, "shop");
	for (int i = 0; i < GROWING; i++) {
		receive(shop, "x");
	}
	store_find_keys(bed.store, find_42, NULL);
	put_of_42(GROWING_FROM, GROWING, &first);
	store_bed_wait(&bed, &first.done);
	struct filter *filter = filter_parse(span_text("order:42"), &err);
	const struct store_query query = {.events = true, .newest_first = true, .filter = filter};
	store_read(bed.store, &query, on_hit, on_all, &growing);
	store_bed_wait(&bed, &growing.read.done);
	assert_true(growing.put.done);
	assert_int_equal(growing.left, 0);
	filter_free(filter);
}

static void what_goes_with_its_endpoint_leaves_no_keys(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	receive(shop, "{\"order\":42}");
	begin_index();
	wait_for_index();
	bool done = false;
	endpoints_remove(endpoints, span_text("shop"), on_changed, &done);
	store_bed_wait(&bed, &done);
	int64_t again = set_place("shop", "order", ".order", true);
	receive(again, "{\"order\":42}");
	wait_for_index();
	assert_string_equal(found(0, "order:42", true), "e1");
	assert_string_equal(found(0, "type:*", true), "e1");
}

static void types_are_looked_up_in_their_index(void **state) {
	(void)state;
	const struct {
		const char *sql, *plan;
	} questions[] = {
		{sqlite_types_next_sql, "SEARCH event_type USING PRIMARY KEY (bucket=? AND type>?)\n"},
		{sqlite_types_places_sql, "SEARCH event_type USING PRIMARY KEY (bucket=? AND type=?)\n"},
	};
	for (size_t i = 0; i < 2; i++) {
		struct buffer plan = {0};
		store_bed_plan(&bed, &plan, questions[i].sql);
		assert_string_equal(buffer_text(&plan), questions[i].plan);
		buffer_clear(&plan);
	}
}

/* --- which keys are the busiest --- */

static int64_t now_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
}

/* Now, so that it is within the spans that are counted. */
static struct store_bed_entry receive_now(int64_t endpoint, const char *body) {
	struct store_bed_entry made;
	store_bed_event(&made, endpoint, body);
	made.event.received_at_ns = now_ns();
	store_bed_append(&bed, &made);
	return made;
}

static void try_event(const struct store_bed_entry *event, int64_t status) {
	struct store_bed_entry attempt;
	store_bed_attempt(&attempt, event, status);
	store_bed_append(&bed, &attempt);
}

/* "order 42 2, order 7 1!1": what failed or was wrongly signed behind a `!` */
static const char *busiest(void) {
	static char text[256];
	struct counts counts = {.span = COUNTS_DAY};
	int used = 0;
	store_count(bed.store, now_ns(), &counts);
	text[0] = '\0';
	for (size_t i = 0; i < counts.row_count[COUNTS_KEY] && used < 200; i++) {
		const struct counts_row *row = &counts.rows[COUNTS_KEY][i];
		used += snprintf(text + used, sizeof text - (size_t)used, "%s%s %s %lld", i > 0 ? ", " : "",
			row->name.data, row->value.data, (long long)row->events);
		if (row->failed + row->rejected > 0) {
			used += snprintf(text + used, sizeof text - (size_t)used, "!%lld",
				(long long)(row->failed + row->rejected));
		}
	}
	if (counts.keys_from_ns > counts.from_ns) {
		snprintf(text + used, sizeof text - (size_t)used, " (counting)");
	}
	counts_clear(&counts);
	return text;
}

/* The counts follow within a moment. */
static void assert_busiest(const char *text) {
	for (int i = 0; i < 5000 && strcmp(busiest(), text) != 0; i++) {
		uv_run(&bed.loop, UV_RUN_NOWAIT);
		uv_sleep(1);
	}
	assert_string_equal(busiest(), text);
}

static void the_busiest_keys_follow_the_index(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	struct store_bed_entry first = receive_now(shop, "{\"order\":42}");
	receive_now(shop, "{\"order\":7}");
	receive_now(shop, "{}");
	try_event(&first, 500); /* before anything is indexed */
	assert_busiest("");
	begin_index();
	assert_busiest("order 42 1!1, order 7 1");
	struct store_bed_entry third = receive_now(shop, "{\"order\":7}");
	assert_busiest("order 7 2, order 42 1!1");
	try_event(&third, 0);
	assert_busiest("order 7 2!1, order 42 1!1");
	try_event(&third, 200);
	try_event(&first, 204);
	assert_busiest("order 7 2, order 42 1");
}

static void the_busiest_keys_are_counted_again_after_a_restart(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	struct store_bed_entry first = receive_now(shop, "{\"order\":42}");
	begin_index();
	wait_for_index();
	try_event(&first, 500);
	close_all();
	open_all();
	assert_busiest("order 42 1!1"); /* without an index that goes on */
	receive_now(shop, "{\"order\":42}");
	begin_index();
	assert_busiest("order 42 2!1");
	try_event(&first, 200);
	assert_busiest("order 42 2");
}

static void the_busiest_keys_are_those_of_the_places_there_are(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	receive_now(shop, "{\"order\":42,\"ref\":7}");
	begin_index();
	assert_busiest("order 42 1");
	set_place("shop", "ticket", ".ref", false);
	assert_busiest("ticket 7 1");
	receive_now(shop, "{\"order\":42,\"ref\":7}");
	assert_busiest("ticket 7 2");
}

static void other_verdicts_and_endpoints_that_go_count_their_keys_anew(void **state) {
	(void)state;
	int64_t shop = set_place("shop", "order", ".order", true);
	int64_t mail = set_place("mail", "mail", ".id", true);
	struct store_bed_entry event = receive_now(shop, "{\"order\":42}");
	receive_now(mail, "{\"id\":1}");
	begin_index();
	assert_busiest("mail 1 1, order 42 1");
	struct verdict_change change = {
		.event = event.event.id, .judgement = {.verdict = VERDICT_INVALID}};
	struct store_bed_done judged = {0};
	store_set_verdicts(bed.store, &change, 1, store_bed_on_done, &judged);
	store_bed_wait(&bed, &judged.done);
	assert_busiest("order 42 1!1, mail 1 1");
	bool done = false;
	endpoints_remove(endpoints, span_text("mail"), on_changed, &done);
	store_bed_wait(&bed, &done);
	assert_busiest("order 42 1!1");
}

/* More than are counted at once, half of them indexed while the other half comes. */
static void the_busiest_keys_of_many_events_are_exact(void **state) {
	(void)state;
	static struct store_bed_entry made[2000];
	static char bodies[2000][32];
	int64_t shop = set_place("shop", "order", ".order", true);
	for (size_t i = 0; i < 2000; i++) {
		if (i == 1000) {
			store_bed_wait(&bed, &made[999].done);
			begin_index();
		}
		snprintf(bodies[i], sizeof bodies[i], "{\"order\":%zu}", i % 4 == 0 ? 0 : i % 3 + 1);
		store_bed_event(&made[i], shop, bodies[i]);
		made[i].event.received_at_ns = now_ns();
		store_bed_queue(&bed, &made[i]);
	}
	store_bed_wait(&bed, &made[1999].done);
	assert_busiest("order 0 500, order 1 500, order 2 500, order 3 500");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			events_are_found_before_and_behind_the_index, make, take_away),
		cmocka_unit_test_setup_teardown(types_are_looked_up_in_their_index, make, take_away),
		cmocka_unit_test_setup_teardown(listed_events_tell_their_keys, make, take_away),
		cmocka_unit_test_setup_teardown(other_places_index_the_history_again, make, take_away),
		cmocka_unit_test_setup_teardown(the_index_is_gone_on_with_after_a_restart, make, take_away),
		cmocka_unit_test_setup_teardown(large_bodies_are_read_back, make, take_away),
		cmocka_unit_test_setup_teardown(
			a_rush_holds_the_index_up_for_a_while_only, make, take_away),
		cmocka_unit_test_setup_teardown(
			places_that_change_meanwhile_are_the_new_ones, make, take_away),
		cmocka_unit_test_setup_teardown(
			many_attempts_leave_the_types_where_they_were, make, take_away),
		cmocka_unit_test_setup_teardown(many_events_are_indexed_in_batches, make, take_away),
		cmocka_unit_test_setup_teardown(a_question_sees_what_is_indexed_meanwhile, make, take_away),
		cmocka_unit_test_setup_teardown(
			what_goes_with_its_endpoint_leaves_no_keys, make, take_away),
		cmocka_unit_test_setup_teardown(the_busiest_keys_follow_the_index, make, take_away),
		cmocka_unit_test_setup_teardown(
			the_busiest_keys_are_counted_again_after_a_restart, make, take_away),
		cmocka_unit_test_setup_teardown(
			the_busiest_keys_are_those_of_the_places_there_are, make, take_away),
		cmocka_unit_test_setup_teardown(
			other_verdicts_and_endpoints_that_go_count_their_keys_anew, make, take_away),
		cmocka_unit_test_setup_teardown(the_busiest_keys_of_many_events_are_exact, make, take_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
