/* Our own JSON: what is written reads back, and what is wrong says where. */
#include "common/json.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "tests/unit/unit.h"

static void every_byte_survives_the_way_there_and_back(void **state) {
	(void)state;
	char all[513];
	for (size_t i = 0; i < sizeof all; i++) {
		all[i] = (char)i; /* a NUL in front, in the middle and behind */
	}
	struct buffer out = {0}, back = {0};
	buffer_append_byte(&out, '{');
	json_member_bytes(&out, "target", (struct span){all, sizeof all});
	buffer_append_byte(&out, '}');
	struct cJSON *object = json_parse(buffer_span(&out), NULL);
	assert_non_null(object);
	struct span text;
	assert_true(json_get_text(object, "target", &text, NULL));
	assert_true(json_bytes_from_text(&back, text));
	assert_true(span_equal(buffer_span(&back), (struct span){all, sizeof all}));
	cJSON_Delete(object);
	buffer_clear(&out);
	buffer_clear(&back);
}

/* What is read of `json`, written again. */
static void is_written_again_as(const char *json, const char *wanted) {
	struct buffer out = {0};
	struct cJSON *object = json_parse(span_text(json), NULL);
	assert_non_null(object);
	json_append_parsed(&out, object);
	assert_string_equal(buffer_text(&out), wanted);
	cJSON_Delete(object);
	buffer_clear(&out);
}

static void what_was_read_is_written_again_with_its_nuls(void **state) {
	(void)state;
	is_written_again_as("{ \"a\" : [1, \"x\"] }", "{\"a\":[1,\"x\"]}");
	is_written_again_as(
		"[\"\\u0000a\\\\\\u0000\\\\u0000\\u0000\"]", "[\"\\u0000a\\\\\\u0000\\\\u0000\\u0000\"]");
	is_written_again_as("{\"a\\u0000b\":1}", "{\"a\\u0000b\":1}");
	struct buffer out = {0};
	json_append_parsed(&out, NULL);
	assert_string_equal(buffer_text(&out), "null");
	buffer_clear(&out);
}

static void a_nul_in_a_text_is_no_end_of_it(void **state) {
	(void)state;
	struct cJSON *object =
		json_parse(span_text("{\"type\\u0000x\":1,\"name\":\"a\\u0000b\"}"), NULL);
	struct span text = {0};
	struct buffer out = {0};
	assert_true(json_get_text(object, "name", &text, NULL));
	assert_false(span_is(text, "a"));
	assert_true(json_bytes_from_text(&out, text));
	assert_true(span_equal(buffer_span(&out), (struct span){"a\0b", 3}));
	assert_false(json_get_text(object, "type", &text, NULL));
	cJSON_Delete(object);
	buffer_clear(&out);
}

static void text_keeps_utf8_and_replaces_what_is_none(void **state) {
	(void)state;
	struct buffer out = {0};
	json_append_text(&out, span_text("h\xc3\xa9 \xf0\x9f\xaa\xa8 \"\\\n\x1b \xff\xed\xa0\x80"));
	assert_string_equal(buffer_text(&out), "\"h\xc3\xa9 \xf0\x9f\xaa\xa8 \\\"\\\\\\n\\u001b "
										   "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	buffer_clear(&out);
}

static void base64_pads(void **state) {
	(void)state;
	static const char *const pairs[][2] = {
		{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"\xff\xfe\xfd\xfc", "//79/A=="}};
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct buffer out = {0};
		json_append_base64(&out, span_text(pairs[i][0]));
		assert_string_equal(buffer_text(&out), pairs[i][1]);
		buffer_clear(&out);
	}
}

static void big_integers_are_exact(void **state) {
	(void)state;
	static const int64_t numbers[] = {
		0, -1, INT64_C(9007199254740992), INT64_C(9007199254740993), INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct buffer out = {0};
		buffer_append_byte(&out, '{');
		json_member_int(&out, "n", numbers[i]);
		buffer_append_byte(&out, '}');
		struct cJSON *object = json_parse(buffer_span(&out), NULL);
		int64_t back;
		assert_true(json_get_int(object, "n", &back, NULL));
		assert_true(back == numbers[i]);
		cJSON_Delete(object);
		buffer_clear(&out);
	}
}

static void is_refused_with(const char *text, const char *reason) {
	struct error err = {0};
	assert_null(json_parse(span_text(text), &err));
	assert_string_equal(err.text, reason);
}

static void hostile_documents_are_refused(void **state) {
	(void)state;
	is_refused_with("", "not JSON at byte 0");
	is_refused_with("{\"a\":1} x", "something follows the JSON at byte 7");
	is_refused_with("[\"\\u0000\", x]", "not JSON at byte 11");
	is_refused_with("[\"\\u0000\"] x", "something follows the JSON at byte 10");
	char deep[200];
	memset(deep, '[', sizeof deep - 1);
	deep[sizeof deep - 1] = '\0';
	is_refused_with(deep, "JSON nests deeper than 32 levels");
	struct error err = {0};
	assert_null(json_parse((struct span){"{\"a\0\":1}", 8}, &err));
	assert_string_equal(err.text, "JSON holds a NUL byte");
}

static void a_wrong_type_says_what_was_expected_and_where(void **state) {
	(void)state;
	struct cJSON *object =
		json_parse(span_text("{\"a\":1.5,\"b\":\"x\",\"c\":null,\"A\":2}"), NULL);
	struct error err = {0};
	struct span text = span_text("untouched");
	int64_t number = 7;
	bool flag = true;
	assert_false(json_get_text(object, "a", &text, &err));
	assert_string_equal(err.text, "expected a string at .a");
	assert_false(json_get_int(object, "a", &number, &err));
	assert_false(json_get_int(object, "b", &number, &err));
	assert_string_equal(err.text, "expected an integer at .b");
	assert_false(json_get_bool_opt(object, "b", &flag, &err));
	assert_true(json_get_int_opt(object, "c", &number, &err));
	assert_false(json_get_int(object, "c", &number, &err));
	assert_int_equal(number, 7);
	assert_true(span_is(text, "untouched"));
	cJSON_Delete(object);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_byte_survives_the_way_there_and_back),
		cmocka_unit_test(what_was_read_is_written_again_with_its_nuls),
		cmocka_unit_test(a_nul_in_a_text_is_no_end_of_it),
		cmocka_unit_test(text_keeps_utf8_and_replaces_what_is_none),
		cmocka_unit_test(base64_pads),
		cmocka_unit_test(big_integers_are_exact),
		cmocka_unit_test(hostile_documents_are_refused),
		cmocka_unit_test(a_wrong_type_says_what_was_expected_and_where),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
