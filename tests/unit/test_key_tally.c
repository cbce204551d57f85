/* The busiest business keys: counted over each span, taken back when they leave it, and bounded. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "common/business_key.h"
#include "common/json.h"
#include "common/key_tally.h"
#include "common/moment.h"
#include "tests/unit/unit.h"

#define MINUTE (60 * MOMENT_NS_PER_S)
#define HOUR (60 * MINUTE)
#define NOW (INT64_C(29453760) * MINUTE + 30 * MOMENT_NS_PER_S)

static struct key_tally *tally_at(int64_t now_ns) {
	static const uint64_t secret[2] = {1, 2};
	struct key_tally *tally = key_tally_new(secret);
	key_tally_advance(tally, now_ns);
	return tally;
}

/* "order\0 42\0": a run of one key. */
static struct span run_of(const char *name, const char *value) {
	static char run[64];
	size_t len = (size_t)snprintf(run, sizeof run, "%s%c%s", name, '\0', value);
	return (struct span){run, len + 1};
}

static void add(struct key_tally *tally, int64_t at_ns, const char *value) {
	struct key_tally_event event = {.received_at_ns = at_ns, .keys = run_of("order", value)};
	key_tally_add(tally, &event);
}

/* "order 42 3, order 7 1", with what is wrong behind a `!` */
static const char *told(const struct key_tally *tally, enum counts_span span) {
	static char text[512];
	struct counts counts = {.span = span};
	size_t used = 0;
	text[0] = '\0';
	key_tally_top(tally, &counts);
	for (size_t i = 0; i < counts.row_count[COUNTS_KEY] && used < 400; i++) {
		const struct counts_row *row = &counts.rows[COUNTS_KEY][i];
		used += (size_t)snprintf(text + used, sizeof text - used, "%s%.*s %.*s %lld",
			i > 0 ? ", " : "", (int)row->name.len, row->name.data, (int)row->value.len,
			row->value.data, (long long)row->events);
		if (row->failed + row->rejected > 0) {
			used += (size_t)snprintf(
				text + used, sizeof text - used, "!%lld", (long long)(row->failed + row->rejected));
		}
	}
	counts_clear(&counts);
	return text;
}

static void the_busiest_comes_first(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	assert_true(key_tally_is_empty(tally));
	add(tally, NOW, "7");
	for (int i = 0; i < 3; i++) {
		add(tally, NOW - i * MINUTE, "42");
	}
	struct key_tally_event event = {.received_at_ns = NOW, .keys = run_of("customer", "42")};
	key_tally_add(tally, &event);
	assert_string_equal(told(tally, COUNTS_HOUR), "order 42 3, customer 42 1, order 7 1");
	assert_int_equal(key_tally_short_by(tally, COUNTS_HOUR), 0);
	assert_int_equal(key_tally_from(tally), 0);
	key_tally_free(tally);
}

static void all_keys_of_an_event_are_counted(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	struct buffer keys = {0};
	business_keys_add(&keys, 0, span_text("order"), span_text("42"));
	business_keys_add(&keys, 0, span_text("order"), span_text("43"));
	business_keys_add(&keys, 0, span_text("customer"), span_text("42"));
	struct key_tally_event event = {
		.received_at_ns = NOW, .keys = buffer_span(&keys), .failed = true, .rejected = true};
	key_tally_add(tally, &event);
	assert_string_equal(told(tally, COUNTS_WEEK), "customer 42 1!2, order 42 1!2, order 43 1!2");
	buffer_clear(&keys);
	key_tally_free(tally);
}

static void events_leave_a_span_as_time_goes_on(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	add(tally, NOW, "1");
	add(tally, NOW - 30 * MINUTE, "2");
	add(tally, NOW - 20 * HOUR, "3");
	add(tally, NOW - 100 * HOUR, "4");
	add(tally, NOW - 200 * HOUR, "5"); /* longer ago than a week */
	assert_string_equal(told(tally, COUNTS_HOUR), "order 1 1, order 2 1");
	assert_string_equal(told(tally, COUNTS_DAY), "order 1 1, order 2 1, order 3 1");
	assert_string_equal(told(tally, COUNTS_WEEK), "order 1 1, order 2 1, order 3 1, order 4 1");
	assert_false(key_tally_advance(tally, NOW + 1));
	assert_true(key_tally_advance(tally, NOW + 40 * MINUTE));
	assert_string_equal(told(tally, COUNTS_HOUR), "order 1 1");
	key_tally_advance(tally, NOW + 6 * HOUR);
	assert_string_equal(told(tally, COUNTS_HOUR), "");
	assert_string_equal(told(tally, COUNTS_DAY), "order 1 1, order 2 1");
	key_tally_advance(tally, NOW + 100 * HOUR);
	assert_string_equal(told(tally, COUNTS_WEEK), "order 1 1, order 2 1, order 3 1");
	key_tally_advance(tally, NOW + 1000 * HOUR);
	assert_string_equal(told(tally, COUNTS_WEEK), "");
	assert_true(key_tally_is_empty(tally));
	add(tally, NOW + 1000 * HOUR, "1");
	assert_string_equal(told(tally, COUNTS_HOUR), "order 1 1");
	key_tally_free(tally);
}

