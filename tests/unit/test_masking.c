/* What is masked is not in what is shown, and everything else is as it arrived. */
#include <string.h>

#include "common/business_key.h"
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

static void targets_shows(const char *target, const char *wanted, size_t count) {
	struct buffer got = {0};
	size_t found = masking_target(&got, &masking, span_text(target));
	if (strcmp(buffer_text(&got), wanted) != 0 || found != count) {
		fail_msg(
			"%s became %s (%zu), not %s (%zu)", target, buffer_text(&got), found, wanted, count);
	}
	buffer_clear(&got);
}

static void values_of_a_query_are_masked_wherever_it_is_shown(void **state) {
	(void)state;
	begin((const char *const[]){"email", ".path.only", NULL});
	shows("POST /in?x=1&email=a%40b&email=c&y HTTP/1.1\r\n"
		  "Referer: https://a.test/p?y=2&email=a@b#top\r\n"
		  "X-Original-URI: /in?email=a\r\n:path: /in?email=a&x=1\r\n"
		  "Link: <https://a.test/?email=a>; rel=next\r\nX-Pairs: k=1; email=a; z=2\r\n"
		  "X-Json: {\"email\":\"a\"}\r\nX-Quoted: email=\"a b\", k=1\r\n\r\n",
		"",
		"POST /in?x=1&email=***&email=***&y HTTP/1.1\r\n"
		"Referer: https://a.test/p?y=2&email=***#top\r\n"
		"X-Original-URI: /in?email=***\r\n:path: /in?email=***&x=1\r\n"
		"Link: <https://a.test/?email=***>; rel=next\r\nX-Pairs: k=1; email=*** z=2\r\n"
		"X-Json: {\"email\":\"***\"}\r\nX-Quoted: email=***, k=1\r\n\r\n",
		"", 9);
	shows("POST http://a:80/?email=x HTTP/1.1\r\nA: b\r\n", "",
		"POST http://a:80/?email=*** HTTP/1.1\r\nA: b\r\n", "", 1);
}

static void passwords_in_a_query_are_masked_and_what_is_no_field_is_not(void **state) {
	(void)state;
	begin((const char *const[]){NULL});
	targets_shows("/in?token=abc&Access_Token=d&hub.verify_token=e&sig=f",
		"/in?token=***&Access_Token=***&hub.verify_token=***&sig=f", 3);
	targets_shows("/token=abc", "/token=abc", 0);
	targets_shows("/in?tokens=abc&a=token", "/in?tokens=abc&a=token", 0);
	targets_shows("/in?token", "/in?token=***", 1);
	targets_shows("/in?", "/in?", 0);
	targets_shows("", "", 0);
}

static void names_in_a_query_are_what_they_are_once_decoded(void **state) {
	(void)state;
	begin((const char *const[]){"e-mail", "email", "caf\xc3\xa9", NULL});
	targets_shows("/?e%2Dmail=a&%65mail=b&user%5Bemail%5D=c&user[email]=d&e%2",
		"/?e%2Dmail=***&%65mail=***&user%5Bemail%5D=***&user[email]=***&e%2", 4);
	targets_shows(
		"/?caf%C3%A9=a&caf\xc3\xa9=b&caf%E9=c", "/?caf%C3%A9=***&caf\xc3\xa9=***&caf%E9=c", 2);
	targets_shows(
		"/?%ff%fe=a&\xc0\xa5mail=b&%00email=c", "/?%ff%fe=a&\xc0\xa5mail=b&%00email=c", 0);
	targets_shows("/?a=1;email=b;c&d=2", "/?a=1;email=***&d=2", 1);
	targets_shows("/?&&=&email=&=", "/?&&=&email=***&=", 1);
}

static void a_value_that_holds_fields_is_looked_into(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	targets_shows("/?payload=%7B%22email%22%3A%22a%22%7D&next=https%3A%2F%2Fa.test%2F%3Femail%3Db",
		"/?payload=%7B%22email%22%3A%22***%22%7D&next=https%3A%2F%2Fa.test%2F%3Femail%3D***", 2);
	shows("POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
		"payload=%7B%22email%22%3A1%7D&k=%7B%7D",
		"POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n",
		"payload=%7B%22email%22%3A%22***%22%7D&k=%7B%7D", 1);
}

#define FORM_HEAD "POST / HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n"
#define PARTS_HEAD "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=xy\r\n\r\n"

static void json_is_masked_whatever_it_is_called(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	shows(FORM_HEAD, " {\"email\":\"a=b&c\"}", FORM_HEAD, " {\"email\":\"***\"}", 1);
	shows("A: b\r\n\r\n", "\xef\xbb\xbf{\"email\":1}", "A: b\r\n\r\n",
		"\xef\xbb\xbf{\"email\":\"***\"}", 1);
}

