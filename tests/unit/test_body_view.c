/* A body is made readable without changing a token of it. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tui/commands/body_view.h"

static void looks_like(struct span body, const char *expected) {
	struct buffer out = {0};
	body_view_append(&out, body, "  ", 0, 1000);
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void json_gets_white_space_and_nothing_else(void **state) {
	(void)state;
	looks_like(
		span_text(
			"{\"id\":9007199254740993,\"n\":1.10,\"t\":\"\\u00e9\\/\",\"a\":[1,[],{}],\"a\":null}"),
		"  {\n    \"id\": 9007199254740993,\n    \"n\": 1.10,\n    \"t\": \"\\u00e9\\/\",\n"
		"    \"a\": [\n      1,\n      [],\n      {}\n    ],\n    \"a\": null\n  }\n");
	looks_like(span_text("\"x\""), "  \"x\"\n");
	looks_like(span_text("[ ]"), "  []\n");
}

static void hostile_strings_in_json_are_escaped(void **state) {
	(void)state;
	looks_like(span_text("{\"a\":\"\xe2\x80\xae\"}"), "  {\n    \"a\": \"\\u{202e}\"\n  }\n");
}

static void text_stays_text(void **state) {
	(void)state;
	looks_like(span_text("a=1&b=2\nsecond\r\n"), "  a=1&b=2\n  second\\x0d\n");
}

static void text_with_a_few_control_bytes_is_text_with_escapes(void **state) {
	(void)state;
	looks_like(span_text("app says \x1b[31mhi\xff"), "  app says \\x1b[31mhi\\xff\n");
	looks_like((struct span){"before\0after", 12}, "  before\\x00after\n");
	looks_like(span_text("\a\a\a\a"), "  \\x07\\x07\\x07\\x07\n");
}

static void bytes_become_hexadecimal(void **state) {
	(void)state;
	looks_like((struct span){"\0\x01GIF\xff\x1b[2J", 10},
		"  00000000  00 01 47 49 46 ff 1b 5b  32 4a                    |..GIF..[2J|\n");
}

static void a_long_body_is_cut_and_says_so(void **state) {
	(void)state;
	struct buffer out = {0};
	body_view_append(&out, span_text("{\"a\":12345}"), "", 0, 5);
	assert_string_equal(buffer_text(&out), "{\"a\":\n... 5 of 11 bytes shown\n");
	buffer_clear(&out);
}

static void deep_nesting_does_not_become_a_wall_of_blanks(void **state) {
	(void)state;
	struct buffer body = {0}, out = {0};
	for (int i = 0; i < 500; i++) {
		buffer_append_byte(&body, '[');
	}
	for (int i = 0; i < 50000; i++) {
		buffer_append_text(&body, i > 0 ? ",1" : "1");
	}
	for (int i = 0; i < 500; i++) {
		buffer_append_byte(&body, ']');
	}
	body_view_append(&out, buffer_span(&body), "", 0, 1000000);
	assert_true(out.len < 50 * body.len);
	buffer_clear(&body);
	buffer_clear(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_gets_white_space_and_nothing_else),
		cmocka_unit_test(hostile_strings_in_json_are_escaped),
		cmocka_unit_test(text_stays_text),
		cmocka_unit_test(text_with_a_few_control_bytes_is_text_with_escapes),
		cmocka_unit_test(bytes_become_hexadecimal),
		cmocka_unit_test(a_long_body_is_cut_and_says_so),
		cmocka_unit_test(deep_nesting_does_not_become_a_wall_of_blanks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