static void an_attempt_makes_keys_fail_and_mends_them(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	add(tally, NOW, "1");
	struct key_tally_event event = {
		.received_at_ns = NOW, .keys = run_of("order", "1"), .failed = true};
	key_tally_move(tally, &event);
	assert_string_equal(told(tally, COUNTS_DAY), "order 1 1!1");
	event.failed = false;
	key_tally_move(tally, &event);
	assert_string_equal(told(tally, COUNTS_DAY), "order 1 1");
	event.keys = run_of("order", "unknown");
	key_tally_move(tally, &event);
	assert_string_equal(told(tally, COUNTS_DAY), "order 1 1");
	event = (struct key_tally_event){
		.received_at_ns = NOW, .keys = run_of("order", "1"), .failed = true};
	key_tally_move(tally, &event);
	key_tally_advance(tally, NOW + 200 * HOUR); /* what failed is taken back with its event */
	add(tally, NOW + 200 * HOUR, "1");
	assert_string_equal(told(tally, COUNTS_WEEK), "order 1 1");
	key_tally_free(tally);
}

static void no_more_than_the_busiest_are_told(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	struct counts counts = {.span = COUNTS_HOUR};
	char value[24];
	for (int i = 0; i < 1000; i++) {
		snprintf(value, sizeof value, "%d", i);
		for (int k = 0; k <= i % 100; k++) {
			add(tally, NOW, value);
		}
	}
	key_tally_top(tally, &counts);
	assert_int_equal(counts.row_count[COUNTS_KEY], COUNTS_KEYS_MAX);
	for (size_t i = 0; i < COUNTS_KEYS_MAX; i++) {
		assert_int_equal(counts.rows[COUNTS_KEY][i].events, 100 - i / 10);
	}
	counts_clear(&counts);
	key_tally_free(tally);
}

/* A new order in each event, and among them one that is busy: it stays, and how much it may be short is told. */
static void the_rarest_are_let_go_where_there_are_too_many(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	char value[24];
	int64_t busy = 0;
	for (int i = 0; i < (int)KEY_TALLY_KEYS_MAX * 2; i++) {
		snprintf(value, sizeof value, "n%d", i);
		add(tally, NOW - i % 30 * MINUTE, value);
		if (i % 1000 == 0) {
			add(tally, NOW, "busy");
			busy++;
		}
	}
	struct counts counts = {.span = COUNTS_HOUR};
	key_tally_top(tally, &counts);
	assert_true(span_is(counts.rows[COUNTS_KEY][0].value, "busy"));
	assert_true(counts.rows[COUNTS_KEY][0].events <= busy);
	assert_true(counts.rows[COUNTS_KEY][0].events + counts.keys_short_by >= busy);
	assert_true(counts.keys_short_by > 0 && counts.keys_short_by < 10);
	counts_clear(&counts);
	key_tally_advance(tally, NOW + 2 * HOUR); /* the hour is exact again, the week is not */
	assert_int_equal(key_tally_short_by(tally, COUNTS_HOUR), 0);
	assert_true(key_tally_short_by(tally, COUNTS_WEEK) > 0);
	add(tally, NOW + 2 * HOUR, "new");
	assert_string_equal(told(tally, COUNTS_HOUR), "order new 1");
	key_tally_free(tally);
}

static void the_oldest_is_let_go_where_there_is_too_much(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	for (size_t i = 0; i < KEY_TALLY_NOTES_MAX; i++) {
		add(tally, NOW - (int64_t)(1000 - i * 1000 / KEY_TALLY_NOTES_MAX) * MINUTE, "1");
	}
	int64_t from = key_tally_from(tally);
	assert_true(from > NOW - 1001 * MINUTE && from < NOW - 900 * MINUTE);
	struct counts counts = {.span = COUNTS_WEEK};
	key_tally_top(tally, &counts);
	int64_t events = counts.rows[COUNTS_KEY][0].events;
	assert_true(events < (int64_t)KEY_TALLY_NOTES_MAX);
	assert_true(events > (int64_t)KEY_TALLY_NOTES_MAX / 10 * 9);
	counts_clear(&counts);
	add(tally, from - 1, "old"); /* not counted any more */
	counts = (struct counts){.span = COUNTS_WEEK};
	key_tally_top(tally, &counts);
	assert_int_equal(counts.row_count[COUNTS_KEY], 1);
	counts_clear(&counts);
	key_tally_free(tally);
}

/* Any byte from outside comes back as it was. */
static void keys_come_back_from_json(void **state) {
	(void)state;
	struct key_tally *tally = tally_at(NOW);
	struct counts counts = {.span = COUNTS_DAY}, back = {0};
	struct buffer text = {0};
	struct error err = {0};
	add(tally, NOW, "\"\\\xff\xc3\xa9");
	key_tally_top(tally, &counts);
	counts.keys_from_ns = NOW;
	counts.keys_short_by = 3;
	counts_append_json(&text, &counts);
	struct cJSON *object = json_parse(buffer_span(&text), &err);
	assert_non_null(object);
	assert_true(counts_from_json(&back, object, &err));
	assert_int_equal(back.row_count[COUNTS_KEY], 1);
	assert_true(span_is(back.rows[COUNTS_KEY][0].name, "order"));
	assert_true(span_is(back.rows[COUNTS_KEY][0].value, "\"\\\xff\xc3\xa9"));
	assert_int_equal(back.keys_from_ns, NOW);
	assert_int_equal(back.keys_short_by, 3);
	cJSON_Delete(object);
	buffer_clear(&text);
	counts_clear(&counts);
	counts_clear(&back);
	key_tally_free(tally);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_busiest_comes_first),
		cmocka_unit_test(all_keys_of_an_event_are_counted),
		cmocka_unit_test(events_leave_a_span_as_time_goes_on),
		cmocka_unit_test(an_attempt_makes_keys_fail_and_mends_them),
		cmocka_unit_test(no_more_than_the_busiest_are_told),
		cmocka_unit_test(the_rarest_are_let_go_where_there_are_too_many),
		cmocka_unit_test(the_oldest_is_let_go_where_there_is_too_much),
		cmocka_unit_test(keys_come_back_from_json),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
