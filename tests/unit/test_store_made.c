/* Events that were made here: told apart from what was received, and never counted with it. */
#include <string.h>

#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

static void make_copy(
	struct store_bed_entry *copy, const struct store_bed_entry *of, int64_t endpoint) {
	store_bed_event(copy, endpoint, "other");
	copy->event.origin = ORIGIN_EDITED;
	copy->event.parent = of->event.id;
}

static void a_copy_knows_what_it_is_a_copy_of(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, copy;
	store_bed_add(&bed, shop, "first");
	store_bed_event(&event, shop, "x");
	store_bed_append(&bed, &event);
	make_copy(&copy, &event, shop);
	assert_int_equal(store_bed_append(&bed, &copy), 3);
	assert_int_equal(copy.event.parent_seq, 2);
	const struct store_query query = {.endpoint = shop, .events = true, .newest_first = true};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	const struct event *read = hits.all[0].event;
	assert_int_equal(read->origin, ORIGIN_EDITED);
	assert_true(uuid_equal(&read->parent, &event.event.id));
	assert_int_equal(read->parent_seq, 2);
	assert_int_equal(hits.all[1].event->origin, ORIGIN_RECEIVED);
	assert_int_equal(hits.all[1].event->parent_seq, 0);
	store_bed_free(&hits);
}

static void a_copy_of_what_is_not_there_is_refused(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop"), mail = store_bed_endpoint(&bed, "mail");
	struct store_bed_entry event, copy;
	store_bed_event(&event, shop, "x");
	make_copy(&copy, &event, shop);
	assert_int_equal(store_bed_append(&bed, &copy), 0);
	assert_int_equal(copy.err.code, ERROR_NO);
	assert_string_equal(copy.err.text, "the event this is a copy of is not stored on its endpoint");
	store_bed_append(&bed, &event);
	make_copy(&copy, &event, mail);
	assert_int_equal(store_bed_append(&bed, &copy), 0);
	assert_int_equal(copy.err.code, ERROR_NO);
}

static void what_was_made_here_is_no_repeated_delivery(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made[4];
	static const enum origin origins[] = {
		ORIGIN_SENT, ORIGIN_RECEIVED, ORIGIN_EDITED, ORIGIN_RECEIVED};
	static const int64_t repeats[] = {0, 1, 0, 2};
	for (int i = 0; i < 4; i++) {
		store_bed_event(made + i, shop, "x");
		made[i].event.origin = origins[i];
		made[i].event.provider_id = span_text("evt_1");
		store_bed_append(&bed, made + i);
		assert_int_equal(made[i].event.repeat, repeats[i]);
	}
}

static int64_t repeat_of(enum origin origin) {
	struct store_bed_entry made;
	store_bed_event(&made, 1, "x");
	made.event.origin = origin;
	made.event.provider_id = span_text("evt_1");
	store_bed_append(&bed, &made);
	return made.event.repeat;
}

/* Nor after a restart, which reads the newest deliveries from the events. */
static void what_was_made_here_is_none_after_a_restart(void **state) {
	(void)state;
	assert_int_equal(store_bed_endpoint(&bed, "shop"), 1);
	assert_int_equal(repeat_of(ORIGIN_RECEIVED), 1);
	assert_int_equal(repeat_of(ORIGIN_SENT), 0);
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	assert_int_equal(repeat_of(ORIGIN_RECEIVED), 2);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		STORE_BED_CASES(&bed, a_copy_knows_what_it_is_a_copy_of),
		STORE_BED_CASES(&bed, a_copy_of_what_is_not_there_is_refused),
		STORE_BED_CASES(&bed, what_was_made_here_is_no_repeated_delivery),
		{"what_was_made_here_is_none_after_a_restart", what_was_made_here_is_none_after_a_restart,
			store_bed_in_file, store_bed_take_away, &bed},
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
