/* What a bulk replay leaves on disk: nothing of it is lost when the program is killed, and nobody else is at it meanwhile. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "tests/unit/unit.h"
#include "tui/bulk_files.h"

static char folder[64];

static int make_home(void **state) {
	(void)state;
	strcpy(folder, "/tmp/hookline-bulk.XXXXXX");
	assert_non_null(mkdtemp(folder));
	return setenv("XDG_STATE_HOME", folder, 1);
}

static int take_away(void **state) {
	(void)state;
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static struct bulk_record record_at(int64_t second) {
	struct bulk_record record = {.store = alloc_text("s", 1),
		.target = alloc_text("http://127.0.0.1:3000", 21),
		.filter = alloc_text("", 0),
		.endpoint = alloc_text("", 0),
		.settings = {.concurrency = 1},
		.since = 7,
		.made_at_ns = second * 1000000000};
	return record;
}

static struct bulk_files *make(struct bulk_record *record, int64_t second) {
	struct error err = {0};
	*record = record_at(second);
	struct bulk_files *files = bulk_files_make(record, &err);
	assert_string_equal(err.text, "");
	assert_non_null(files);
	return files;
}

static void one_that_was_cut_off_is_found_again(void **state) {
	(void)state;
	struct bulk_record made, found;
	struct error err = {0};
	assert_null(bulk_files_open((struct span){0}, &found, &err));
	assert_string_equal(err.text, "there is no replay to resume: all are complete");
	struct bulk_files *files = make(&made, 1767268800);
	/* we are still at it */
	assert_null(bulk_files_open(span_text(made.id), &found, &err));
	assert_non_null(strstr(err.text, "another hookline is at it"));
	bulk_files_free(files);
	files = bulk_files_open((struct span){0}, &found, &err);
	assert_non_null(files);
	assert_string_equal(found.id, made.id);
	assert_int_equal(found.since, 7);
	bulk_files_free(files);
	bulk_record_clear(&found);
	assert_null(bulk_files_open(span_text("20200101-000000-abcd"), &found, &err));
	assert_non_null(strstr(err.text, made.id));
	assert_null(bulk_files_open(span_text("../../etc"), &found, &err));
	bulk_record_clear(&made);
}

static void the_newest_is_taken_when_none_is_named(void **state) {
	(void)state;
	struct bulk_record old, new, found;
	bulk_files_free(make(&new, 1767268900));
	bulk_files_free(make(&old, 1767268800));
	struct bulk_files *files = bulk_files_open((struct span){0}, &found, NULL);
	assert_string_equal(found.id, new.id);
	bulk_files_free(files);
	bulk_record_clear(&found);
	files = bulk_files_open(span_text(old.id), &found, NULL);
	assert_string_equal(found.id, old.id);
	bulk_files_free(files);
	bulk_record_clear(&found);
	bulk_record_clear(&old);
	bulk_record_clear(&new);
}

/* "1+ 2 ": events with their first byte, + where the answer is known. */
static void tell_place(void *data, const struct bulk_place *place) {
	buffer_printf(data, "%d%s ", place->event.bytes[0], place->answered ? "+" : "");
}

static void assert_places(struct bulk_files *files, const char *expected) {
	struct buffer told = {0};
	bulk_files_each_place(files, tell_place, &told);
	assert_string_equal(buffer_text(&told), expected);
	buffer_clear(&told);
}

static void the_journal_knows_what_is_on_its_way(void **state) {
	(void)state;
	struct bulk_record made, found;
	struct bulk_files *files = make(&made, 1767268800);
	struct uuid ids[] = {{{1}}, {{2}}, {{3}}};
	struct attempt answer = {.event = ids[0], .endpoint = span_text("shop"), .status = 200};
	assert_places(files, "");
	for (size_t i = 0; i < 3; i++) {
		assert_true(bulk_files_sending(files, &ids[i], NULL));
	}
	assert_true(bulk_files_answered(files, &answer, NULL));
	bulk_files_settled(files, &ids[1], true);
	bulk_files_free(files); /* as the end of the program would */
	files = bulk_files_open(span_text(made.id), &found, NULL);
	assert_places(files, "1+ 3 ");
	/* places are used again, and those that are taken are not */
	assert_true(bulk_files_sending(files, &ids[1], NULL));
	assert_places(files, "1+ 2 3 ");
	bulk_files_settled(files, &ids[0], true);
	bulk_files_settled(files, &ids[2], true);
	assert_places(files, "2 ");
	bulk_files_free(files);
	bulk_record_clear(&found);
	bulk_record_clear(&made);
}

