/* Payloads are split without a change, and JSON.stringify(JSON.parse(x)) is what JavaScript gives. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json_find.h"
#include "tests/unit/unit.h"

static struct span bytes(const char *text) {
	return span_text(text);
}

/* One letter a token, and the offset of the byte an error stands at. */
static const char *kinds(struct span payload) {
	static char out[4096];
	static const char letters[] = ".!{}[]:,snTFN";
	struct json_lexer lexer;
	json_lexer_init(&lexer, payload);
	size_t len = 0;
	struct json_token token;
	do {
		token = json_lexer_next(&lexer);
		out[len++] = letters[token.kind];
	} while (token.kind != JSON_END && token.kind != JSON_ERROR && len < sizeof out - 20);
	out[len] = '\0';
	if (token.kind == JSON_ERROR) {
		snprintf(out + len, 20, "%d", (int)(token.text.data - payload.data));
	}
	assert_int_equal(json_lexer_next(&lexer).kind, token.kind);
	return out;
}

static void tokens_are_told_apart(void **state) {
	(void)state;
	assert_string_equal(kinds(bytes(" {\"a\" : [1,-2.5e+3, true,false,null,\"x\\u00e9\"]} ")),
		"{s:[n,n,T,F,N,s]}.");
	assert_string_equal(kinds(bytes("0")), "n.");
	assert_string_equal(kinds(bytes("\xef\xbb\xbf[]")), "[].");
	assert_string_equal(kinds(bytes("\"\xff\xfe\"")), "s.");
	assert_string_equal(kinds(bytes("[{},[]]")), "[{},[]].");
}

static void what_is_no_json_is_an_error_where_it_stands(void **state) {
	(void)state;
	assert_string_equal(kinds(bytes("")), "!0");
	assert_string_equal(kinds(bytes("[1 2]")), "[n!3");
	assert_string_equal(kinds(bytes("01")), "n!1");
	assert_string_equal(kinds(bytes("-")), "!1");
	assert_string_equal(kinds(bytes("1.")), "!2");
	assert_string_equal(kinds(bytes("1.e3")), "!2");
	assert_string_equal(kinds(bytes("1e")), "!2");
	assert_string_equal(kinds(bytes("1e+")), "!3");
	assert_string_equal(kinds(bytes("+1")), "!0");
	assert_string_equal(kinds(bytes(".5")), "!0");
	assert_string_equal(kinds(bytes("[1,]")), "[n,!3");
	assert_string_equal(kinds(bytes("{\"a\":1,}")), "{s:n,!7");
	assert_string_equal(kinds(bytes("{a:1}")), "{!1");
	assert_string_equal(kinds(bytes("{\"a\" 1}")), "{s!5");
	assert_string_equal(kinds(bytes("[}")), "[!1");
	assert_string_equal(kinds(bytes("{]")), "{!1");
	assert_string_equal(kinds(bytes("[1}")), "[n!2");
	assert_string_equal(kinds(bytes("\"a\tb\"")), "!2");
	assert_string_equal(kinds(bytes("\"abc")), "!4");
	assert_string_equal(kinds(bytes("\"\\x\"")), "!2");
	assert_string_equal(kinds(bytes("\"\\u12g4\"")), "!5");
	assert_string_equal(kinds(bytes("\"\\")), "!2");
	assert_string_equal(kinds(bytes("nul")), "!3");
	assert_string_equal(kinds(bytes("truE")), "!3");
	assert_string_equal(kinds(bytes("1 1")), "n!2");
	assert_string_equal(kinds((struct span){"[1,\0]", 5}), "[n,!3");
	assert_string_equal(kinds(bytes("\v1")), "!0");
}

static void nesting_is_followed_to_its_bound(void **state) {
	(void)state;
	char deep[2 * JSON_LEXER_DEPTH + 2];
	memset(deep, '[', JSON_LEXER_DEPTH);
	memset(deep + JSON_LEXER_DEPTH, ']', JSON_LEXER_DEPTH);
	const char *found = kinds((struct span){deep, 2 * JSON_LEXER_DEPTH});
	assert_int_equal(found[2 * JSON_LEXER_DEPTH], '.');
	memset(deep, '[', JSON_LEXER_DEPTH + 1);
	found = kinds((struct span){deep, JSON_LEXER_DEPTH + 1});
	assert_string_equal(found + JSON_LEXER_DEPTH, "!512");
}

static void assert_unescaped(const char *token, const char *text, size_t len) {
	struct buffer out = {0};
	json_unescape(&out, bytes(token));
	assert_int_equal(out.len, len);
	assert_memory_equal(buffer_text(&out), text, len + 1);
	buffer_clear(&out);
}

