/* What stands where in JSON: paths, extents, repeated names, names to go to; and what a double makes of numbers. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tui/screen/folds.h"
#include "tui/screen/json_number.h"
#include "tui/screen/outline.h"

static struct outline *outline_of(const char *json) {
	struct outline *outline = outline_new(span_text(json));
	assert_true(outline_read(outline, SIZE_MAX));
	return outline;
}

/* The path of the first byte of `at` in the text. */
static void path_is(const char *json, const char *at, const char *expected) {
	struct outline *outline = outline_of(json);
	struct outline_spot spot;
	struct buffer path = {0};
	assert_true(outline_at(outline, (size_t)(strstr(json, at) - json), &spot, &path));
	assert_string_equal(buffer_text(&path), expected);
	buffer_clear(&path);
	outline_free(outline);
}

static void a_byte_has_a_path(void **state) {
	(void)state;
	const char *json = "{\"data\":{\"items\":[1,2,{\"id\":\"it\"}], \"n\" : null}}";
	path_is(json, "{", ".");
	path_is(json, "\"data\"", ".data");
	path_is(json, "1,", ".data.items[0]");
	path_is(json, "2,", ".data.items[1]");
	path_is(json, "\"id\"", ".data.items[2].id");
	path_is(json, "\"it\"", ".data.items[2].id");
	path_is(json, "], ", ".data.items");
	path_is(json, "null", ".data.n");
	path_is("[[7]]", "7", ".[0][0]");
	path_is("{\"a.b\":{\"\":1}}", "1", ".[\"a.b\"][\"\"]");
	path_is("\xef\xbb\xbf{\"a\":1}", "1", ".a");
	path_is("{\"a\":1}\n{\"b\":[2]}", "2", ".b[0]");
}

static void a_value_has_an_end(void **state) {
	(void)state;
	const char *json = "{\"a\":[1,[2,3],{}], \"b\": \"x\"}";
	struct outline *outline = outline_of(json);
	struct outline_extent extent;
	assert_true(outline_extent(outline, 5, &extent));
	assert_int_equal(extent.end, 17);
	assert_int_equal(extent.items, 3);
	assert_false(outline_extent(outline, 1, &extent));
	outline_free(outline);
	outline = outline_of("[1,[2");
	assert_false(outline_extent(outline, 0, &extent));
	outline_free(outline);
}

static void a_large_value_has_an_end_too(void **state) {
	(void)state;
	struct buffer json = {0};
	struct outline_extent extent;
	struct outline_spot spot;
	struct buffer path = {0};
	buffer_append_text(&json, "{\"all\":[");
	for (int i = 0; i < 100000; i++) {
		buffer_printf(&json, "%s{\"n\":%d}", i > 0 ? "," : "", i);
	}
	buffer_append_text(&json, "]}");
	struct outline *outline = outline_new(buffer_span(&json));
	size_t slices = 0;
	while (!outline_read(outline, 65536)) {
		slices++;
	}
	assert_true(slices > 10);
	assert_true(outline_extent(outline, 7, &extent));
	assert_int_equal(extent.items, 100000);
	assert_int_equal(extent.end, json.len - 1);
	assert_true(outline_at(outline, json.len - 4, &spot, &path));
	assert_string_equal(buffer_text(&path), ".all[99999].n");
	outline_free(outline);
	buffer_clear(&json);
	buffer_clear(&path);
}

static void repeated_names_are_known(void **state) {
	(void)state;
	const char *json = "{\"id\":1,\"x\":{\"id\":2},\"\\u0069d\":3,\"id\":4}";
	struct outline *outline = outline_of(json);
	assert_int_equal(outline_repeat(outline, 1), OUTLINE_REPEATED_BELOW);
	assert_int_equal(outline_repeat(outline, 13), OUTLINE_ONCE);
	assert_int_equal(
		outline_repeat(outline, (size_t)(strstr(json, "\"\\u") - json)), OUTLINE_REPEATED_BELOW);
	assert_int_equal(outline_repeat(outline, strlen(json) - 7), OUTLINE_LAST_OF_SEVERAL);
	outline_free(outline);
}

static void leads_to(const char *json, const char *wanted, size_t from, const char *expected) {
	struct outline *outline = outline_of(json);
	struct outline_seek *seek = outline_seek_new(outline, span_text(wanted), from);
	enum outline_found found = OUTLINE_GO_ON;
	size_t at = 0;
	assert_non_null(seek);
	while (found == OUTLINE_GO_ON) {
		found = outline_seek(seek, 5, &at);
	}
	assert_int_equal(found, expected ? OUTLINE_FOUND : OUTLINE_NOT_FOUND);
	if (expected) {
		assert_int_equal(at, strstr(json, expected) - json);
	}
	outline_seek_free(seek);
	outline_free(outline);
}

