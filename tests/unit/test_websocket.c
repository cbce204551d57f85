/* Frames we write ourselves are those of RFC 6455. */
#include <string.h>

#include "common/websocket.h"
#include "tests/unit/unit.h"

static void append_frame(
	struct buffer *out, size_t payload_len, const struct websocket_frame *frame) {
	size_t begin = websocket_begin(out, frame->mask != NULL);
	for (size_t i = 0; i < payload_len; i++) {
		buffer_append_byte(out, (char)('a' + i % 26));
	}
	websocket_end(out, begin, frame);
}

static void has_header(const struct buffer *out, const void *header, size_t len) {
	assert_true(out->len >= len);
	assert_memory_equal(out->data, header, len);
}

/* The example of RFC 6455, 5.7. */
static void a_short_text_is_as_the_standard_shows_it(void **state) {
	(void)state;
	const struct websocket_frame frame = {.opcode = WEBSOCKET_TEXT};
	struct buffer out = {0};
	size_t begin = websocket_begin(&out, false);
	buffer_append_text(&out, "Hello");
	websocket_end(&out, begin, &frame);
	assert_int_equal(out.len, 7);
	has_header(&out, "\x81\x05Hello", 7);
	buffer_clear(&out);
}

static void a_masked_text_is_as_the_standard_shows_it(void **state) {
	(void)state;
	const struct websocket_frame frame = {.opcode = WEBSOCKET_TEXT, .mask = "\x37\xfa\x21\x3d"};
	struct buffer out = {0};
	size_t begin = websocket_begin(&out, true);
	buffer_append_text(&out, "Hello");
	websocket_end(&out, begin, &frame);
	assert_int_equal(out.len, 11);
	has_header(&out, "\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58", 11);
	buffer_clear(&out);
}

static void the_length_takes_two_more_bytes_from_126_on(void **state) {
	(void)state;
	const struct websocket_frame frame = {.opcode = WEBSOCKET_BINARY};
	const struct {
		size_t len, header_len;
		const char *header;
	} cases[] = {{0, 2, "\x82\x00"}, {125, 2, "\x82\x7d"}, {126, 4, "\x82\x7e\x00\x7e"},
		{65535, 4, "\x82\x7e\xff\xff"}};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer out = {0};
		append_frame(&out, cases[i].len, &frame);
		assert_int_equal(out.len, cases[i].header_len + cases[i].len);
		has_header(&out, cases[i].header, cases[i].header_len);
		assert_true(cases[i].len == 0 || out.data[cases[i].header_len] == 'a');
		buffer_clear(&out);
	}
}

static void fragments_say_that_more_follows(void **state) {
	(void)state;
	const struct websocket_frame first = {.opcode = WEBSOCKET_TEXT, .more = true};
	const struct websocket_frame last = {.opcode = WEBSOCKET_CONTINUATION};
	struct buffer out = {0};
	append_frame(&out, 3, &first);
	append_frame(&out, 2, &last);
	assert_int_equal(out.len, 9);
	has_header(&out,
		"\x01\x03"
		"abc\x80\x02"
		"ab",
		9);
	buffer_clear(&out);
}

static void frames_stand_one_behind_the_other_and_every_mask_can_be_undone(void **state) {
	(void)state;
	const struct websocket_frame frame = {.opcode = WEBSOCKET_BINARY, .mask = "\x01\x80\xff\x10"};
	for (size_t len = 126; len < 160; len++) {
		struct buffer out = {0};
		append_frame(&out, 5, &frame);
		append_frame(&out, len, &frame);
		assert_int_equal(out.len, 6 + 5 + 8 + len);
		for (size_t i = 0; i < len; i++) {
			assert_int_equal(out.data[19 + i] ^ frame.mask[i % 4], (char)('a' + i % 26));
		}
		buffer_clear(&out);
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_short_text_is_as_the_standard_shows_it),
		cmocka_unit_test(a_masked_text_is_as_the_standard_shows_it),
		cmocka_unit_test(the_length_takes_two_more_bytes_from_126_on),
		cmocka_unit_test(fragments_say_that_more_follows),
		cmocka_unit_test(frames_stand_one_behind_the_other_and_every_mask_can_be_undone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
