/* Two answers, two states: the same or not, and what differs first. */
#include "tests/unit/unit.h"
#include "tui/prove/compare.h"

static void differs(const char *first, const char *second, const char *ignore, const char *words) {
	struct buffer out = {0};
	bool same = compare_bodies(&out, span_text(first), span_text(second), ignore);
	assert_int_equal(same, *words == '\0');
	assert_string_equal(buffer_text(&out), words);
	buffer_clear(&out);
}

static void json_is_compared_value_by_value(void **state) {
	(void)state;
	differs("{\"a\":1,\"b\":[1,2]}", "{ \"a\": 1, \"b\": [1, 2] }", NULL, "");
	differs("{\"a\":1,\"b\":[1,{\"c\":2}]}", "{\"a\":1,\"b\":[1,{\"c\":3}]}", NULL,
		"$.b.1.c: 2, then 3");
	differs("{\"a\":1}", "{\"b\":1}", NULL, "$.a: \"a\", then \"b\"");
	differs("{\"a\":1}", "{\"a\":1,\"b\":2}", NULL, "$.a: }, then ,");
	differs("[]", "{}", NULL, "$: [, then {");
	differs("[1,[2],3]", "[1,[2],4]", NULL, "$.2: 3, then 4");
	differs("1", "2", NULL, "$: 1, then 2");
}

static void members_that_may_differ_are_passed_over(void **state) {
	(void)state;
	differs("{\"id\":1,\"b\":2}", "{\"id\":{\"deep\":[7]},\"b\":2}", "id", "");
	differs("{\"x\":{\"at\":1}}", "{\"x\":{\"at\":2}}", "id, x.at", "");
	differs(
		"{\"x\":{\"at\":1},\"at\":1}", "{\"x\":{\"at\":1},\"at\":2}", "x.at", "$.at: 1, then 2");
	differs("[{\"id\":1},{\"id\":2}]", "[{\"id\":3},{\"id\":4}]", "id", "");
}

static void other_bodies_are_compared_byte_by_byte(void **state) {
	(void)state;
	differs("request 1\n", "request 1\n", NULL, "");
	differs("ok", "", NULL, "from byte 0: ok, then nothing");
	differs("ok", "{\"a\":1}", NULL, "from byte 0: ok, then {\"a\":1}");
}

static void nesting_without_end_is_no_trap(void **state) {
	(void)state;
	struct buffer first = {0}, second = {0}, out = {0};
	for (int i = 0; i < 400; i++) {
		buffer_append_byte(&first, '[');
	}
	for (int i = 0; i < 400; i++) {
		buffer_append_byte(&first, ']');
	}
	buffer_append_span(&second, buffer_span(&first));
	second.data[400] = ' ';
	assert_false(compare_bodies(&out, buffer_span(&first), buffer_span(&second), "id"));
	buffer_clear(&first);
	buffer_clear(&second);
	buffer_clear(&out);
}

static void states_are_compared_line_by_line(void **state) {
	(void)state;
	struct buffer out = {0};
	assert_true(compare_states(&out, span_text("a\nb\n"), span_text("a\nb\n")));
	assert_false(compare_states(&out, span_text("a\n"), span_text("a\nb\n")));
	assert_string_equal(buffer_text(&out), "line 2: nothing, then b");
	buffer_clear(&out);
}

static void slower_is_much_slower(void **state) {
	(void)state;
	assert_false(compare_is_slower(1000, 90000));
	assert_true(compare_is_slower(1000, 110000));
	assert_false(compare_is_slower(100000, 250000));
	assert_true(compare_is_slower(100000, 310000));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_is_compared_value_by_value),
		cmocka_unit_test(members_that_may_differ_are_passed_over),
		cmocka_unit_test(other_bodies_are_compared_byte_by_byte),
		cmocka_unit_test(nesting_without_end_is_no_trap),
		cmocka_unit_test(states_are_compared_line_by_line),
		cmocka_unit_test(slower_is_much_slower),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
