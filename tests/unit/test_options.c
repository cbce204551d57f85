/* The command line of the relay says what is wrong with it. */
#include "relay/options.h"
#include "tests/unit/unit.h"

static struct options options;
static struct error err;

static enum options_outcome parse(const char *one, const char *two, const char *three) {
	char *argv[] = {"hookline-relay", (char *)one, (char *)two, (char *)three, NULL};
	int argc = 1;
	while (argv[argc]) {
		argc++;
	}
	err = (struct error){0};
	return options_parse(&options, argc, argv, &err);
}

static void assert_wrong(const char *one, const char *two, const char *text) {
	assert_int_equal(parse(one, two, NULL), OPTIONS_WRONG);
	assert_int_equal(err.code, ERROR_USAGE);
	assert_string_equal(err.text, text);
}

static void nothing_said_is_nothing_set(void **state) {
	(void)state;
	assert_int_equal(parse(NULL, NULL, NULL), OPTIONS_RUN);
	assert_null(options.config);
	assert_null(options.store);
	assert_int_equal(options.ready_fd, -1);
	assert_int_equal(options.end_with_clients_s, -1);
	assert_false(options.check);
}

static void every_form_of_an_option_is_taken(void **state) {
	(void)state;
	assert_int_equal(parse("--config=a.yaml", "--store", "sqlite:x"), OPTIONS_RUN);
	assert_string_equal(options.config, "a.yaml");
	assert_string_equal(options.store, "sqlite:x");
	assert_int_equal(parse("--ready-fd", "3", "--check"), OPTIONS_RUN);
	assert_int_equal(options.ready_fd, 3);
	assert_true(options.check);
	assert_int_equal(parse("--end-with-clients", "--check", NULL), OPTIONS_RUN);
	assert_int_equal(options.end_with_clients_s, 2);
	assert_int_equal(parse("--end-with-clients=10", NULL, NULL), OPTIONS_RUN);
	assert_int_equal(options.end_with_clients_s, 10);
}

static void help_and_version_are_outcomes(void **state) {
	(void)state;
	assert_int_equal(parse("--help", NULL, NULL), OPTIONS_HELP);
	assert_int_equal(parse("-h", NULL, NULL), OPTIONS_HELP);
	assert_int_equal(parse("--check", "--version", NULL), OPTIONS_VERSION);
}

static void a_misspelt_option_is_told_what_was_meant(void **state) {
	(void)state;
	assert_wrong("--confg", "x", "unknown option --confg, did you mean --config?");
	assert_wrong("--key-fiel=x", NULL, "unknown option --key-fiel=x, did you mean --key-file?");
	assert_wrong("--zzzzzzzz", NULL, "unknown option --zzzzzzzz (--help lists them)");
}

static void a_value_that_is_missing_or_wrong_is_said(void **state) {
	(void)state;
	assert_wrong("--config", NULL, "--config wants a value (--help says which)");
	assert_wrong(
		"--ready-fd", "three", "--ready-fd wants the number of an open descriptor, not \"three\"");
	assert_wrong("--end-with-clients=soon", NULL,
		"--end-with-clients wants seconds from 0 to 86400 behind a \"=\", not \"soon\"");
	assert_wrong(
		"relay.yaml", NULL, "unexpected \"relay.yaml\": hookline-relay takes options only");
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_said_is_nothing_set),
		cmocka_unit_test(every_form_of_an_option_is_taken),
		cmocka_unit_test(help_and_version_are_outcomes),
		cmocka_unit_test(a_misspelt_option_is_told_what_was_meant),
		cmocka_unit_test(a_value_that_is_missing_or_wrong_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
