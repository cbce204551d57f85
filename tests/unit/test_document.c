/* Texts and payloads of any size are wrapped, painted and searched without a byte of them being changed. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tui/screen/document.h"

#define PAYLOAD_LARGE ((size_t)2 * 1024 * 1024)

static struct document *payload(size_t columns, enum document_form form, struct span bytes) {
	struct document *document = document_new(columns, false);
	document_add_payload(document, form, bytes);
	return document;
}

static struct canvas painted(struct document *document, size_t columns, size_t rows, size_t first) {
	struct canvas canvas;
	canvas_init(&canvas, columns, rows, false);
	document_paint(document, &canvas, (struct area){0, 0, columns, rows}, first);
	return canvas;
}

/* All lines from `first` on, at most `rows`, are these. */
static void shows(
	struct document *document, size_t columns, size_t rows, size_t first, const char *expected) {
	struct canvas canvas = painted(document, columns, rows, first);
	struct buffer dump = {0};
	canvas_dump(&dump, &canvas, false);
	size_t len = dump.len;
	while (len > 1 && dump.data[len - 1] == '\n' && dump.data[len - 2] == '\n') {
		len--; /* rows below the last line */
	}
	dump.len = len;
	assert_string_equal(buffer_text(&dump), expected);
	buffer_clear(&dump);
	canvas_clear(&canvas);
}

static void payload_shows(
	size_t columns, enum document_form form, struct span bytes, const char *expected) {
	struct document *document = payload(columns, form, bytes);
	shows(document, columns, 30, 0, expected);
	assert_true(document_layout(document, SIZE_MAX));
	document_free(document);
}

/* The letters of the styles in a row. */
static void row_is_styled(
	struct document *document, size_t columns, size_t row, const char *expected) {
	struct canvas canvas = painted(document, columns, row + 1, 0);
	char letters[200];
	for (size_t i = 0; i < strlen(expected); i++) {
		letters[i] = style_letter(canvas.cells[row * columns + i].style);
	}
	letters[strlen(expected)] = '\0';
	assert_string_equal(letters, expected);
	canvas_clear(&canvas);
}

/* --- JSON --- */

static void json_gets_lines_and_nothing_else(void **state) {
	(void)state;
	payload_shows(60, DOCUMENT_JSON,
		span_text("{\"id\":9007199254740993,\"n\":1.10e+2,\"t\":\"\\u00e9\\/\",\"a\":[1,[ ],{ }],"
				  "\"a\":null}"),
		"{\n  \"id\": 9007199254740993,\n  \"n\": 1.10e+2,\n  \"t\": \"\\u00e9\\/\",\n"
		"  \"a\": [\n    1,\n    [],\n    {}\n  ],\n  \"a\": null\n}\n");
	payload_shows(60, DOCUMENT_JSON, span_text(" \"x\" "), "\"x\"\n");
	payload_shows(60, DOCUMENT_JSON, span_text("[ ]\n"), "[]\n");
}

static void names_and_values_have_their_styles(void **state) {
	(void)state;
	struct document *document =
		payload(40, DOCUMENT_JSON, span_text("{\"a\":\"b\\n\x7f\",\"c\":[true,-1]}"));
	row_is_styled(document, 40, 1, "..nnn..sssseeees.");
	row_is_styled(document, 40, 3, "....llll.");
	row_is_styled(document, 40, 4, "....dd");
	document_free(document);
}

static void values_one_after_the_other_are_all_shown(void **state) {
	(void)state;
	payload_shows(60, DOCUMENT_JSON, span_text("{\"a\":1}\n{\"b\":2}\n[]\n7\n"),
		"{\n  \"a\": 1\n}\n{\n  \"b\": 2\n}\n[]\n7\n");
}

