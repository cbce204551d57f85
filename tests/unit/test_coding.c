/* Content codings are undone in slices, within limits, and what is broken says so. */
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/alloc.h"
#include "tests/unit/unit.h"
#include "tui/decode/coding.h"

/* "hello hello hello", as brotli and zstd write it. */
static const char br[] = "\x1b\x10\x00\x00\x24\x40\x6a\x10\x64\xea\xf0\x9c\x1e";
static const char zstd[] =
	"\x28\xb5\x2f\xfd\x20\x11\x65\x00\x00\x30\x68\x65\x6c\x6c\x6f\x20\x01\x00"
	"\x31\x4a\x11";

static struct buffer deflated(struct span text, int window) {
	struct buffer out = {0};
	z_stream zlib = {0};
	assert_int_equal(deflateInit2(&zlib, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
	size_t room = deflateBound(&zlib, text.len) + 100;
	zlib.next_in = (Bytef *)(uintptr_t)text.data;
	zlib.avail_in = (uInt)text.len;
	zlib.next_out = (Bytef *)buffer_reserve(&out, room);
	zlib.avail_out = (uInt)room;
	assert_int_equal(deflate(&zlib, Z_FINISH), Z_STREAM_END);
	out.len = room - zlib.avail_out;
	deflateEnd(&zlib);
	return out;
}

static enum coding_state run(struct coding *coding, size_t budget) {
	while (coding_step(coding, budget) == CODING_GO_ON) {
	}
	return coding_state(coding);
}

static void decodes_to(const char *names, struct span bytes, const char *expected) {
	struct coding *coding = coding_new(span_text(names), bytes);
	assert_non_null(coding);
	assert_int_equal(run(coding, 1), CODING_DONE);
	assert_true(span_is(coding_decoded(coding), expected));
	coding_free(coding);
}

static void says(const char *names, struct span bytes, enum coding_state state, const char *note) {
	struct buffer words = {0};
	struct coding *coding = coding_new(span_text(names), bytes);
	assert_non_null(coding);
	assert_int_equal(run(coding, 1000), state);
	coding_append_note(coding, &words);
	assert_string_equal(buffer_text(&words), note);
	buffer_clear(&words);
	coding_free(coding);
}

static void what_is_known_is_decoded(void **state) {
	(void)state;
	struct buffer gzip = deflated(span_text("hello hello hello"), 31);
	struct buffer with_header = deflated(span_text("hello hello hello"), 15);
	struct buffer raw = deflated(span_text("hello hello hello"), -15);
	decodes_to("gzip", buffer_span(&gzip), "hello hello hello");
	decodes_to("X-GZip", buffer_span(&gzip), "hello hello hello");
	decodes_to("deflate", buffer_span(&with_header), "hello hello hello");
	decodes_to("deflate", buffer_span(&raw), "hello hello hello");
	decodes_to("br", (struct span){br, sizeof br - 1}, "hello hello hello");
	decodes_to("zstd", (struct span){zstd, sizeof zstd - 1}, "hello hello hello");
	says("gzip", buffer_span(&gzip), CODING_DONE, "gzip, decoded to 17 B");
	buffer_clear(&gzip);
	buffer_clear(&with_header);
	buffer_clear(&raw);
}

static void several_are_undone_from_the_last(void **state) {
	(void)state;
	struct buffer once = deflated(span_text("twice"), 31);
	struct buffer twice = deflated(buffer_span(&once), 15);
	decodes_to("gzip, identity, deflate", buffer_span(&twice), "twice");
	buffer_append_span(&once, (struct span){once.data, once.len});
	buffer_clear(&once);
	buffer_clear(&twice);
}

static void several_members_are_one_body(void **state) {
	(void)state;
	struct buffer all = deflated(span_text("one "), 31), second = deflated(span_text("two"), 31);
	buffer_append_span(&all, buffer_span(&second));
	decodes_to("gzip", buffer_span(&all), "one two");
	buffer_clear(&all);
	buffer_clear(&second);
}

static void what_is_not_known_stays_as_it_is(void **state) {
	(void)state;
	says("compress", span_text("xx"), CODING_UNKNOWN,
		"compress is not known here: shown as received");
	says("gzip,gzip,gzip,gzip,gzip", span_text("xx"), CODING_UNKNOWN,
		"gzip,gzip,gzip,gzip,gzip is not known here: shown as received");
	assert_null(coding_new(span_text("identity"), span_text("xx")));
	assert_null(coding_new(span_text(""), span_text("xx")));
	assert_null(coding_new(span_text("gzip"), span_text("")));
}

static void what_is_broken_says_so(void **state) {
	(void)state;
	struct buffer gzip = deflated(span_text("hello hello hello"), 31);
	says("gzip", span_text("{\"a\":1}"), CODING_BROKEN,
		"gzip is what its header says, but it is none: shown as received");
	says("br", span_text("{\"a\":1}"), CODING_BROKEN,
		"br is what its header says, but it is none: shown as received");
	says("zstd", span_text("{\"a\":1}"), CODING_BROKEN,
		"zstd is what its header says, but it is none: shown as received");
	says("gzip", (struct span){gzip.data, gzip.len - 8}, CODING_BROKEN,
		"gzip, but it breaks off or is none: only 17 B");
	says("br", (struct span){br, 3}, CODING_BROKEN,
		"br is what its header says, but it is none: shown as received");
	buffer_clear(&gzip);
}

static void a_bomb_is_cut(void **state) {
	(void)state;
	size_t len = CODING_DECODED_MAX * 2;
	char *zeros = alloc_zero(1, len);
	struct buffer gzip = deflated((struct span){zeros, len}, 31);
	struct coding *coding = coding_new(span_text("gzip"), buffer_span(&gzip));
	assert_int_equal(run(coding, 65536), CODING_TOO_LARGE);
	assert_true(coding_decoded(coding).len <= CODING_DECODED_MAX + 65536);
	coding_free(coding);
	struct buffer twice = deflated(buffer_span(&gzip), 31);
	coding = coding_new(span_text("gzip, gzip"), buffer_span(&twice));
	assert_int_equal(run(coding, 65536), CODING_TOO_LARGE);
	assert_true(coding_decoded(coding).len <= CODING_RATIO_FROM + 65536);
	coding_free(coding);
	buffer_clear(&gzip);
	buffer_clear(&twice);
	free(zeros);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_known_is_decoded),
		cmocka_unit_test(several_are_undone_from_the_last),
		cmocka_unit_test(several_members_are_one_body),
		cmocka_unit_test(what_is_not_known_stays_as_it_is),
		cmocka_unit_test(what_is_broken_says_so),
		cmocka_unit_test(a_bomb_is_cut),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
