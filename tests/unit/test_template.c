/* The language of what is signed: every mistake is said in words. */
#include <string.h>

#include "common/buffer.h"
#include "common/signature/template.h"
#include "tests/unit/unit.h"

static struct arena arena;

static const char *complaint(const char *text) {
	static struct error err;
	struct term terms[RECIPE_TERMS_MAX];
	size_t count = 0;
	err = (struct error){0};
	bool ok = template_parse(&arena, text, terms, &count, &err);
	arena_clear(&arena);
	return ok ? NULL : err.text;
}

static void terms_steps_and_groups_are_read(void **state) {
	(void)state;
	struct term terms[RECIPE_TERMS_MAX];
	size_t count = 0;
	struct error err = {0};
	assert_true(template_parse(
		&arena, "v0:{timestamp}\\n[[{header:X-A|lower|hex}.]]{body}", terms, &count, &err));
	assert_int_equal(count, 6);
	assert_string_equal(terms[0].text, "v0:");
	assert_int_equal(terms[1].kind, TERM_TIMESTAMP);
	assert_string_equal(terms[2].text, "\n");
	assert_int_equal(terms[3].kind, TERM_HEADER);
	assert_string_equal(terms[3].text, "X-A");
	assert_int_equal(terms[3].step_count, 2);
	assert_int_equal(terms[3].steps[1], STEP_HEX);
	assert_int_equal(terms[3].group, 1);
	assert_string_equal(terms[4].text, ".");
	assert_int_equal(terms[4].group, 1);
	assert_int_equal(terms[5].kind, TERM_BODY);
	assert_int_equal(terms[5].group, 0);
	arena_clear(&arena);
}

static void mistakes_are_said_in_words(void **state) {
	(void)state;
	assert_null(complaint("{body}"));
	assert_string_equal(complaint(""), "nothing is signed");
	assert_string_equal(complaint("{body"), "a '{' without its '}'");
	assert_string_equal(complaint("body}"), "a '}' without its '{'");
	assert_string_equal(complaint("[[{body}"), "a [[ without its ]]");
	assert_string_equal(complaint("{body}]]"), "a ]] without its [[");
	assert_string_equal(complaint("[[a[[b]]"), "[[ inside [[ ]] is not supported");
	assert_string_equal(complaint("{bdy}"), "unknown term \"bdy\", did you mean \"body\"?");
	assert_string_equal(complaint("{}"), "unknown term \"\"");
	assert_string_equal(complaint("{body|lowr}"), "unknown step \"lowr\", did you mean \"lower\"?");
	assert_string_equal(complaint("{header}"), "{header} needs a name: {header:NAME}");
	assert_string_equal(complaint("{body:x}"), "{body} takes no name");
	assert_string_equal(complaint("{body|hex|hex|hex|hex|hex}"), "more than 4 steps on one term");
}

static void a_template_is_bounded(void **state) {
	(void)state;
	struct buffer text = {0};
	for (int i = 0; i <= RECIPE_TERMS_MAX; i++) {
		buffer_append_text(&text, "{body}");
	}
	assert_string_equal(complaint(buffer_text(&text)), "more than 32 terms");
	buffer_clear(&text);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_steps_and_groups_are_read),
		cmocka_unit_test(mistakes_are_said_in_words),
		cmocka_unit_test(a_template_is_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