static void what_is_not_json_stays_readable_and_is_named(void **state) {
	(void)state;
	payload_shows(60, DOCUMENT_JSON, span_text("{\"a\":1,\"b\":tru!}\nlog"),
		"{\n  \"a\": 1,\n  \"b\": tru\nnot JSON from byte 14 on\n!}\nlog\n");
	payload_shows(60, DOCUMENT_JSON, span_text("{\"a\":\"b\x01\"}"),
		"{\n  \"a\": \"b\nnot JSON from byte 7 on\n\\x01\"}\n");
	payload_shows(60, DOCUMENT_JSON, span_text("{\"a\":[1,2"),
		"{\n  \"a\": [\n    1,\n    2\nthe JSON breaks off here, after 9 bytes\n");
	payload_shows(60, DOCUMENT_JSON, span_text("[1]\xef\xbb\xbf[2]"),
		"[\n  1\n]\nnot JSON from byte 3 on\n\\u{feff}[2]\n");
	payload_shows(60, DOCUMENT_JSON, span_text("hello"), "not JSON from byte 0 on\nhello\n");
}

static void a_byte_order_mark_is_seen(void **state) {
	(void)state;
	payload_shows(60, DOCUMENT_JSON, span_text("\xef\xbb\xbf[1]"), "\\u{feff} [\n  1\n]\n");
}

static void long_values_go_on_indented(void **state) {
	(void)state;
	payload_shows(12, DOCUMENT_JSON, span_text("{\"a\":\"0123456789abcdefghij\"}"),
		"{\n  \"a\": \"0123\n    456789ab\n    cdefghij\n    \"\n}\n");
}

static void deep_nesting_does_not_become_a_wall_of_blanks(void **state) {
	(void)state;
	struct buffer body = {0};
	for (int i = 0; i < 600; i++) {
		buffer_append_byte(&body, '[');
	}
	struct document *document = payload(20, DOCUMENT_JSON, buffer_span(&body));
	assert_true(document_layout(document, SIZE_MAX));
	assert_int_equal(document_lines(document), 512 + 1 + 88 / 20 + 1);
	shows(document, 20, 2, 511, "          [\nnested deeper than \u2026\n");
	document_free(document);
	buffer_clear(&body);
}

static void long_tokens_are_followed_by_what_follows_them(void **state) {
	(void)state;
	struct buffer body = {0};
	buffer_append_text(&body, "{\"a\": ");
	for (int i = 0; i < 3; i++) {
		buffer_printf(&body, "%s \"%0*d\"", i == 0 ? "[" : ",", 200000, i);
	}
	buffer_append_text(&body, "], \"b\": \"cut");
	struct document *document = payload(100, DOCUMENT_JSON, buffer_span(&body));
	assert_true(document_layout(document, SIZE_MAX));
	for (int again = 0; again < 2; again++) {
		shows(document, 100, 2, 0, "{\n  \"a\": [\n");
		shows(document, 100, 5, document_lines(document) - 4,
			"      "
			"000000000000000000000000000000000000000000000000000000000000"
			"2\"\n  ],\n  \"b\": \"cut\nthe JSON breaks off here, after 600030 bytes\n");
	}
	document_free(document);
	buffer_clear(&body);
}

/* --- text and bytes --- */

static void text_keeps_its_lines(void **state) {
	(void)state;
	payload_shows(20, DOCUMENT_TEXT, span_text("one\r\n\ntwo\tx\n"), "one\\x0d\n\ntwo x\n");
	payload_shows(4, DOCUMENT_TEXT, span_text("abcd\nefghi"), "abcd\nefgh\ni\n");
	payload_shows(4, DOCUMENT_TEXT, span_text("\t\tx"), "\n\nx\n");
	payload_shows(10, DOCUMENT_TEXT,
		span_text("ab\xe2\x80\xae"
				  "cd\x1b"),
		"ab\\u{202e}\ncd\\x1b\n");
}

static void wide_characters_are_never_cut_in_two(void **state) {
	(void)state;
	payload_shows(5, DOCUMENT_TEXT, span_text("\xe6\x97\xa5\xe6\x97\xa5\xe6\x97\xa5"),
		"\xe6\x97\xa5\xe6\x97\xa5\n\xe6\x97\xa5\n");
	payload_shows(3, DOCUMENT_TEXT, span_text("abe\xcc\x81z"), "abe\xcc\x81\nz\n");
}

