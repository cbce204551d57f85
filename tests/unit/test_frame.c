/* Frames say the same to both sides, and hostile ones say nothing. */
#include <cjson/cJSON.h>
#include <string.h>

#include "common/frame.h"
#include "common/frame_query.h"
#include "common/json.h"
#include "tests/unit/unit.h"

static void a_header_reads_back(void **state) {
	(void)state;
	char message[FRAME_HEADER_LEN + 3];
	struct frame_header header = {FRAME_TRAILERS, true, 0xdeadbeef}, back = {0};
	frame_header_write(message, &header);
	memcpy(message + FRAME_HEADER_LEN, "a\0b", 3);
	struct span payload;
	assert_true(frame_header_read(&back, &payload, (struct span){message, sizeof message}, NULL));
	assert_int_equal(back.kind, FRAME_TRAILERS);
	assert_true(back.last);
	assert_int_equal(back.request, 0xdeadbeef);
	assert_int_equal(payload.len, 3);
	assert_memory_equal(payload.data, "a\0b", 3);
}

static void broken_headers_are_refused(void **state) {
	(void)state;
	static char large[FRAME_HEADER_LEN + FRAME_CHUNK + 1];
	large[0] = FRAME_BODY;
	const struct span messages[] = {{"", 0}, {"\1\1\0\0\0\0\0", 7}, {"\0\1\0\0\0\0\0\1x", 9},
		{"\4\1\0\0\0\0\0\1x", 9}, {"\377\1\0\0\0\0\0\1x", 9}, {large, sizeof large}};
	for (size_t i = 0; i < sizeof messages / sizeof *messages; i++) {
		struct frame_header header;
		struct span payload;
		struct error err = {0};
		assert_false(frame_header_read(&header, &payload, messages[i], &err));
		assert_int_equal(err.code, ERROR_USAGE);
	}
}

static enum frame_progress add(
	struct frame_assembly *assembly, const char *text, size_t remaining, bool begin, bool final) {
	struct frame_piece piece = {.bytes = span_text(text),
		.remaining = remaining,
		.first = assembly->bytes.len == 0,
		.fragment_begin = begin,
		.final_fragment = final};
	return frame_assembly_add(assembly, &piece);
}

static void a_message_is_put_together_from_pieces(void **state) {
	(void)state;
	struct frame_assembly assembly = {0};
	assert_int_equal(add(&assembly, "he", 1, true, false), FRAME_MORE);
	assert_int_equal(add(&assembly, "l", 0, false, false), FRAME_MORE);
	assert_int_equal(add(&assembly, "l", 1, true, true), FRAME_MORE);
	assert_int_equal(add(&assembly, "o", 0, false, true), FRAME_WHOLE);
	assert_string_equal(buffer_text(&assembly.bytes), "hello");
	frame_assembly_next(&assembly);
	assert_int_equal(add(&assembly, "x", 0, true, true), FRAME_WHOLE);
	frame_assembly_clear(&assembly);
}

static void a_message_too_large_is_refused_by_its_announcement(void **state) {
	(void)state;
	struct frame_assembly assembly = {0};
	assert_int_equal(add(&assembly, "h", FRAME_MESSAGE, true, true), FRAME_TOO_LARGE);
	assert_int_equal(add(&assembly, "h", SIZE_MAX, true, true), FRAME_TOO_LARGE);
	assert_int_equal(assembly.bytes.len, 0);
	assert_int_equal(add(&assembly, "h", FRAME_MESSAGE - 1, true, true), FRAME_MORE);
	frame_assembly_clear(&assembly);
}

static void endless_fragments_are_refused(void **state) {
	(void)state;
	struct frame_assembly assembly = {0};
	for (int i = 0; i < FRAME_FRAGMENTS; i++) {
		assert_int_equal(add(&assembly, "", 0, true, false), FRAME_MORE);
	}
	assert_int_equal(add(&assembly, "", 0, true, false), FRAME_TOO_LARGE);
	frame_assembly_clear(&assembly);
}

static bool give(struct frame_content *content, enum frame_kind kind, bool last, const char *text) {
	struct frame_header header = {kind, last, 7};
	return frame_content_add(content, &header, span_text(text), NULL);
}

static void bytes_are_collected_in_their_order(void **state) {
	(void)state;
	struct frame_content content = {0};
	const int64_t lens[FRAME_KINDS] = {3, 5, 0};
	assert_true(frame_content_begin(&content, 7, lens, 100, NULL));
	assert_true(content.open);
	assert_true(give(&content, FRAME_HEAD, true, "abc"));
	assert_true(give(&content, FRAME_BODY, false, "he"));
	assert_true(content.open);
	assert_true(give(&content, FRAME_BODY, true, "llo"));
	assert_false(content.open);
	assert_true(span_is(frame_content_part(&content, FRAME_BODY), "hello"));
	assert_non_null(frame_content_part(&content, FRAME_TRAILERS).data);
	frame_content_clear(&content);
}

static void an_entry_without_bytes_is_complete_at_once(void **state) {
	(void)state;
	struct frame_content content = {0};
	const int64_t lens[FRAME_KINDS] = {0, 0, 0};
	assert_true(frame_content_begin(&content, 7, lens, 100, NULL));
	assert_false(content.open);
	assert_false(give(&content, FRAME_HEAD, true, ""));
}

