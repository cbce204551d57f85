/* What came, counted by kind, in few words. */
#include <stdio.h>

#include "tests/unit/unit.h"
#include "tui/commands/tally.h"

static struct event event_of(const char *provider, const char *type) {
	return (struct event){.provider = span_text(provider),
		.type = span_text(type),
		.method = span_text("POST"),
		.target = span_text("/e/shop/hooks?x=1"),
		.path_offset = 7,
		.verdict = VERDICT_VALID};
}

static void reads(const struct tally *tally, const char *text) {
	struct buffer out = {0};
	tally_append(&out, tally);
	assert_string_equal(buffer_text(&out), text);
	buffer_clear(&out);
}

static void events_are_counted_by_kind(void **state) {
	(void)state;
	struct tally tally = {0};
	struct event paid = event_of("stripe", "invoice.paid"), other = event_of("", "");
	reads(&tally, "");
	tally_add(&tally, &paid);
	tally_add(&tally, &other);
	tally_add(&tally, &paid);
	reads(&tally, "2 stripe invoice.paid (valid), 1 POST /hooks (valid)");
	assert_int_equal(tally.all, 3);
}

static void one_that_counts_elsewhere_is_taken_back(void **state) {
	(void)state;
	struct tally tally = {0};
	struct event paid = event_of("stripe", "invoice.paid"), other = event_of("", "");
	tally_add(&tally, &paid);
	tally_add(&tally, &other);
	tally_take_back(&tally, &paid);
	tally_take_back(&tally, &paid);
	reads(&tally, "1 POST /hooks (valid)");
	assert_int_equal(tally.all, 1);
}

static void many_kinds_are_counted_together(void **state) {
	(void)state;
	struct tally tally = {0};
	char type[32];
	for (int i = 0; i < TALLY_KINDS_MAX + 5; i++) {
		snprintf(type, sizeof type, "kind.%d", i);
		struct event event = event_of("acme", type);
		tally_add(&tally, &event);
	}
	assert_int_equal(tally.kind_count, TALLY_KINDS_MAX);
	assert_int_equal(tally.others, 5);
	struct tally two = {.others = 1};
	reads(&two, "1 other");
}

static void foreign_names_are_cut_and_made_visible(void **state) {
	(void)state;
	struct tally tally = {0};
	char type[400];
	for (size_t i = 0; i < sizeof type; i++) {
		type[i] = "\x1b"[0];
	}
	struct event event = event_of("acme", "");
	event.type = (struct span){type, sizeof type};
	tally_add(&tally, &event);
	struct buffer out = {0};
	tally_append(&out, &tally);
	assert_int_equal(span_find(buffer_span(&out), '\x1b'), out.len);
	assert_true(out.len < 5 * TALLY_NAME_LEN);
	buffer_clear(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_are_counted_by_kind),
		cmocka_unit_test(one_that_counts_elsewhere_is_taken_back),
		cmocka_unit_test(many_kinds_are_counted_together),
		cmocka_unit_test(foreign_names_are_cut_and_made_visible),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