static void what_is_wider_than_a_line_is_left_behind_at_last(void **state) {
	(void)state;
	payload_shows(1, DOCUMENT_TEXT, span_text("a\xe6\x97\xa5\x1b"), "a\n\u2026\n\u2026\n");
	payload_shows(1, DOCUMENT_JSON, span_text("[\"\x7f\"]"), "[\n\"\n\u2026\n\"\n]\n");
}

static void bytes_are_shown_in_rows_that_fit(void **state) {
	(void)state;
	struct span bytes = {"\0\x01GIF\xff\x1b[2J~ 0123456789", 23};
	payload_shows(80, DOCUMENT_HEX, bytes,
		"00000000  00 01 47 49 46 ff 1b 5b  32 4a 7e 20 30 31 32 33  |..GIF..[2J~ 0123|\n"
		"00000010  34 35 36 37 38 39 00                              |456789.|\n");
	payload_shows(45, DOCUMENT_HEX, (struct span){bytes.data, 9},
		"00000000  00 01 47 49 46 ff 1b 5b  |..GIF..[|\n"
		"00000008  32                       |2|\n");
	payload_shows(44, DOCUMENT_HEX, (struct span){bytes.data, 5},
		"00000000  00 01 47 49  |..GI|\n00000004  46           |F|\n");
}

static void nothing_has_no_lines(void **state) {
	(void)state;
	struct document *document = payload(20, DOCUMENT_TEXT, (struct span){NULL, 0});
	assert_true(document_is_complete(document));
	assert_true(document_layout(document, 1));
	assert_int_equal(document_lines(document), 0);
	shows(document, 20, 3, 0, "\n");
	document_free(document);
}

static void the_form_follows_the_bytes(void **state) {
	(void)state;
	static const struct {
		struct span bytes;
		enum document_form form;
	} examples[] = {
		{{" {\"a\":1}", 8}, DOCUMENT_JSON},
		{{"[1,2", 4}, DOCUMENT_JSON},
		{{"\"cut off", 8}, DOCUMENT_JSON},
		{{"{\"a\":1}\n{\"b\":2}\n", 16}, DOCUMENT_JSON},
		{{"12", 2}, DOCUMENT_JSON},
		{{"12 monkeys", 10}, DOCUMENT_TEXT},
		{{"not so", 6}, DOCUMENT_TEXT},
		{{"{curly}", 7}, DOCUMENT_TEXT},
		{{"a=1&b=2", 7}, DOCUMENT_TEXT},
		{{"", 0}, DOCUMENT_TEXT},
		{{"lines\r\nand\ttabs\r\n", 17}, DOCUMENT_TEXT},
		{{"caf\xe9, in Latin-1 as of old", 26}, DOCUMENT_TEXT},
		{{"\x1f\x8b\x08\0\0\0\0\0\0\x03K", 11}, DOCUMENT_HEX},
		{{"G\0I\0F\0", 6}, DOCUMENT_HEX},
	};
	for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
		assert_int_equal(document_form_of(examples[i].bytes), examples[i].form);
	}
}

/* --- paragraphs --- */

static void paragraphs_break_at_blanks(void **state) {
	(void)state;
	struct document *document = document_new(16, false);
	document_add(document, span_text("Label: "), STYLE_NAME);
	document_add(document, span_text("some words that go on"), STYLE_TEXT);
	document_end_line(document, 2);
	document_end_line(document, 0);
	document_print(document, STYLE_TEXT, "%s", "averyveryverylongword\n\tand");
	document_end_line(document, 4);
	document_print(document, STYLE_TEXT, "%s", "to a-word-that-is-longer-still");
	document_end_line(document, 0);
	shows(document, 16, 10, 0,
		"Label: some\n  words that go\n  on\n\naveryveryverylon\n    gword\\x0a\n    \\x09and\nto "
		"a-word-that-i\ns-longer-still\n");
	row_is_styled(document, 16, 0, "nnnnnnn....");
	document_free(document);
}

