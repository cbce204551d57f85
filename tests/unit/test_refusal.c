/* What an app must refuse: how it is made, where it does not apply, and what the answers mean. */
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/prove/refusal.h"

#define HEAD                                                                                       \
	"POST /hooks HTTP/1.1\r\nHost: a\r\nX-Sig: old\r\nContent-Type: application/json\r\n\r\n"

struct case_bed {
	struct message message;
	struct refusal_input input;
	struct refusal_case made;
};

static void make(struct case_bed *bed, enum refusal refusal, const char *body) {
	struct error err = {0};
	assert_true(message_parse(&bed->message, span_text(HEAD), span_text(body), &err));
	bed->input.message = &bed->message;
	bed->input.oversize = 1000;
	bed->input.id_header = bed->input.id_header ? bed->input.id_header : "";
	refusal_make(refusal, &bed->input, &bed->made);
}

static struct case_bed signed_bed(void) {
	return (struct case_bed){
		.input = {
			.right = {true, {"X-Sig: right\r\nX-Id: 7\r\n", 23}, VERDICT_VALID},
			.wrong = {true, {"X-Sig: wrong\r\nX-Id: 7\r\n", 23}, VERDICT_INVALID},
			.stale = {true, {"X-Sig: stale\r\n", 14}, VERDICT_EXPIRED},
			.future = {true, {"X-Sig: later\r\n", 14}, VERDICT_VALID},
			.id_header = "X-Id",
		}};
}

static void clear(struct case_bed *bed) {
	refusal_case_clear(&bed->made);
	message_clear(&bed->message);
}

static const char *head_of(struct case_bed *bed) {
	return buffer_text(&bed->made.head);
}

static void a_changed_body_stays_what_it_is(void **state) {
	(void)state;
	static const struct {
		const char *body, *altered;
	} cases[] = {
		{"{\"a\":19,\"b\":\"x\"}", "{\"a\":10,\"b\":\"x\"}"},
		{"{\"a\":true,\"b\":\"xz\"}", "{\"a\":true,\"b\":\"xa\"}"},
		{"a=1&b=2", "a=1&b=3"},
		{"{}", "{|"},
		{"--", "-,"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct case_bed bed = signed_bed();
		make(&bed, REFUSAL_ALTERED_BODY, cases[i].body);
		assert_true(bed.made.applies);
		assert_string_equal(buffer_text(&bed.made.body), cases[i].altered);
		assert_non_null(strstr(head_of(&bed), "X-Sig: right\r\n"));
		clear(&bed);
	}
}

static void signatures_are_wrong_missing_or_twice(void **state) {
	(void)state;
	struct case_bed bed = signed_bed();
	make(&bed, REFUSAL_WRONG_SECRET, "{}");
	assert_non_null(strstr(head_of(&bed), "X-Sig: wrong\r\n"));
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_NO_SIGNATURE, "{}");
	assert_null(strstr(head_of(&bed), "X-Sig"));
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_DOUBLED_HEADER, "{}");
	assert_non_null(strstr(head_of(&bed), "X-Sig: right\r\n"));
	assert_non_null(strstr(head_of(&bed), "X-Id: 7\r\nX-Sig: wrong\r\n\r\n"));
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_HEADER_CASE, "{}");
	assert_non_null(strstr(head_of(&bed), "x-sIG: right\r\n"));
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_OLD_ID, "{}");
	assert_non_null(strstr(head_of(&bed), "X-Id: 8\r\n"));
	assert_non_null(strstr(head_of(&bed), "X-Sig: right\r\n"));
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_STALE, "{}");
	assert_non_null(strstr(head_of(&bed), "X-Sig: stale\r\n"));
	clear(&bed);
}

static void bodies_are_short_long_or_of_another_type(void **state) {
	(void)state;
	struct case_bed bed = signed_bed();
	make(&bed, REFUSAL_TRUNCATED, "{\"a\":1}");
	assert_string_equal(buffer_text(&bed.made.body), "{\"a");
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_OVERSIZE, "{}");
	assert_int_equal(bed.made.body.len, 1000);
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_EMPTY, "{}");
	assert_true(bed.made.applies);
	assert_int_equal(bed.made.body.len, 0);
	clear(&bed);
	bed = signed_bed();
	make(&bed, REFUSAL_WRONG_TYPE, "{}");
	assert_non_null(strstr(head_of(&bed), "Content-Type: application/x-www-form-urlencoded\r\n"));
	assert_non_null(strstr(head_of(&bed), "X-Sig: right\r\n"));
	clear(&bed);
}

static void skips(enum refusal refusal, struct case_bed bed, const char *body, const char *why) {
	make(&bed, refusal, body);
	assert_false(bed.made.applies);
	assert_int_equal(bed.made.head.len, 0);
	assert_non_null(strstr(buffer_text(&bed.made.how), why));
	clear(&bed);
}

static void what_does_not_apply_says_why(void **state) {
	(void)state;
	struct case_bed bed = signed_bed(), bare = {0};
	skips(REFUSAL_FUTURE, bed, "{}", "takes times ahead");
	bed.input.stale.verdict = VERDICT_VALID;
	skips(REFUSAL_STALE, bed, "{}", "judges no time");
	bed.input.right.verdict = VERDICT_PARTIAL;
	skips(REFUSAL_ALTERED_BODY, bed, "{}", "does not cover the body");
	skips(REFUSAL_TRUNCATED, bed, "plain text", "could be a whole one");
	bed.input.id_header = "";
	skips(REFUSAL_OLD_ID, bed, "{}", "prove twice");
	skips(REFUSAL_EMPTY, bed, "", "no body");
	skips(REFUSAL_WRONG_SECRET, bare, "{}", "another secret");
	skips(REFUSAL_NO_SIGNATURE, bare, "{}", "not known");
	skips(REFUSAL_DOUBLED_HEADER, bare, "{}", "not known");
	skips(REFUSAL_HEADER_CASE, bare, "{}", "not known");
	skips(REFUSAL_STALE, bare, "{}", "another moment");
}

static void only_4xx_is_refusing(void **state) {
	(void)state;
	static const struct {
		enum refusal refusal;
		int64_t status;
		bool good;
		const char *words;
	} cases[] = {
		{REFUSAL_STALE, 401, true, "refused"},
		{REFUSAL_STALE, 200, false, "accepted a request that was signed a day ago"},
		{REFUSAL_STALE, 500, false, "crashed instead of refusing"},
		{REFUSAL_STALE, 302, false, "neither"},
		{REFUSAL_EMPTY, 0, false, "hung up"},
		{REFUSAL_OVERSIZE, 0, true, "hanging up"},
		{REFUSAL_HEADER_CASE, 204, true, "as it must be"},
		{REFUSAL_HEADER_CASE, 401, false, "no case"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer words = {0};
		assert_int_equal(refusal_judge(cases[i].refusal, cases[i].status, &words), cases[i].good);
		assert_non_null(strstr(buffer_text(&words), cases[i].words));
		buffer_clear(&words);
	}
	for (int i = 0; i < REFUSAL_COUNT; i++) {
		assert_int_equal(refusal_from_name(span_text(refusal_name((enum refusal)i))), i);
	}
	assert_int_equal(refusal_from_name(span_text("nonsense")), -1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_changed_body_stays_what_it_is),
		cmocka_unit_test(signatures_are_wrong_missing_or_twice),
		cmocka_unit_test(bodies_are_short_long_or_of_another_type),
		cmocka_unit_test(what_does_not_apply_says_why),
		cmocka_unit_test(only_4xx_is_refusing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
