/* What was typed and what was saved is there in the next run, for its owner alone. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"
#include "tui/remembered.h"

static char folder[64], told[REMEMBERED_HISTORY_BYTES * 3];

static int make_home(void **state) {
	(void)state;
	strcpy(folder, "/tmp/hookline-remembered.XXXXXX");
	assert_non_null(mkdtemp(folder));
	return setenv("XDG_STATE_HOME", folder, 1);
}

static int take_away(void **state) {
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static FILE *open_file(const char *name, const char *mode) {
	char path[128];
	snprintf(path, sizeof path, "%s/hookline/%s", folder, name);
	return fopen(path, mode);
}

static mode_t mode_of(const char *name) {
	char path[128];
	struct stat status;
	snprintf(path, sizeof path, "%s/hookline/%s", folder, name);
	assert_int_equal(stat(path, &status), 0);
	return status.st_mode & 0777;
}

static void on_line(void *data, enum prompt_kind kind, struct span text) {
	size_t *len = data;
	*len += (size_t)snprintf(
		told + *len, sizeof told - *len, "%d %.*s|", (int)kind, (int)text.len, text.data);
}

static const char *read_back(void) {
	struct error err = {0};
	size_t len = 0;
	told[0] = '\0';
	assert_true(remembered_read(on_line, &len, &err));
	return told;
}

static void add(enum prompt_kind kind, const char *text) {
	struct error err = {0};
	assert_true(remembered_add(kind, span_text(text), &err));
}

static void lines_come_back_in_their_order(void **state) {
	(void)state;
	char expected[64];
	assert_string_equal(read_back(), "");
	add(PROMPT_FILTER, "status:5xx");
	add(PROMPT_FIND, "a b");
	add(PROMPT_FORWARD, "https://user:secret@example.com");
	add(PROMPT_COMMAND, "forward https://user:secret@example.com");
	snprintf(expected, sizeof expected, "%d status:5xx|%d a b|", PROMPT_FILTER, PROMPT_FIND);
	assert_string_equal(read_back(), expected);
	assert_int_equal(mode_of("history"), 0600);
}

static void lines_that_mean_nothing_are_passed_over(void **state) {
	(void)state;
	char expected[64];
	add(PROMPT_FILTER, "x");
	FILE *file = open_file("history", "w");
	fputs("\n\nnonsense\nfilter\nfilter \nfilter \xff\nfilter a\nfind", file);
	fclose(file);
	snprintf(expected, sizeof expected, "%d a|", PROMPT_FILTER);
	assert_string_equal(read_back(), expected);
	add(PROMPT_FILTER, "two\nlines");
	assert_string_equal(read_back(), expected);
}

static void the_history_does_not_grow_for_ever(void **state) {
	(void)state;
	add(PROMPT_FILTER, "x");
	FILE *file = open_file("history", "w");
	for (int i = 0; i < 20000; i++) {
		fprintf(file, "filter number:%d\n", i);
	}
	fclose(file);
	assert_non_null(strstr(read_back(), " number:19999|"));
	file = open_file("history", "r");
	fseek(file, 0, SEEK_END);
	assert_in_range(ftell(file), REMEMBERED_HISTORY_BYTES / 2, REMEMBERED_HISTORY_BYTES);
	fclose(file);
	assert_non_null(strstr(read_back(), " number:19999|"));
	assert_int_equal(mode_of("history"), 0600);
}

static void saved_filters_come_back_by_name(void **state) {
	(void)state;
	struct error err = {0};
	struct saved_filters filters = {0};
	assert_true(remembered_save(&filters, span_text("b"), span_text("status:5xx x"), &err));
	assert_true(remembered_save(&filters, span_text("a"), span_text("type:x"), &err));
	assert_true(remembered_save(&filters, span_text("b"), span_text("status:4xx"), &err));
	saved_filters_clear(&filters);
	assert_true(remembered_filters(&filters, &err));
	assert_int_equal(filters.count, 2);
	assert_string_equal(filters.list[0].text, "type:x");
	assert_string_equal(filters.list[1].text, "status:4xx");
	assert_int_equal(mode_of("filters"), 0600);
	assert_true(remembered_save(&filters, span_text("a"), span_text(""), &err));
	assert_int_equal(filters.count, 1);
	saved_filters_clear(&filters);
}

static void no_more_filters_are_saved_than_there_is_room_for(void **state) {
	(void)state;
	struct error err = {0};
	struct saved_filters filters = {0};
	for (int i = 0; i < SAVED_FILTERS_MAX; i++) {
		char name[16];
		snprintf(name, sizeof name, "name%d", i);
		assert_true(saved_filters_put(&filters, span_text(name), span_text("x")));
		assert_true(remembered_save(&filters, span_text(name), span_text("x"), &err));
	}
	assert_false(remembered_save(&filters, span_text("one-more"), span_text("x"), &err));
	assert_string_equal(err.text, "no more than 100 filters can be saved");
	saved_filters_clear(&filters);
}

static void without_a_place_nothing_is_kept_and_that_is_no_error(void **state) {
	(void)state;
	char *home = getenv("HOME");
	char kept[256];
	snprintf(kept, sizeof kept, "%s", home ? home : "");
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	add(PROMPT_FILTER, "x");
	assert_string_equal(read_back(), "");
	setenv("HOME", kept, 1);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_home, take_away)
	const struct CMUnitTest tests[] = {
		TEST(lines_come_back_in_their_order),
		TEST(lines_that_mean_nothing_are_passed_over),
		TEST(the_history_does_not_grow_for_ever),
		TEST(saved_filters_come_back_by_name),
		TEST(no_more_filters_are_saved_than_there_is_room_for),
		TEST(without_a_place_nothing_is_kept_and_that_is_no_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