static void an_open_line_ends_in_front_of_a_payload(void **state) {
	(void)state;
	struct document *document = document_new(30, false);
	document_add(document, span_text("body:"), STYLE_TITLE);
	document_add_payload(document, DOCUMENT_TEXT, span_text("x"));
	document_print(document, STYLE_FAINT, "end");
	document_end_line(document, 0);
	shows(document, 30, 10, 0, "body:\nx\nend\n");
	document_free(document);
}

/* --- a large one --- */

static char *large_text(void) {
	char *text = alloc_bytes(PAYLOAD_LARGE);
	for (size_t i = 0; i < PAYLOAD_LARGE; i++) {
		text[i] = i % 16 == 15 ? '\n' : (char)('a' + i / 16 % 26);
	}
	return text;
}

static void it_is_laid_out_in_slices(void **state) {
	(void)state;
	char *text = large_text();
	struct document *document = payload(40, DOCUMENT_TEXT, (struct span){text, PAYLOAD_LARGE});
	assert_false(document_layout(document, 64 * 1024));
	assert_false(document_is_complete(document));
	assert_in_range(document_lines(document), 1024, 4096);
	size_t slices = 1;
	for (; !document_layout(document, 64 * 1024); slices++) {
	}
	assert_in_range(slices, 16, 100);
	assert_int_equal(document_lines(document), PAYLOAD_LARGE / 16);
	shows(document, 40, 2, 1000, "mmmmmmmmmmmmmmm\nnnnnnnnnnnnnnnn\n");
	document_free(document);
	free(text);
}

static void painting_does_not_wait_for_what_is_far_away(void **state) {
	(void)state;
	char *text = large_text();
	struct document *document = payload(40, DOCUMENT_TEXT, (struct span){text, PAYLOAD_LARGE});
	shows(document, 40, 2, 0, "aaaaaaaaaaaaaaa\nbbbbbbbbbbbbbbb\n");
	assert_int_equal(document_lines(document), 2);
	shows(document, 40, 2, PAYLOAD_LARGE / 16 - 1, "...\n");
	document_layout(document, SIZE_MAX);
	shows(document, 40, 3, PAYLOAD_LARGE / 16 - 1, "fffffffffffffff\n");
	document_free(document);
	free(text);
}

/* --- searching --- */

static size_t found(struct document *document, size_t from, bool upwards) {
	size_t line = SIZE_MAX;
	enum document_found result;
	int slices = 0;
	do {
		result = document_find_next(document, from, upwards, 4, &line);
		assert_true(slices++ < 100000);
	} while (result == DOCUMENT_GO_ON);
	return result == DOCUMENT_FOUND ? line : SIZE_MAX;
}

static void hits_are_found_downwards_and_upwards_and_round_the_end(void **state) {
	(void)state;
	struct document *document =
		payload(20, DOCUMENT_TEXT, span_text("needle\nhay\nNEEDLE needle\nhay\nhay needle\n"));
	document_search(document, span_text("nEEdle"));
	assert_int_equal(found(document, SIZE_MAX, false), 0);
	assert_int_equal(found(document, SIZE_MAX, true), 4);
	assert_int_equal(found(document, 0, false), 2);
	assert_int_equal(found(document, 2, false), 4);
	assert_int_equal(found(document, 4, false), 0);
	assert_int_equal(found(document, 0, true), 4);
	assert_int_equal(found(document, 4, true), 2);
	document_search(document, span_text("haystack"));
	assert_int_equal(found(document, 1, false), SIZE_MAX);
	document_search(document, (struct span){NULL, 0});
	assert_int_equal(found(document, 1, false), SIZE_MAX);
	document_free(document);
}

static void the_only_hit_is_found_again(void **state) {
	(void)state;
	struct document *document = payload(20, DOCUMENT_TEXT, span_text("a\nb\nc\n"));
	document_search(document, span_text("b"));
	assert_int_equal(found(document, 1, true), 1);
	assert_int_equal(found(document, 1, true), 1);
	assert_int_equal(found(document, 1, false), 1);
	document_free(document);
}

