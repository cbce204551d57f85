/* What people see of events and attempts: nothing foreign gets through as it is, and no line outgrows the terminal. */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/text.h"
#include "tests/unit/unit.h"
#include "tui/commands/lines.h"

static const struct event paid = {.endpoint = {"shop", 4},
	.seq = 1042,
	.received_at_ns = 1767225600000000000,
	.method = {"POST", 4},
	.target = {"/e/shop/hooks", 13},
	.provider = {"stripe", 6},
	.type = {"charge.succeeded", 16},
	.verdict = VERDICT_VALID,
	.body_len = 1098};

static const struct attempt answered = {.endpoint = {"shop", 4},
	.event_seq = 1042,
	.started_at_ns = 1767225600000000000,
	.status = 200,
	.took_us = 12345,
	.who = {"alice@laptop", 12}};

static void an_event_is_one_line(void **state) {
	(void)state;
	struct buffer out = {0};
	line_event(&out, &paid, &(struct line_style){0});
	assert_string_equal(buffer_text(&out), "00:00:00  shop#1042         stripe        "
										   "charge.succeeded          valid           1.1 kB  "
										   "POST /e/shop/hooks\n");
	buffer_clear(&out);
}

static void a_handshake_says_what_was_done(void **state) {
	(void)state;
	struct buffer out = {0};
	struct event event = paid;
	event.handshake = span_text("slack url_verification answered");
	line_event(&out, &event, &(struct line_style){0});
	assert_non_null(
		strstr(buffer_text(&out), "POST /e/shop/hooks  slack url_verification answered\n"));
	buffer_clear(&out);
}

static void an_attempt_is_one_line(void **state) {
	(void)state;
	struct buffer out = {0};
	line_attempt(&out, &answered, "alice@laptop", &(struct line_style){0});
	assert_string_equal(buffer_text(&out), "00:00:00  shop#1042         -> 200        12 ms\n");
	buffer_reset(&out);
	line_attempt(&out, &answered, "bob@desk", &(struct line_style){0});
	assert_non_null(strstr(buffer_text(&out), "12 ms by alice@laptop\n"));
	buffer_clear(&out);
}

static void a_failed_attempt_says_why(void **state) {
	(void)state;
	struct attempt failed = answered;
	struct buffer out = {0};
	failed.status = 0;
	failed.error = span_text("connection refused: nothing listens on 127.0.0.1:3000");
	line_attempt(&out, &failed, "alice@laptop", &(struct line_style){0});
	assert_string_equal(buffer_text(&out),
		"00:00:00  shop#1042         -> failed     12 ms     "
		"connection refused: nothing listens on 127.0.0.1:3000\n");
	buffer_clear(&out);
}

static void foreign_bytes_do_no_harm(void **state) {
	(void)state;
	struct event hostile = paid;
	struct attempt attempt = answered;
	struct buffer out = {0};
	hostile.type = span_text("a\x1b]0;owned\x07\r\nb");
	hostile.provider = span_text("\x9b\x31m");
	hostile.method = span_text("P\nQ");
	hostile.target = (struct span){"/\0\x1b[2J", 6};
	line_event(&out, &hostile, &(struct line_style){0});
	line_list(&out, &hostile, &(struct line_style){.width = 80});
	attempt.error = span_text("\x1b[31mred\n");
	line_attempt(&out, &attempt, "", &(struct line_style){.width = 100});
	size_t lines = 0;
	for (size_t i = 0; i < out.len; i++) {
		unsigned char byte = (unsigned char)out.data[i];
		assert_true(byte == '\n' || byte >= 0x20);
		assert_int_not_equal(byte, 0x7f);
		lines += byte == '\n';
	}
	assert_int_equal(lines, 3);
	assert_non_null(strstr(buffer_text(&out), "\\x1b"));
	buffer_clear(&out);
}

static void no_line_outgrows_the_terminal(void **state) {
	(void)state;
	struct event wide = paid;
	struct attempt attempt = answered;
	wide.type =
		span_text("\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac"
				  "\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac\xe6\x9d\xb1\xe4\xba\xac");
	wide.target = span_text("/a/long/path/that/goes/on/and/on/and/on/and/on/and/on/and/on/and/on");
	attempt.error =
		span_text("a long story of why it did not work out, told from its beginning on");
	for (size_t width = 1; width < 140; width++) {
		struct buffer out = {0};
		struct line_style style = {.width = width};
		line_event(&out, &wide, &style);
		line_list(&out, &wide, &style);
		line_list_head(&out, &style);
		line_attempt(&out, &attempt, "", &style);
		struct span rest = buffer_span(&out);
		while (rest.len > 0) {
			assert_true(text_width(span_cut(&rest, '\n')) <= width);
		}
		buffer_clear(&out);
	}
}

static void colours_only_where_there_is_a_terminal(void **state) {
	(void)state;
	struct buffer out = {0};
	FILE *file = tmpfile();
	struct line_style style = line_style_of(file);
	assert_false(style.colour);
	assert_int_equal(style.width, 0);
	line_append_coloured(&out, &style, 'r', span_text("x"));
	assert_string_equal(buffer_text(&out), "x");
	buffer_reset(&out);
	line_append_coloured(&out, &(struct line_style){.colour = true}, 'r', span_text("x"));
	assert_string_equal(buffer_text(&out), "\x1b[31mx\x1b[0m");
	buffer_clear(&out);
	fclose(file);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_event_is_one_line),
		cmocka_unit_test(a_handshake_says_what_was_done),
		cmocka_unit_test(an_attempt_is_one_line),
		cmocka_unit_test(a_failed_attempt_says_why),
		cmocka_unit_test(foreign_bytes_do_no_harm),
		cmocka_unit_test(no_line_outgrows_the_terminal),
		cmocka_unit_test(colours_only_where_there_is_a_terminal),
	};
	setenv("TZ", "UTC", 1);
	tzset();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
