/* Regular expressions mean what they mean elsewhere, and take linear time. */
#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/regex.h"
#include "tests/unit/unit.h"

static bool fits(const char *pattern, const char *text) {
	struct error err = {0};
	struct regex *regex = regex_new(span_text(pattern), &err);
	if (!regex) {
		fail_msg("%s: %s", pattern, err.text);
	}
	bool result = regex_matches(regex, span_text(text));
	assert_int_equal(regex_matches(regex, span_text(text)), result);
	regex_free(regex);
	return result;
}

static void assert_refused(const char *pattern, const char *why) {
	struct error err = {0};
	assert_null(regex_new(span_text(pattern), &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_string_equal(err.text, why);
}

static void a_text_is_searched_anywhere(void **state) {
	(void)state;
	assert_true(fits("b", "abc"));
	assert_true(fits("", ""));
	assert_false(fits("b", ""));
	assert_true(fits("a.c", "xxabc"));
	assert_false(fits("a.c", "a\nc"));
	assert_true(fits("(?s)a.c", "a\nc"));
	assert_false(fits("ABC", "abc"));
	assert_true(fits("(?i)ABC", "abc"));
	assert_true(fits("(?is)[A-Z].B", "a\nb"));
}

static void things_are_repeated(void **state) {
	(void)state;
	assert_true(fits("^a*$", ""));
	assert_false(fits("^a+$", ""));
	assert_true(fits("^(ab)+$", "abab"));
	assert_true(fits("^a{2,3}$", "aaa"));
	assert_false(fits("^a{2,3}$", "aaaa"));
	assert_true(fits("^a{2,}$", "aaaaa"));
	assert_false(fits("^a{2}$", "a"));
	assert_true(fits("^a{0}b$", "b"));
	assert_true(fits("^(a*)*$", "aaa"));
	assert_true(fits("^(a|b*)+c??$", "abba"));
	assert_true(fits("{\"id\":1}", "{\"id\":1}"));
	assert_true(fits("a{,3}", "a{,3}"));
}

static void either_may_stand_there(void **state) {
	(void)state;
	assert_true(fits("^(foo|bar)$", "bar"));
	assert_false(fits("^(foo|bar)$", "foobar"));
	assert_true(fits("^(?:|x)$", ""));
	assert_true(fits("a|b|c", "xxc"));
}

static void classes_name_characters(void **state) {
	(void)state;
	assert_true(fits("^[a-cx-]+$", "abcx-"));
	assert_true(fits("^[^a-c]$", "d"));
	assert_false(fits("^[^a-c]$", "b"));
	assert_true(fits("^[]a]+$", "]a"));
	assert_true(fits("^[\\d.]+\\s\\w+$", "1.5\tkg_2"));
	assert_true(fits("^\\D\\W\\S$", "a-b"));
	assert_false(fits("\\d", "a"));
	assert_true(fits("^\\x41\\t\\.\\*$", "A\t.*"));
	assert_true(fits("[\\]\\\\]", "\\"));
}

static void places_are_asked_about(void **state) {
	(void)state;
	assert_true(fits("^b$", "a\nb\nc"));
	assert_false(fits("\\Ab", "a\nb"));
	assert_true(fits("\\Aa", "a\nb"));
	assert_true(fits("b\\z", "a\nb"));
	assert_false(fits("a\\z", "a\nb"));
	assert_true(fits("\\bcat\\b", "a cat."));
	assert_false(fits("\\bcat\\b", "concat"));
	assert_true(fits("\\Bcat", "concat"));
	assert_true(fits("\\b", "a"));
	assert_false(fits("\\b", "-"));
	assert_false(fits("a^b", "ab"));
}

static void a_character_is_all_of_its_bytes(void **state) {
	(void)state;
	assert_true(fits("^.$", "\u00e9"));
	assert_true(fits("^...$", "\u00e9\u4e2d\U0001f600"));
	assert_false(fits("^..$", "\u4e2d"));
	assert_true(fits("^[\u00e0-\u00ff]+$", "\u00e9\u00fc"));
	assert_false(fits("^[\u00e0-\u00ff]$", "\u00df"));
	assert_true(fits("^[x\u4e00-\u4e80]$", "\u4e2d"));
	assert_true(fits("^[^a]$", "\u4e2d"));
	assert_true(fits("\u00e9+$", "\u00e9\u00e9"));
}

static void bytes_that_are_no_text_are_searched_all_the_same(void **state) {
	(void)state;
	struct regex *regex = regex_new(span_text("a\\xff\\x00b"), NULL);
	assert_true(regex_matches(regex, (struct span){"--a\xff\0b--", 8}));
	assert_false(regex_matches(regex, (struct span){"--a\xff\1b--", 8}));
	regex_free(regex);
}

static void what_is_wrong_is_said_with_its_place(void **state) {
	(void)state;
	assert_refused("a(b", "pattern character 4: a ( is not closed; to search for one, write \\(");
	assert_refused(
		"\u00e9[b", "pattern character 4: a [ is not closed; to search for one, write \\[");
	assert_refused("*",
		"pattern character 1: there is nothing to repeat; to search for this sign, put a \\ in "
		"front");
	assert_refused(
		"a{3,1}", "pattern character 7: expected numbers up to 255 in {}, the smaller one first");
	assert_refused(
		"a{999}", "pattern character 7: expected numbers up to 255 in {}, the smaller one first");
	assert_refused(
		"a**", "pattern character 3: it is repeated already; parentheses repeat repetitions");
	assert_refused("(a)\\1", "pattern character 6: there is no way back: no \\1");
	assert_refused("[z-a]", "pattern character 5: a range begins behind its end");
	assert_refused("a\\", "pattern character 3: something is missing behind the \\");
	assert_refused("((a{99}){99}){99}", "the pattern is too long, its repetitions written out");
	assert_refused("(((){255}){255}){255}", "the pattern is too long, its repetitions written out");
	assert_refused("\xff", "the pattern is no UTF-8");
}

/* --- the same as POSIX says; of ^ and $ inside, glibc finds what is not there --- */

static uint32_t state_of_chance = 1;

static uint32_t chance(uint32_t most) {
	state_of_chance = state_of_chance * 1664525 + 1013904223;
	return (state_of_chance >> 16) % most;
}

static void make_pattern(char *out, size_t *len, int depth) {
	static const char *const plain[] = {"a", "b", "c", ".", "[ab]", "[^a]"};
	static const char *const repeats[] = {"*", "+", "?", "{2}", "{1,2}", "{2,}", ""};
	for (uint32_t parts = 1 + chance(3); parts > 0; parts--) {
		const char *part = plain[chance(6)];
		bool group = depth > 0 && chance(3) == 0;
		*len += (size_t)sprintf(out + *len, "%s", group ? "(" : part);
		if (group) {
			make_pattern(out, len, depth - 1);
			*len += (size_t)sprintf(out + *len, "|");
			make_pattern(out, len, depth - 1);
			*len += (size_t)sprintf(out + *len, ")");
		}
		*len += (size_t)sprintf(out + *len, "%s", repeats[chance(7)]);
	}
}

static void patterns_fit_what_those_of_the_system_fit(void **state) {
	(void)state;
	for (int round = 0; round < 4000; round++) {
		char pattern[2000], text[12];
		size_t len = 0;
		regex_t theirs;
		len += (size_t)sprintf(pattern, "%s", chance(3) ? "" : "^");
		make_pattern(pattern, &len, 2);
		sprintf(pattern + len, "%s", chance(3) ? "" : "$");
		assert_int_equal(regcomp(&theirs, pattern, REG_EXTENDED | REG_NOSUB), 0);
		struct regex *ours = regex_new(span_text(pattern), NULL);
		for (int i = 0; ours && i < 20; i++) {
			size_t text_len = chance(sizeof text - 1);
			for (size_t at = 0; at < text_len; at++) {
				text[at] = "abc"[chance(3)];
			}
			text[text_len] = '\0';
			bool fits = regex_matches(ours, span_text(text));
			if (fits != (regexec(&theirs, text, 0, NULL, 0) == 0)) {
				fail_msg("/%s/ on \"%s\": we say %d", pattern, text, fits);
			}
		}
		regfree(&theirs);
		regex_free(ours);
	}
}

static void hostile_patterns_take_linear_time(void **state) {
	(void)state;
	static char text[4 * 1024 * 1024];
	static const char *const patterns[] = {"(a+)+c", "(a|a)*c", "(a*)*(a*)*(a*)*c", "(.*)(.*)(.*)c",
		"(a|b)*a(a|b){30}c", "(x+x+)+y", "\\b(a|b)+\\bc"};
	for (size_t i = 0; i < sizeof text; i++) {
		text[i] = "ab"[chance(2)];
	}
	for (size_t i = 0; i < sizeof patterns / sizeof *patterns; i++) {
		struct regex *regex = regex_new(span_text(patterns[i]), NULL);
		assert_false(regex_matches(regex, (struct span){text, sizeof text}));
		regex_free(regex);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_searched_anywhere),
		cmocka_unit_test(things_are_repeated),
		cmocka_unit_test(either_may_stand_there),
		cmocka_unit_test(classes_name_characters),
		cmocka_unit_test(places_are_asked_about),
		cmocka_unit_test(a_character_is_all_of_its_bytes),
		cmocka_unit_test(bytes_that_are_no_text_are_searched_all_the_same),
		cmocka_unit_test(what_is_wrong_is_said_with_its_place),
		cmocka_unit_test(patterns_fit_what_those_of_the_system_fit),
		cmocka_unit_test(hostile_patterns_take_linear_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
