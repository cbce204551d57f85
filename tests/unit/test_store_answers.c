/* What every kind of store keeps of the answers that senders got, and of what came too late for them. */
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

static struct event *only_event(struct store_bed_hits *hits, int64_t endpoint) {
	struct store_query query = {.endpoint = endpoint, .events = true};
	*hits = store_bed_read(&bed, &query);
	assert_int_equal(hits->count, 1);
	return hits->all[0].event;
}

static void add_waiting(struct store_bed_entry *made, int64_t endpoint) {
	store_bed_event(made, endpoint, "{}");
	made->event.answer_status = 0;
	made->event.answer_by = ANSWERED_BY_WAITING;
	assert_int_equal(store_bed_append(&bed, made), 1);
}

static void set_answer(const struct uuid *event, int64_t status, enum answered_by by) {
	struct store_bed_done done = {0};
	const struct answer_record record = {.event = *event,
		.status = status,
		.by = by,
		.after_us = 4210,
		.why = span_text("for a test")};
	store_set_answer(bed.store, &record, store_bed_on_done, &done);
	store_bed_wait(&bed, &done.done);
	assert_int_equal(done.err.code, ERROR_NONE);
}

static void what_a_sender_was_answered_later_is_kept(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made;
	struct store_bed_hits hits;
	add_waiting(&made, shop);
	assert_int_equal(only_event(&hits, shop)->answer_by, ANSWERED_BY_WAITING);
	store_bed_free(&hits);
	set_answer(&made.event.id, 418, ANSWERED_BY_APP);
	const struct event *event = only_event(&hits, shop);
	assert_int_equal(event->answer_status, 418);
	assert_int_equal(event->answer_by, ANSWERED_BY_APP);
	assert_int_equal(event->answer_after_us, 4210);
	assert_true(span_is(event->answer_why, "for a test"));
	store_bed_free(&hits);
}

static void an_event_that_is_gone_is_passed_over(void **state) {
	(void)state;
	const struct uuid nobody = {{1}};
	store_bed_endpoint(&bed, "shop");
	set_answer(&nobody, 200, ANSWERED_BY_APP);
}

static bool add_late(const struct store_bed_entry *event, int64_t status, enum cause cause) {
	struct store_bed_entry attempt;
	store_bed_attempt(&attempt, event, status);
	attempt.attempt.cause = cause;
	assert_true(store_bed_append(&bed, &attempt) > 0);
	return attempt.attempt.late;
}

static void the_first_answer_of_an_app_behind_a_fallback_is_late(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event;
	add_waiting(&event, shop);
	set_answer(&event.event.id, 200, ANSWERED_BY_FALLBACK);
	assert_false(add_late(&event, 200, CAUSE_REPLAY + 1)); /* by hand, and so is nobody's answer */
	assert_false(add_late(&event, 0, CAUSE_FORWARD));      /* no answer at all */
	assert_true(add_late(&event, 201, CAUSE_RETRY));
	assert_false(add_late(&event, 200, CAUSE_RETRY)); /* the app has answered before */

	struct store_query query = {.endpoint = shop, .attempts = true};
	struct store_bed_hits hits = store_bed_read(&bed, &query);
	size_t late = 0;
	for (size_t i = 0; i < hits.count; i++) {
		late += hits.all[i].attempt->late && hits.all[i].attempt->status == 201;
	}
	assert_int_equal(late, 1);
	store_bed_free(&hits);
}

static void an_answer_that_was_passed_back_is_not_late(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event;
	add_waiting(&event, shop);
	set_answer(&event.event.id, 200, ANSWERED_BY_APP);
	assert_false(add_late(&event, 200, CAUSE_FORWARD));
}

static bool look_at_state(void *data, const struct endpoint_record *record) {
	*(bool *)data = span_is(record->state, "{\"left\":2}");
	return true;
}

static void what_an_endpoint_has_left_survives_its_settings(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct error err = {0};
	bool same = false;
	store_set_endpoint_state(bed.store, shop, span_text("{\"left\":2}"));
	assert_int_equal(store_bed_endpoint(&bed, "shop"), shop);
	assert_true(store_each_endpoint(bed.store, look_at_state, &same, &err));
	assert_true(same);
}

static void who_waited_when_the_store_was_closed_is_told_apart(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made;
	struct store_bed_hits hits;
	add_waiting(&made, shop);
	store_bed_close(&bed);
	store_bed_open(&bed, NULL);
	const struct event *event = only_event(&hits, shop);
	assert_int_equal(event->answer_by, ANSWERED_BY_NOBODY);
	assert_int_equal(event->answer_status, 0);
	assert_true(span_is(event->answer_why, "the relay ended before it could answer"));
	store_bed_free(&hits);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		STORE_BED_CASES(&bed, what_a_sender_was_answered_later_is_kept),
		STORE_BED_CASES(&bed, an_event_that_is_gone_is_passed_over),
		STORE_BED_CASES(&bed, the_first_answer_of_an_app_behind_a_fallback_is_late),
		STORE_BED_CASES(&bed, an_answer_that_was_passed_back_is_not_late),
		STORE_BED_CASES(&bed, what_an_endpoint_has_left_survives_its_settings),
		{"who_waited_when_the_store_was_closed_is_told_apart, in a file",
			who_waited_when_the_store_was_closed_is_told_apart, store_bed_in_file,
			store_bed_take_away, &bed},
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
