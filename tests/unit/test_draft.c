/* A request that is being changed: by options, and as a file that went through an editor. */
#include "tui/edit/draft.h"

#include <string.h>

#include "tests/unit/unit.h"
#include "tui/edit/draft_file.h"
#include "tui/edit/json_set.h"

#define HEAD                                                                                       \
	"POST /e/shop/hooks?x=1 HTTP/1.1\r\nHost: a.example.com\r\nX-A:  1\r\nx-a: 2\r\n"              \
	"Content-Length: 7\r\n\r\n"

static struct draft draft;
static struct error err;

static int begin(void **state) {
	(void)state;
	err = (struct error){0};
	draft_set(&draft, span_text(HEAD), span_text("{\"a\":1}"));
	return 0;
}

static int end(void **state) {
	(void)state;
	draft_clear(&draft);
	return 0;
}

static void assert_head(const char *head) {
	assert_string_equal(buffer_text(&draft.head), head);
}

static void what_nobody_changes_stays_as_it_was(void **state) {
	(void)state;
	assert_true(draft_finish(&draft, &err));
	assert_head(HEAD);
}

static void a_header_takes_the_place_of_all_of_its_name(void **state) {
	(void)state;
	assert_true(draft_set_header(&draft, span_text("X-A: 3"), &err));
	assert_true(draft_set_header(&draft, span_text("X-B: new"), &err));
	assert_true(draft_remove_header(&draft, span_text("content-length"), &err));
	assert_head(
		"POST /e/shop/hooks?x=1 HTTP/1.1\r\nHost: a.example.com\r\nX-A: 3\r\nX-B: new\r\n\r\n");
	assert_false(draft_remove_header(&draft, span_text("X-C"), &err));
	assert_string_equal(err.text, "there is no header X-C");
}

