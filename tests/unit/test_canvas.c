/* Cells are painted, cut off and dumped; nothing foreign reaches one unescaped. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/screen/canvas.h"
#include "tui/screen/key.h"

#define BYTES(literal) ((struct span){literal, sizeof(literal) - 1})
#define WIDE "\u4f60"

static struct canvas canvas;

static int small_canvas(void **state) {
	(void)state;
	canvas_init(&canvas, 10, 3, false);
	return 0;
}

static int clear_canvas(void **state) {
	(void)state;
	canvas_clear(&canvas);
	return 0;
}

static void assert_dump(bool styles, const char *expected) {
	struct buffer out = {0};
	canvas_dump(&out, &canvas, styles);
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void text_is_painted_where_it_is_put(void **state) {
	(void)state;
	assert_int_equal(canvas_put(&canvas, 2, 1, 8, span_text("caf\u00e9"), STYLE_GOOD), 4);
	assert_dump(true, "\n  caf\u00e9\n\n---\n\n..gggg\n\n");
}

static void what_does_not_fit_ends_in_an_ellipsis(void **state) {
	(void)state;
	assert_int_equal(canvas_put(&canvas, 0, 0, 5, span_text("abcdef"), 0), 5);
	assert_int_equal(canvas_put(&canvas, 0, 1, 5, span_text("abcde"), 0), 5);
	assert_int_equal(canvas_put(&canvas, 0, 2, 1, span_text("abcde"), 0), 1);
	assert_dump(false, "abcd\u2026\nabcde\n\u2026\n");
	assert_int_equal(canvas_put(&canvas, 0, 2, 0, span_text("abcde"), 0), 0);
}

static void a_wide_character_is_never_cut_in_two(void **state) {
	(void)state;
	assert_int_equal(canvas_put(&canvas, 0, 0, 5, span_text(WIDE WIDE WIDE), 0), 5);
	assert_int_equal(canvas_put(&canvas, 0, 1, 4, span_text(WIDE WIDE WIDE), 0), 3);
	assert_int_equal(canvas_put(&canvas, 7, 2, 9, span_text("a" WIDE), 0), 3);
	assert_dump(false, WIDE WIDE "\u2026\n" WIDE "\u2026\n       a" WIDE "\n");
	assert_int_equal(canvas_put(&canvas, 9, 2, 9, span_text(WIDE), 0), 1);
	assert_dump(false, WIDE WIDE "\u2026\n" WIDE "\u2026\n       a \u2026\n");
}

static void painting_over_half_of_a_wide_character_takes_it_away(void **state) {
	(void)state;
	for (size_t y = 0; y < 3; y++) {
		canvas_put(&canvas, 0, y, 10, span_text(WIDE WIDE), 0);
	}
	canvas_put(&canvas, 1, 0, 10, span_text("x"), 0);
	canvas_put(&canvas, 2, 1, 10, span_text("x"), 0);
	canvas_put(&canvas, 1, 2, 10, span_text(WIDE), 0);
	assert_dump(false, " x" WIDE "\n" WIDE "x\n " WIDE "\n");
	assert_int_equal(canvas.cells[2 * 10 + 2].width, 0);
	assert_int_equal(canvas.cells[2 * 10 + 3].width, 1);
}

static void marks_join_the_character_before(void **state) {
	(void)state;
	assert_int_equal(canvas_put(&canvas, 0, 0, 4, span_text("cafe\u0301"), 0), 4);
	assert_int_equal(canvas_put(&canvas, 0, 1, 4, span_text(WIDE "\u0301x"), 0), 3);
	assert_int_equal(canvas.cells[3].len, 3);
	assert_int_equal(canvas.cells[10].len, 5);
	assert_dump(false, "cafe\u0301\n" WIDE "\u0301x\n\n");
}

static void a_flood_of_marks_stays_in_its_cell(void **state) {
	(void)state;
	char zalgo[4 + 40] = "\U0001d4d0";
	for (size_t i = 4; i < sizeof zalgo; i += 4) {
		memcpy(zalgo + i, "\U00010a0d", 4); /* a mark of four bytes */
	}
	canvas_put(&canvas, 0, 0, 10, (struct span){zalgo, sizeof zalgo}, 0);
	assert_int_equal(canvas.cells[0].len, CELL_BYTES);
	assert_memory_equal(canvas.cells[1].text, "\u2026", 3);
}

static void escapes_have_a_style_of_their_own(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 10, BYTES("a\x1b\nb"), STYLE_STRING);
	canvas_put(&canvas, 0, 1, 10, BYTES("\\x1b"), STYLE_STRING | STYLE_SELECTED);
	assert_dump(true, "a\\x1b\\x0ab\n\\\\x1b\n\n---\nseeeeeeees\nEESSS\n\n");
}

