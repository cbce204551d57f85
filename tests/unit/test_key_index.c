/* The index of business keys follows what is committed, and a question finds the same with it and without it. */
#include <stdio.h>
#include <string.h>

#include "common/signature/provider.h"
#include "relay/after/key_index.h"
#include "relay/endpoints.h"
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
	close_all();
	open_all();
	begin_index();
	wait_for_index();
	assert_string_equal(found(0, "order:700", true), all);
	assert_string_equal(
		found(shop, "order:700", false), "e701 e1701 e2701 e3701 e4701 e5701 e6701 e7701 e8701");
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
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			events_are_found_before_and_behind_the_index, make, take_away),
		cmocka_unit_test_setup_teardown(listed_events_tell_their_keys, make, take_away),
		cmocka_unit_test_setup_teardown(other_places_index_the_history_again, make, take_away),
		cmocka_unit_test_setup_teardown(the_index_is_gone_on_with_after_a_restart, make, take_away),
		cmocka_unit_test_setup_teardown(many_events_are_indexed_in_batches, make, take_away),
		cmocka_unit_test_setup_teardown(
			what_goes_with_its_endpoint_leaves_no_keys, make, take_away),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
