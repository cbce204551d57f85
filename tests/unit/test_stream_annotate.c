/* Relay and client over real sockets: marks and notes reach all who follow. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tests/unit/watcher.h"

static void a_mark_is_told_to_all_who_follow(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher, other;
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 2, span_text("x"));
	watcher_connect(bed, &other);
	watcher_follow(&other, &(struct client_query){.filter = span_text("type:other")});
	stream_bed_until(bed, &other.caught_up, 1);
	watcher_connect(bed, &watcher);
	watcher_ask(bed, &watcher,
		"{\"type\":\"annotate\",\"ref\":\"shop#2\",\"marked\":true,\"note\":\"look\","
		"\"who\":\"alice@laptop\"}");
	assert_string_equal(watcher.err.text, "");
	assert_non_null(strstr(watcher.text, "\"seq\":2"));
	assert_non_null(strstr(watcher.text, "\"note\":\"look\""));
	stream_bed_until(bed, &other.annotated, 1);
	assert_true(other.marked);
	assert_string_equal(other.text, "look alice@laptop");
	watcher_ask(bed, &watcher, "{\"type\":\"annotate\",\"ref\":\"shop#2\",\"marked\":false}");
	stream_bed_until(bed, &other.annotated, 2);
	assert_false(other.marked);
	assert_string_equal(other.text, "look ");
	client_free(watcher.client);
	client_free(other.client);
}

static void what_is_no_annotation_is_refused(void **state) {
	struct stream_bed *bed = *state;
	struct watcher watcher;
	char long_one[2600];
	stream_bed_start(bed, NULL);
	stream_bed_events(bed, bed->shop, 1, span_text("x"));
	watcher_connect(bed, &watcher);
	watcher_ask(bed, &watcher, "{\"type\":\"annotate\",\"ref\":\"shop#9\",\"marked\":true}");
	assert_int_equal(watcher.err.code, ERROR_NO);
	watcher_ask(bed, &watcher, "{\"type\":\"annotate\",\"ref\":\"none#1\",\"marked\":true}");
	assert_int_equal(watcher.err.code, ERROR_NO);
	watcher_ask(bed, &watcher, "{\"type\":\"annotate\",\"ref\":\"shop\",\"marked\":true}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	watcher_ask(bed, &watcher, "{\"type\":\"annotate\",\"ref\":\"shop#1\"}");
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	memset(long_one, 'x', sizeof long_one);
	int head = snprintf(
		long_one, sizeof long_one, "{\"type\":\"annotate\",\"ref\":\"shop#1\",\"note\":\"");
	long_one[head] = 'x';
	memcpy(long_one + 2300, "\"}", 3);
	watcher_ask(bed, &watcher, long_one);
	assert_int_equal(watcher.err.code, ERROR_USAGE);
	client_free(watcher.client);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, stream_bed_set_up, stream_bed_tear_down)
	const struct CMUnitTest tests[] = {
		TEST(a_mark_is_told_to_all_who_follow),
		TEST(what_is_no_annotation_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
