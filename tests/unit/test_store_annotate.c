/* What every kind of store keeps of what people say of events, and of what their attempts make them. */
#include <sqlite3.h>
#include <string.h>

#include "relay/store/sqlite_marks.h"
#include "tests/unit/store_bed.h"
#include "tests/unit/unit.h"

static struct store_bed bed;

struct said {
	struct store_bed_done done; /* first */
	struct annotated annotated;
	char note[64];
};

static void on_said(void *data, const struct annotated *annotated, const struct error *err) {
	struct said *said = data;
	said->annotated = *annotated;
	said->done.err = err ? *err : (struct error){0};
	said->done.done = true;
	if (!err) {
		snprintf(said->note, sizeof said->note, "%.*s", (int)annotated->annotation.note.len,
			annotated->annotation.note.data);
	}
}

static struct said say(const struct annotation_change *change) {
	struct said said = {0};
	store_annotate(bed.store, change, on_said, &said);
	store_bed_wait(&bed, &said.done.done);
	return said;
}

static struct event *only_event(struct store_bed_hits *hits, int64_t endpoint) {
	struct store_query query = {.endpoint = endpoint, .events = true};
	*hits = store_bed_read(&bed, &query);
	assert_int_equal(hits->count, 1);
	return hits->all[0].event;
}

static void a_mark_and_a_note_are_kept_with_who_and_when(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	store_bed_add(&bed, shop, "{}");
	const struct annotation_change change = {.endpoint = shop,
		.seq = 1,
		.marked = 1,
		.note = span_text("refunded twice"),
		.who = span_text("alice@laptop"),
		.at_ns = 42};
	struct said said = say(&change);
	assert_int_equal(said.done.err.code, ERROR_NONE);
	assert_int_equal(said.annotated.endpoint, shop);
	assert_int_equal(said.annotated.seq, 1);
	assert_true(said.annotated.annotation.marked);
	assert_string_equal(said.note, "refunded twice");

	struct store_bed_hits hits;
	const struct annotation *kept = &only_event(&hits, shop)->annotation;
	assert_true(kept->marked);
	assert_true(span_is(kept->note, "refunded twice"));
	assert_true(span_is(kept->who, "alice@laptop"));
	assert_int_equal(kept->at_ns, 42);
	assert_true(uuid_equal(&said.annotated.event, &hits.all[0].event->id));
	store_bed_free(&hits);
}

static void what_is_not_said_anew_stays(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry made;
	store_bed_event(&made, shop, "{}");
	store_bed_append(&bed, &made);
	struct annotation_change change = {.by_id = true,
		.id = made.event.id,
		.marked = -1,
		.note = span_text("look at this"),
		.who = span_text("alice"),
		.at_ns = 1};
	assert_false(say(&change).annotated.annotation.marked);
	change = (struct annotation_change){
		.by_id = true, .id = made.event.id, .marked = 1, .who = span_text("bob"), .at_ns = 2};
	struct said said = say(&change);
	assert_true(said.annotated.annotation.marked);
	assert_string_equal(said.note, "look at this");
	change.marked = 0;
	change.note = span_text("");
	said = say(&change);
	assert_false(said.annotated.annotation.marked);
	assert_string_equal(said.note, "");
}

static void what_is_not_there_cannot_be_marked(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct annotation_change change = {.endpoint = shop, .seq = 1, .marked = 1, .who = {"", 0}};
	assert_int_equal(say(&change).done.err.code, ERROR_NO);
	change = (struct annotation_change){.by_id = true, .id = {{7}}, .marked = 1, .who = {"", 0}};
	assert_int_equal(say(&change).done.err.code, ERROR_NO);
	change = (struct annotation_change){.endpoint = 99, .seq = 1, .marked = 1, .who = {"", 0}};
	assert_int_equal(say(&change).done.err.code, ERROR_NO);
}

static void an_event_that_was_replayed_says_so(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, attempt;
	struct store_bed_hits hits;
	store_bed_event(&event, shop, "{}");
	store_bed_append(&bed, &event);
	store_bed_attempt(&attempt, &event, 500);
	attempt.attempt.cause = CAUSE_FORWARD;
	store_bed_append(&bed, &attempt);
	assert_false(only_event(&hits, shop)->replayed);
	store_bed_free(&hits);
	store_bed_attempt(&attempt, &event, 200);
	attempt.attempt.cause = CAUSE_REPLAY;
	store_bed_append(&bed, &attempt);
	assert_true(only_event(&hits, shop)->replayed);
	assert_false(hits.all[0].event->late);
	store_bed_free(&hits);
}

static void an_event_that_was_answered_too_late_says_so(void **state) {
	(void)state;
	int64_t shop = store_bed_endpoint(&bed, "shop");
	struct store_bed_entry event, attempt;
	struct store_bed_hits hits;
	store_bed_event(&event, shop, "{}");
	event.event.answer_by = ANSWERED_BY_FALLBACK;
	store_bed_append(&bed, &event);
	for (int i = 0; i < 2; i++) {
		store_bed_attempt(&attempt, &event, 200);
		attempt.attempt.cause = CAUSE_FORWARD;
		store_bed_append(&bed, &attempt);
		assert_int_equal(attempt.attempt.late, i == 0);
	}
	assert_true(only_event(&hits, shop)->late);
	store_bed_free(&hits);
}

static void marked_events_are_looked_up_in_their_index(void **state) {
	(void)state;
	for (int newest_first = 0; newest_first < 2; newest_first++) {
		struct buffer plan = {0};
		store_bed_plan(&bed, &plan, sqlite_marks_sql(newest_first));
		/* nothing but that, above all no sorting */
		assert_non_null(strstr(buffer_text(&plan), "INDEX event_marked (pos>? AND pos<?)\n"));
		assert_int_equal(span_find(buffer_span(&plan), '\n') + 1, plan.len);
		buffer_clear(&plan);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		STORE_BED_CASES(&bed, a_mark_and_a_note_are_kept_with_who_and_when),
		STORE_BED_CASES(&bed, what_is_not_said_anew_stays),
		STORE_BED_CASES(&bed, what_is_not_there_cannot_be_marked),
		STORE_BED_CASES(&bed, an_event_that_was_replayed_says_so),
		STORE_BED_CASES(&bed, an_event_that_was_answered_too_late_says_so),
		{"marked_events_are_looked_up_in_their_index", marked_events_are_looked_up_in_their_index,
			store_bed_in_file, store_bed_take_away, &bed},
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
