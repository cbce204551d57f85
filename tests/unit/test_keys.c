/* Bytes of a terminal become keys, clicks and pasted text; what is not known becomes nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/term/keys.h"

static struct keys keys;
static struct buffer told;

static int begin(void **state) {
	(void)state;
	keys = (struct keys){0};
	return 0;
}

static int end(void **state) {
	(void)state;
	keys_clear(&keys);
	buffer_clear(&told);
	return 0;
}

static void tell(const struct input *input) {
	static const char *const mice[] = {
		"click", "double", "wheel-up", "wheel-down", "drag", "release"};
	char name[16];
	buffer_append_text(&told, told.len > 0 ? " " : "");
	if (input->kind == INPUT_KEY) {
		key_name(name, input->key);
		buffer_append_text(&told, name);
	} else if (input->kind == INPUT_MOUSE) {
		buffer_printf(&told, "%s@%zu,%zu", mice[input->mouse.what], input->mouse.x, input->mouse.y);
	} else {
		buffer_printf(&told, "paste(%.*s)", (int)input->text.len, input->text.data);
	}
}

static void feed_at(int64_t now_ms, const char *bytes, size_t len) {
	struct input input;
	struct span rest = {bytes, len};
	while (keys_next(&keys, &rest, now_ms, &input)) {
		tell(&input);
	}
}
#define FEED_AT(now_ms, literal) feed_at(now_ms, literal, sizeof(literal) - 1)

static void silence_until(int64_t now_ms) {
	struct input input;
	if (keys_timeout(&keys, now_ms, &input)) {
		tell(&input);
	}
}

static void assert_told(const char *expected) {
	assert_string_equal(buffer_text(&told), expected);
	buffer_reset(&told);
}

/* At once, and byte by byte: the outcome is the same. */
static void assert_keys(const char *bytes, size_t len, const char *expected) {
	feed_at(1000, bytes, len);
	assert_told(expected);
	keys_clear(&keys);
	for (size_t i = 0; i < len; i++) {
		feed_at(1000, bytes + i, 1);
	}
	assert_told(expected);
	keys_clear(&keys);
}
#define ASSERT_KEYS(literal, expected) assert_keys(literal, sizeof(literal) - 1, expected)

static void typed_characters_are_keys(void **state) {
	(void)state;
	ASSERT_KEYS("jG ?", "j G Space ?");
	ASSERT_KEYS("\u00e9\u4f60\U0001f600", "\u00e9 \u4f60 \U0001f600");
	ASSERT_KEYS("\r\n\t\b\x7f", "Enter Enter Tab Backspace Backspace");
	ASSERT_KEYS("\x03\x1a\x1c\x1f", "Ctrl-C Ctrl-Z Ctrl-\\ Ctrl-_");
}

static void bytes_that_are_no_characters_are_nothing(void **state) {
	(void)state;
	ASSERT_KEYS("a\xff\xc0\xaf\xed\xa0\x80\xf4\x90\x80\x80\xf8z", "a z");
	ASSERT_KEYS("\xc3j\xe2\x82k", "j k");
	ASSERT_KEYS("\xc2\x9bq", "q");
}

static void keys_with_names_are_known_in_all_their_spellings(void **state) {
	(void)state;
	ASSERT_KEYS("\x1b[A\x1b[B\x1b[C\x1b[D", "Up Down Right Left");
	ASSERT_KEYS("\x1bOA\x1bOB\x1bOC\x1bOD", "Up Down Right Left");
	ASSERT_KEYS("\x1b[H\x1b[1~\x1b[7~\x1bOH", "Home Home Home Home");
	ASSERT_KEYS("\x1b[F\x1b[4~\x1b[8~\x1bOF", "End End End End");
	ASSERT_KEYS("\x1b[5~\x1b[6~\x1b[3~\x1b[Z", "PgUp PgDn Del Shift-Tab");
	ASSERT_KEYS("\x1b[1;5A\x1b[5;2~\x9b"
				"B",
		"Up PgUp Down");
	ASSERT_KEYS("\x1bOM\x1bOp\x1bOk", "Enter 0 +");
}

static void an_escape_alone_is_a_key_after_a_while(void **state) {
	(void)state;
	FEED_AT(1000, "\x1b");
	assert_int_equal(keys_wait_ms(&keys, 1000), KEYS_ESCAPE_MS);
	silence_until(1024);
	assert_told("");
	silence_until(1025);
	assert_told("Esc");
	assert_int_equal(keys_wait_ms(&keys, 1025), -1);
	ASSERT_KEYS("\x1b\x1b[A", "Esc Up");
}

static void a_sequence_torn_by_a_slow_line_is_no_keys(void **state) {
	(void)state;
	FEED_AT(1000, "\x1b");
	silence_until(1025);
	FEED_AT(1200, "[6~");
	assert_told("Esc PgDn");
	FEED_AT(2000, "\x1b");
	silence_until(2025);
	FEED_AT(2200, "["); /* pressed by a hand */
	FEED_AT(2300, "O");
	assert_told("Esc [ O");
}

