/* Bulk replays as pure decisions: pace under a faked clock, plan, what is sent after an interruption, report, what is remembered. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/moment.h"
#include "tests/unit/unit.h"
#include "tui/bulk_plan.h"
#include "tui/bulk_record.h"
#include "tui/bulk_report.h"

#define SECOND INT64_C(1000000000)
#define TEXT(literal)                                                                              \
	{ literal, sizeof(literal) - 1 }

/* --- pace --- */

static struct bulk_pace rate(const char *text) {
	struct bulk_pace pace;
	struct error err = {0};
	assert_true(bulk_pace_read_rate(&pace, span_text(text), &err));
	return pace;
}

static struct bulk_pace speed(const char *text) {
	struct bulk_pace pace;
	assert_true(bulk_pace_read_speed(&pace, span_text(text), NULL));
	return pace;
}

static void assert_pace(const struct bulk_pace *pace, const char *expected) {
	struct buffer words = {0};
	bulk_pace_append(&words, pace);
	assert_string_equal(buffer_text(&words), expected);
	buffer_clear(&words);
}

static void a_rate_is_read_in_seconds_minutes_and_hours(void **state) {
	(void)state;
	static const char *const texts[][2] = {{"10", "10/s"}, {"10/s", "10/s"}, {"30/m", "30/m"},
		{"100/h", "1.66667/m"}, {"0.5/s", "30/m"}, {"1000/s", "1000/s"}};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct bulk_pace pace = rate(texts[i][0]);
		assert_pace(&pace, texts[i][1]);
	}
	static const char *const wrong[] = {
		"", "0", "-1", "10/d", "fast", "1001", "1e99", "nan", "inf", "10 /s", "0.00000001"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct bulk_pace pace;
		struct error err = {0};
		assert_false(bulk_pace_read_rate(&pace, span_text(wrong[i]), &err));
		assert_int_equal(err.code, ERROR_USAGE);
	}
}

static void a_speed_is_how_many_times_as_fast(void **state) {
	(void)state;
	struct bulk_pace pace = speed("60x");
	assert_pace(&pace, "spaced as received at 60x");
	pace = speed("1");
	assert_pace(&pace, "spaced as received");
	pace = speed("0.5x");
	assert_pace(&pace, "spaced as received at 0.5x");
	assert_false(bulk_pace_read_speed(&pace, span_text("60y"), NULL));
	assert_false(bulk_pace_read_speed(&pace, span_text("0x"), NULL));
	assert_false(bulk_pace_read_speed(&pace, span_text("x"), NULL));
}

/* Starts `count` events as soon as each may go; `busy_us` passes between two. Returns when the last one went out. */
static int64_t run(const struct bulk_pace *pace, const int64_t *received_at_ns, size_t count,
	int64_t busy_us, int64_t *went) {
	struct bulk_clock clock = {0};
	int64_t now_us = 5000000;
	for (size_t i = 0; i < count; i++) {
		int64_t received = received_at_ns ? received_at_ns[i] : 0;
		now_us = bulk_clock_due_us(&clock, pace, received, now_us);
		bulk_clock_started(&clock, pace, received, now_us);
		if (went) {
			went[i] = now_us;
		}
		now_us += busy_us;
	}
	return now_us - busy_us - 5000000;
}

static void a_rate_is_kept_and_never_made_up_for(void **state) {
	(void)state;
	struct bulk_pace pace = rate("10/s");
	assert_int_equal(run(&pace, NULL, 101, 0, NULL), 10000000);
	/* an app that is slower than that is not overrun afterwards */
	assert_int_equal(run(&pace, NULL, 11, 300000, NULL), 3000000);
	struct bulk_clock clock = {0};
	bulk_clock_started(&clock, &pace, 0, 1000000);
	assert_int_equal(bulk_clock_due_us(&clock, &pace, 0, 1000000), 1100000);
	bulk_clock_started(&clock, &pace, 0, 9000000);
	assert_true(bulk_clock_due_us(&clock, &pace, 0, 9000000) >= 9080000);
}

static void a_fast_rate_is_kept_by_a_coarse_clock(void **state) {
	(void)state;
	struct bulk_pace pace = rate("1000/s");
	struct bulk_clock clock = {0};
	int64_t sent = 0;
	/* looked at each 7 ms */
	for (int64_t now_us = 0; now_us < 7000000; now_us += 7000) {
		while (bulk_clock_due_us(&clock, &pace, 0, now_us) <= now_us) {
			bulk_clock_started(&clock, &pace, 0, now_us);
			sent++;
		}
	}
	assert_in_range(sent, 6980, 7001);
}

