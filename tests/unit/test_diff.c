/* What differs between two bodies or heads, and how it is told. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tui/diff/diff.h"
#include "tui/diff/spelling.h"

/* A row as "~ .path old -> new"; signs as diff_append_sign has them. */
static void append_row(struct buffer *out, const struct diff_row *row) {
	static const char signs[] = {' ', '~', '=', '+', '-', '>', '@'};
	buffer_append_byte(out, signs[row->mark]);
	const struct span parts[] = {row->place, row->old, row->new};
	for (size_t i = 0; i < 3; i++) {
		if (parts[i].data) {
			buffer_append_byte(out, i == 2 && row->old.data ? '|' : ' ');
			buffer_append_span(out, parts[i]);
		}
	}
	buffer_append_byte(out, '\n');
}

static struct buffer done(enum diff_kind kind, struct span old, struct span new,
	const struct ignore *ignore, size_t budget) {
	struct buffer out = {0};
	size_t count;
	struct diff *diff = diff_new(kind, old, new, ignore);
	while (!diff_step(diff, budget)) {
		/* a slice at a time */
	}
	const struct diff_row *rows = diff_rows(diff, &count);
	for (size_t i = 0; i < count; i++) {
		append_row(&out, &rows[i]);
	}
	diff_append_summary(&out, diff);
	if (diff_note(diff).len > 0) {
		buffer_append_text(&out, "; ");
		buffer_append_span(&out, diff_note(diff));
	}
	diff_free(diff);
	return out;
}

/* Whatever the slices are, the outcome is the same. */
static void differ_but(enum diff_kind kind, const struct ignore *ignore, const char *old,
	const char *new, const char *wanted) {
	static const size_t budgets[] = {1, 7, 1 << 20};
	for (size_t i = 0; i < 3; i++) {
		struct buffer out = done(kind, span_text(old), span_text(new), ignore, budgets[i]);
		assert_string_equal(buffer_text(&out), wanted);
		buffer_clear(&out);
	}
}

static void differ(enum diff_kind kind, const char *old, const char *new, const char *wanted) {
	differ_but(kind, NULL, old, new, wanted);
}

/* --- by structure --- */

static void members_are_compared_by_name(void **state) {
	(void)state;
	differ(DIFF_JSON, "{\"a\":1,\"b\":{\"c\":true},\"d\":[]}",
		"{\"b\":{\"c\":false},\"e\":null,\"a\":1}",
		"~ .b.c true|false\n- .d []\n+ .e null\n1 changed, 1 added, 1 removed");
	differ(DIFF_JSON, "{\"a\": 1, \"b\": 2}", "{\"b\":2,\"a\":1}", "the same");
	differ(DIFF_JSON, "{\"a b\":1,\"\":2}", "{\"a b\":2,\"\":3}",
		"~ [\"a b\"] 1|2\n~ [\"\"] 2|3\n2 changed");
	differ(DIFF_JSON, "{\"a\":{}}", "{\"a\":[]}", "~ .a {}|[]\n1 changed");
	differ(DIFF_JSON, "1", "2", "~ . 1|2\n1 changed");
}

static void repeated_names_go_one_with_the_other(void **state) {
	(void)state;
	differ(DIFF_JSON, "{\"a\":1,\"a\":2}", "{\"a\":1,\"a\":3,\"a\":4}",
		"~ .a 2|3\n+ .a 4\n1 changed, 1 added");
}

static void names_may_be_spelled_with_escapes(void **state) {
	(void)state;
	differ(DIFF_JSON, "{\"x\":0,\"\\u0061\":1}", "{\"a\":2,\"x\":0}",
		"~ [\"\\u0061\"] 1|2\n1 changed");
}

static void other_spellings_of_a_value_are_said_to_be_that(void **state) {
	(void)state;
	differ(DIFF_JSON, "[1.0,1e2,-0,\"\\u0041\",9007199254740993]",
		"[1,100,0,\"A\",9007199254740992]",
		"= [0] 1.0|1\n= [1] 1e2|100\n= [2] -0|0\n= [3] \"\\u0041\"|\"A\"\n"
		"~ [4] 9007199254740993|9007199254740992\n1 changed, 4 spelled differently");
}

