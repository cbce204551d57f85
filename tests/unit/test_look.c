/* Styles can be told apart, with colours and without. */
#include "tests/unit/unit.h"
#include "tui/term/look.h"

static bool same(struct look a, struct look b) {
	return a.colour == b.colour && a.bold == b.bold && a.dim == b.dim &&
	       a.underline == b.underline && a.reverse == b.reverse;
}

static void plain_text_is_left_as_the_person_has_it(void **state) {
	(void)state;
	struct look plain = {.colour = -1};
	assert_true(same(look_of(STYLE_TEXT, THEME_AUTO, 256), plain));
	assert_true(same(look_of(STYLE_TEXT, THEME_AUTO, 0), plain));
	assert_true(same(look_of(STYLE_MASK, THEME_AUTO, 256), plain));
}

static void without_colours_there_are_none(void **state) {
	(void)state;
	for (unsigned style = 0; style < STYLE_COUNT; style++) {
		assert_int_equal(look_of(style, THEME_AUTO, 0).colour, -1);
		assert_true(look_of(style, THEME_AUTO, 8).colour < 8);
		assert_true(look_of(style, THEME_AUTO, 1 << 24).colour <
					8); /* there numbers are red, green and blue */
	}
}

static void an_escape_looks_like_nothing_else(void **state) {
	(void)state;
	for (int colours = 0; colours <= 256; colours += 128) {
		for (unsigned style = 0; style < STYLE_COUNT; style++) {
			assert_int_equal(look_of(style, THEME_AUTO, colours).underline, style == STYLE_ESCAPE);
			assert_int_equal(look_of(style | STYLE_CURSOR, THEME_AUTO, colours).underline,
				style == STYLE_ESCAPE);
		}
	}
}

static void the_row_of_the_cursor_is_one_bar(void **state) {
	(void)state;
	assert_true(look_of(STYLE_TEXT | STYLE_CURSOR, THEME_AUTO, 256).reverse);
	assert_true(look_of(STYLE_FAINT | STYLE_CURSOR, THEME_AUTO, 8).reverse);
	assert_int_equal(look_of(STYLE_BAD | STYLE_CURSOR, THEME_AUTO, 256).colour, -1);
	assert_false(look_of(STYLE_MATCH | STYLE_CURSOR, THEME_AUTO, 256).reverse);
}

static void verdicts_differ_in_colour_and_the_bad_one_without(void **state) {
	(void)state;
	for (int colours = 8; colours <= 256; colours += 248) {
		assert_false(same(
			look_of(STYLE_GOOD, THEME_AUTO, colours), look_of(STYLE_BAD, THEME_AUTO, colours)));
		assert_false(same(
			look_of(STYLE_GOOD, THEME_AUTO, colours), look_of(STYLE_WARN, THEME_AUTO, colours)));
		assert_false(same(look_of(STYLE_BAR_GOOD, THEME_AUTO, colours),
			look_of(STYLE_BAR_BAD, THEME_AUTO, colours)));
	}
	assert_false(same(look_of(STYLE_GOOD, THEME_AUTO, 0), look_of(STYLE_BAD, THEME_AUTO, 0)));
	assert_false(same(
		look_of(STYLE_TEXT | STYLE_SELECTED, THEME_AUTO, 0), look_of(STYLE_TEXT, THEME_AUTO, 0)));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_text_is_left_as_the_person_has_it),
		cmocka_unit_test(without_colours_there_are_none),
		cmocka_unit_test(an_escape_looks_like_nothing_else),
		cmocka_unit_test(the_row_of_the_cursor_is_one_bar),
		cmocka_unit_test(verdicts_differ_in_colour_and_the_bad_one_without),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
