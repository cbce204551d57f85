/* This machine is one target, however it is spelled; everything else is what it is. */
#include "common/buffer.h"
#include "common/same_target.h"
#include "tests/unit/unit.h"

static void this_machine_is_one_target_by_any_of_its_names(void **state) {
	(void)state;
	static const char *const same[] = {
		"http://localhost:3000/hooks?a=b",
		"http://127.0.0.1:3000/hooks?a=b",
		"http://[::1]:3000/hooks?a=b",
	};
	for (size_t i = 0; i < 9; i++) {
		assert_true(target_same_text(same[i / 3], same[i % 3]));
	}
	assert_true(target_same_text("http://localhost", "http://127.0.0.1"));
	assert_true(target_same_text("http://localhost:80/x", "http://[::1]/x"));
	assert_true(target_same_text("https://localhost:443?q", "https://127.0.0.1?q"));
}

static void another_port_path_query_or_scheme_is_another_target(void **state) {
	(void)state;
	static const char *const different[][2] = {
		{"http://localhost:3000", "http://127.0.0.1:3001"},
		{"http://localhost:3000", "http://127.0.0.1:3000/"},
		{"http://localhost:3000/a", "http://127.0.0.1:3000/b"},
		{"http://localhost:3000/a?x", "http://127.0.0.1:3000/a?y"},
		{"http://localhost:3000", "https://127.0.0.1:3000"},
		{"http://localhost:443", "https://127.0.0.1"},
		{"http://127.0.0.1:3000", "http://127.0.0.2:3000"},
		{"http://localhost:3000", "http://app.localhost:3000"},
		{"http://localhost.example.com:3000", "http://127.0.0.1:3000"},
		{"http://[::1:3000", "http://localhost:3000"},
		{"http://", "http://localhost"},
		{"", "http://localhost"},
	};
	for (size_t i = 0; i < sizeof different / sizeof *different; i++) {
		assert_false(target_same_text(different[i][0], different[i][1]));
		assert_false(target_same_text(different[i][1], different[i][0]));
	}
	assert_true(target_same_text("http://example.com/x", "http://example.com/x"));
}

static void every_spelling_is_the_same_target(void **state) {
	(void)state;
	struct buffer spelled[TARGET_SPELLINGS] = {{0}};
	struct span url = span_text("http://127.0.0.1:3000/hooks");
	assert_int_equal(target_spellings(spelled, url), 3);
	assert_string_equal(buffer_text(&spelled[0]), "http://127.0.0.1:3000/hooks");
	assert_string_equal(buffer_text(&spelled[1]), "http://localhost:3000/hooks");
	assert_string_equal(buffer_text(&spelled[2]), "http://[::1]:3000/hooks");
	for (size_t i = 0; i < TARGET_SPELLINGS; i++) {
		assert_true(target_same(buffer_span(&spelled[i]), url));
		buffer_reset(&spelled[i]);
	}
	assert_int_equal(target_spellings(spelled, span_text("https://example.com:3000/hooks")), 1);
	assert_string_equal(buffer_text(&spelled[0]), "https://example.com:3000/hooks");
	for (size_t i = 0; i < TARGET_SPELLINGS; i++) {
		buffer_clear(&spelled[i]);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(this_machine_is_one_target_by_any_of_its_names),
		cmocka_unit_test(another_port_path_query_or_scheme_is_another_target),
		cmocka_unit_test(every_spelling_is_the_same_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