static void events_go_out_as_far_apart_as_they_came(void **state) {
	(void)state;
	static const int64_t received[] = {0, 60 * SECOND, 60 * SECOND, 3660 * SECOND};
	int64_t went[4];
	struct bulk_pace pace = speed("60x");
	assert_int_equal(run(&pace, received, 4, 0, went), 61000000);
	assert_int_equal(went[1] - went[0], 1000000);
	assert_int_equal(went[2] - went[1], 0);
	assert_int_equal(went[3] - went[2], 60000000);
	/* newest first the gaps are the same */
	static const int64_t backwards[] = {3660 * SECOND, 60 * SECOND, 60 * SECOND, 0};
	assert_int_equal(run(&pace, backwards, 4, 0, NULL), 61000000);
	/* what is a little late is made up for, so that a day is a day */
	pace = speed("1");
	static const int64_t steady[] = {0, SECOND, 2 * SECOND, 3 * SECOND};
	assert_int_equal(run(&pace, steady, 4, 900, NULL), 3000000);
}

static void at_once_means_at_once(void **state) {
	(void)state;
	struct bulk_pace pace = {.spacing = BULK_AT_ONCE};
	assert_int_equal(run(&pace, NULL, 1000, 0, NULL), 0);
}

/* --- what becomes of an event --- */

static void what_was_answered_is_not_sent_again(void **state) {
	(void)state;
	/* the plan was made when the newest position was 100 */
	static const struct {
		int64_t delivered_at, answered_at;
		bool maybe, again;
		enum bulk_choice choice;
	} cases[] = {
		{0, 0, false, false, BULK_SEND},
		{0, 50, false, false, BULK_SEND}, /* a 500 before the plan */
		{50, 50, false, false, BULK_SKIP_DELIVERED},
		{50, 70, false, false, BULK_SKIP_DELIVERED},
		{50, 50, false, true, BULK_SEND},
		{0, 101, false, false, BULK_SKIP_ANSWERED}, /* a 500 of this run: it was answered */
		{101, 101, false, false, BULK_SKIP_ANSWERED},
		{101, 101, false, true, BULK_SKIP_ANSWERED},
		{50, 101, false, true, BULK_SKIP_ANSWERED},
		{0, 100, false, false, BULK_SEND},
		/* on its way when the run was cut off: only the relay can clear it up */
		{0, 0, true, false, BULK_ASK},
		{0, 101, true, false, BULK_SKIP_ANSWERED},
		{50, 50, true, false, BULK_SKIP_DELIVERED},
		{50, 50, true, true, BULK_ASK},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct bulk_settings settings = {.again = cases[i].again};
		struct bulk_facts facts = {cases[i].delivered_at, cases[i].answered_at, cases[i].maybe};
		assert_int_equal(bulk_choose(&settings, &facts, 100), cases[i].choice);
	}
}

/* --- the plan --- */

static struct event event_at(int64_t seq, int64_t second) {
	return (struct event){.endpoint = TEXT("stripe"),
		.seq = seq,
		.position = seq,
		.received_at_ns = 1767268800 * SECOND + second * SECOND,
		.head_len = 100,
		.body_len = 900};
}

static struct bulk_plan plan_of_four(void) {
	struct bulk_plan plan = {0};
	static const struct bulk_facts facts[] = {
		{0, 0, false}, {2, 2, false}, {0, 9, false}, {0, 0, true}};
	for (int64_t i = 0; i < 4; i++) {
		struct event event = event_at(i + 1, i * 600);
		bulk_plan_take(&plan, &event, &facts[i], 8);
	}
	return plan;
}

static void a_plan_counts_what_would_happen(void **state) {
	(void)state;
	struct bulk_plan plan = plan_of_four();
	struct bulk_settings settings = {.concurrency = 1};
	assert_int_equal(plan.count, 4);
	assert_int_equal(plan.delivered, 1);
	assert_int_equal(plan.answered, 1);
	assert_int_equal(plan.maybe, 1);
	assert_int_equal(plan.bytes, 4000);
	assert_string_equal(plan.first, "stripe#1");
	assert_string_equal(plan.last, "stripe#4");
	assert_int_equal(bulk_plan_to_send(&plan, &settings), 1);
	settings.again = true;
	assert_int_equal(bulk_plan_to_send(&plan, &settings), 2);
	assert_int_equal(bulk_plan_estimate_ms(&plan, &settings), -1);
	settings.pace = rate("30/m");
	assert_int_equal(bulk_plan_estimate_ms(&plan, &settings), 2000);
	settings.pace = speed("60x");
	assert_int_equal(bulk_plan_estimate_ms(&plan, &settings), 30000);
}