static void hits_are_found_in_all_blocks(void **state) {
	(void)state;
	struct document *document = document_new(20, false);
	document_add(document, span_text("Name"), STYLE_NAME);
	document_add(document, span_text(": value"), STYLE_TEXT);
	document_end_line(document, 0);
	document_add_payload(document, DOCUMENT_JSON, span_text("[\"x\",\"name: value\"]"));
	document_add_payload(document, DOCUMENT_HEX, span_text("0123456789abname: value"));
	document_search(document, span_text("name: v"));
	assert_int_equal(found(document, SIZE_MAX, false), 0);
	assert_int_equal(found(document, 0, false), 3);
	assert_int_equal(found(document, 3, false), 8);
	assert_int_equal(found(document, 8, false), 0);
	assert_int_equal(found(document, 8, true), 3);
	document_free(document);
}

static void hits_are_marked_across_lines_and_pieces(void **state) {
	(void)state;
	struct document *document = document_new(8, false);
	document_add(document, span_text("abc"), STYLE_NAME);
	document_add(document, span_text("def\x1bghijk"), STYLE_TEXT);
	document_end_line(document, 0);
	document_search(document, span_text("CDEF\x1bGH"));
	shows(document, 8, 5, 0, "abcdef\n\\x1bghij\nk\n");
	row_is_styled(document, 8, 0, "nnmmmm..");
	row_is_styled(document, 8, 1, "eeeemm..");
	document_free(document);
}

static void hits_in_bytes_are_marked_in_both_columns(void **state) {
	(void)state;
	struct document *document = payload(30, DOCUMENT_HEX, span_text("abcdefgh"));
	document_search(document, span_text("DE"));
	row_is_styled(document, 30, 0, "ffffffff...........mm..fsssmf");
	row_is_styled(document, 30, 1, "ffffffff..mm...........fms");
	document_free(document);
}

static void searching_far_away_goes_on_in_slices(void **state) {
	(void)state;
	char *text = large_text();
	size_t line = 0, slices = 0;
	memcpy(text + PAYLOAD_LARGE - 32, "the needle", 10);
	struct document *document = payload(40, DOCUMENT_TEXT, (struct span){text, PAYLOAD_LARGE});
	document_search(document, span_text("needle"));
	enum document_found result;
	while ((result = document_find_next(document, 0, false, 64 * 1024, &line)) == DOCUMENT_GO_ON) {
		slices++;
	}
	assert_int_equal(result, DOCUMENT_FOUND);
	assert_int_equal(line, PAYLOAD_LARGE / 16 - 2);
	assert_in_range(slices, 32, 200);
	document_free(document);
	free(text);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_gets_lines_and_nothing_else),
		cmocka_unit_test(names_and_values_have_their_styles),
		cmocka_unit_test(values_one_after_the_other_are_all_shown),
		cmocka_unit_test(what_is_not_json_stays_readable_and_is_named),
		cmocka_unit_test(a_byte_order_mark_is_seen),
		cmocka_unit_test(long_values_go_on_indented),
		cmocka_unit_test(deep_nesting_does_not_become_a_wall_of_blanks),
		cmocka_unit_test(long_tokens_are_followed_by_what_follows_them),
		cmocka_unit_test(text_keeps_its_lines),
		cmocka_unit_test(wide_characters_are_never_cut_in_two),
		cmocka_unit_test(what_is_wider_than_a_line_is_left_behind_at_last),
		cmocka_unit_test(bytes_are_shown_in_rows_that_fit),
		cmocka_unit_test(nothing_has_no_lines),
		cmocka_unit_test(the_form_follows_the_bytes),
		cmocka_unit_test(paragraphs_break_at_blanks),
		cmocka_unit_test(an_open_line_ends_in_front_of_a_payload),
		cmocka_unit_test(it_is_laid_out_in_slices),
		cmocka_unit_test(painting_does_not_wait_for_what_is_far_away),
		cmocka_unit_test(hits_are_found_downwards_and_upwards_and_round_the_end),
		cmocka_unit_test(the_only_hit_is_found_again),
		cmocka_unit_test(hits_are_found_in_all_blocks),
		cmocka_unit_test(hits_are_marked_across_lines_and_pieces),
		cmocka_unit_test(hits_in_bytes_are_marked_in_both_columns),
		cmocka_unit_test(searching_far_away_goes_on_in_slices),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
