/* What charts look like, as text. */
#include <stdio.h>

#include "tests/unit/unit.h"
#include "tui/chart/chart.h"

static const char *text_of(struct buffer *out) {
	static char kept[512];
	snprintf(kept, sizeof kept, "%s", buffer_text(out));
	buffer_clear(out);
	return kept;
}

static const char *sparkline(const int64_t *values, size_t count, bool ascii) {
	struct buffer out = {0};
	chart_append_sparkline(&out, values, count, ascii);
	return text_of(&out);
}

static const char *bar(int64_t value, int64_t most, size_t columns, bool ascii) {
	struct buffer out = {0};
	chart_append_bar(&out, value, most, columns, ascii);
	return text_of(&out);
}

static void a_sparkline_has_a_glyph_for_each_value(void **state) {
	(void)state;
	static const int64_t values[] = {0, 1, 2, 3, 4, 5, 6, 7, 8};
	assert_string_equal(sparkline(values, 9, false), " ▁▂▃▄▅▆▇█");
	assert_string_equal(sparkline(values, 9, true), " ..::||##");
}

static void the_smallest_value_is_seen_and_only_the_largest_fills_its_cell(void **state) {
	(void)state;
	static const int64_t values[] = {1, 999999, 1000000};
	assert_string_equal(sparkline(values, 3, false), "▁▇█");
	assert_int_equal(chart_scale(INT64_MAX - 1, INT64_MAX, 100), 99);
	assert_int_equal(chart_scale(-5, 10, 8), 0);
	assert_int_equal(chart_scale(5, 0, 8), 0);
}

static void a_bar_is_drawn_in_eighths(void **state) {
	(void)state;
	assert_string_equal(bar(10, 10, 4, false), "████");
	assert_string_equal(bar(5, 16, 4, false), "█▎  ");
	assert_string_equal(bar(1, 1000, 4, false), "▏   ");
	assert_string_equal(bar(0, 0, 4, false), "    ");
	assert_string_equal(bar(5, 8, 4, true), "##= ");
}

static void a_column_stands_on_several_rows(void **state) {
	(void)state;
	static const int64_t values[] = {0, 4, 8, 12, 16};
	struct buffer out = {0};
	for (size_t row = 2; row-- > 0;) {
		for (size_t i = 0; i < 5; i++) {
			chart_append(&out, chart_column(values[i], 16, 2, row), false);
		}
		buffer_append_byte(&out, '\n');
	}
	assert_string_equal(text_of(&out), "   ▄█\n ▄███\n");
}

static void dots_show_two_values_in_a_column(void **state) {
	(void)state;
	static const int64_t values[] = {0, 1, 2, 3, 4, 5, 6, 8};
	for (int ascii = 0; ascii < 2; ascii++) {
		struct buffer out = {0};
		for (size_t row = 2; row-- > 0;) {
			for (size_t i = 0; i < 8; i += 2) {
				chart_append(&out, chart_braille(values[i], values[i + 1], 8, 2, row), ascii);
			}
			buffer_append_byte(&out, '\n');
		}
		assert_string_equal(text_of(&out), ascii ? "  .#\n.|##\n" : "  ⢀⣼\n⢀⣴⣿⣿\n");
	}
}

static void every_value_has_its_share_of_the_columns(void **state) {
	(void)state;
	for (size_t count = 1; count < 170; count += 7) {
		for (size_t columns = count; columns < 200; columns += 11) {
			for (size_t i = 0; i < count; i++) {
				size_t from = chart_column_of(i, columns, count);
				assert_true(from < chart_column_of(i + 1, columns, count));
				assert_int_equal(chart_value_at(from, columns, count), i);
			}
			assert_int_equal(chart_column_of(count, columns, count), columns);
		}
	}
}

static void neighbours_are_added_where_there_are_too_many(void **state) {
	(void)state;
	int64_t values[] = {1, 2, 3, 4, 5};
	assert_int_equal(chart_group(values, values, 5, 2), 3);
	assert_int_equal(values[0], 3);
	assert_int_equal(values[1], 7);
	assert_int_equal(values[2], 5);
	assert_int_equal(chart_most(values, 3), 7);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sparkline_has_a_glyph_for_each_value),
		cmocka_unit_test(the_smallest_value_is_seen_and_only_the_largest_fills_its_cell),
		cmocka_unit_test(a_bar_is_drawn_in_eighths),
		cmocka_unit_test(a_column_stands_on_several_rows),
		cmocka_unit_test(dots_show_two_values_in_a_column),
		cmocka_unit_test(every_value_has_its_share_of_the_columns),
		cmocka_unit_test(neighbours_are_added_where_there_are_too_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
