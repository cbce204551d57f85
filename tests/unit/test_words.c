/* Sizes, durations and times are short and read at once. */
#include <stdlib.h>

#include "common/words.h"
#include "tests/unit/unit.h"

struct example {
	int64_t value;
	const char *text;
};

static void reads(
	void (*append)(struct buffer *, int64_t), const struct example *examples, size_t count) {
	struct buffer out = {0};
	for (size_t i = 0; i < count; i++) {
		buffer_reset(&out);
		append(&out, examples[i].value);
		assert_string_equal(buffer_text(&out), examples[i].text);
	}
	buffer_clear(&out);
}

static void sizes_have_two_digits_or_three(void **state) {
	(void)state;
	static const struct example sizes[] = {{0, "0 B"}, {999, "999 B"}, {1000, "1.0 kB"},
		{10485760, "10 MB"}, {999999, "1.0 MB"}, {5000000000000, "5000 GB"}};
	reads(words_append_size, sizes, sizeof sizes / sizeof *sizes);
}

static void durations_change_their_unit(void **state) {
	(void)state;
	static const struct example durations[] = {
		{999, "999 us"}, {999999, "999 ms"}, {3210000, "3.2 s"}};
	reads(words_append_took, durations, sizeof durations / sizeof *durations);
}

static void spans_have_two_units_at_most(void **state) {
	(void)state;
	static const struct example spans[] = {{0, "0 s"}, {7, "7 ms"}, {400, "0.4 s"}, {9900, "9.9 s"},
		{9950, "10 s"}, {59499, "59 s"}, {60000, "1 min"}, {200000, "3 min 20 s"},
		{7500000, "2 h 5 min"}, {7200000, "2 h"}, {273600000, "3 d 4 h"}};
	reads(words_append_duration, spans, sizeof spans / sizeof *spans);
}

static void ages_take_four_columns(void **state) {
	(void)state;
	static const struct example ages[] = {{-5000, "now"}, {999, "now"}, {1000, "1s"},
		{59999, "59s"}, {60000, "1m"}, {3599999, "59m"}, {3600000, "1h"}, {86399999, "23h"},
		{86400000, "1d"}, {INT64_C(364) * 86400000, "364d"}, {INT64_C(800) * 86400000, "2y"}};
	reads(words_append_age, ages, sizeof ages / sizeof *ages);
}

static void times_are_those_of_the_place(void **state) {
	(void)state;
	struct buffer out = {0};
	words_append_time(&out, INT64_C(1767225600000000000), false);
	assert_string_equal(buffer_text(&out), "02:00:00");
	buffer_reset(&out);
	words_append_time(&out, INT64_C(1767225600000000000), true);
	assert_string_equal(buffer_text(&out), "2026-01-01 02:00:00");
	buffer_clear(&out);
}

int main(void) {
	setenv("TZ", "EAST-2", 1);
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_have_two_digits_or_three),
		cmocka_unit_test(durations_change_their_unit),
		cmocka_unit_test(spans_have_two_units_at_most),
		cmocka_unit_test(ages_take_four_columns),
		cmocka_unit_test(times_are_those_of_the_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
