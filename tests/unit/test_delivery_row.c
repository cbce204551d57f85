/* An attempt with its event as a row: JSON Lines, CSV that does no harm in a spreadsheet, a line. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/commands/delivery_row.h"
#include "tui/commands/lines.h"

static struct attempt attempt;
static struct event event;
static struct delivery_row row;

static int make_row(void **state) {
	(void)state;
	attempt = (struct attempt){.endpoint = span_text("shop"),
		.event_seq = 7,
		.seq = 9,
		.position = 12,
		.number = 2,
		.cause = CAUSE_REPLAY,
		.target = span_text("http://localhost:3000/hooks"),
		.changes = span_text("Host, Content-Length"),
		.status = 503,
		.answer_body_total = 12,
		.started_at_ns = INT64_C(1767268800000000000),
		.took_us = 12345,
		.who = span_text("alice@laptop")};
	event = (struct event){.endpoint = span_text("shop"),
		.provider = span_text("stripe"),
		.type = span_text("charge.failed"),
		.verdict = VERDICT_VALID,
		.attempts = 3};
	row = (struct delivery_row){.attempt = &attempt, .event = &event};
	return 0;
}

static void csv_is(const char *expected) {
	struct buffer out = {0};
	delivery_row_csv(&out, &row);
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

#define IDS "00000000-0000-0000-0000-000000000000,00000000-0000-0000-0000-000000000000\r\n"

static void a_row_of_csv_has_as_many_fields_as_its_head(void **state) {
	struct buffer head = {0};
	size_t commas = 0;
	(void)state;
	delivery_row_csv_head(&head);
	for (size_t i = 0; i < head.len; i++) {
		commas += head.data[i] == ',';
	}
	assert_int_equal(commas, 17);
	buffer_clear(&head);
	csv_is("shop#7,stripe,charge.failed,valid,http://localhost:3000/hooks,2,3,replay,503,12,,"
		   "2026-01-01T12:00:00.000000000Z,12.345,alice@laptop,\"Host, Content-Length\",," IDS);
}

static void no_answer_is_an_empty_status(void **state) {
	(void)state;
	attempt.status = 0;
	attempt.error = span_text("connection refused: \"nothing\" listens");
	row.next_at_ns = attempt.started_at_ns;
	csv_is("shop#7,stripe,charge.failed,valid,http://localhost:3000/hooks,2,3,replay,,12,"
		   "\"connection refused: \"\"nothing\"\" listens\",2026-01-01T12:00:00.000000000Z,12.345,"
		   "alice@laptop,\"Host, Content-Length\",2026-01-01T12:00:00.000000000Z," IDS);
}

static void what_a_spreadsheet_would_compute_is_a_text(void **state) {
	static const char *const texts[][2] = {
		{"=HYPERLINK(\"http://x\")", "\"'=HYPERLINK(\"\"http://x\"\")\""}, {"+1", "'+1"},
		{"-1", "'-1"}, {"@SUM(A1)", "'@SUM(A1)"}, {"\t=1", "'\\x09=1"}, {"\r=1", "'\\x0d=1"},
		{"a=1", "a=1"}, {" =1", "\" =1\""}, {"\x1b[2J", "\\x1b[2J"}, {"a\nb", "a\\x0ab"}};
	(void)state;
	attempt.changes = span_text("");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct buffer out = {0}, begin = {0};
		event.type = span_text(texts[i][0]);
		buffer_printf(&begin, "shop#7,stripe,%s,valid,", texts[i][1]);
		delivery_row_csv(&out, &row);
		if (!span_starts_with(buffer_span(&out), buffer_span(&begin))) {
			fail_msg("%s", buffer_text(&out));
		}
		buffer_clear(&out);
		buffer_clear(&begin);
	}
}

static void json_adds_what_is_known_of_the_event(void **state) {
	struct buffer out = {0};
	(void)state;
	delivery_row_json(&out, &row);
	assert_non_null(strstr(buffer_text(&out),
		"\"who\":\"alice@laptop\",\"provider\":\"stripe\",\"event_type\":\"charge.failed\","
		"\"verdict\":\"valid\",\"attempts\":3,\"next_at\":null}\n"));
	buffer_reset(&out);
	row.next_at_ns = attempt.started_at_ns;
	row.paused = true;
	delivery_row_json(&out, &row);
	assert_non_null(strstr(
		buffer_text(&out), "\"next_at\":\"2026-01-01T12:00:00.000000000Z\",\"paused\":true}\n"));
	buffer_clear(&out);
}

static void a_line_says_which_of_how_many(void **state) {
	struct buffer out = {0};
	struct line_style style = {0};
	(void)state;
	line_delivery(&out, &row, &style);
	assert_non_null(strstr(buffer_text(&out), "charge.failed"));
	assert_non_null(strstr(buffer_text(&out), "  2/3    replay   503"));
	assert_non_null(strstr(buffer_text(&out), "alice@laptop      http://localhost:3000/hooks\n"));
	buffer_reset(&out);
	row.next_at_ns = attempt.started_at_ns;
	row.paused = true;
	attempt.error = span_text("\x1b]0;owned\a");
	line_delivery(&out, &row, &style);
	assert_non_null(strstr(buffer_text(&out), "  \\x1b]0;owned\\x07  next 2026-01-01 "));
	assert_non_null(strstr(buffer_text(&out), ", paused\n"));
	buffer_clear(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(a_row_of_csv_has_as_many_fields_as_its_head, make_row),
		cmocka_unit_test_setup(no_answer_is_an_empty_status, make_row),
		cmocka_unit_test_setup(what_a_spreadsheet_would_compute_is_a_text, make_row),
		cmocka_unit_test_setup(json_adds_what_is_known_of_the_event, make_row),
		cmocka_unit_test_setup(a_line_says_which_of_how_many, make_row),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
