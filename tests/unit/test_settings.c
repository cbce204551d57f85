/* The configuration file is read as it is, and written so that nothing else in it is touched. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tui/settings.h"

static char folder[64], file[128];

static int make_folder(void **state) {
	(void)state;
	snprintf(folder, sizeof folder, "/tmp/hookline-settings.XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof file, "%s/a/hookline.yaml", folder);
	setenv("XDG_CONFIG_HOME", folder, 1);
	return 0;
}

static int remove_folder(void **state) {
	(void)state;
	char inner[128];
	unlink(file);
	snprintf(inner, sizeof inner, "%s/a", folder);
	rmdir(inner);
	return rmdir(folder);
}

static void write_file(const char *text) {
	char inner[128];
	snprintf(inner, sizeof inner, "%s/a", folder);
	mkdir(inner, 0700);
	FILE *out = fopen(file, "we");
	assert_non_null(out);
	fputs(text, out);
	fclose(out);
}

static void assert_file(const char *text) {
	char read[4096] = "";
	FILE *in = fopen(file, "re");
	assert_non_null(in);
	read[fread(read, 1, sizeof read - 1, in)] = '\0';
	fclose(in);
	assert_string_equal(read, text);
}

static void save(const char *line) {
	struct routes routes = {0};
	struct error err = {0};
	assert_true(routes_add(&routes, span_text(line), false, &err));
	if (!settings_save_routes(file, &routes, &err)) {
		fail_msg("%s", err.text);
	}
	routes_clear(&routes);
}

#define SAVED "forward:\n  match: first\n  routes:\n    - filter: \"a\"\n      to: \"3000\"\n"

static void a_file_that_is_missing_is_empty_unless_it_was_named(void **state) {
	(void)state;
	struct settings settings;
	struct error err = {0};
	assert_true(settings_load(&settings, NULL, &err));
	assert_false(settings.found);
	assert_int_equal(settings.routes.count, 0);
	assert_non_null(strstr(settings.file, "/hookline/hookline.yaml"));
	settings_clear(&settings);
	assert_false(settings_load(&settings, "/nowhere/at/all.yaml", &err));
	assert_int_equal(err.code, ERROR_CONFIG);
	settings_clear(&settings);
}

static void a_file_is_made_where_there_was_none(void **state) {
	(void)state;
	struct stat made;
	save("a => 3000");
	assert_file(SAVED);
	assert_int_equal(stat(file, &made), 0);
	assert_int_equal(made.st_mode & 0777, 0600);
}

static void the_rest_of_the_file_stays_as_it_was(void **state) {
	(void)state;
	write_file("# mine\nfirst: {a: 1} # one\n\nforward: # old\n  match: all\n  routes:\n"
			   "    - to: 4000\n\n# of the last\nlast:\n  - x # y\n");
	chmod(file, 0640);
	save("a => 3000");
	assert_file("# mine\nfirst: {a: 1} # one\n\n" SAVED "\n# of the last\nlast:\n  - x # y\n");
	struct stat kept;
	assert_int_equal(stat(file, &kept), 0);
	assert_int_equal(kept.st_mode & 0777, 0640);
}

static void what_is_added_stands_at_the_end(void **state) {
	(void)state;
	write_file("# only a remark, and no line end");
	save("a => 3000");
	assert_file("# only a remark, and no line end\n" SAVED);
	write_file("last: 1");
	save("a => 3000");
	assert_file("last: 1\n" SAVED);
}

static void a_file_that_is_broken_is_not_written(void **state) {
	(void)state;
	struct routes routes = {0};
	struct error err = {0};
	static const char *const broken[] = {"forward: [", "{forward: {}}", "- a\n"};
	for (size_t i = 0; i < 3; i++) {
		write_file(broken[i]);
		assert_false(settings_save_routes(file, &routes, &err));
		assert_file(broken[i]);
	}
}

static void what_was_written_is_read(void **state) {
	(void)state;
	struct settings settings;
	struct error err = {0};
	unlink(file);
	save("provider:stripe => localhost:3000/x path=replaced header=\"X-Env: a \\\"b\\\"\"");
	assert_true(settings_load(&settings, file, &err));
	assert_true(settings.found);
	assert_int_equal(settings.routes.count, 1);
	assert_string_equal(buffer_text(&settings.routes.list[0].headers), "X-Env: a \"b\"\r\n");
	settings_clear(&settings);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_that_is_missing_is_empty_unless_it_was_named),
		cmocka_unit_test(a_file_is_made_where_there_was_none),
		cmocka_unit_test(the_rest_of_the_file_stays_as_it_was),
		cmocka_unit_test(what_is_added_stands_at_the_end),
		cmocka_unit_test(a_file_that_is_broken_is_not_written),
		cmocka_unit_test(what_was_written_is_read),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
