/* Stories grow from the inside out and never overrun. */
#include <string.h>

#include "common/error.h"
#include "tests/unit/unit.h"

static void a_story_is_told_from_the_outside_in(void **state) {
	(void)state;
	struct error err = {0};
	error_set(&err, ERROR_IO, "open %s: %s", "/data/hookline.db", "disk is full");
	assert_false(error_prefix(&err, "start relay"));
	assert_string_equal(err.text, "start relay: open /data/hookline.db: disk is full");
	assert_int_equal(err.code, ERROR_IO);
}

static void a_long_story_is_cut_not_overrun(void **state) {
	(void)state;
	struct error err = {0};
	char text[2 * sizeof err.text];
	memset(text, 'x', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	error_set(&err, ERROR_NO, "%s", text);
	error_prefix(&err, "%s", text);
	assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void nobody_has_to_listen(void **state) {
	(void)state;
	assert_false(error_set(NULL, ERROR_IO, "unheard"));
	assert_false(error_prefix(NULL, "unheard"));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_story_is_told_from_the_outside_in),
		cmocka_unit_test(a_long_story_is_cut_not_overrun),
		cmocka_unit_test(nobody_has_to_listen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