static void parts_of_a_multipart_body_are_masked(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	shows(PARTS_HEAD,
		"--xy\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\na@b\r\n--xy\r\n"
		"Content-Disposition: form-data; name=k\r\n\r\nemail\r\n--xy\r\n"
		"Content-Disposition: form-data; name=\"user[email]\"; filename=x\r\n\r\na\r\nb\r\n--xy\r\n"
		"Content-Type: application/json\r\n\r\n{\"email\":1}\r\n--xy--\r\n",
		PARTS_HEAD,
		"--xy\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\n***\r\n--xy\r\n"
		"Content-Disposition: form-data; name=k\r\n\r\nemail\r\n--xy\r\n"
		"Content-Disposition: form-data; name=\"user[email]\"; filename=x\r\n\r\n***\r\n--xy\r\n"
		"Content-Type: application/json\r\n\r\n{\"email\":\"***\"}\r\n--xy--\r\n",
		3);
	shows(PARTS_HEAD, "--xy\r\nContent-Disposition: form-data; name=email\r\n\r\nbroken off",
		PARTS_HEAD, "--xy\r\nContent-Disposition: form-data; name=email\r\n\r\n***", 1);
	shows(PARTS_HEAD, "{\"email\":1}", PARTS_HEAD, "{\"email\":\"***\"}", 1);
}

static void keys_are(const char *provider, const char *given, const char *wanted) {
	struct buffer keys = {0}, left = {0}, words = {0};
	struct span rest = span_text(given);
	while (rest.len > 0) {
		struct span value = span_cut(&rest, ' '), name = span_cut(&value, ':');
		business_keys_add(&keys, 0, name, value);
	}
	masking_keys(&left, &masking, span_text(provider), buffer_span(&keys));
	business_keys_append_words(&words, buffer_span(&left));
	assert_string_equal(buffer_text(&words), wanted);
	buffer_clear(&keys);
	buffer_clear(&left);
	buffer_clear(&words);
}

static void a_business_key_of_what_is_masked_is_not_told(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	keys_are("none", "email:a@b order:42", "order 42");
	keys_are("stripe", "customer:cus_9 order:42", "customer cus_9, order 42");
	begin((const char *const[]){".data.object.customer", NULL});
	keys_are("stripe", "customer:cus_9 order:42", "order 42");
	begin((const char *const[]){".data.*", NULL});
	keys_are("stripe", "customer:cus_9", "");
	begin((const char *const[]){".data.other", NULL});
	keys_are("stripe", "customer:cus_9", "customer cus_9");
}

static void the_exchange_of_a_handshake_is_masked(void **state) {
	(void)state;
	struct buffer got = {0};
	begin((const char *const[]){"email", NULL});
	assert_int_equal(
		masking_text(&got, &masking, span_text("Set-Cookie: a\r\nA: b\r\n\r\n{\"email\":1}")), 2);
	assert_string_equal(buffer_text(&got), "Set-Cookie: ***\r\nA: b\r\n\r\n{\"email\":\"***\"}");
	buffer_clear(&got);
}

/* A text that breaks off, or has what no text may have, shows nothing of itself. */
static void of_a_broken_value_nothing_is_left(void **state) {
	(void)state;
	begin((const char *const[]){"email", NULL});
	json_shows("{\"email\":\"a@b", "{\"email\":\"***\"", 1);
	json_shows("{\"a\":1, \"email\": \"a@\x01 b\"}", "{\"a\":1, \"email\": \"***\"", 1);
	json_shows("{\"email\":[\"a\",\"b\\x", "{\"email\":\"***\"\"***\"", 2);
	json_shows("{\"a\":[1,\"ema", "{\"a\":[1,\"***\"", 1);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_a_broken_value_nothing_is_left),
		cmocka_unit_test(passwords_in_headers_are_masked_and_signatures_are_not),
		cmocka_unit_test(a_header_of_ones_own_is_masked_as_well),
		cmocka_unit_test(a_name_is_masked_wherever_it_stands),
		cmocka_unit_test(a_path_is_masked_there_alone),
		cmocka_unit_test(a_path_goes_on_behind_a_container_that_is_masked),
		cmocka_unit_test(what_follows_a_mistake_in_json_is_not_shown),
		cmocka_unit_test(fields_of_a_form_are_masked_by_their_names),
		cmocka_unit_test(values_of_a_query_are_masked_wherever_it_is_shown),
		cmocka_unit_test(passwords_in_a_query_are_masked_and_what_is_no_field_is_not),
		cmocka_unit_test(names_in_a_query_are_what_they_are_once_decoded),
		cmocka_unit_test(a_value_that_holds_fields_is_looked_into),
		cmocka_unit_test(json_is_masked_whatever_it_is_called),
		cmocka_unit_test(parts_of_a_multipart_body_are_masked),
		cmocka_unit_test(a_business_key_of_what_is_masked_is_not_told),
		cmocka_unit_test(the_exchange_of_a_handshake_is_masked),
		cmocka_unit_test(what_is_no_path_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