static void an_escape_is_never_cut_in_two(void **state) {
	(void)state;
	assert_int_equal(canvas_put(&canvas, 0, 0, 4, BYTES("a\x1b"), 0), 2);
	assert_dump(false, "a\u2026\n\n\n");
}

static void a_terminal_without_utf8_gets_ascii(void **state) {
	(void)state;
	canvas.ascii = true;
	canvas_put(&canvas, 0, 0, 10, span_text("caf\u00e9s"), 0);
	canvas_glyph(&canvas, 0, 1, "\u2713", 'v', STYLE_GOOD);
	canvas_put(&canvas, 2, 1, 3, span_text("abcd"), 0);
	canvas_line_across(&canvas, 6, 1, 3);
	canvas_line_down(&canvas, 9, 1, 9);
	assert_dump(false, "caf\\u{e9}s\nv ab~ ---|\n         |\n");
}

static void a_piece_says_how_far_it_came(void **state) {
	(void)state;
	struct span text = span_text("ab" WIDE "\u0301cdef");
	size_t used;
	assert_int_equal(canvas_put_piece(&canvas, 0, 0, 3, text, 0, &used), 2);
	assert_int_equal(used, 2);
	assert_int_equal(canvas_put_piece(&canvas, 0, 1, 4, text, 0, &used), 7);
	assert_int_equal(used, 4);
	assert_int_equal(canvas_put_piece(&canvas, 0, 2, 6, text, 0, &used), 9);
	assert_int_equal(used, 6);
	assert_dump(false, "ab\nab" WIDE "\u0301\nab" WIDE "\u0301cd\n");
	assert_int_equal(canvas_put_piece(&canvas, 0, 2, 0, text, 0, &used), 0);
	assert_int_equal(used, 0);
}

static void text_on_the_right_ends_where_it_is_told(void **state) {
	(void)state;
	assert_int_equal(canvas_put_right(&canvas, 2, 0, 6, span_text("12 s"), 0), 4);
	assert_int_equal(canvas_put_right(&canvas, 2, 1, 3, span_text("12 s"), 0), 3);
	assert_int_equal(canvas_put_right(&canvas, 8, 2, 6, span_text("12 s"), 0), 0);
	assert_dump(false, "    12 s\n  12\u2026\n\n");
}

static void words_are_printed_and_escaped_too(void **state) {
	(void)state;
	assert_int_equal(canvas_print(&canvas, 0, 0, 10, STYLE_BAD, "%d\x01%s", 7, "\x9b"), 9);
	assert_dump(true, "7\\x01\\x9b\n\n\n---\nbeeeeeeee\n\n\n");
}

static void nothing_is_painted_outside(void **state) {
	(void)state;
	struct area around = {5, 1, 100, 100}, outside = {10, 3, 5, 5};
	canvas_put(&canvas, 8, 0, 100, span_text("abc"), 0);
	canvas_put(&canvas, 10, 0, 5, span_text("abc"), 0);
	canvas_put(&canvas, 0, 3, 5, span_text("abc"), 0);
	canvas_put(&canvas, SIZE_MAX, SIZE_MAX, 5, span_text("abc"), 0);
	canvas_glyph(&canvas, 10, 0, "x", 'x', 0);
	canvas_box(&canvas, outside);
	canvas_fill(&canvas, outside, STYLE_BAD);
	canvas_add_style(&canvas, outside, STYLE_CURSOR);
	canvas_box(&canvas, around);
	canvas_add_style(&canvas, (struct area){8, 0, 100, 1}, STYLE_CURSOR);
	assert_dump(true, "        a\u2026\n     \u250c\u2500\u2500\u2500\u2500\n     \u2502\n"
					  "---\n........>>\n.....|||||\n.....|\n");
}

static void a_box_is_closed(void **state) {
	(void)state;
	canvas_box(&canvas, (struct area){1, 0, 4, 3});
	canvas_box(&canvas, (struct area){7, 0, 1, 3}); /* too small for one */
	assert_dump(false, " \u250c\u2500\u2500\u2510\n \u2502  \u2502\n \u2514\u2500\u2500\u2518\n");
}

static void marked_rows_are_seen_in_the_dump(void **state) {
	(void)state;
	canvas_put(&canvas, 1, 0, 5, span_text("good"), STYLE_GOOD);
	canvas_put(&canvas, 1, 1, 5, span_text("bad"), STYLE_BAD);
	canvas_add_style(&canvas, (struct area){0, 0, 10, 1}, STYLE_CURSOR);
	canvas_add_style(&canvas, (struct area){0, 1, 10, 1}, STYLE_SELECTED);
	canvas.cursor = true;
	canvas.cursor_x = 3;
	assert_dump(true, " good\n bad\n\n---\n>GGGG>>>>>\n*BBB******\n\ncursor 3,0\n");
}