static void what_was_to_come_next_is_in_doubt_only_after_a_power_cut(void **state) {
	(void)state;
	struct bulk_record made, found;
	struct bulk_files *files = make(&made, 1767268800);
	const struct uuid sent = {{1}}, next = {{2}};
	char command[300];
	assert_true(bulk_files_sending(files, &sent, NULL));
	assert_true(bulk_files_ahead(files, &next));
	bulk_files_free(files); /* killed: all that was written is there */
	files = bulk_files_open(span_text(made.id), &found, NULL);
	assert_places(files, "1 ");
	bulk_record_clear(&found);
	/* another run of the machine: who knows what was written last */
	snprintf(command, sizeof command, "sed -i 's/\"ahead\":\"[^\"]/\"ahead\":\"-/' '%s/journal'",
		bulk_files_path(files));
	bulk_files_free(files);
	assert_int_equal(system(command), 0);
	files = bulk_files_open(span_text(made.id), &found, NULL);
	assert_places(files, "1 2 ");
	bulk_files_free(files);
	bulk_record_clear(&found);
	bulk_record_clear(&made);
}

static void what_was_not_answered_is_read_once_each(void **state) {
	(void)state;
	struct bulk_record made;
	struct bulk_files *files = make(&made, 1767268800);
	size_t count;
	free(bulk_files_unanswered(files, &count));
	assert_int_equal(count, 0);
	for (int i = 0; i < 100; i++) {
		struct uuid id = {{(uint8_t)(i % 10 + 1)}};
		bulk_files_settled(files, &id, i >= 90);
	}
	struct uuid *ids = bulk_files_unanswered(files, &count);
	assert_int_equal(count, 10);
	assert_int_equal(ids[0].bytes[0], 1);
	assert_int_equal(ids[9].bytes[0], 10);
	free(ids);
	bulk_files_free(files);
	bulk_record_clear(&made);
}

static void one_that_is_complete_leaves_its_report(void **state) {
	(void)state;
	struct bulk_record made, found;
	struct bulk_files *files = make(&made, 1767268800);
	struct bulk_report report = {.end = BULK_STOPPED, .sent = 3};
	char path[200];
	assert_true(bulk_files_report(files, &report, false, NULL));
	bulk_files_free(files);
	files = bulk_files_open((struct span){0}, &found, NULL);
	assert_non_null(files);
	assert_true(bulk_files_report(files, &report, true, NULL));
	snprintf(path, sizeof path, "%s/report.json", bulk_files_path(files));
	assert_int_equal(access(path, R_OK), 0);
	bulk_files_free(files);
	bulk_record_clear(&found);
	assert_null(bulk_files_open((struct span){0}, &found, NULL));
	bulk_record_clear(&made);
}

static size_t count_folders(void) {
	char command[200];
	int count = 0;
	snprintf(command, sizeof command, "ls '%s/hookline/replays' | wc -l", folder);
	FILE *pipe = popen(command, "r");
	assert_int_equal(fscanf(pipe, "%d", &count), 1);
	pclose(pipe);
	return (size_t)count;
}

static void the_oldest_go_but_those_somebody_is_at(void **state) {
	(void)state;
	struct bulk_record first, made;
	struct bulk_files *busy = make(&first, 1767268800);
	for (int i = 1; i <= BULK_KEPT + 5; i++) {
		bulk_files_free(make(&made, 1767268800 + i));
		bulk_record_clear(&made);
	}
	assert_int_equal(count_folders(), BULK_KEPT + 1);
	assert_int_equal(access(bulk_files_path(busy), R_OK), 0);
	bulk_files_free(busy);
	bulk_record_clear(&first);
}

static void a_folder_that_cannot_be_written_is_told(void **state) {
	(void)state;
	struct error err = {0};
	struct bulk_record record = record_at(1767268800);
	setenv("XDG_STATE_HOME", "/dev/null/nowhere", 1);
	assert_null(bulk_files_make(&record, &err));
	assert_int_equal(err.code, ERROR_IO);
	assert_non_null(strstr(err.text, "/dev/null/nowhere"));
	unsetenv("XDG_STATE_HOME");
	unsetenv("HOME");
	assert_null(bulk_files_make(&record, &err));
	bulk_record_clear(&record);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, make_home, take_away)
	const struct CMUnitTest tests[] = {
		TEST(one_that_was_cut_off_is_found_again),
		TEST(the_newest_is_taken_when_none_is_named),
		TEST(the_journal_knows_what_is_on_its_way),
		TEST(what_was_to_come_next_is_in_doubt_only_after_a_power_cut),
		TEST(what_was_not_answered_is_read_once_each),
		TEST(one_that_is_complete_leaves_its_report),
		TEST(the_oldest_go_but_those_somebody_is_at),
		TEST(a_folder_that_cannot_be_written_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
