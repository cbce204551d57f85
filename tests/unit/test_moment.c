/* Moments: the calendar, fractions, offsets, and what is no moment at all. */
#include "common/moment.h"
#include "tests/unit/unit.h"

static void is_written_as(int64_t ns, const char *text) {
	struct buffer out = {0};
	moment_append(&out, ns);
	assert_string_equal(buffer_text(&out), text);
	int64_t back;
	assert_true(moment_parse(&back, buffer_span(&out)));
	assert_true(back == ns);
	buffer_clear(&out);
}

static void the_calendar_is_right(void **state) {
	(void)state;
	is_written_as(0, "1970-01-01T00:00:00.000000000Z");
	is_written_as(INT64_C(951782400000000000), "2000-02-29T00:00:00.000000000Z");
	is_written_as(INT64_C(1767225599999999999), "2025-12-31T23:59:59.999999999Z");
	is_written_as(INT64_C(4107542400123000000), "2100-03-01T00:00:00.123000000Z");
	is_written_as(-1, "1969-12-31T23:59:59.999999999Z");
}

static void offsets_and_fractions_are_understood(void **state) {
	(void)state;
	int64_t ns;
	assert_true(moment_parse(&ns, span_text("2026-01-01T01:30:00.5+01:30")));
	assert_true(ns == INT64_C(1767225600500000000));
	assert_true(moment_parse_any(&ns, span_text("1767225600.25")));
	assert_true(ns == INT64_C(1767225600250000000));
	assert_true(moment_parse_any(&ns, span_text("1767225600")));
	assert_true(moment_parse_any(&ns, span_text("2026-01-01t00:00:00z")));
}

static void what_is_no_moment_is_refused(void **state) {
	(void)state;
	static const char *const bad[] = {"", "now", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
		"2026-01-01T24:00:00Z", "2026-01-01T00:00:00", "2026-01-01T00:00:00.Z",
		"2026-01-01T00:00:00Zz", "2026-01-01T00:00:00+0130", "-1", "17672256000000000", "1.", ".5",
		"9999-01-01T00:00:00Z"};
	int64_t ns = 7;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_false(moment_parse_any(&ns, span_text(bad[i])));
	}
	assert_true(ns == 7);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_calendar_is_right),
		cmocka_unit_test(offsets_and_fractions_are_understood),
		cmocka_unit_test(what_is_no_moment_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