static void a_fill_covers_what_was_there(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 10, span_text(WIDE WIDE), 0);
	canvas_fill(&canvas, (struct area){1, 0, 2, 1}, STYLE_BAR);
	assert_dump(true, "\n\n\n---\n.==\n\n\n");
}

static void another_size_is_blank(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 10, span_text("abc"), 0);
	canvas_resize(&canvas, 2, 2);
	assert_dump(false, "\n\n");
	canvas_resize(&canvas, 0, 0);
	canvas_put(&canvas, 0, 0, 10, span_text("abc"), 0);
	assert_dump(false, "");
	canvas_resize(&canvas, 100000, 100000);
	assert_int_equal(canvas.columns, CANVAS_COLUMNS_MAX);
	assert_int_equal(canvas.rows, CANVAS_ROWS_MAX);
}

static void a_long_text_costs_no_more_than_what_is_seen(void **state) {
	(void)state;
	static char huge[16 * 1024 * 1024];
	memset(huge, 'x', sizeof huge);
	for (int i = 0; i < 1000; i++) {
		canvas_put(&canvas, 0, 0, 10, (struct span){huge, sizeof huge}, 0);
		canvas_put_right(&canvas, 0, 1, 10, (struct span){huge, sizeof huge}, 0);
	}
	assert_dump(false, "xxxxxxxxx\u2026\nxxxxxxxxx\u2026\n\n");
}

static void every_style_has_a_letter_of_its_own(void **state) {
	(void)state;
	for (unsigned a = 0; a < STYLE_COUNT; a++) {
		assert_true(style_letter(a) > ' ');
		for (unsigned b = 0; b < a; b++) {
			assert_true(style_letter(a) != style_letter(b));
		}
	}
}

static void assert_key(uint32_t key, const char *expected) {
	char text[16];
	key_name(text, key);
	assert_string_equal(text, expected);
}

static void keys_are_named_as_people_write_them(void **state) {
	(void)state;
	assert_key('j', "j");
	assert_key('G', "G");
	assert_key(' ', "Space");
	assert_key(0xe9, "\u00e9");
	assert_key('f' | KEY_CTRL, "Ctrl-F");
	assert_key(KEY_PAGE_DOWN, "PgDn");
	assert_key(KEY_BACK_TAB, "Shift-Tab");
	assert_key(0x202e, "\\u{202e}");
	assert_key(KEYS_BEGIN + 999, "");
}

static void what_is_covered_leaves_no_part_of_a_word(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 10, span_text("12 345 678"), STYLE_GOOD);
	canvas_put(&canvas, 0, 1, 10, span_text("a " WIDE WIDE WIDE "bc"), 0);
	canvas_put(&canvas, 0, 2, 10, span_text("1234567890"), 0);
	canvas_cover(&canvas, (struct area){4, 0, 4, 2});
	assert_dump(false, "12\na\n1234567890\n");
	canvas_cover(&canvas, (struct area){3, 2, 70, 70});
	assert_dump(false, "12\na\n\n");
	canvas_put(&canvas, 0, 0, 10, span_text("12 345 678"), STYLE_GOOD);
	canvas_cover(&canvas, (struct area){3, 0, 3, 1});
	assert_dump(false, "12     678\na\n\n");
}

int main(void) {
#define ON_CANVAS(test) cmocka_unit_test_setup_teardown(test, small_canvas, clear_canvas)
	const struct CMUnitTest tests[] = {
		ON_CANVAS(text_is_painted_where_it_is_put),
		ON_CANVAS(what_does_not_fit_ends_in_an_ellipsis),
		ON_CANVAS(a_wide_character_is_never_cut_in_two),
		ON_CANVAS(what_is_covered_leaves_no_part_of_a_word),
		ON_CANVAS(painting_over_half_of_a_wide_character_takes_it_away),
		ON_CANVAS(marks_join_the_character_before),
		ON_CANVAS(a_flood_of_marks_stays_in_its_cell),
		ON_CANVAS(escapes_have_a_style_of_their_own),
		ON_CANVAS(an_escape_is_never_cut_in_two),
		ON_CANVAS(a_terminal_without_utf8_gets_ascii),
		ON_CANVAS(a_piece_says_how_far_it_came),
		ON_CANVAS(text_on_the_right_ends_where_it_is_told),
		ON_CANVAS(words_are_printed_and_escaped_too),
		ON_CANVAS(nothing_is_painted_outside),
		ON_CANVAS(a_box_is_closed),
		ON_CANVAS(marked_rows_are_seen_in_the_dump),
		ON_CANVAS(a_fill_covers_what_was_there),
		ON_CANVAS(another_size_is_blank),
		ON_CANVAS(a_long_text_costs_no_more_than_what_is_seen),
		cmocka_unit_test(every_style_has_a_letter_of_its_own),
		cmocka_unit_test(keys_are_named_as_people_write_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