static void bytes_that_were_not_announced_are_refused(void **state) {
	(void)state;
	const struct {
		enum frame_kind kind;
		bool last;
		const char *text;
	} wrong[] = {{FRAME_BODY, true, "hello"}, {FRAME_HEAD, true, "abcd"}, {FRAME_HEAD, true, "ab"},
		{FRAME_HEAD, false, "abc"}, {FRAME_HEAD, false, ""}, {FRAME_TRAILERS, true, "x"}};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct frame_content content = {0};
		const int64_t lens[FRAME_KINDS] = {3, 5, 0};
		assert_true(frame_content_begin(&content, 7, lens, 100, NULL));
		assert_false(give(&content, wrong[i].kind, wrong[i].last, wrong[i].text));
		assert_false(content.open);
	}
	struct frame_content content = {0};
	const int64_t lens[FRAME_KINDS] = {3, 0, 0};
	assert_true(frame_content_begin(&content, 8, lens, 100, NULL));
	assert_false(give(&content, FRAME_HEAD, true, "abc"));
}

static void impossible_lengths_are_refused(void **state) {
	(void)state;
	const int64_t wrong[][FRAME_KINDS] = {
		{-1, 0, 0}, {0, 101, 0}, {0, INT64_MAX, 0}, {INT64_MAX, 0, 0}, {0, 0, FRAME_HEAD_MAX + 1}};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct frame_content content = {0};
		assert_false(frame_content_begin(&content, 1, wrong[i], 100, NULL));
		assert_false(content.open);
	}
}

static bool read_query(struct frame_query *query, struct cJSON **object, const char *text) {
	*object = json_parse(span_text(text), NULL);
	assert_non_null(*object);
	return frame_query_read(query, *object, NULL);
}

static void a_query_reads_back(void **state) {
	(void)state;
	struct frame_query query = {.endpoint = span_text("stripe"),
		.filter = span_text("verdict:invalid \"x\""),
		.attempts = true,
		.after = INT64_MAX,
		.beyond = 8123,
		.limit = 5,
		.at_most = 100,
		.every_ms = 33};
	struct buffer text = {0};
	buffer_append_text(&text, "{\"type\":\"list\"");
	frame_query_append(&text, &query);
	buffer_append_byte(&text, '}');
	struct cJSON *object;
	struct frame_query back;
	assert_true(read_query(&back, &object, buffer_text(&text)));
	assert_true(span_equal(back.endpoint, query.endpoint));
	assert_true(span_equal(back.filter, query.filter));
	assert_true(back.attempts);
	assert_false(back.bytes);
	assert_true(back.after == INT64_MAX);
	assert_int_equal(back.beyond, 8123);
	assert_int_equal(back.limit, 5);
	assert_int_equal(back.at_most, 100);
	assert_int_equal(back.every_ms, 33);
	cJSON_Delete(object);
	buffer_clear(&text);
}

static void wrong_queries_are_refused(void **state) {
	(void)state;
	const char *wrong[] = {"{\"after\":5}", "{\"before\":5}", "{\"endpoint\":\"a\",\"after\":-1}",
		"{\"limit\":-1}", "{\"beyond\":-1}", "{\"limit\":1e300}", "{\"limit\":1.5}",
		"{\"endpoint\":7}", "{\"endpoint\":\"../x\"}", "{\"attempts\":1}", "{\"filter\":[]}",
		"{\"cursors\":[]}", "{\"cursors\":{\"a\":-1}}", "{\"cursors\":{\"a\":\"x\"}}",
		"{\"at_most\":-1}", "{\"every_ms\":60001}", "{\"cursors\":{\"a\":null}}",
		"{\"cursors\":{\"a\":1e300}}"};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct cJSON *object;
		struct frame_query query;
		assert_false(read_query(&query, &object, wrong[i]));
		cJSON_Delete(object);
	}
}

static void a_name_that_no_endpoint_can_have_is_told_back(void **state) {
	(void)state;
	struct cJSON *object = json_parse(span_text("{\"endpoint\":\"bad name\"}"), NULL);
	struct frame_query query;
	struct error err = {0};
	assert_false(frame_query_read(&query, object, &err));
	assert_string_equal(
		err.text, "\"bad name\" cannot be an endpoint: letters, digits, '-', '_', '.', at most 63");
	cJSON_Delete(object);
}

static void unknown_members_are_ignored(void **state) {
	(void)state;
	struct cJSON *object;
	struct frame_query query;
	assert_true(read_query(
		&query, &object, "{\"colour\":\"red\",\"cursors\":{\"a\":\"9007199254740993\",\"b\":0}}"));
	int64_t seq;
	assert_true(frame_cursor_read(&seq, cJSON_GetObjectItem(query.cursors, "a")));
	assert_true(seq == INT64_C(9007199254740993));
	cJSON_Delete(object);
}

static void error_codes_travel(void **state) {
	(void)state;
	const enum error_code codes[] = {
		ERROR_USAGE, ERROR_CONFIG, ERROR_IO, ERROR_REFUSED, ERROR_NO, ERROR_FULL};
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		assert_int_equal(frame_error_code(span_text(frame_error_name(codes[i]))), codes[i]);
	}
	assert_int_equal(frame_error_code(span_text("from the future")), ERROR_REFUSED);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_header_reads_back),
		cmocka_unit_test(broken_headers_are_refused),
		cmocka_unit_test(a_message_is_put_together_from_pieces),
		cmocka_unit_test(a_message_too_large_is_refused_by_its_announcement),
		cmocka_unit_test(endless_fragments_are_refused),
		cmocka_unit_test(bytes_are_collected_in_their_order),
		cmocka_unit_test(an_entry_without_bytes_is_complete_at_once),
		cmocka_unit_test(bytes_that_were_not_announced_are_refused),
		cmocka_unit_test(impossible_lengths_are_refused),
		cmocka_unit_test(a_query_reads_back),
		cmocka_unit_test(wrong_queries_are_refused),
		cmocka_unit_test(a_name_that_no_endpoint_can_have_is_told_back),
		cmocka_unit_test(unknown_members_are_ignored),
		cmocka_unit_test(error_codes_travel),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