static void names_and_paths_are_gone_to(void **state) {
	(void)state;
	const char *json = "{\"id\":1,\"list\":[{\"ID\":2},{\"identity\":{\"a.b\":3}}]}";
	leads_to(json, "id", 0, "\"id\"");
	leads_to(json, "id", 1, "\"ID\"");
	leads_to(json, "id", 20, "\"id\"");
	leads_to(json, "iden", 0, "\"identity\"");
	leads_to(json, "nowhere", 3, NULL);
	leads_to(json, ".list[0].ID", 40, "\"ID\"");
	leads_to(json, ".list.1.identity", 0, "\"identity\"");
	leads_to(json, ".list[1]", 0, "{\"identity\"");
	leads_to(json, ".list[1].identity[\"a.b\"]", 0, "\"a.b\"");
	leads_to(json, ".list[2]", 0, NULL);
}

static void what_is_no_path_is_refused(void **state) {
	(void)state;
	struct outline *outline = outline_of("{}");
	assert_null(outline_seek_new(outline, span_text("."), 0));
	assert_null(outline_seek_new(outline, span_text(".a..b"), 0));
	assert_null(outline_seek_new(outline, span_text(".a[1"), 0));
	outline_free(outline);
}

static void deep_and_broken_payloads_end_it(void **state) {
	(void)state;
	char *deep = alloc_zero(1, 3000);
	memset(deep, '[', 2000);
	struct outline *outline = outline_of(deep);
	struct outline_spot spot;
	struct buffer path = {0};
	assert_true(outline_at(outline, 100, &spot, &path));
	assert_int_equal(spot.end, 0);
	assert_false(outline_at(outline, 600, &spot, &path));
	outline_free(outline);
	outline = outline_of("");
	assert_false(outline_at(outline, 0, &spot, &path));
	outline_free(outline);
	buffer_clear(&path);
	free(deep);
}

static void folds_are_turned(void **state) {
	(void)state;
	struct folds folds = {0};
	assert_false(folds_has(&folds, 5, 0));
	folds_turn(&folds, 9);
	folds_turn(&folds, 5);
	assert_true(folds_has(&folds, 5, 0) && folds_has(&folds, 9, 7));
	folds_turn(&folds, 5);
	assert_false(folds_has(&folds, 5, 0));
	folds_reset(&folds, 2);
	assert_false(folds_has(&folds, 9, 0));
	assert_true(folds_has(&folds, 9, 1));
	folds_turn(&folds, 9);
	assert_false(folds_has(&folds, 9, 1));
	folds_clear(&folds);
}

static void becomes(const char *number, const char *expected) {
	struct buffer words = {0};
	assert_int_equal(json_number_is_changed(span_text(number), &words), expected != NULL);
	assert_string_equal(words.len > 0 ? buffer_text(&words) : "", expected ? expected : "");
	buffer_clear(&words);
}

static void numbers_that_a_double_changes_are_told(void **state) {
	(void)state;
	becomes("9007199254740993", "9007199254740992 as a double");
	becomes("9007199254740992", NULL);
	becomes("-9007199254740993", "-9007199254740992 as a double");
	becomes("12345678901234567890", "12345678901234567000 as a double");
	becomes("12345678901234567000", NULL);
	becomes("1e400", "too large for a double");
	becomes("1e-400", "0 as a double");
	becomes("1.50", NULL);
	becomes("100e-2", NULL);
	becomes("1E2", NULL);
	becomes("0.1000000000000000055", "0.1 as a double");
	becomes("0.30000000000000004", NULL);
	becomes("-0", NULL);
	becomes("0.000000000000000000000", NULL);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_has_a_path),
		cmocka_unit_test(a_value_has_an_end),
		cmocka_unit_test(a_large_value_has_an_end_too),
		cmocka_unit_test(repeated_names_are_known),
		cmocka_unit_test(names_and_paths_are_gone_to),
		cmocka_unit_test(what_is_no_path_is_refused),
		cmocka_unit_test(deep_and_broken_payloads_end_it),
		cmocka_unit_test(folds_are_turned),
		cmocka_unit_test(numbers_that_a_double_changes_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
