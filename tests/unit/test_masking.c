/* What is masked is not in what is shown, and everything else is as it arrived. */
#include <string.h>

#include "tests/unit/unit.h"
#include "tui/screen/masking.h"

static struct masking masking;

static void begin(const char *const *fields) {
	struct error err = {0};
	masking_init(&masking);
	for (; *fields; fields++) {
		if (!masking_add_field(&masking, *fields, &err)) {
			fail_msg("%s: %s", *fields, err.text);
		}
	}
}

static void shows(const char *head, const char *body, const char *wanted_head,
	const char *wanted_body, size_t count) {
	struct masked masked;
	const struct msg_bytes bytes = {.head = span_text(head), .body = span_text(body)};
	masking_apply(&masking, &bytes, &masked);
	struct buffer got = {0};
	buffer_append_span(&got, masked.shown.head);
	assert_string_equal(buffer_text(&got), wanted_head);
	buffer_reset(&got);
	buffer_append_span(&got, masked.shown.body);
	assert_string_equal(buffer_text(&got), wanted_body);
	assert_int_equal(masked.count, count);
	buffer_clear(&got);
	masked_clear(&masked);
}

#define JSON_HEAD "POST / HTTP/1.1\r\nContent-Type: application/json\r\n\r\n"

static void json_shows(const char *body, const char *wanted, size_t count) {
	shows(JSON_HEAD, body, JSON_HEAD, wanted, count);
}

static void passwords_in_headers_are_masked_and_signatures_are_not(void **state) {
	(void)state;
	begin((const char *const[]){NULL});
	shows("POST / HTTP/1.1\r\nauthorization: Bearer abc.def\r\nStripe-Signature: t=1,v1=ab\r\n"
		  "Cookie:  a=b; c=d\r\nX-Gitlab-Token:secret\r\nAuthorization: plain\r\n\r\n",
		"{\"Cookie\":1}",
		"POST / HTTP/1.1\r\nauthorization: Bearer ***\r\nStripe-Signature: t=1,v1=ab\r\n"
		"Cookie: ***\r\nX-Gitlab-Token: ***\r\nAuthorization: ***\r\n\r\n",
		"{\"Cookie\":1}", 4);
	shows("Set-Cookie: x", "", "Set-Cookie: ***", "", 1);
	shows("Set-Cookie:\nA: b\n", "", "Set-Cookie: ***\nA: b\n", "", 1);
}

static void a_header_of_ones_own_is_masked_as_well(void **state) {
	struct error err = {0};
	(void)state;
	begin((const char *const[]){NULL});
	assert_true(masking_add_header(&masking, "X-Mine", &err));
	shows(
		"GET / HTTP/1.1\r\nx-mine: 1\r\n\r\n", "", "GET / HTTP/1.1\r\nx-mine: ***\r\n\r\n", "", 1);
}

static void a_name_is_masked_wherever_it_stands(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	json_shows("{\"email\": \"a@b\", \"x\":[{\"email\":{\"y\":[1,{}]},\"z\":1.0e5}]}",
		"{\"email\": \"***\", \"x\":[{\"email\":\"***\",\"z\":1.0e5}]}", 2);
	json_shows("{\"em\\u0061il\":null}", "{\"em\\u0061il\":\"***\"}", 1);
	json_shows("[\"email\", 1]", "[\"email\", 1]", 0);
	json_shows("{\"x\":\"email\"}", "{\"x\":\"email\"}", 0);
}

static void a_path_is_masked_there_alone(void **state) {
	(void)state;
	begin(
		(const char *const[]){".data.items[*].card", ".data.owner", ".list[1]", ".any.*.n", NULL});
	json_shows(
		"{\"data\":{\"items\":[{\"card\":1,\"k\":{\"card\":2}},{\"card\":3}],\"owner\":{\"a\":1},"
		"\"card\":4},\"owner\":5,\"list\":[6,7,8],\"any\":{\"p\":{\"n\":9},\"q\":{\"m\":1,\"n\":2}}"
		"}",
		"{\"data\":{\"items\":[{\"card\":\"***\",\"k\":{\"card\":2}},{\"card\":\"***\"}],\"owner\":"
		"\"***\",\"card\":4},\"owner\":5,\"list\":[6,\"***\",8],\"any\":{\"p\":{\"n\":\"***\"},"
		"\"q\":{"
		"\"m\":1,\"n\":\"***\"}}}",
		6);
}

static void a_path_goes_on_behind_a_container_that_is_masked(void **state) {
	(void)state;
	begin((const char *const[]){".a.b", ".a[0]", ".a", ".c.d", NULL});
	json_shows("{\"a\":{\"b\":1},\"c\":{\"e\":{},\"d\":2},\"a\":[3]}",
		"{\"a\":\"***\",\"c\":{\"e\":{},\"d\":\"***\"},\"a\":\"***\"}", 3);
	begin((const char *const[]){"[*].a.b", "[*].a.c", NULL});
	json_shows("[{\"a\":{\"b\":1,\"c\":2}},{\"a\":{\"x\":{},\"c\":{\"b\":2}}}]",
		"[{\"a\":{\"b\":\"***\",\"c\":\"***\"}},{\"a\":{\"x\":{},\"c\":\"***\"}}]", 3);
}

static void what_follows_a_mistake_in_json_is_not_shown(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	json_shows("{\"a\":1,,\"email\":\"a@b\"}", "{\"a\":1,\"***\"", 1);
	json_shows("{\"email\":[1,{\"x\":}", "{\"email\":\"***\"\"***\"", 2);
	json_shows("<email>a</email>", "<email>a</email>", 0);
}

static void fields_of_a_form_are_masked_by_their_names(void **state) {
	static const char head[] =
		"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded; charset=x\r\n\r\n";
	(void)state;
	begin((const char *const[]){"To", NULL});
	shows(head, "From=1&To=%2B49&x&To&=", head, "From=1&To=***&x&To=***&=", 2);
}

static void what_is_no_path_is_refused(void **state) {
	static const char *const wrong[] = {"", ".", ".a..b", ".a[", ".a[x]", ".a[-1]", ".a[1",
		".a[*]b", ".1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.16.17"};
	struct error err = {0};
	(void)state;
	masking_init(&masking);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		if (masking_add_field(&masking, wrong[i], &err)) {
			fail_msg("\"%s\" is no path", wrong[i]);
		}
	}
	for (size_t i = 0; i < MASKING_MOST; i++) {
		assert_true(masking_add_field(&masking, "x", &err));
	}
	assert_false(masking_add_field(&masking, "x", &err));
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(passwords_in_headers_are_masked_and_signatures_are_not),
		cmocka_unit_test(a_header_of_ones_own_is_masked_as_well),
		cmocka_unit_test(a_name_is_masked_wherever_it_stands),
		cmocka_unit_test(a_path_is_masked_there_alone),
		cmocka_unit_test(a_path_goes_on_behind_a_container_that_is_masked),
		cmocka_unit_test(what_follows_a_mistake_in_json_is_not_shown),
		cmocka_unit_test(fields_of_a_form_are_masked_by_their_names),
		cmocka_unit_test(what_is_no_path_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