static void elements_go_with_those_that_mean_the_same(void **state) {
	(void)state;
	differ(DIFF_JSON, "[1,2,3,4]", "[0,1,2,4,5]", "+ [0] 0\n- [2] 3\n+ [4] 5\n2 added, 1 removed");
	differ(DIFF_JSON, "[{\"a\":1},{\"a\":2,\"b\":0}]", "[{\"a\":1},{\"b\":0,\"a\":3}]",
		"~ [1].a 2|3\n1 changed");
}

static void elements_with_an_id_go_with_their_own(void **state) {
	(void)state;
	differ(DIFF_JSON, "{\"items\":[{\"id\":7,\"n\":1},{\"id\":8,\"n\":1},{\"id\":9,\"n\":1}]}",
		"{\"items\":[{\"id\":9,\"n\":2},{\"id\":7,\"n\":1},{\"id\":5,\"n\":1}]}",
		"> .items[0] [0]|[1]\n- .items[1] {\"id\":8,\"n\":1}\n~ .items[2].n 1|2\n"
		"+ .items[2] {\"id\":5,\"n\":1}\n1 changed, 1 added, 1 removed, 1 moved");
	differ(DIFF_JSON, "[{\"id\":\"a\",\"n\":1}]", "[{\"id\":\"b\",\"n\":1}]",
		"~ [0].id \"a\"|\"b\"\n1 changed");
}

static void what_is_left_out_is_counted(void **state) {
	(void)state;
	struct ignore ignore = {0};
	struct error err = {0};
	assert_true(ignore_add(&ignore, span_text(".items[*].price"), &err));
	assert_true(ignore_add(&ignore, span_text("*_at"), &err));
	assert_false(ignore_add(&ignore, span_text(" "), &err));
	differ_but(DIFF_JSON, &ignore, "{\"made_at\":1,\"items\":[{\"price\":1,\"n\":1}]}",
		"{\"made_at\":2,\"items\":[{\"price\":{\"x\":2},\"n\":2}]}",
		"~ .items[0].n 1|2\n1 changed, 2 left out");
	differ_but(DIFF_JSON, &ignore, "{\"made_at\":1}", "{}", "the same but for 1 left out");
	ignore_clear(&ignore);
}

static void the_usual_ones_are_ids_and_times(void **state) {
	(void)state;
	struct ignore ignore = {.usual = true};
	differ_but(DIFF_JSON, &ignore, "{\"id\":1,\"created_at\":1,\"orderId\":3,\"paid\":1}",
		"{\"id\":2,\"created_at\":2,\"orderId\":4,\"paid\":2}",
		"~ .paid 1|2\n1 changed, 3 left out");
	differ_but(DIFF_HEADERS, &ignore,
		"POST / HTTP/1.1\r\nDate: a\r\nX-Acme-Signature-256: 1\r\nA: 1\r\n",
		"POST / HTTP/1.1\r\nDate: b\r\nX-Acme-Signature-256: 2\r\nA: 2\r\n",
		"~ A 1|2\n1 changed, 2 left out");
	ignore_clear(&ignore);
}

static void what_is_no_json_is_compared_by_line(void **state) {
	(void)state;
	differ(DIFF_JSON, "{\"a\":1}", "{\"a\":",
		"@ line 1\n- {\"a\":1}\n+ {\"a\":\n1 added, 1 removed; "
		"The new one is no JSON from byte 5 on: compared by line.");
}

static void deep_nesting_does_not_recurse(void **state) {
	(void)state;
	char old[1200] = "", new[1200] = "";
	memset(old, '[', 500);
	memset(new, '[', 500);
	old[500] = '1';
	new[500] = '2';
	memset(old + 501, ']', 500);
	memset(new + 501, ']', 500);
	struct buffer out = done(DIFF_JSON, span_text(old), span_text(new), NULL, 100);
	assert_non_null(strstr(buffer_text(&out), "[0] 1|2\n1 changed"));
	buffer_clear(&out);
}