static void escapes_are_undone(void **state) {
	(void)state;
	assert_unescaped("\"a\\n\\t\\\"\\\\\\/\\b\\f\\r\"", "a\n\t\"\\/\b\f\r", 9);
	assert_unescaped("\"\\u0000\\u00e9\\u20AC\"", "\0\xc3\xa9\xe2\x82\xac", 6);
	assert_unescaped("\"\\ud83d\\ude00\"", "\xf0\x9f\x98\x80", 4);
	assert_unescaped("\"\\ud83dx\"", "\xed\xa0\xbdx", 4);
	assert_unescaped("\"\\ude00\"", "\xed\xb8\x80", 3);
	assert_unescaped("\"\\ud83d\\ud83d\\ude00\"", "\xed\xa0\xbd\xf0\x9f\x98\x80", 7);
	assert_unescaped("\"\"", "", 0);
}

static void assert_found(const char *payload, const char *path, const char *value) {
	struct span found = json_find(bytes(payload), path);
	if (!value) {
		assert_null(found.data);
		return;
	}
	assert_non_null(found.data);
	assert_int_equal(found.len, strlen(value));
	assert_memory_equal(found.data, value, found.len);
}

static void a_value_is_found_by_its_path(void **state) {
	(void)state;
	const char *payload =
		"{\"type\":\"a\",\"data\":{\"items\":[ 1, {\"id\" : 12.50 } ,[]],\"x\":{}}}";
	assert_found(payload, "type", "\"a\"");
	assert_found(payload, "data.items.1.id", "12.50");
	assert_found(payload, "data.items.0", "1");
	assert_found(payload, "data.items.2", "[]");
	assert_found(payload, "data.items.1", "{\"id\" : 12.50 }");
	assert_found(payload, "data.x", "{}");
	assert_found(payload, "data.items.3", NULL);
	assert_found(payload, "data.nothing", NULL);
	assert_found(payload, "type.more", NULL);
	assert_found(payload, "items", NULL);
	assert_found("[5]", "0", "5");
	assert_found("[]", "0", NULL);
	assert_found("{\"0\":7}", "0", "7");
	assert_found("{\"\\u0061\":1}", "a", "1");
	assert_found("7", "a", NULL);
}

static void the_last_of_repeated_names_counts(void **state) {
	(void)state;
	assert_found("{\"a\":1,\"b\":2,\"a\":3}", "a", "3");
	assert_found("{\"a\":{\"id\":1},\"a\":{}}", "a.id", NULL);
}

static void nothing_is_found_in_what_is_no_json(void **state) {
	(void)state;
	assert_found("{\"a\":1", "a", NULL);
	assert_found("{\"a\":1} x", "a", NULL);
	assert_found("", "a", NULL);
}

static void assert_stringified(const char *payload, const char *expected) {
	struct buffer out = {0};
	if (!json_stringify(&out, bytes(payload))) {
		fail_msg("not JSON: %s", payload);
	}
	assert_string_equal(buffer_text(&out), expected);
	buffer_clear(&out);
}

static void numbers_are_spelled_as_javascript_does(void **state) {
	(void)state;
	assert_stringified("[1.0, -0, 0.0, 1e3, 1E400, -1e400, 1e-400]", "[1,0,0,1000,null,null,0]");
	assert_stringified("[9007199254740993, 123456789012345678901234567890]",
		"[9007199254740992,1.2345678901234568e+29]");
	assert_stringified(
		"[1e21, 1e20, 123e18]", "[1e+21,100000000000000000000,123000000000000000000]");
	assert_stringified("[0.000001, 1e-7, 1.5e-9]", "[0.000001,1e-7,1.5e-9]");
	assert_stringified("[0.1, 0.30000000000000004, 1.7976931348623157e308, 5e-324]",
		"[0.1,0.30000000000000004,1.7976931348623157e+308,5e-324]");
	assert_stringified(
		"[-12.50, 2.2250738585072014e-308, 4.35, 0.1e1]", "[-12.5,2.2250738585072014e-308,4.35,1]");
	assert_stringified("[5.684341886080802e-14, 9.5367431640625e-7]",
		"[5.684341886080802e-14,9.5367431640625e-7]");
	assert_stringified("1e99999999999999999999", "null");
	assert_stringified("0e99999999999999999999", "0");
	assert_stringified("1e-0000000000000000000005", "0.00001");
}

static void a_number_of_a_million_digits_is_read(void **state) {
	(void)state;
	struct buffer text = {0}, out = {0};
	buffer_append_text(&text, "0.");
	for (int i = 0; i < 1000000; i++) {
		buffer_append_byte(&text, '0');
	}
	buffer_append_text(&text, "15e1000001");
	assert_true(json_stringify(&out, buffer_span(&text)));
	assert_string_equal(buffer_text(&out), "1.5");
	buffer_reset(&text);
	buffer_reset(&out);
	buffer_append_text(&text, "9007199254740993."); /* the middle of two doubles, and a hair more */
	for (int i = 0; i < 2000; i++) {
		buffer_append_byte(&text, '0');
	}
	buffer_append_text(&text, "1");
	assert_true(json_stringify(&out, buffer_span(&text)));
	assert_string_equal(buffer_text(&out), "9007199254740994");
	buffer_clear(&text);
	buffer_clear(&out);
}

