/* Every verdict can be told apart without colour, on every terminal. */
#include <string.h>

#include "common/text.h"
#include "tests/unit/unit.h"
#include "tui/screen/verdict_style.h"

static void every_verdict_has_a_glyph_of_its_own_in_one_column(void **state) {
	(void)state;
	for (int i = 0; i < VERDICT_COUNT; i++) {
		const struct verdict_style *style = verdict_style((enum verdict)i);
		assert_int_equal(text_width(span_text(style->glyph)), 1);
		assert_true(strlen(style->meaning) > 10);
		for (int other = 0; other < i; other++) {
			assert_string_not_equal(style->glyph, verdict_style((enum verdict)other)->glyph);
			assert_int_not_equal(style->ascii, verdict_style((enum verdict)other)->ascii);
		}
	}
}

static void answers_are_good_or_bad_or_between(void **state) {
	(void)state;
	assert_int_equal(verdict_style_of_status(0), STYLE_FAINT);
	assert_int_equal(verdict_style_of_status(-1), STYLE_BAD);
	assert_int_equal(verdict_style_of_status(204), STYLE_GOOD);
	assert_int_equal(verdict_style_of_status(302), STYLE_WARN);
	assert_int_equal(verdict_style_of_status(404), STYLE_WARN);
	assert_int_equal(verdict_style_of_status(503), STYLE_BAD);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_verdict_has_a_glyph_of_its_own_in_one_column),
		cmocka_unit_test(answers_are_good_or_bad_or_between),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
