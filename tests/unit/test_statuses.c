/* Sets of statuses are read, asked and written as people write them. */
#include "common/statuses.h"
#include "tests/unit/unit.h"

static const char *rewritten(const char *text) {
	static struct buffer out;
	struct statuses set;
	struct error err = {0};
	buffer_reset(&out);
	if (!statuses_parse(&set, span_text(text), &err)) {
		return NULL;
	}
	statuses_append(&out, &set);
	return buffer_text(&out);
}

static void a_set_reads_back_as_it_was_written(void **state) {
	(void)state;
	assert_string_equal(rewritten("2xx"), "2xx");
	assert_string_equal(rewritten("200, 204"), "200,204");
	assert_string_equal(rewritten("failed,5xx,429,408"), "408,429,5xx,failed");
	assert_string_equal(rewritten("400-428,430-499"), "400-428,430-499");
	assert_string_equal(rewritten("any"), "any");
	assert_string_equal(rewritten("1xx,2xx,3xx,4xx,5xx,failed"), "any");
	assert_string_equal(rewritten("198-201"), "198-199,200-201");
}

static void what_is_no_status_is_named(void **state) {
	(void)state;
	static const char *const wrong[] = {
		"", " ", "2x", "99", "600", "20o", "200-100", "200,", ",200", "6xx", "-", "200-"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		assert_null(rewritten(wrong[i]));
	}
	struct statuses set;
	struct error err = {0};
	assert_false(statuses_parse(&set, span_text("2xx,teapot"), &err));
	assert_string_equal(
		err.text, "expected statuses such as 2xx, 200,204 or 429,5xx,failed, not \"teapot\"");
}

static void no_answer_is_a_member_of_its_own(void **state) {
	(void)state;
	struct statuses set;
	assert_true(statuses_parse(&set, span_text("5xx,failed"), NULL));
	assert_true(statuses_has(&set, 0));
	assert_true(statuses_has(&set, -1));
	assert_true(statuses_has(&set, 599));
	assert_false(statuses_has(&set, 499));
	assert_false(statuses_has(&set, 700));
	assert_true(statuses_parse(&set, span_text("5xx"), NULL));
	assert_false(statuses_has(&set, 0));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_set_reads_back_as_it_was_written),
		cmocka_unit_test(what_is_no_status_is_named),
		cmocka_unit_test(no_answer_is_a_member_of_its_own),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
