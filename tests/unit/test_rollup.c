/* Counting: into slots of time, by name, and back out. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "common/json.h"
#include "common/moment.h"
#include "common/rollup.h"
#include "tests/unit/unit.h"

#define MINUTE (60 * MOMENT_NS_PER_S)
#define NOW (INT64_C(29453760) * MINUTE + 30 * MOMENT_NS_PER_S)

static struct span name_of(const void *data, struct span endpoint) {
	(void)data;
	return span_is(endpoint, "1")   ? span_text("shop")
	       : span_is(endpoint, "2") ? span_text("blog")
	                                : (struct span){0};
}

static struct rollup_event an_event(int64_t at_ns) {
	return (struct rollup_event){.received_at_ns = at_ns,
		.endpoint = span_text("1"),
		.provider = span_text("stripe"),
		.type = span_text("invoice.paid"),
		.verdict = VERDICT_VALID};
}

static struct counts read(const struct rollup *rollup, enum counts_span span, int64_t now_ns) {
	struct counts counts = {.span = span};
	rollup_read(rollup, now_ns, name_of, NULL, &counts);
	return counts;
}

static void events_are_counted_in_the_bucket_of_their_time(void **state) {
	(void)state;
	struct rollup *rollup = rollup_new();
	struct rollup_event event = an_event(NOW - 2 * MINUTE);
	rollup_add(rollup, &event, COUNTS_NONE);
	event.received_at_ns = NOW;
	rollup_add(rollup, &event, COUNTS_2XX);
	event.received_at_ns = NOW - 61 * MINUTE; /* too old for the hour */
	rollup_add(rollup, &event, COUNTS_2XX);
	struct counts counts = read(rollup, COUNTS_HOUR, NOW);
	assert_int_equal(counts.total.events, 2);
	assert_int_equal(counts.buckets[59].events, 1);
	assert_int_equal(counts.buckets[57].events, 1);
	assert_int_equal(counts.statuses[COUNTS_2XX], 1);
	counts_clear(&counts);
	counts = read(rollup, COUNTS_WEEK, NOW);
	assert_int_equal(counts.total.events, 3);
	counts_clear(&counts);
	counts = read(rollup, COUNTS_HOUR, NOW + 58 * MINUTE); /* time goes on */
	assert_int_equal(counts.total.events, 1);
	counts_clear(&counts);
	rollup_free(rollup);
}

static void an_attempt_moves_its_event_whichever_comes_first(void **state) {
	(void)state;
	for (int late = 0; late < 2; late++) {
		struct rollup *rollup = rollup_new();
		struct rollup_event event = an_event(NOW);
		if (!late) {
			rollup_add(rollup, &event, COUNTS_NONE);
		}
		rollup_move(rollup, &event, COUNTS_NONE, COUNTS_5XX);
		if (late) {
			struct counts halfway = read(rollup, COUNTS_HOUR, NOW);
			assert_int_equal(halfway.statuses[COUNTS_NONE], 0);
			counts_clear(&halfway);
			rollup_add(rollup, &event, COUNTS_NONE);
		}
		struct counts counts = read(rollup, COUNTS_HOUR, NOW);
		assert_int_equal(counts.total.failed, 1);
		assert_int_equal(counts.statuses[COUNTS_NONE], 0);
		assert_int_equal(counts.statuses[COUNTS_5XX], 1);
		assert_int_equal(counts.rows[COUNTS_TYPE][0].failed, 1);
		counts_clear(&counts);
		rollup_move(rollup, &event, COUNTS_5XX, COUNTS_2XX);
		counts = read(rollup, COUNTS_HOUR, NOW);
		assert_int_equal(counts.total.failed, 0);
		counts_clear(&counts);
		rollup_free(rollup);
	}
}

static void rows_are_named_and_the_worst_stand_first(void **state) {
	(void)state;
	struct rollup *rollup = rollup_new();
	struct rollup_event event = an_event(NOW);
	rollup_add(rollup, &event, COUNTS_2XX);
	rollup_add(rollup, &event, COUNTS_2XX);
	event = an_event(NOW);
	event.provider = span_text("github");
	event.endpoint = span_text("2");
	event.verdict = VERDICT_INVALID;
	rollup_add(rollup, &event, COUNTS_NONE);
	event.endpoint = span_text("3"); /* removed */
	rollup_add(rollup, &event, COUNTS_NONE);
	rollup_took(rollup, span_text("stripe"), NOW, 1234);
	struct counts counts = read(rollup, COUNTS_DAY, NOW);
	assert_int_equal(counts.row_count[COUNTS_PROVIDER], 2);
	assert_true(span_is(counts.rows[COUNTS_PROVIDER][0].name, "github"));
	assert_int_equal(counts.rows[COUNTS_PROVIDER][0].rejected, 2);
	assert_int_equal(counts.rows[COUNTS_PROVIDER][1].events, 2);
	assert_int_equal(counts.rows[COUNTS_PROVIDER][1].latency[counts_latency_place(1234)], 1);
	assert_int_equal(counts.row_count[COUNTS_ENDPOINT], 2);
	assert_true(span_is(counts.rows[COUNTS_ENDPOINT][0].name, "blog"));
	assert_int_equal(counts.rows[COUNTS_ENDPOINT][0].latest_ns, NOW);
	counts_clear(&counts);
	rollup_free(rollup);
}

