/* A person's own files: for nobody else, read within bounds, replaced whole or not at all. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/unit.h"
#include "tui/private_file.h"

static char folder[64], file[128];

static int make_home(void **state) {
	(void)state;
	strcpy(folder, "/tmp/hookline-private.XXXXXX");
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof file, "%s/hookline/thing", folder);
	return setenv("XDG_STATE_HOME", folder, 1);
}

static int take_away(void **state) {
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static mode_t mode_of(const char *path) {
	struct stat status;
	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 0777;
}

static void replace(const char *text) {
	struct error err = {0};
	assert_true(private_file_state_replace("thing", span_text(text), &err));
	assert_string_equal(err.text, "");
}

static void holds(const char *text) {
	struct buffer out = {0};
	assert_true(private_file_state_read(&out, "thing", 100));
	assert_string_equal(buffer_text(&out), text);
	buffer_clear(&out);
}

static int files_in_folder(void) {
	char path[128];
	int count = 0;
	snprintf(path, sizeof path, "%s/hookline", folder);
	DIR *all = opendir(path);
	assert_non_null(all);
	for (struct dirent *one; (one = readdir(all));) {
		count += *one->d_name != '.';
	}
	closedir(all);
	return count;
}

static void a_new_file_is_for_its_owner_alone(void **state) {
	(void)state;
	char above[128];
	mode_t mask = umask(0);
	replace("secret");
	umask(mask);
	snprintf(above, sizeof above, "%s/hookline", folder);
	assert_int_equal(mode_of(file), 0600);
	assert_int_equal(mode_of(above), 0700);
	holds("secret");
	struct error err = {0};
	snprintf(above, sizeof above, "%s/other/lines", folder);
	assert_true(private_file_append(above, span_text("one\n"), &err));
	assert_int_equal(mode_of(above), 0600);
}

static void who_may_read_it_stays_as_it_was(void **state) {
	(void)state;
	replace("old");
	assert_int_equal(chmod(file, 0640), 0);
	replace("new");
	assert_int_equal(mode_of(file), 0640);
	holds("new");
}

static void whoever_reads_the_old_one_reads_it_to_its_end(void **state) {
	(void)state;
	char text[16] = "";
	replace("the old one");
	FILE *reader = fopen(file, "re");
	assert_non_null(reader);
	replace("another");
	assert_int_equal(fread(text, 1, sizeof text - 1, reader), 11);
	assert_string_equal(text, "the old one");
	fclose(reader);
	holds("another");
	assert_int_equal(files_in_folder(), 1);
}

static void what_cannot_be_put_in_its_place_leaves_nothing_beside_it(void **state) {
	(void)state;
	struct error err = {0};
	char inside[160];
	snprintf(inside, sizeof inside, "%s/inside", file);
	assert_true(private_file_replace(inside, span_text("x"), &err)); /* "thing" is a folder now */
	assert_false(private_file_state_replace("thing", span_text("new"), &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, file));
	assert_int_equal(files_in_folder(), 1);
}

static void no_more_than_asked_for_is_read_and_it_is_the_end(void **state) {
	(void)state;
	struct buffer out = {0};
	struct error err = {0};
	bool cut = false;
	replace("0123456789");
	assert_true(private_file_read_end(&out, file, 4, &cut, &err));
	assert_true(cut);
	assert_string_equal(buffer_text(&out), "6789");
	buffer_reset(&out);
	assert_true(private_file_read_end(&out, file, 10, &cut, &err));
	assert_false(cut);
	assert_string_equal(buffer_text(&out), "0123456789");
	buffer_clear(&out);
}

static void what_is_not_there_is_nothing(void **state) {
	(void)state;
	struct buffer out = {0};
	assert_false(private_file_state_read(&out, "thing", 100));
	replace("");
	assert_false(private_file_state_read(&out, "thing", 100));
	assert_int_equal(out.len, 0);
	buffer_clear(&out);
}

static void without_a_home_it_says_what_is_missing(void **state) {
	(void)state;
	struct error err = {0};
	struct buffer out = {0};
	char home[256] = "";
	const char *was = getenv("HOME");
	snprintf(home, sizeof home, "%s", was ? was : "");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_false(private_file_state_replace("thing", span_text("x"), &err));
	assert_non_null(strstr(err.text, "XDG_STATE_HOME"));
	assert_false(private_file_state_read(&out, "thing", 100));
	setenv("HOME", home, 1);
	buffer_clear(&out);
}

static void several_add_to_its_end(void **state) {
	(void)state;
	struct error err = {0};
	assert_true(private_file_append(file, span_text("one\n"), &err));
	assert_true(private_file_append(file, span_text("two\n"), &err));
	holds("one\ntwo\n");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_home, take_away)
	const struct CMUnitTest tests[] = {
		TEST(a_new_file_is_for_its_owner_alone),
		TEST(who_may_read_it_stays_as_it_was),
		TEST(whoever_reads_the_old_one_reads_it_to_its_end),
		TEST(what_cannot_be_put_in_its_place_leaves_nothing_beside_it),
		TEST(no_more_than_asked_for_is_read_and_it_is_the_end),
		TEST(what_is_not_there_is_nothing),
		TEST(without_a_home_it_says_what_is_missing),
		TEST(several_add_to_its_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