/* --- by line --- */

static void lines_are_shown_with_three_around(void **state) {
	(void)state;
	differ(DIFF_LINES, "1\n2\n3\n4\n5\n6\n7\n8\n9\n", "1\n2\n3\n4\nX\n6\n7\n8\n9\n",
		"@ line 2\n  2|2\n  3|3\n  4|4\n- 5\n+ X\n  6|6\n  7|7\n  8|8\n1 added, 1 removed");
	differ(DIFF_LINES, "a\nb\n", "a\nb\n", "the same");
	differ(DIFF_LINES, "", "a\n", "@ line 1\n+ a\n1 added");
}

static void runs_far_apart_have_headings_of_their_own(void **state) {
	(void)state;
	differ(DIFF_LINES, "a\n1\n2\n3\n4\n5\n6\n7\n8\nb", "A\nnew\n1\n2\n3\n4\n5\n6\n7\n8\nB",
		"@ line 1\n- a\n+ A\n+ new\n  1|1\n  2|2\n  3|3\n"
		"@ line 7, now 8\n  6|6\n  7|7\n  8|8\n- b\n+ B\n"
		"3 added, 2 removed");
}

static void a_line_end_at_the_end_counts(void **state) {
	(void)state;
	differ(DIFF_LINES, "a\nb\n", "a\nb", "1 changed; Only the old one ends with a line end.");
}

static void few_lines_are_left_over(void **state) {
	(void)state;
	struct buffer old = {0}, new = {0};
	for (int i = 0; i < 3000; i++) {
		buffer_printf(&old, "%d\n", i);
		if (i % 7 != 0) {
			buffer_printf(&new, "%d\n%s", i, i % 11 == 0 ? "more\n" : "");
		}
	}
	struct diff *diff = diff_new(DIFF_LINES, buffer_span(&old), buffer_span(&new), NULL);
	while (!diff_step(diff, 1000)) {
		/* on */
	}
	assert_int_equal(diff_count(diff, DIFF_REMOVED), 429);
	assert_int_equal(diff_count(diff, DIFF_ADDED), 234);
	assert_int_equal(diff_note(diff).len, 0);
	diff_free(diff);
	buffer_clear(&old);
	buffer_clear(&new);
}

/* --- by byte --- */

static void bytes_are_shown_where_they_differ(void **state) {
	(void)state;
	differ(DIFF_BYTES, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
		"0123456789abcdef0123456789abcdef0123X56789abcdef0123456789abcdef",
		"@ first difference at byte 36\n  00000010 0123456789abcdef|0123456789abcdef\n"
		"~ 00000020 0123456789abcdef|0123X56789abcdef\n"
		"  00000030 0123456789abcdef|0123456789abcdef\n1 changed");
	differ(DIFF_BYTES, "same", "same", "the same");
	differ(DIFF_BYTES, "abcxyz", "abc-xyz",
		"@ first difference at byte 3\n~ 00000000 abcxyz|abc-xyz\n1 changed; "
		"6 and 7 bytes: behind the first difference bytes stand elsewhere. "
		"The last 3 bytes are the same.");
}

static void bytes_are_told_in_hex(void **state) {
	(void)state;
	struct buffer out = {0};
	diff_append_hex(&out, (struct span){"A\0\x1b", 3});
	assert_string_equal(
		buffer_text(&out), "41 00 1b                                         |A..|");
	buffer_clear(&out);
}

/* --- headers --- */

