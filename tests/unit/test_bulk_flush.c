/* What a bulk replay remembers reaches the disk before it counts, many at a time, and what comes next long before its turn. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tui/bulk_flush.h"

static char folder[64];
static uv_loop_t loop;
static struct bulk_record record;
static struct bulk_files *files;
static struct bulk_flush *flush;
static int flushed, failed;

static void on_flushed(void *data, const struct error *err) {
	(void)data;
	flushed++;
	failed += err ? 1 : 0;
}

static int begin(void **state) {
	(void)state;
	strcpy(folder, "/tmp/hookline-flush.XXXXXX");
	assert_non_null(mkdtemp(folder));
	setenv("XDG_STATE_HOME", folder, 1);
	record = (struct bulk_record){.store = alloc_text("s", 1),
		.target = alloc_text("http://127.0.0.1:3000", 21),
		.filter = alloc_text("", 0),
		.endpoint = alloc_text("", 0),
		.settings = {.concurrency = 1},
		.made_at_ns = INT64_C(1767268800000000000)};
	files = bulk_files_make(&record, NULL);
	assert_non_null(files);
	uv_loop_init(&loop);
	flush = bulk_flush_new(&loop, files, on_flushed, NULL);
	flushed = failed = 0;
	return 0;
}

static int end(void **state) {
	char command[128];
	(void)state;
	bulk_flush_free(flush);
	bulk_files_free(files);
	bulk_record_clear(&record);
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	return system(command);
}

static void an_event_counts_once_it_is_flushed(void **state) {
	(void)state;
	const struct uuid one = {{1}}, other = {{2}};
	assert_false(bulk_flush_has(flush, &one));
	bulk_files_sending(files, &one, NULL);
	bulk_flush_ask(flush);
	assert_false(bulk_flush_has(flush, &one));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(bulk_flush_has(flush, &one));
	bulk_files_sending(files, &other, NULL);
	assert_false(bulk_flush_has(flush, &other));
	/* a place that is empty again has nothing to lose */
	bulk_files_settled(files, &one, true);
	assert_false(bulk_flush_has(flush, &one));
}

static void what_is_asked_for_during_a_flush_shares_the_next_one(void **state) {
	(void)state;
	const struct uuid ids[] = {{{1}}, {{2}}, {{3}}, {{4}}};
	for (size_t i = 0; i < 4; i++) {
		bulk_files_sending(files, &ids[i], NULL);
		bulk_flush_ask(flush);
	}
	assert_false(bulk_flush_has(flush, &ids[3]));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_true(bulk_flush_has(flush, &ids[3]));
	assert_int_equal(flushed, 2);
	assert_int_equal(failed, 0);
}

static void what_was_flushed_ahead_is_sent_without_another_flush(void **state) {
	(void)state;
	const struct uuid next = {{1}}, behind = {{2}};
	assert_true(bulk_files_ahead(files, &next));
	assert_true(bulk_files_ahead(files, &behind));
	assert_false(bulk_files_ahead(files, &next));
	assert_int_equal(bulk_files_ahead_count(files), 2);
	bulk_flush_ask(flush);
	uv_run(&loop, UV_RUN_DEFAULT);
	bulk_files_sending(files, &next, NULL);
	assert_true(bulk_flush_has(flush, &next));
	assert_int_equal(bulk_files_ahead_count(files), 1);
	bulk_files_not_ahead(files, &next); /* it is on its way: that stays written */
	assert_true(bulk_flush_has(flush, &next));
	bulk_files_forget_ahead(files);
	assert_int_equal(bulk_files_ahead_count(files), 0);
	assert_false(bulk_flush_has(flush, &behind));
}

static void nobody_is_told_of_a_flush_that_is_let_go(void **state) {
	(void)state;
	const struct uuid one = {{1}};
	bulk_files_sending(files, &one, NULL);
	bulk_flush_ask(flush);
	bulk_flush_free(flush);
	bulk_files_free(files);
	flush = NULL;
	files = NULL;
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(flushed, 0);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(an_event_counts_once_it_is_flushed),
		TEST(what_is_asked_for_during_a_flush_shares_the_next_one),
		TEST(what_was_flushed_ahead_is_sent_without_another_flush),
		TEST(nobody_is_told_of_a_flush_that_is_let_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