static void sequences_that_are_not_known_mean_nothing(void **state) {
	(void)state;
	ASSERT_KEYS("\x1b[24;80R\x1b[?1;2c\x1b[I\x1b[O\x1b[99~\x1b[1;2P\x1b[201~z", "z");
	ASSERT_KEYS("\x1bOP\x1bOS\x1b[15~\x1b[[A\x1b[27;5;113~\x1b[113;5uz", "z");
	ASSERT_KEYS("\x1bq\x1b\r\x1b\xe2\x82\x9bqz", "q z"); /* Alt and a key */
	ASSERT_KEYS("\x1b]52;c;cXF4\x07\x1b]11;rgb:q/q/q\x1b\\\x1bP1+rq\x1b\\\x1b_q\x1b\\z", "z");
	char longest[5000];
	memset(longest, '1', sizeof longest);
	memcpy(longest, "\x1b[", 2);
	memcpy(longest + sizeof longest - 2, "Az", 2);
	assert_keys(longest, sizeof longest, "z");
}

static void a_sequence_that_stops_is_given_up(void **state) {
	(void)state;
	FEED_AT(1000, "\x1b[1;");
	assert_int_equal(keys_wait_ms(&keys, 1400), KEYS_SEQUENCE_MS - 400);
	silence_until(2000);
	FEED_AT(2000, "q");
	FEED_AT(2100, "\x1b]q");
	silence_until(3100);
	FEED_AT(3100, "q");
	assert_told("q q");
}

static void clicks_and_the_wheel_tell_their_cell(void **state) {
	(void)state;
	ASSERT_KEYS("\x1b[<0;10;5M\x1b[<0;10;5m\x1b[<64;1;1M\x1b[<65;300;200M",
		"click@9,4 release@9,4 wheel-up@0,0 wheel-down@299,199");
	ASSERT_KEYS("\x1b[<2;1;1M\x1b[<35;1;1M\x1b[<66;1;1M\x1b[<0;0;1M\x1b[<M\x1b[<;;M", "");
	ASSERT_KEYS("\x1b[M !!\x1b[M`\"#", "click@0,0 wheel-up@1,2");
}

static void a_button_that_is_held_drags_until_it_is_let_go(void **state) {
	(void)state;
	ASSERT_KEYS("\x1b[<0;3;3M\x1b[<32;5;3M\x1b[<0;6;3m", "click@2,2 drag@4,2 release@5,2");
	ASSERT_KEYS("\x1b[M@##", "drag@2,2");
	ASSERT_KEYS("\x1b[M###", "release@2,2");
}

static void the_second_click_on_a_cell_is_a_double_click(void **state) {
	(void)state;
	FEED_AT(1000, "\x1b[<0;3;3M\x1b[<0;3;3m");
	FEED_AT(1200, "\x1b[<0;3;3M\x1b[<0;3;3m");
	FEED_AT(1300, "\x1b[<0;3;3M");
	assert_told("click@2,2 release@2,2 double@2,2 release@2,2 click@2,2");
	FEED_AT(2000, "\x1b[<0;3;3M");
	FEED_AT(2100, "\x1b[<0;3;4M");
	assert_told("click@2,2 click@2,3");
}

static void pasted_text_is_text_whatever_it_holds(void **state) {
	(void)state;
	ASSERT_KEYS("\x1b[200~q\x1b[A\x1b[201\x1b\x1b[201~z", "paste(q\x1b[A\x1b[201\x1b) z");
	ASSERT_KEYS("\x1b[200~a\rb\x1b[201~", "paste(a\nb)");
	ASSERT_KEYS("\x1b[200~\x1b[201~", "paste()");
}

static void a_huge_paste_is_cut_and_none_of_it_becomes_keys(void **state) {
	(void)state;
	static char huge[10 * 1024 * 1024];
	struct input input;
	memset(huge, 'q', sizeof huge);
	FEED_AT(1000, "\x1b[200~");
	for (size_t at = 0; at < sizeof huge; at += 4096) {
		feed_at(1000, huge + at, 4096);
	}
	struct span rest = span_text("\x1b[201~");
	assert_true(keys_next(&keys, &rest, 1000, &input));
	assert_int_equal(input.text.len, KEYS_PASTE_MAX);
	assert_told("");
}

static void a_paste_that_never_ends_is_ended(void **state) {
	(void)state;
	FEED_AT(1000, "\x1b[200~ab");
	FEED_AT(4000, "c");
	assert_int_equal(keys_wait_ms(&keys, 4000), KEYS_PASTE_MS);
	silence_until(8999);
	assert_told("");
	silence_until(9000);
	FEED_AT(9000, "q");
	assert_told("paste(abc) q");
}

int main(void) {
#define KEYS_TEST(test) cmocka_unit_test_setup_teardown(test, begin, end)
	const struct CMUnitTest tests[] = {
		KEYS_TEST(typed_characters_are_keys),
		KEYS_TEST(bytes_that_are_no_characters_are_nothing),
		KEYS_TEST(keys_with_names_are_known_in_all_their_spellings),
		KEYS_TEST(an_escape_alone_is_a_key_after_a_while),
		KEYS_TEST(a_sequence_torn_by_a_slow_line_is_no_keys),
		KEYS_TEST(sequences_that_are_not_known_mean_nothing),
		KEYS_TEST(a_sequence_that_stops_is_given_up),
		KEYS_TEST(clicks_and_the_wheel_tell_their_cell),
		KEYS_TEST(a_button_that_is_held_drags_until_it_is_let_go),
		KEYS_TEST(the_second_click_on_a_cell_is_a_double_click),
		KEYS_TEST(pasted_text_is_text_whatever_it_holds),
		KEYS_TEST(a_huge_paste_is_cut_and_none_of_it_becomes_keys),
		KEYS_TEST(a_paste_that_never_ends_is_ended),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