static void headers_are_compared_by_name_and_order(void **state) {
	(void)state;
	differ(DIFF_HEADERS, "POST /a HTTP/1.1\r\nHost: x\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n",
		"POST /b HTTP/1.1\r\nHost: x\r\nB: 2\r\nc: 3\r\nA: 1\r\nD: 4\r\n\r\n",
		"~ first line POST /a HTTP/1.1|POST /b HTTP/1.1\n= C C|c\n+ D 4\n> A line 3|line 5\n"
		"1 changed, 1 spelled differently, 1 added, 1 moved");
	differ(DIFF_HEADERS, "GET / HTTP/1.1\r\nA: 1\r\nA: 2\r\n", "GET / HTTP/1.1\r\nA: 1\r\nA: 3\r\n",
		"~ A 2|3\n1 changed");
	differ(DIFF_HEADERS, "", "", "the same");
}

/* --- kinds, spellings, limits --- */

static void kinds_are_chosen_by_how_texts_begin(void **state) {
	(void)state;
	assert_int_equal(diff_kind_for(span_text(" {"), span_text("[1]")), DIFF_JSON);
	assert_int_equal(diff_kind_for(span_text("{"), span_text("a=b")), DIFF_LINES);
	assert_int_equal(diff_kind_for(span_text(""), span_text("\xff\xfe")), DIFF_BYTES);
	assert_int_equal(diff_kind_for((struct span){"a\0b", 3}, span_text("a")), DIFF_BYTES);
}

static void number_is(const char *number, const char *wanted) {
	struct buffer out = {0};
	spelling_of_number(&out, span_text(number));
	assert_string_equal(buffer_text(&out), wanted);
	buffer_clear(&out);
}

static void spellings_of_a_number_are_one(void **state) {
	(void)state;
	number_is("100", "1e2");
	number_is("1e2", "1e2");
	number_is("100.00", "1e2");
	number_is("1E+02", "1e2");
	number_is("-0.0", "0");
	number_is("0.10", "1e-1");
	number_is("12.5", "125e-1");
	number_is("-9007199254740993", "-9007199254740993");
	number_is("1e99999999999999999999", "1e9999999999999");
}

static void values_are_shown_on_one_line(void **state) {
	(void)state;
	struct buffer out = {0};
	spelling_append_value(&out, span_text("{ \"a\" :\n [1, \"\\u00e9\"] }"), false, 100);
	assert_string_equal(buffer_text(&out), "{\"a\": [1, \"\xc3\xa9\"]}");
	buffer_reset(&out);
	spelling_append_value(&out, span_text("\"\\u00e9\""), true, 100);
	assert_string_equal(buffer_text(&out), "\"\\u00e9\"");
	buffer_reset(&out);
	spelling_append_value(&out, span_text("[1,2,3,4,5,6,7]"), false, 8);
	assert_string_equal(buffer_text(&out), "[1, 2, 3...");
	buffer_clear(&out);
}

static void only_so_many_rows_are_kept(void **state) {
	(void)state;
	struct buffer old = {0}, new = {0};
	for (int i = 0; i < 6000; i++) {
		buffer_printf(&old, "%c\"k%d\":1", i > 0 ? ',' : '{', i);
		buffer_printf(&new, "%c\"k%d\":2", i > 0 ? ',' : '{', i);
	}
	buffer_append_byte(&old, '}');
	buffer_append_byte(&new, '}');
	struct diff *diff = diff_new(DIFF_JSON, buffer_span(&old), buffer_span(&new), NULL);
	size_t count;
	while (!diff_step(diff, 100000)) {
		/* on */
	}
	diff_rows(diff, &count);
	assert_int_equal(count, DIFF_ROWS_MAX);
	assert_int_equal(diff_count(diff, DIFF_CHANGED), 6000);
	assert_int_equal(diff_note(diff).len > 0, true);
	diff_free(diff);
	buffer_clear(&old);
	buffer_clear(&new);
}

/* A string of a MiB of `piece`, and what ends it. */
static void make_long(struct buffer *out, const char *piece, const char *end) {
	buffer_append_text(out, "{\"a\":\"");
	while (out->len < 1024 * 1024) {
		buffer_append_text(out, piece);
	}
	buffer_append_text(out, end);
}