static void names_beyond_the_room_are_counted_together(void **state) {
	(void)state;
	struct rollup *rollup = rollup_new();
	char name[200];
	for (int i = 0; i < 1000; i++) {
		struct rollup_event event = an_event(NOW);
		snprintf(name, sizeof name, "provider-%d", i);
		event.provider = span_text(name);
		rollup_add(rollup, &event, COUNTS_NONE);
	}
	struct counts counts = read(rollup, COUNTS_HOUR, NOW);
	assert_int_equal(counts.row_count[COUNTS_PROVIDER], 65);
	assert_true(counts.rows[COUNTS_PROVIDER][0].others);
	assert_int_equal(counts.rows[COUNTS_PROVIDER][0].events, 1000 - 64);
	counts_clear(&counts);
	rollup_free(rollup);
}

static void latencies_stand_where_their_bounds_say(void **state) {
	(void)state;
	int64_t latency[COUNTS_LATENCIES] = {0};
	assert_int_equal(counts_latency_bound(0), 100);
	assert_int_equal(counts_latency_bound(5), 700);
	assert_int_equal(counts_latency_bound(6), 1000);
	assert_int_equal(counts_latency_bound(36), 100000000);
	for (size_t i = 0; i + 1 < COUNTS_LATENCIES; i++) {
		assert_int_equal(counts_latency_place(counts_latency_bound(i) - 1), i);
		assert_int_equal(counts_latency_place(counts_latency_bound(i)), i + 1);
	}
	assert_int_equal(counts_latency_place(INT64_MAX), COUNTS_LATENCIES - 1);
	assert_int_equal(counts_latency_percentile(latency, 50), 0);
	latency[6] = 90;
	latency[20] = 10;
	assert_int_equal(counts_latency_percentile(latency, 50), 1000);
	assert_int_equal(counts_latency_percentile(latency, 95), counts_latency_bound(20));
}

static void counts_come_back_from_json(void **state) {
	(void)state;
	struct rollup *rollup = rollup_new();
	struct rollup_event event = an_event(NOW);
	event.type = span_text("\x1b[31m\xff");
	rollup_add(rollup, &event, COUNTS_FAILED);
	rollup_took(rollup, span_text("stripe"), NOW, 70000);
	struct counts counts = read(rollup, COUNTS_WEEK, NOW), back = {0};
	struct buffer text = {0}, again = {0};
	struct error err = {0};
	counts.complete_from_ns = NOW - MINUTE;
	counts_append_json(&text, &counts);
	cJSON *object = json_parse(buffer_span(&text), &err);
	assert_non_null(object);
	assert_true(counts_from_json(&back, object, &err));
	counts_append_json(&again, &back);
	assert_string_equal(buffer_text(&again), buffer_text(&text));
	cJSON_Delete(object);
	counts_clear(&counts);
	counts_clear(&back);
	buffer_clear(&text);
	buffer_clear(&again);
	rollup_free(rollup);
}

static void what_a_relay_says_wrongly_does_no_harm(void **state) {
	(void)state;
	static const char *const texts[] = {
		"{\"span\":\"1h\",\"buckets\":[[1e300,-4,\"x\"],7,[]],\"events\":\"many\","
		"\"providers\":[1,{\"name\":5},{\"latency\":{}}],\"verdicts\":3,\"from\":\"noon\"}",
		"{\"span\":\"7d\",\"buckets\":{\"a\":[1]},\"latency\":[1,2]}"};
	for (size_t i = 0; i < 2; i++) {
		struct counts counts = {0};
		struct error err = {0};
		cJSON *object = json_parse(span_text(texts[i]), &err);
		assert_non_null(object);
		assert_true(counts_from_json(&counts, object, &err));
		assert_int_equal(counts.total.events, 0);
		cJSON_Delete(object);
		counts_clear(&counts);
	}
	struct counts counts = {0};
	struct error err = {0};
	cJSON *object = json_parse(span_text("{\"span\":\"1y\"}"), &err);
	assert_false(counts_from_json(&counts, object, &err));
	cJSON_Delete(object);
	counts_clear(&counts);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_counted_in_the_bucket_of_their_time),
		cmocka_unit_test(an_attempt_moves_its_event_whichever_comes_first),
		cmocka_unit_test(rows_are_named_and_the_worst_stand_first),
		cmocka_unit_test(names_beyond_the_room_are_counted_together),
		cmocka_unit_test(latencies_stand_where_their_bounds_say),
		cmocka_unit_test(counts_come_back_from_json),
		cmocka_unit_test(what_a_relay_says_wrongly_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