static void a_plan_is_told_in_words_and_as_json(void **state) {
	(void)state;
	struct bulk_plan plan = plan_of_four();
	struct bulk_settings settings = {.pace = rate("10/s"), .concurrency = 4, .as_received = true};
	struct buffer out = {0};
	bulk_plan_append_words(&out, &plan, &settings, span_text("http://localhost:3000/\x1b[2J"));
	assert_string_equal(buffer_text(&out),
		"4 events to http://localhost:3000/\\x1b[2J\n"
		"  received   2026-01-01 12:00:00 to 12:30:00 (30 min)\n"
		"  order      oldest first: stripe#1 ... stripe#4\n"
		"  signature  as received\n"
		"  answered   1 since this replay began: not sent again\n"
		"  delivered  1 of them before: skipped (--again sends them, too)\n"
		"  perhaps    1 may have been sent when the run before was cut off\n"
		"  to send    1 (4.0 kB in all), 10/s, 4 at a time: about 0 s\n");
	buffer_reset(&out);
	bulk_plan_append_json_members(&out, &plan, &settings, span_text("http://localhost:3000"));
	assert_string_equal(buffer_text(&out),
		"\"events\":4,\"to_send\":1,\"delivered\":1,\"answered\":1,\"maybe_sent\":1,\"missing\":0,"
		"\"bytes\":4000,\"target_url\":\"http://localhost:3000\",\"first\":\"stripe#1\","
		"\"last\":\"stripe#4\",\"received_from\":\"2026-01-01T12:00:00.000000000Z\","
		"\"received_to\":\"2026-01-01T12:30:00.000000000Z\",\"order\":\"oldest\",\"rate\":10,"
		"\"concurrency\":4,\"as_received\":true,\"again\":false,\"stop_on_failure\":false,"
		"\"estimate_ms\":0");
	buffer_clear(&out);
}

/* --- the report --- */

static struct attempt answered(int64_t seq, int64_t status, const char *error) {
	return (struct attempt){.endpoint = TEXT("stripe"),
		.event_seq = seq,
		.status = status,
		.error = span_text(error),
		.took_us = 2000};
}

static struct bulk_report some_report(void) {
	struct bulk_report report = {.id = "20261121-094512-3f2a",
		.end = BULK_COMPLETE,
		.began_at_ns = 1767268800 * SECOND,
		.took_ms = 12000,
		.planned = 5,
		.settings = {.pace = {.spacing = BULK_RATE, .per_s = 10}, .concurrency = 1}};
	report.target = strdup("http://localhost:3000");
	struct attempt attempts[] = {answered(1, 200, ""), answered(2, 503, ""),
		answered(3, 0, "connection refused: \"nobody\" | there"),
		answered(4, 200, "the answer broke off")};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(bulk_report_take_attempt(&report, &attempts[i], i != 2), i == 0);
	}
	bulk_report_take_skipped(&report, BULK_SKIP_DELIVERED, span_text("stripe#5"));
	bulk_report_take_skipped(&report, BULK_SKIP_ANSWERED, span_text("stripe#6"));
	bulk_report_take_skipped(&report, BULK_ASK, span_text("stripe#7"));
	return report;
}

static void a_report_tells_what_failed_and_why(void **state) {
	(void)state;
	struct bulk_report report = some_report();
	struct buffer out = {0};
	bulk_report_append_words(&out, &report, 2);
	assert_string_equal(buffer_text(&out),
		"complete: 4 sent in 12 s: 1 2xx, 1 5xx, 2 no answer; 1 skipped, delivered before; "
		"1 skipped, answered since the replay began; 1 skipped, may have been sent before\n"
		"  stripe#2  answered 503\n"
		"  stripe#3  connection refused: \"nobody\" | there\n"
		"  and 2 others\n");
	assert_int_equal(report.unreached, 1);
	assert_false(bulk_report_is_good(&report));
	buffer_clear(&out);
	bulk_report_clear(&report);
}

