/* One table says what a command takes; what is not in it is refused. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/commands/command.h"

static const struct option_row rows[] = {
	{"json", 0, NULL, "as JSON"},
	{"limit", 'n', "N", "at most N"},
	{"secret-file", 0, "FILE", "a secret"},
	{"timeout", 0, "TIME", "how long"},
	{NULL},
};

static bool parse(struct arguments *arguments, struct error *err, const char *line) {
	static char text[256];
	static char *argv[32];
	const struct option_row *tables[] = {rows, NULL};
	int argc = 0;
	snprintf(text, sizeof text, "%s", line);
	for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) {
		argv[argc++] = word;
	}
	argv[argc] = NULL;
	return arguments_parse(arguments, argc, argv, tables, err);
}

static void options_may_stand_behind_words(void **state) {
	(void)state;
	struct arguments arguments;
	struct error err = {0};
	assert_true(parse(&arguments, &err, "list verdict:invalid --json -n 5 path:/x"));
	assert_true(arguments_has(&arguments, "json"));
	assert_int_equal(arguments.word_count, 2);
	assert_string_equal(arguments.words[1], "path:/x");
	int64_t limit = 50;
	assert_true(arguments_int(&arguments, "limit", 1, 1000, &limit, &err));
	assert_int_equal(limit, 5);
}

static void repeated_options_keep_their_order(void **state) {
	(void)state;
	struct arguments arguments;
	struct error err = {0};
	assert_true(parse(&arguments, &err, "x --secret-file a --secret-file=b"));
	assert_string_equal(arguments_nth(&arguments, "secret-file", 0), "a");
	assert_string_equal(arguments_nth(&arguments, "secret-file", 1), "b");
	assert_null(arguments_nth(&arguments, "secret-file", 2));
	assert_string_equal(arguments_text(&arguments, "secret-file", ""), "b");
}

static void what_was_given_can_be_given_again(void **state) {
	(void)state;
	struct arguments arguments;
	struct error err = {0};
	struct buffer text = {0};
	assert_true(parse(&arguments, &err, "x --secret-file it's -n 5 --json word --limit 6"));
	arguments_append_given(&text, &arguments, rows, "limit");
	assert_string_equal(buffer_text(&text), "--json --secret-file 'it'\\''s'");
	buffer_reset(&text);
	arguments_append_given(&text, &arguments, rows, NULL);
	assert_string_equal(buffer_text(&text), "--json --limit 6 --secret-file 'it'\\''s'");
	buffer_clear(&text);
}

static void refused(const char *line, const char *text) {
	struct arguments arguments;
	struct error err = {0};
	assert_false(parse(&arguments, &err, line));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_non_null(strstr(err.text, text));
}

static void what_is_not_in_the_table_is_refused(void **state) {
	(void)state;
	refused("x --colour", "unknown option --colour");
	refused("x -q", "unknown option -q");
	refused("x --limit", "--limit needs a value");
	refused("x -n", "-n needs a value");
	refused("x --json=yes", "--json=yes takes no value");
}

static void names_are_not_abbreviated(void **state) {
	(void)state;
	refused("x --lim 5", "unknown option --lim");
	refused("x --lim=5", "unknown option --lim=5");
}

static void numbers_say_what_was_expected(void **state) {
	(void)state;
	struct arguments arguments;
	struct error err = {0};
	int64_t limit = 0;
	assert_true(parse(&arguments, &err, "x --limit ten"));
	assert_false(arguments_int(&arguments, "limit", 1, 9, &limit, &err));
	assert_string_equal(err.text, "--limit: expected a number from 1 to 9, not \"ten\"");
}

static void durations_have_units(void **state) {
	(void)state;
	static const struct {
		const char *line;
		int64_t ms;
	} cases[] = {{"x --timeout 250ms", 250}, {"x --timeout 1.5s", 1500}, {"x --timeout 2", 2000},
		{"x --timeout 5m", 300000}, {"x", 7}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct arguments arguments;
		struct error err = {0};
		int64_t ms = 7;
		assert_true(parse(&arguments, &err, cases[i].line));
		assert_true(arguments_duration_ms(&arguments, "timeout", 1, 3600000, &ms, &err));
		assert_int_equal(ms, cases[i].ms);
	}
	struct arguments arguments;
	struct error err = {0};
	int64_t ms;
	assert_true(parse(&arguments, &err, "x --timeout 5parsec"));
	assert_false(arguments_duration_ms(&arguments, "timeout", 1, 3600000, &ms, &err));
}

/* What fits a terminal of 40 lines and 100 columns, examples included. */
static void help_fits_a_screen(const struct command *command) {
	char *text = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&text, &len);
	command_print_help(command, out);
	fclose(out);
	size_t lines = 0, column = 0;
	for (size_t k = 0; k < len; k++) {
		column = text[k] == '\n' ? 0 : column + 1;
		lines += text[k] == '\n';
		assert_true(column <= 100);
	}
	assert_true(lines <= 40);
	free(text);
}

/* Each command, then each of its parts. */
static void with_every_command(void (*look)(const struct command *command)) {
	for (size_t i = 0; commands[i]; i++) {
		look(commands[i]);
		for (size_t k = 0; commands[i]->parts && commands[i]->parts[k]; k++) {
			look(commands[i]->parts[k]);
		}
	}
}

static void every_help_fits_a_screen(void **state) {
	(void)state;
	with_every_command(help_fits_a_screen);
}

static void options_have_one_meaning(const struct command *command) {
	const struct option_row *tables[ARGUMENTS_TABLES_MAX + 1];
	command_tables(command, tables);
	char seen[1024] = " ";
	for (size_t t = 0; tables[t]; t++) {
		for (const struct option_row *row = tables[t]; row->name; row++) {
			char name[64];
			snprintf(name, sizeof name, " %s ", row->name);
			assert_null(strstr(seen, name));
			snprintf(seen + strlen(seen), sizeof seen - strlen(seen), "%s ", row->name);
			assert_non_null(row->help);
		}
	}
	assert_non_null(command->summary);
	assert_non_null(command->run);
}

static void every_option_has_one_meaning(void **state) {
	(void)state;
	with_every_command(options_have_one_meaning);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_may_stand_behind_words),
		cmocka_unit_test(repeated_options_keep_their_order),
		cmocka_unit_test(what_was_given_can_be_given_again),
		cmocka_unit_test(what_is_not_in_the_table_is_refused),
		cmocka_unit_test(names_are_not_abbreviated),
		cmocka_unit_test(numbers_say_what_was_expected),
		cmocka_unit_test(durations_have_units),
		cmocka_unit_test(every_help_fits_a_screen),
		cmocka_unit_test(every_option_has_one_meaning),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