static void keys_take_javascripts_order(void **state) {
	(void)state;
	assert_stringified("{\"b\":1,\"10\":2,\"a\":3,\"2\":4}", "{\"2\":4,\"10\":2,\"b\":1,\"a\":3}");
	assert_stringified(
		"{\"01\":1,\"1\":2,\"-1\":3,\"1.5\":4}", "{\"1\":2,\"01\":1,\"-1\":3,\"1.5\":4}");
	assert_stringified(
		"{\"4294967295\":1,\"4294967294\":2}", "{\"4294967294\":2,\"4294967295\":1}");
	assert_stringified("{\"a\":1,\"b\":[{\"1\":0,\"0\":{\"z\":1,\"3\":2}}],\"a\":{}}",
		"{\"a\":{},\"b\":[{\"0\":{\"3\":2,\"z\":1},\"1\":0}]}");
	assert_stringified("{\"2\":1,\"1\":2,\"2\":3}", "{\"1\":2,\"2\":3}");
	assert_stringified(
		"{\"__proto__\":{\"x\":1},\"a\":2,\"__proto__\":3}", "{\"__proto__\":3,\"a\":2}");
	assert_stringified("{\"\\u0061\":1,\"a\":2,\"\":3}", "{\"a\":2,\"\":3}");
	assert_stringified("{ }", "{}");
}

static void strings_are_escaped_as_javascript_does(void **state) {
	(void)state;
	assert_stringified("\"\\/\\u0041\\u0008\\u001F\\u000a\\u0000\"", "\"/A\\b\\u001f\\n\\u0000\"");
	assert_stringified(
		"\"\\ud83d\\ude00 \\uD83D \\uDE00\"", "\"\xf0\x9f\x98\x80 \\ud83d \\ude00\"");
	assert_stringified("\"\x7f\\u007f\\u2028\\u2029\"", "\"\x7f\x7f\xe2\x80\xa8\xe2\x80\xa9\"");
	assert_stringified("\"\\\"\\\\\"", "\"\\\"\\\\\"");
	assert_stringified("\xef\xbb\xbf \"x\"", "\"x\"");
}

static void bytes_that_are_no_utf8_become_replacement_characters(void **state) {
	(void)state;
	assert_stringified("\"\xff\"", "\"\xef\xbf\xbd\"");
	assert_stringified("\"\xe2\x82\"", "\"\xef\xbf\xbd\"");
	assert_stringified("\"\xed\xa0\x80\"", "\"\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\"");
	assert_stringified("\"\xf0\x9f\x98x\xc3\xa9\"", "\"\xef\xbf\xbdx\xc3\xa9\"");
	assert_stringified("\"\xc0\xaf\"", "\"\xef\xbf\xbd\xef\xbf\xbd\"");
}

static void a_failed_attempt_leaves_nothing_behind(void **state) {
	(void)state;
	struct buffer out = {0};
	buffer_append_text(&out, "kept");
	assert_false(json_stringify(&out, bytes("{\"a\":[1,2")));
	assert_string_equal(buffer_text(&out), "kept");
	buffer_clear(&out);
}

static void a_payload_is_json_as_a_whole_or_not(void **state) {
	(void)state;
	assert_true(json_is_whole(span_text(" {\"a\": [1, null]} ")));
	assert_false(json_is_whole(span_text("{\"a\": 1} x")));
	assert_false(json_is_whole(span_text("{\"a\": 1")));
	assert_false(json_is_whole(span_text(" ")));
	assert_false(json_is_whole((struct span){NULL, 0}));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_payload_is_json_as_a_whole_or_not),
		cmocka_unit_test(tokens_are_told_apart),
		cmocka_unit_test(what_is_no_json_is_an_error_where_it_stands),
		cmocka_unit_test(nesting_is_followed_to_its_bound),
		cmocka_unit_test(escapes_are_undone),
		cmocka_unit_test(a_value_is_found_by_its_path),
		cmocka_unit_test(the_last_of_repeated_names_counts),
		cmocka_unit_test(nothing_is_found_in_what_is_no_json),
		cmocka_unit_test(numbers_are_spelled_as_javascript_does),
		cmocka_unit_test(a_number_of_a_million_digits_is_read),
		cmocka_unit_test(keys_take_javascripts_order),
		cmocka_unit_test(strings_are_escaped_as_javascript_does),
		cmocka_unit_test(bytes_that_are_no_utf8_become_replacement_characters),
		cmocka_unit_test(a_failed_attempt_leaves_nothing_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
