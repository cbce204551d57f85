/* What a terminal is sent to show a canvas: only what changed, nothing that is not understood, everything given back. */
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/term/painter.h"

static struct painter *painter;
static struct canvas canvas;
static struct buffer out;

static int open_painter(void **state) {
	(void)state;
	struct error err = {0};
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TERM", "xterm-256color", 1);
	painter = painter_new(40, 10, true, &err);
	canvas_init(&canvas, 40, 10, false);
	return painter ? 0 : -1;
}

static int close_painter(void **state) {
	(void)state;
	painter_free(painter);
	canvas_clear(&canvas);
	buffer_clear(&out);
	return 0;
}

static const char *paint(void) {
	buffer_reset(&out);
	painter_paint(painter, &canvas, &out);
	return buffer_text(&out);
}

static void the_first_frame_takes_the_terminal_over(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 40, span_text("first"), STYLE_GOOD);
	const char *sent = paint();
	assert_non_null(strstr(sent, "\x1b[?1049h"));
	assert_non_null(strstr(sent, "first"));
}

static void only_what_changed_is_sent(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 40, span_text("first"), 0);
	canvas_put(&canvas, 0, 1, 40, span_text("second"), 0);
	paint();
	assert_string_equal(paint(), "");
	canvas_put(&canvas, 3, 1, 40, span_text("X"), 0);
	const char *sent = paint();
	assert_null(strstr(sent, "first"));
	assert_non_null(strstr(sent, "X"));
	assert_true(strlen(sent) < 20);
}

static void a_redraw_sends_everything(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 40, span_text("first"), 0);
	paint();
	painter_redraw(painter);
	assert_non_null(strstr(paint(), "first"));
	painter_resize(painter, 20, 5);
	canvas_resize(&canvas, 20, 5);
	canvas_put(&canvas, 0, 0, 40, span_text("second"), 0);
	assert_non_null(strstr(paint(), "second"));
}

static void wide_characters_and_marks_are_sent_as_they_are(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 40, span_text("\u4f60\u597d e\u0301\u0323 \u05e9"), 0);
	assert_non_null(strstr(paint(), "\u4f60\u597d e\u0301\u0323 \u05e9"));
	canvas_put(&canvas, 38, 9, 2, span_text("\u4f60"), 0); /* the last cell */
	assert_non_null(strstr(paint(), "\u4f60"));
	canvas_put(&canvas, 1, 0, 1, span_text("x"), 0); /* over half of the first */
	assert_non_null(strstr(paint(), "x"));
}

static void what_the_system_takes_for_another_width_gets_a_stand_in(void **state) {
	(void)state;
	canvas_put(&canvas, 0, 0, 40, span_text("a\u4dc0b"), 0); /* two columns for glibc, one for us */
	assert_non_null(strstr(paint(), "\ufffd"));
	assert_null(strstr(buffer_text(&out), "\u4dc0"));
}

static void a_canvas_of_another_size_is_shown_as_far_as_it_goes(void **state) {
	(void)state;
	canvas_resize(&canvas, 200, 60);
	for (size_t y = 0; y < 60; y++) {
		canvas_print(&canvas, 0, y, 200, STYLE_BAD, "%0200zu", y);
	}
	assert_non_null(strstr(paint(), "000"));
	canvas_resize(&canvas, 0, 0);
	paint();
	canvas_resize(&canvas, 40, 10);
	canvas_put(&canvas, 0, 0, 40, span_text("again"), 0);
	assert_non_null(strstr(paint(), "again"));
}

static void the_cursor_is_shown_for_a_prompt_alone(void **state) {
	(void)state;
	assert_non_null(strstr(paint(), "\x1b[?25l"));
	canvas.cursor = true;
	canvas.cursor_x = 5;
	canvas.cursor_y = 2;
	const char *sent = paint();
	assert_non_null(strstr(sent, "\x1b[3;6H"));
	assert_non_null(strstr(sent, "\x1b[?25h"));
}

static void the_terminal_is_asked_for_the_mouse_and_thanked(void **state) {
	(void)state;
	painter_ask(painter, &out);
	assert_string_equal(
		buffer_text(&out), "\x1b[22;2t\x1b[?1000h\x1b[?1002h\x1b[?1006h\x1b[?2004h");
	paint();
	buffer_reset(&out);
	painter_leave(painter, &out);
	assert_non_null(
		strstr(buffer_text(&out), "\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[23;2t"));
	assert_non_null(strstr(buffer_text(&out), "\x1b[?1049l"));
	assert_non_null(strstr(paint(), "\x1b[?1049h"));
	buffer_reset(&out);
	painter_rescue(painter, &out);
	assert_non_null(strstr(buffer_text(&out), "\x1b[?1006l"));
	assert_non_null(strstr(buffer_text(&out), "\x1b[?1049l"));
	assert_null(strstr(buffer_text(&out), "$<"));
}

static void a_terminal_that_cannot_place_text_is_refused(void **state) {
	(void)state;
	static const char *const names[] = {"dumb", "no-such-terminal"};
	for (size_t i = 0; i < 2; i++) {
		struct error err = {0};
		setenv("TERM", names[i], 1);
		assert_null(painter_new(80, 24, true, &err));
		assert_int_equal(err.code, ERROR_USAGE);
		assert_non_null(strstr(err.text, "hookline listen"));
	}
}

int main(void) {
#define WITH_PAINTER(test) cmocka_unit_test_setup_teardown(test, open_painter, close_painter)
	const struct CMUnitTest tests[] = {
		WITH_PAINTER(the_first_frame_takes_the_terminal_over),
		WITH_PAINTER(only_what_changed_is_sent),
		WITH_PAINTER(a_redraw_sends_everything),
		WITH_PAINTER(wide_characters_and_marks_are_sent_as_they_are),
		WITH_PAINTER(what_the_system_takes_for_another_width_gets_a_stand_in),
		WITH_PAINTER(a_canvas_of_another_size_is_shown_as_far_as_it_goes),
		WITH_PAINTER(the_cursor_is_shown_for_a_prompt_alone),
		WITH_PAINTER(the_terminal_is_asked_for_the_mouse_and_thanked),
		cmocka_unit_test(a_terminal_that_cannot_place_text_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