static void a_report_is_written_as_its_ending_says(void **state) {
	(void)state;
	assert_int_equal(bulk_format_of("out/report.md"), BULK_MARKDOWN);
	assert_int_equal(bulk_format_of("a.csv"), BULK_CSV);
	assert_int_equal(bulk_format_of("a.json"), BULK_JSON);
	assert_int_equal(bulk_format_of("-"), BULK_JSON);
	struct bulk_report report = some_report();
	struct buffer out = {0};
	bulk_report_append(&out, &report, BULK_CSV);
	assert_non_null(
		strstr(buffer_text(&out), "section,name,value\nsummary,\"id\",\"20261121-094512-3f2a\"\n"));
	assert_non_null(strstr(buffer_text(&out), "summary,\"skipped, delivered before\",\"1\"\n"));
	assert_non_null(strstr(buffer_text(&out),
		"failure,\"stripe#3\",\"connection refused: \"\"nobody\"\" | there\"\n"));
	buffer_reset(&out);
	bulk_report_append(&out, &report, BULK_MARKDOWN);
	assert_non_null(strstr(buffer_text(&out), "| 5xx | 1 |\n"));
	assert_non_null(
		strstr(buffer_text(&out), "| stripe#3 | connection refused: \"nobody\" \\| there |\n"));
	buffer_reset(&out);
	bulk_report_append(&out, &report, BULK_JSON);
	assert_non_null(strstr(
		buffer_text(&out), "\"answers\":{\"1xx\":0,\"2xx\":1,\"3xx\":0,\"4xx\":0,\"5xx\":1}"));
	assert_non_null(strstr(buffer_text(&out), "\"failures_in_all\":4"));
	buffer_clear(&out);
	bulk_report_clear(&report);
}

static void failures_beyond_a_thousand_are_counted_alone(void **state) {
	(void)state;
	struct bulk_report report = {0};
	for (int i = 0; i < 2500; i++) {
		struct attempt attempt = answered(i + 1, 500, "");
		bulk_report_take_attempt(&report, &attempt, true);
	}
	assert_int_equal(report.failure_count, BULK_FAILURES_MAX);
	assert_int_equal(report.failures_in_all, 2500);
	assert_int_equal(report.classes[5], 2500);
	bulk_report_clear(&report);
}

/* --- what is remembered --- */

static void a_record_reads_back_as_it_was(void **state) {
	(void)state;
	struct uuid ids[] = {{{1, 2, 3}}, {{4, 5, 6}}};
	char store[] = "s", target[] = "http://localhost:3000/?a=1", filter[] = "type:\"a b\"",
		 endpoint[] = "stripe";
	struct bulk_record record = {.store = store,
		.target = target,
		.filter = filter,
		.endpoint = endpoint,
		.named = ids,
		.named_count = 2,
		.settings = {.order = BULK_NEWEST,
			.pace = speed("60x"),
			.concurrency = 7,
			.as_received = true,
			.again = true,
			.stop_on_failure = true},
		.since = INT64_C(1) << 60,
		.made_at_ns = 1767268800 * SECOND + 1,
		.elsewhere = true};
	bulk_record_make_id(record.id, record.made_at_ns, 0xabc3f2a);
	assert_string_equal(record.id, "20260101-120000-3f2a");
	struct buffer text = {0};
	struct bulk_record read;
	bulk_record_append(&text, &record);
	assert_true(bulk_record_read(&read, buffer_span(&text), NULL));
	assert_string_equal(read.id, record.id);
	assert_string_equal(read.filter, filter);
	assert_string_equal(read.target, target);
	assert_int_equal(read.named_count, 2);
	assert_memory_equal(read.named, ids, sizeof ids);
	assert_int_equal(read.since, record.since);
	assert_int_equal(read.settings.order, BULK_NEWEST);
	assert_int_equal(read.settings.concurrency, 7);
	assert_true(read.settings.pace.speed == 60 && read.settings.pace.spacing == BULK_ORIGINAL);
	assert_true(read.settings.again && read.settings.as_received && read.settings.stop_on_failure);
	assert_true(read.elsewhere);
	bulk_record_clear(&read);
	struct error err = {0};
	assert_false(bulk_record_read(&read, span_text("{\"id\":\"../../etc\"}"), &err));
	assert_false(bulk_record_read(&read, (struct span){text.data, text.len / 2}, &err));
	buffer_clear(&text);
}

static void ids_are_of_one_form(void **state) {
	(void)state;
	assert_true(bulk_id_is_valid(span_text("20261121-094512-3f2a")));
	static const char *const wrong[] = {"", "..", "20261121-094512-3f2", "20261121-094512-3F2A",
		"20261121/094512-3f2a", "20261121-094512-3f2a0"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_false(bulk_id_is_valid(span_text(wrong[i])));
	}
}

