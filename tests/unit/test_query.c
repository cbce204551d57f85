/* Targets of the admin listener come apart without surprises. */
#include "relay/admin/query.h"
#include "tests/unit/unit.h"

static void path_and_parameters_come_apart(void **state) {
	(void)state;
	struct span query;
	assert_true(span_is(query_split(span_text("/api/events?limit=5"), &query), "/api/events"));
	assert_true(span_is(query, "limit=5"));
	assert_true(span_is(query_split(span_text("/healthz"), &query), "/healthz"));
	assert_int_equal(query.len, 0);
	assert_true(span_is(query_split(span_text("http://h:1/readyz?x"), &query), "/readyz"));
	assert_true(span_is(query, "x"));
}

static void percent_signs_are_undone(void **state) {
	(void)state;
	struct buffer out = {0};
	assert_true(query_decode(&out, span_text("stripe%2342"), false));
	assert_string_equal(buffer_text(&out), "stripe#42");
	buffer_reset(&out);
	assert_true(query_decode(&out, span_text("a+b%20c"), true));
	assert_string_equal(buffer_text(&out), "a b c");
	buffer_clear(&out);
}

static void a_lone_percent_sign_is_refused(void **state) {
	(void)state;
	const char *const wrong[] = {"%", "a%", "%4", "%zz", "%4g"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct buffer out = {0};
		assert_false(query_decode(&out, span_text(wrong[i]), false));
		buffer_clear(&out);
	}
}

static void the_last_byte_of_a_text_may_end_a_sequence(void **state) {
	(void)state;
	struct buffer out = {0};
	assert_true(query_decode(&out, span_text("%41"), false));
	assert_string_equal(buffer_text(&out), "A");
	buffer_clear(&out);
}

static void numbers_have_bounds(void **state) {
	(void)state;
	struct error err = {0};
	int64_t value;
	assert_true(query_get_int(span_text("limit=5"), "limit", 1, 10, 3, &value, &err));
	assert_int_equal(value, 5);
	assert_true(query_get_int(span_text("x=5"), "limit", 1, 10, 3, &value, &err));
	assert_int_equal(value, 3);
	assert_false(query_get_int(span_text("limit=11"), "limit", 1, 10, 3, &value, &err));
	assert_string_equal(err.text, "limit is a number from 1 to 10");
	assert_false(query_get_int(span_text("limit=5x"), "limit", 1, 10, 3, &value, &err));
	assert_false(query_get_int(span_text("limit="), "limit", 1, 10, 3, &value, &err));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(path_and_parameters_come_apart),
		cmocka_unit_test(percent_signs_are_undone),
		cmocka_unit_test(a_lone_percent_sign_is_refused),
		cmocka_unit_test(the_last_byte_of_a_text_may_end_a_sequence),
		cmocka_unit_test(numbers_have_bounds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