static void the_length_is_made_anew(void **state) {
	(void)state;
	draft_set_body(&draft, span_text("0123456789"));
	assert_true(draft_finish(&draft, &err));
	assert_non_null(strstr(buffer_text(&draft.head), "x-a: 2\r\nContent-Length: 10\r\n\r\n"));
	draft_set(&draft, span_text("POST / HTTP/1.1\r\nHost: a\r\n\r\n"), span_text("x"));
	assert_true(draft_finish(&draft, &err));
	assert_head("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\n");
	draft_set(&draft, span_text("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"),
		span_text("x"));
	assert_true(draft_finish(&draft, &err));
	assert_head("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
}

static void method_and_target_are_changed_in_their_place(void **state) {
	(void)state;
	struct span target = span_text("/e/shop/hooks?x=1");
	assert_int_equal(draft_path_offset(&draft, target, 7), 7);
	assert_true(draft_set_method(&draft, span_text("PUT"), &err));
	assert_true(draft_set_target(&draft, span_text("/e/shop/other"), &err));
	assert_true(strstr(buffer_text(&draft.head), "PUT /e/shop/other HTTP/1.1\r\nHost") ==
				buffer_text(&draft.head));
	assert_int_equal(draft_path_offset(&draft, target, 7), 7);
	assert_true(draft_set_target(&draft, span_text("/elsewhere"), &err));
	assert_int_equal(draft_path_offset(&draft, target, 7), 0);
}

static void what_cannot_stand_in_a_request_is_refused(void **state) {
	(void)state;
	assert_false(draft_set_method(&draft, span_text("PO ST"), &err));
	assert_int_equal(err.code, ERROR_USAGE);
	assert_false(draft_set_target(&draft, span_text("/a b"), &err));
	assert_false(draft_set_header(&draft, span_text("nothing"), &err));
	assert_false(draft_set_header(&draft, span_text("X-A: 1\r\nX-Evil: 2"), &err));
	assert_false(draft_set_header(&draft, span_text("X A: 1"), &err));
	assert_head(HEAD);
}

/* --- JSON --- */

static void assert_set(const char *json, const char *path, const char *value, const char *result) {
	struct buffer out = {0};
	assert_true(json_set(&out, span_text(json), span_text(path), span_text(value), &err));
	assert_string_equal(buffer_text(&out), result);
	buffer_clear(&out);
}

static void a_value_is_set_and_every_other_byte_kept(void **state) {
	(void)state;
	assert_set(" {\"a\" : 9007199254740993 ,\r\n\"b\":[1, 2.50 ],\"a\":\"\\u00e9\"}\n", ".a", "0",
		" {\"a\" : 9007199254740993 ,\r\n\"b\":[1, 2.50 ],\"a\":0}\n");
	assert_set("{\"b\":[1, 2.50 ]}", ".b.1", "x", "{\"b\":[1, \"x\" ]}");
	assert_set("{\"b\":{\"c\":null}}", ".b.c", "{\"d\": 1}", "{\"b\":{\"c\":{\"d\": 1}}}");
	assert_set(" [1] ", ".", "\"whole\"", " \"whole\" ");
	assert_set("{\"a\":1}", ".a", "say \"hi\"", "{\"a\":\"say \\\"hi\\\"\"}");
	assert_set("{\"a\":1}", ".a", "", "{\"a\":\"\"}");
}

static void what_is_not_there_is_added_at_the_end(void **state) {
	(void)state;
	assert_set("{ }", ".a", "1", "{\"a\":1 }");
	assert_set("{\"a\":1\n}", ".b", "2", "{\"a\":1,\"b\":2\n}");
	assert_set("{\"a\":{}}", ".a.b", "true", "{\"a\":{\"b\":true}}");
	assert_set("{\"a\":[ 1 ]}", ".a.1", "2", "{\"a\":[ 1,2 ]}");
	assert_set("{\"a\":[]}", ".a.0", "2", "{\"a\":[2]}");
}

static void where_nothing_can_be_set_it_is_said(void **state) {
	(void)state;
	static const struct {
		const char *json, *path, *text;
	} cases[] = {
		{"{\"a\":1}", "a", "a path begins with a dot"},
		{"{\"a\":1}", ".a.b", ".a.b: nothing is there that could hold it"},
		{"{\"a\":1}", ".x.y", ".x.y: nothing is there that could hold it"},
		{"{\"a\":[1]}", ".a.2", ".a.2: the array ends before that element"},
		{"{\"a\":[1]}", ".a.x", ".a.x: the array ends before that element"},
		{"a=1", ".a", "the body is not JSON"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer out = {0};
		assert_false(json_set(
			&out, span_text(cases[i].json), span_text(cases[i].path), span_text("1"), &err));
		assert_non_null(strstr(err.text, cases[i].text));
		assert_int_equal(out.len, 0);
		err = (struct error){0};
	}
}

/* --- the file --- */

/* Writes the draft, lets `edit` change the file, and reads it back. */
static bool through_editor(const char *name, void (*edit)(struct buffer *text)) {
	struct buffer text = {0}, apart = {0};
	struct draft before = {0};
	bool is_apart = draft_file_is_apart(&draft);
	draft_copy(&before, &draft);
	buffer_append_span(&apart, buffer_span(&draft.body));
	draft_file_write(&text, &draft, name);
	edit(&text);
	struct draft_file file = {.text = buffer_span(&text),
		.name = is_apart ? name : NULL,
		.apart = buffer_span(&apart),
		.before = buffer_span(&before.body)};
	bool ok = draft_file_read(&draft, &file, &err);
	draft_clear(&before);
	buffer_clear(&text);
	buffer_clear(&apart);
	return ok;
}

static void touch_nothing(struct buffer *text) {
	(void)text;
}

static void end_the_last_line(struct buffer *text) {
	buffer_append_byte(text, '\n');
}

static void end_lines_in_lf(struct buffer *text) {
	size_t to = 0;
	for (size_t i = 0; i < text->len; i++) {
		if (text->data[i] != '\r') {
			text->data[to++] = text->data[i];
		}
	}
	text->len = to;
	buffer_append_byte(text, '\n');
}

static void a_file_that_is_not_touched_changes_nothing(void **state) {
	(void)state;
	static const char *const bodies[] = {
		"{\"a\":1}", "line\nline\n", "a\r\nb", "", "caf\xc3\xa9\t!"};
	static void (*const edits[])(struct buffer *) = {touch_nothing, end_the_last_line};
	for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
		size_t ends_itself = bodies[i][0] && bodies[i][strlen(bodies[i]) - 1] == '\n';
		for (size_t j = 0; j < 2 - ends_itself; j++) {
			draft_set(&draft, span_text(HEAD), span_text(bodies[i]));
			assert_true(through_editor("x", edits[j]));
			assert_head(HEAD);
			assert_string_equal(buffer_text(&draft.body), bodies[i]);
		}
	}
}

static void line_ends_of_an_editor_are_put_right(void **state) {
	(void)state;
	assert_true(through_editor("x", end_lines_in_lf));
	assert_head(HEAD);
	assert_string_equal(buffer_text(&draft.body), "{\"a\":1}");
}

static void a_body_that_is_no_text_stays_apart(void **state) {
	(void)state;
	const struct span binary = {"\x1f\x8b\0\n\r\xff", 6};
	draft_set(&draft, span_text(HEAD), binary);
	assert_true(draft_file_is_apart(&draft));
	struct buffer text = {0};
	draft_file_write(&text, &draft, "./shop-1.body");
	assert_non_null(strstr(buffer_text(&text), "\r\n\r\n< ./shop-1.body\n"));
	buffer_clear(&text);
	assert_true(through_editor("./shop-1.body", end_lines_in_lf));
	assert_head(HEAD);
	assert_true(span_equal(buffer_span(&draft.body), binary));
}

static void write_another_body(struct buffer *text) {
	text->len -= sizeof "< ./b\n" - 1;
	buffer_append_text(text, "text now");
}

static void a_body_apart_may_become_text(void **state) {
	(void)state;
	draft_set(&draft, span_text(HEAD), (struct span){"\0", 1});
	assert_true(through_editor("./b", write_another_body));
	assert_string_equal(buffer_text(&draft.body), "text now");
}

static const char *file_text;
static void write_that(struct buffer *text) {
	buffer_reset(text);
	buffer_append_text(text, file_text);
}

static void a_wrong_file_is_told_by_its_line(void **state) {
	(void)state;
	static const struct {
		const char *text, *complaint;
	} cases[] = {
		{"", "line 1: "},
		{"POST  / HTTP/1.1\nHost: a\n\nx", "line 1: "},
		{"POST / HTTP/1.1\nHost: a\nX-A 1\nX-B: 2\n\nx", "line 3: "},
		{"POST / HTTP/1.1\nHost: a\nX-B: 2\nHost: b\nX-C: 3\n\nx",
			"line 4: there is more than one Host"},
		{"POST / HTTP/1.1\nHost: a\n X-B: 2\n\nx", "line 3: "},
		{"POST / HTTP/1.1\nHost: a\nX-B: 2",
			"line 4: the empty line between head and body is missing"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		begin(NULL);
		file_text = cases[i].text;
		assert_false(through_editor("x", write_that));
		assert_int_equal(err.code, ERROR_USAGE);
		if (strstr(err.text, cases[i].complaint) != err.text) {
			fail_msg("%zu: %s", i, err.text);
		}
		assert_head(HEAD);
	}
}

static void a_head_alone_needs_no_empty_line(void **state) {
	(void)state;
	draft_set(&draft, span_text("GET / HTTP/1.1\r\nHost: a\r\n\r\n"), span_text(""));
	file_text = "GET /b HTTP/1.1\nHost: a\n";
	assert_true(through_editor("x", write_that));
	assert_head("GET /b HTTP/1.1\r\nHost: a\r\n\r\n");
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
	const struct CMUnitTest tests[] = {
		TEST(what_nobody_changes_stays_as_it_was),
		TEST(a_header_takes_the_place_of_all_of_its_name),
		TEST(the_length_is_made_anew),
		TEST(method_and_target_are_changed_in_their_place),
		TEST(what_cannot_stand_in_a_request_is_refused),
		TEST(a_value_is_set_and_every_other_byte_kept),
		TEST(what_is_not_there_is_added_at_the_end),
		TEST(where_nothing_can_be_set_it_is_said),
		TEST(a_file_that_is_not_touched_changes_nothing),
		TEST(line_ends_of_an_editor_are_put_right),
		TEST(a_body_that_is_no_text_stays_apart),
		TEST(a_body_apart_may_become_text),
		TEST(a_wrong_file_is_told_by_its_line),
		TEST(a_head_alone_needs_no_empty_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