static void a_place_of_the_journal_tells_how_far_an_event_came(void **state) {
	(void)state;
	struct uuid event = {{1}};
	struct buffer line = {0};
	struct bulk_place place;
	bulk_place_append(&line, &event, NULL);
	assert_true(bulk_place_read(&place, buffer_span(&line)));
	assert_true(uuid_equal(&place.event, &event));
	assert_false(place.answered || place.has_attempt);
	bulk_place_clear(&place);
	/* cut off while it was written over: nobody knows whether it was sent */
	assert_true(bulk_place_read(&place, (struct span){line.data, line.len - 1}));
	assert_true(uuid_equal(&place.event, &event));
	assert_false(place.answered || place.has_attempt || place.ahead);
	bulk_place_clear(&place);
	assert_false(bulk_place_read(&place, (struct span){line.data, 30}));
	assert_false(bulk_place_read(&place, span_text("\n\"event\":1}\n")));
	assert_false(bulk_place_read(&place, (struct span){0}));

	struct attempt attempt = {.id = {{9}},
		.event = event,
		.endpoint = TEXT("stripe"),
		.cause = CAUSE_REPLAY,
		.target = TEXT("http://localhost:3000"),
		.changes = TEXT("Host"),
		.status = 200,
		.answer_head_len = 10,
		.answer_body_len = 20,
		.answer_body_total = 20,
		.started_at_ns = SECOND,
		.who = TEXT("alice@laptop")};
	buffer_reset(&line);
	bulk_place_append(&line, &event, &attempt);
	assert_true(bulk_place_read(&place, buffer_span(&line)));
	assert_true(place.answered && place.has_attempt);
	assert_int_equal(place.attempt.status, 200);
	assert_int_equal(place.attempt.answer_body_len, 0);
	assert_int_equal(place.attempt.answer_body_total, 20);
	assert_true(span_is(place.attempt.changes, "Host"));
	bulk_place_clear(&place);
	buffer_clear(&line);
}

static void a_place_never_grows_beyond_its_own(void **state) {
	(void)state;
	static char much[20000];
	memset(much, 'x', sizeof much);
	struct uuid event = {{1}};
	struct attempt attempt = {.event = event,
		.endpoint = TEXT("stripe"),
		.target = {much, 2000},
		.changes = {much, sizeof much},
		.error = {much, sizeof much},
		.status = 200};
	struct buffer line = {0};
	struct bulk_place place;
	bulk_place_append(&line, &event, &attempt);
	assert_true(line.len <= BULK_PLACE_LEN);
	assert_true(bulk_place_read(&place, buffer_span(&line)));
	assert_true(place.has_attempt);
	assert_int_equal(place.attempt.changes.len, 0);
	bulk_place_clear(&place);
	buffer_reset(&line);
	attempt.target.len = 8000;
	bulk_place_append(&line, &event, &attempt);
	assert_true(line.len <= BULK_PLACE_LEN);
	assert_true(bulk_place_read(&place, buffer_span(&line)));
	assert_true(place.answered && !place.has_attempt);
	bulk_place_clear(&place);
	buffer_clear(&line);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_read_in_seconds_minutes_and_hours),
		cmocka_unit_test(a_speed_is_how_many_times_as_fast),
		cmocka_unit_test(a_rate_is_kept_and_never_made_up_for),
		cmocka_unit_test(a_fast_rate_is_kept_by_a_coarse_clock),
		cmocka_unit_test(events_go_out_as_far_apart_as_they_came),
		cmocka_unit_test(at_once_means_at_once),
		cmocka_unit_test(what_was_answered_is_not_sent_again),
		cmocka_unit_test(a_plan_counts_what_would_happen),
		cmocka_unit_test(a_plan_is_told_in_words_and_as_json),
		cmocka_unit_test(a_report_tells_what_failed_and_why),
		cmocka_unit_test(a_report_is_written_as_its_ending_says),
		cmocka_unit_test(failures_beyond_a_thousand_are_counted_alone),
		cmocka_unit_test(a_record_reads_back_as_it_was),
		cmocka_unit_test(ids_are_of_one_form),
		cmocka_unit_test(a_place_of_the_journal_tells_how_far_an_event_came),
		cmocka_unit_test(a_place_never_grows_beyond_its_own),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
