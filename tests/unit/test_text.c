/* Foreign bytes become printable, visibly and reversibly. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <string.h>

#include "common/text.h"
#include "tests/support/source_file.h"
#include "tests/support/unescape.h"
#include "tests/unit/unit.h"

#define BYTES(literal) ((struct span){literal, sizeof(literal) - 1})

static void assert_escaped(struct span text, unsigned flags, const char *expected) {
	struct buffer out = {0};
	text_escape(&out, text, flags);
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void assert_column(const char *text, unsigned flags, size_t columns, const char *expected) {
	struct buffer out = {0};
	text_escape_column(&out, span_text(text), flags, columns);
	assert_string_equal(buffer_text(&out), expected);
	assert_int_equal(text_width(buffer_span(&out)), columns);
	buffer_clear(&out);
}

static void honest_text_stays_as_it_is(void **state) {
	(void)state;
	static const char *const honest[] = {"", "{\"id\": 1, \"path\": \"a\\/b\\n\\u00e9\"}",
		"caf\u00e9 \u20ac \u4f60\u597d \U0001f600",
		"\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627", "cafe\u0301", "\u0915\u093f",
		"100% %n %s", "\u1112\u1161\u11ab", "C:\\dir\\"};
	for (size_t i = 0; i < sizeof honest / sizeof honest[0]; i++) {
		assert_escaped(span_text(honest[i]), TEXT_LINE, honest[i]);
	}
}

static void what_is_not_printable_becomes_visible(void **state) {
	(void)state;
	assert_escaped(BYTES("a\x1b[2J\0\r\n\t\x7f"), TEXT_LINE, "a\\x1b[2J\\x00\\x0d\\x0a\\x09\\x7f");
	assert_escaped(
		BYTES("\x9b\xff\xc0\xaf\xed\xa0\x80"), TEXT_LINE, "\\x9b\\xff\\xc0\\xaf\\xed\\xa0\\x80");
	assert_escaped(BYTES("\xc2\x9b\xe2\x80\xae\xe2\x80\x8b\xef\xbb\xbf"), TEXT_LINE,
		"\\u{9b}\\u{202e}\\u{200b}\\u{feff}");
	assert_escaped(BYTES("\xf3\xa0\x81\xa8\xef\xb8\x8f\xe2\x80\xa8"), TEXT_LINE,
		"\\u{e0068}\\u{fe0f}\\u{2028}");
	assert_escaped(BYTES("\xee\x80\x80\xcd\xb8\xe3\x85\xa4\xef\xbf\xbf"), TEXT_LINE,
		"\\u{e000}\\u{378}\\u{3164}\\u{ffff}");
}

static void a_typed_escape_differs_from_an_escaped_byte(void **state) {
	(void)state;
	assert_escaped(BYTES("\x1b"), TEXT_LINE, "\\x1b");
	assert_escaped(BYTES("\\x1b"), TEXT_LINE, "\\\\x1b");
	assert_escaped(BYTES("\\u{202e}"), TEXT_LINE, "\\\\u{202e}");
	assert_escaped(BYTES("\\\\x1b"), TEXT_LINE, "\\\\\\\\x1b");
	assert_escaped(BYTES("\\\x1b"), TEXT_LINE, "\\\\\\x1b");
	assert_escaped(BYTES("\\xyz \\u202e"), TEXT_LINE, "\\xyz \\u202e");
}

static void lines_are_kept_only_where_asked(void **state) {
	(void)state;
	assert_escaped(BYTES("a\r\nb\n\tc\td"), TEXT_KEEP_NEWLINES, "a\\x0d\nb\n    c   d");
}

static void a_terminal_without_utf8_gets_ascii(void **state) {
	(void)state;
	assert_escaped(BYTES("\xc3\xa9\xff\x1b"), TEXT_ASCII, "\\u{e9}\\xff\\x1b");
	assert_column("caf\u00e9s and more", TEXT_ASCII, 10, "caf\\u{e9}~");
}

static void marks_need_a_base_and_do_not_pile_up(void **state) {
	(void)state;
	assert_escaped(BYTES("\xcc\x81x"), TEXT_LINE, "\\u{301}x");
	assert_escaped(BYTES(" \xcc\x81"), TEXT_LINE, " \\u{301}");
	assert_escaped(BYTES("\x01\xcc\x81"), TEXT_LINE, "\\x01\\u{301}");
	assert_escaped(BYTES("e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81"), TEXT_LINE,
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\\u{301}");
}

static void a_column_is_exactly_as_wide_as_asked(void **state) {
	(void)state;
	assert_column("abc", TEXT_LINE, 5, "abc  ");
	assert_column("abcde", TEXT_LINE, 5, "abcde");
	assert_column("abcdef", TEXT_LINE, 5, "abcd\u2026");
	assert_column("\u4f60\u597d\u4f60", TEXT_LINE, 5, "\u4f60\u597d\u2026");
	assert_column("\u4f60\u597d\u4f60", TEXT_LINE, 4, "\u4f60\u2026 ");
	assert_column("ab\x1b", TEXT_LINE, 5, "ab\u2026  ");
	assert_column("ab\x1b", TEXT_LINE, 6, "ab\\x1b");
	assert_column("cafe\u0301", TEXT_LINE, 4, "cafe\u0301");
	assert_column("cafe\u0301s", TEXT_LINE, 4, "caf\u2026");
	assert_column("x", TEXT_LINE, 0, "");
	assert_column("xy", TEXT_LINE, 1, "\u2026");
	assert_column("a\nb", TEXT_KEEP_NEWLINES, 6, "a\\x0ab");
}

static void a_column_of_a_huge_text_costs_what_it_shows(void **state) {
	(void)state;
	static char huge[16 * 1024 * 1024];
	memset(huge, 'x', sizeof huge);
	struct buffer out = {0};
	for (int i = 0; i < 1000; i++) {
		buffer_reset(&out);
		text_escape_column(&out, (struct span){huge, sizeof huge}, TEXT_LINE, 20);
	}
	assert_int_equal(text_width(buffer_span(&out)), 20);
	assert_true(out.capacity <= 1024);
	buffer_clear(&out);
}

static void escapes_are_told_from_text_piece_by_piece(void **state) {
	(void)state;
	struct text_cursor cursor;
	struct text_piece piece;
	text_begin(&cursor, BYTES("ab\x1b\xe4\xbd\xa0"), TEXT_LINE);
	assert_true(text_next(&cursor, &piece));
	assert_true(span_is(piece.text, "ab") && !piece.is_escape && piece.columns == 2);
	assert_true(text_next(&cursor, &piece));
	assert_true(span_is(piece.text, "\\x1b") && piece.is_escape && piece.columns == 4);
	assert_true(span_is(piece.source, "\x1b"));
	assert_true(text_next(&cursor, &piece));
	assert_true(span_is(piece.text, "\xe4\xbd\xa0") && !piece.is_escape && piece.columns == 2);
	assert_false(text_next(&cursor, &piece));
}

static void utf8_is_told_from_what_only_looks_like_it(void **state) {
	(void)state;
	assert_true(text_is_utf8(BYTES("a\0\xc3\xa9\xf4\x8f\xbf\xbf")));
	assert_false(text_is_utf8(BYTES("\xc0\xaf")));
	assert_false(text_is_utf8(BYTES("\xed\xa0\x80")));
	assert_false(text_is_utf8(BYTES("\xf4\x90\x80\x80")));
	assert_false(text_is_utf8(BYTES("\xe2\x82")));
}

static bool contains(struct span text, struct span part) {
	for (; part.len <= text.len; text = span_after(text, 1)) {
		if (span_starts_with(text, part)) {
			return true;
		}
		if (text.len == 0) {
			break;
		}
	}
	return false;
}

static struct span from_hex(const char *hex, char *bytes) {
	size_t len = strlen(hex) / 2;
	for (size_t i = 0; i < len; i++) {
		unsigned byte;
		sscanf(hex + 2 * i, "%2x", &byte);
		bytes[i] = (char)byte;
	}
	return (struct span){bytes, len};
}

static void assert_harmless(const cJSON *item, struct span payload, unsigned flags) {
	struct buffer out = {0};
	const cJSON *one;
	char bytes[256];
	text_escape(&out, payload, flags);
	cJSON_ArrayForEach(one, cJSON_GetObjectItem(item, "show")) {
		assert_true(contains(buffer_span(&out), span_text(cJSON_GetStringValue(one))));
	}
	cJSON_ArrayForEach(one, cJSON_GetObjectItem(item, "forbid_hex")) {
		assert_false(contains(buffer_span(&out), from_hex(cJSON_GetStringValue(one), bytes)));
	}
	if (flags != TEXT_KEEP_NEWLINES) {
		struct buffer back = {0};
		unescape(&back, buffer_span(&out));
		assert_true(span_equal(buffer_span(&back), payload));
		buffer_clear(&back);
	}
	buffer_clear(&out);
}

static void hostile_payloads_are_shown_and_do_nothing(void **state) {
	(void)state;
	struct buffer manifest = {0}, payload = {0};
	source_file(&manifest, "tests/torture/terminal/manifest.json");
	cJSON *root = cJSON_ParseWithLength(manifest.data, manifest.len);
	const cJSON *item;
	cJSON_ArrayForEach(item, cJSON_GetObjectItem(root, "cases")) {
		char path[256];
		snprintf(path, sizeof path, "tests/torture/terminal/%s",
			cJSON_GetStringValue(cJSON_GetObjectItem(item, "file")));
		buffer_reset(&payload);
		source_file(&payload, path);
		assert_harmless(item, buffer_span(&payload), TEXT_LINE);
		assert_harmless(item, buffer_span(&payload), TEXT_ASCII);
		assert_harmless(item, buffer_span(&payload), TEXT_KEEP_NEWLINES);
	}
	assert_true(cJSON_GetArraySize(cJSON_GetObjectItem(root, "cases")) > 30);
	cJSON_Delete(root);
	buffer_clear(&manifest);
	buffer_clear(&payload);
}

static void the_nearest_name_is_found_if_it_is_near(void **state) {
	(void)state;
	static const char *const names[] = {"listen", "list", "postpress", "provider", "id"};
	size_t count = sizeof names / sizeof names[0];
	assert_string_equal(text_nearest("postpres", names, count), "postpress");
	assert_string_equal(text_nearest("lisen", names, count), "listen");
	assert_string_equal(text_nearest("lsit", names, count), "list");
	assert_string_equal(text_nearest("LIST", names, count), "list");
	assert_null(text_nearest("banana", names, count));
	assert_null(text_nearest("x", names, count));
	assert_null(text_nearest("", names, count));
	static char endless[1000];
	memset(endless, 'x', sizeof endless - 1);
	assert_null(text_nearest(endless, names, count));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(honest_text_stays_as_it_is),
		cmocka_unit_test(what_is_not_printable_becomes_visible),
		cmocka_unit_test(a_typed_escape_differs_from_an_escaped_byte),
		cmocka_unit_test(lines_are_kept_only_where_asked),
		cmocka_unit_test(a_terminal_without_utf8_gets_ascii),
		cmocka_unit_test(marks_need_a_base_and_do_not_pile_up),
		cmocka_unit_test(a_column_is_exactly_as_wide_as_asked),
		cmocka_unit_test(a_column_of_a_huge_text_costs_what_it_shows),
		cmocka_unit_test(escapes_are_told_from_text_piece_by_piece),
		cmocka_unit_test(utf8_is_told_from_what_only_looks_like_it),
		cmocka_unit_test(hostile_payloads_are_shown_and_do_nothing),
		cmocka_unit_test(the_nearest_name_is_found_if_it_is_near),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
