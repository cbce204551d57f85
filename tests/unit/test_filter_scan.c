/* What a filter asks of many bytes is answered in bounded steps, with the answer it has at once. */
#include <stdint.h>
#include <string.h>

#include "tests/unit/unit.h"

#include "common/filter.h"
#include "common/regex.h"

static struct filter *filter_of(const char *text) {
	struct error err = {0};
	struct filter *filter = filter_parse(span_text(text), &err);
	assert_string_equal(err.text, "");
	return filter;
}

static enum filter_scanned scan(
	const char *text, struct span head, struct span body, size_t budget, size_t *steps) {
	static const struct event event = {.verdict = VERDICT_VALID};
	struct filter *filter = filter_of(text);
	struct filter_scan *scan = filter_scan_new(filter, &event, head, body);
	enum filter_scanned scanned = FILTER_GO_ON;
	for (*steps = 0; scanned == FILTER_GO_ON; ++*steps) {
		scanned = filter_scan_step(scan, budget);
	}
	assert_int_equal(filter_scan_step(scan, 1), scanned);
	filter_scan_free(scan);
	filter_free(filter);
	return scanned;
}

static void slices_make_no_difference(void **state) {
	(void)state;
	static const char *const filters[] = {"body:needle", "body:nothing", "needle", "!needle",
		"body~\"n[a-e]+dle$\"", "body~\"^x\"", "header:x-a=1*", "header:x-a~\"^1?2$\"",
		"header:x-b", "header:x-b=3,4", ".a=text", ".a=t*t", ".a~\"e.t\"", ".b.c=1,2", ".b.0",
		".b.c.d", ".a=te* (body:nowhere or .b.c=2)",
		"!(header:x-b or body:needle) or verdict:valid", "verdict:invalid body:needle",
		".d=\"a needle\"", ".d~needle !.d~\"z\""};
	struct span head = span_text("POST / HTTP/1.1\r\nX-A: 12\r\nX-A: 2\r\nX-B: 4\r\n\r\n");
	struct span body = span_text("{\"a\":\"text\",\"b\":{\"c\":1},\"b\":{\"c\":2},\"d\":\"\\u0061 "
								 "needle\",\"z\":[]} needle");
	struct span json = {body.data, body.len - strlen(" needle")};
	for (size_t i = 0; i < sizeof filters / sizeof *filters; i++) {
		for (size_t budget = 1; budget < 100; budget += budget < 10 ? 1 : 13) {
			size_t steps, once;
			assert_int_equal(scan(filters[i], head, json, budget, &steps),
				scan(filters[i], head, json, SIZE_MAX, &once));
			assert_int_equal(scan(filters[i], head, body, budget, &steps),
				scan(filters[i], head, body, SIZE_MAX, &once));
			assert_int_equal(once, 1);
		}
	}
}

/* How many steps a MiB takes with 64 KiB each: at least as many as it has of those. */
static size_t steps_of(const char *filter, const char *front, const char *piece, const char *end) {
	struct buffer body = {0};
	size_t steps;
	buffer_append_text(&body, front);
	while (body.len < 1024 * 1024) {
		buffer_append_text(&body, piece);
	}
	buffer_append_text(&body, end);
	assert_int_equal(
		scan(filter, span_text("GET / HTTP/1.1\r\n\r\n"), buffer_span(&body), 65536, &steps),
		FILTER_DIFFERS);
	buffer_clear(&body);
	return steps;
}

static void a_step_is_bounded(void **state) {
	(void)state;
	assert_in_range(steps_of("body:needle", "", "x", ""), 16, 20);
	assert_in_range(steps_of("body~needle", "", "x", ""), 16, 20);
	assert_in_range(steps_of("needle", "", "x", ""), 16, 20);
	assert_in_range(steps_of(".a=needle", "{\"b\":\"", "x", "\"}"), 16, 80);
	assert_in_range(steps_of(".a.b=needle", "{\"a\":[1", ",2", "]}"), 32, 200);
	assert_in_range(steps_of(".a=*needle*", "{\"a\":\"", "\\u0041", "\"}"), 32, 100);
	assert_in_range(steps_of("body:aa,bb,cc,dd", "", "x", ""), 64, 80);
}

/* A pattern and a text that are made for each other: each byte is dearer than a look at it, and that counts, too. */
static void what_a_pattern_adds_counts(void **state) {
	(void)state;
	struct buffer body = {0};
	uint32_t chance = 1;
	size_t steps;
	while (body.len < 1024 * 1024) {
		chance = chance * 1664525 + 1013904223;
		buffer_append_byte(&body, chance >> 31 ? 'a' : 'b');
	}
	enum filter_scanned scanned =
		scan("body~\"a[ab]{200}c\"", (struct span){0}, buffer_span(&body), 65536, &steps);
	assert_int_equal(scanned, FILTER_DIFFERS);
	assert_true(steps >= REGEX_WORK_MAX / 65536 / 2);
	buffer_clear(&body);
}

/* What the facts decide needs no look at a byte; and of alternatives only those that matter are looked at. */
static void what_does_not_matter_is_not_looked_at(void **state) {
	(void)state;
	assert_int_equal(steps_of("verdict:invalid body:needle", "", "x", ""), 1);
	assert_in_range(steps_of("(verdict:invalid body:needle) or body:other", "", "x", ""), 16, 20);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(slices_make_no_difference),
		cmocka_unit_test(a_step_is_bounded),
		cmocka_unit_test(what_a_pattern_adds_counts),
		cmocka_unit_test(what_does_not_matter_is_not_looked_at),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