/* A slice looks through no more of one long string than of many short ones; and two that begin the same are told apart. */
static void a_long_string_is_compared_in_slices(void **state) {
	(void)state;
	struct buffer old = {0}, new = {0};
	size_t slices = 1;
	make_long(&old, "xy", "1\"}");
	make_long(&new, "xy", "2\"}");
	struct diff *diff = diff_new(DIFF_JSON, buffer_span(&old), buffer_span(&new), NULL);
	for (; !diff_step(diff, 65536); slices++) {
	}
	assert_in_range(slices, 2 * 16, 3 * 16);
	assert_int_equal(diff_count(diff, DIFF_CHANGED), 1);
	diff_free(diff);
	buffer_clear(&old);
	buffer_clear(&new);
}

static void a_long_string_may_be_spelled_in_two_ways(void **state) {
	(void)state;
	struct buffer old = {0}, new = {0}, other = {0};
	make_long(&old, "AAAAAA", "\"}");
	for (size_t i = 0; i < old.len; i++) {
		bool letter = old.data[i] == 'A' && i % 3 == 0;
		buffer_append_text(&new, letter ? "\\u0041" : (char[]){old.data[i], '\0'});
	}
	buffer_append_span(&other, buffer_span(&new));
	other.data[other.len - 3] = 'B';
	struct buffer told = done(DIFF_JSON, buffer_span(&old), buffer_span(&new), NULL, 65536);
	assert_non_null(strstr(buffer_text(&told), "1 spelled differently"));
	buffer_clear(&told);
	told = done(DIFF_JSON, buffer_span(&old), buffer_span(&other), NULL, 65536);
	assert_non_null(strstr(buffer_text(&told), "1 changed"));
	buffer_clear(&told);
	buffer_clear(&old);
	buffer_clear(&new);
	buffer_clear(&other);
}

/* Of long lines the ends are looked at to find what belongs together: what they are is compared all the same. */
static void long_lines_are_told_apart(void **state) {
	(void)state;
	struct buffer old = {0}, new = {0};
	make_long(&old, "x", "\"}\nsame\n");
	make_long(&new, "x", "\"}\nsame\n");
	new.data[new.len / 2] = 'y';
	struct buffer told = done(DIFF_LINES, buffer_span(&old), buffer_span(&new), NULL, 65536);
	assert_non_null(strstr(buffer_text(&told), "1 added, 1 removed"));
	buffer_clear(&told);
	buffer_clear(&old);
	buffer_clear(&new);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_long_string_is_compared_in_slices),
		cmocka_unit_test(a_long_string_may_be_spelled_in_two_ways),
		cmocka_unit_test(long_lines_are_told_apart),
		cmocka_unit_test(members_are_compared_by_name),
		cmocka_unit_test(repeated_names_go_one_with_the_other),
		cmocka_unit_test(names_may_be_spelled_with_escapes),
		cmocka_unit_test(other_spellings_of_a_value_are_said_to_be_that),
		cmocka_unit_test(elements_go_with_those_that_mean_the_same),
		cmocka_unit_test(elements_with_an_id_go_with_their_own),
		cmocka_unit_test(what_is_left_out_is_counted),
		cmocka_unit_test(the_usual_ones_are_ids_and_times),
		cmocka_unit_test(what_is_no_json_is_compared_by_line),
		cmocka_unit_test(deep_nesting_does_not_recurse),
		cmocka_unit_test(lines_are_shown_with_three_around),
		cmocka_unit_test(runs_far_apart_have_headings_of_their_own),
		cmocka_unit_test(a_line_end_at_the_end_counts),
		cmocka_unit_test(few_lines_are_left_over),
		cmocka_unit_test(bytes_are_shown_where_they_differ),
		cmocka_unit_test(bytes_are_told_in_hex),
		cmocka_unit_test(headers_are_compared_by_name_and_order),
		cmocka_unit_test(kinds_are_chosen_by_how_texts_begin),
		cmocka_unit_test(spellings_of_a_number_are_one),
		cmocka_unit_test(values_are_shown_on_one_line),
		cmocka_unit_test(only_so_many_rows_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
