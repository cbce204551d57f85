/* Every operation of a recipe does what hookline-providers(5) says of it. */
#include <stdio.h>
#include <string.h>

#include "common/signature/content.h"
#include "common/signature/form.h"
#include "common/signature/multipart.h"
#include "common/signature/request_url.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)

/* A request that is not POST /, with its message. */
static void make(struct signed_request *request, const char *head, const char *body) {
	*request = (struct signed_request){0};
	buffer_append_text(&request->bytes, head);
	size_t len = request->bytes.len;
	buffer_append_text(&request->bytes, body);
	struct span bytes = buffer_span(&request->bytes);
	struct error err = {0};
	if (!message_parse(
			&request->message, (struct span){bytes.data, len}, span_after(bytes, len), &err)) {
		fail_msg("%s", err.text);
	}
}

static struct keyring *ring(const char *yaml, const char *url, const char *secret) {
	struct error err = {0};
	struct parameter parameter = {"url", url};
	struct keyring *keyring = keyring_new(provider_of(yaml), &parameter, url != NULL, &err);
	if (!keyring || !keyring_add(keyring, "prod", span_text(secret), &err)) {
		fail_msg("%s", err.text);
	}
	return keyring;
}

/* What a template makes of a request. */
static const char *content(
	const char *template, const char *url, const char *head, const char *body) {
	static char text[2048];
	char yaml[1024], reason[VERDICT_REASON_LEN] = "";
	snprintf(yaml, sizeof yaml,
		"schemes:\n  - {signature: {header: X, list: \",\", pair: \"=\", field: s}, content: "
		"\"%s\"}\n",
		template);
	struct keyring *keyring = ring(yaml, url, "k");
	struct signed_request request;
	make(&request, head, body);
	struct term_source source = {.keyring = keyring,
		.scheme = &keyring->schemes[0],
		.message = &request.message,
		.carrier = message_header_value(&request.message, "X")};
	struct recipe_content recipe = content_of(keyring->schemes[0].recipe, 0);
	struct content made;
	struct buffer out = {0};
	if (content_collect(&source, &recipe, &made, reason)) {
		for (size_t i = 0; i < made.count; i++) {
			buffer_append_span(&out, made.pieces[i]);
		}
	}
	snprintf(text, sizeof text, "%s", reason[0] ? reason : buffer_text(&out));
	buffer_clear(&out);
	signed_request_clear(&request);
	keyring_free(keyring);
	signed_request_forget();
	return text;
}

#define HEAD "POST /in/a?b=2&a=%C3%A9+1 HTTP/1.1\r\nHost: hooks.test\r\nX-One: First\r\n"
#define JSON "{\"a\":{\"t\":\"x\\u0041\\n\",\"n\":1.50,\"z\":null},\"l\":[{\"q\": 1}]}"

static void terms_are_taken_from_the_request(void **state) {
	(void)state;
	static const struct {
		const char *template, *body, *made;
	} cases[] = {
		{"{method} {path}", "", "POST /in/a"},
		{"{query:a}|{query:b}", "", "\xc3\xa9 1|2"},
		{"{header:x-one|lower}", "", "first"},
		{"{form:b}{form:a}", "a=1%2b&b=%zz+", "%zz 1+"},
		{"{json:a.t}{json:a.n}", JSON, "xA\n1.50"},
		{"{json_raw:a.t}", JSON, "\"x\\u0041\\n\""},
		{"{json:l.0|json_stringify}", JSON, "{\"q\":1}"},
		{"{json:a.z|or_empty}.{json:none|or_empty}", JSON, "."},
		{"[[z={json:a.z};]]t", JSON, "t"},
		{"{lbrace}{rbrace}", "", "{}"},
		{"{form_sorted}", "b=2&a=3&a=1&a=3&B=&c", "Ba1a3b2c"},
		{"{url}", "", "https://hooks.test/in/a?b=2&a=%C3%A9+1"},
		{"{url_with_port}", "", "https://hooks.test:443/in/a?b=2&a=%C3%A9+1"},
		{"{url_form_sorted}", "z=1&y=2", "https://hooks.test/in/a?a=\xc3\xa9 1&b=2.y2z1"},
		{"{path_reescaped}", "", "/in/a?b%253D2%2526a%253D%2525C3%2525A9%252B1"},
		{"{signed_headers:X-List}", "", "x-one:First;host:hooks.test"},
		{"{header_after_eq:X}", "", "1,t=2"},
		{"{signature:t}", "", "2"},
		{"{php_form:s}", "b=1&s=x&a=zz", "a:2:{s:1:\"a\";s:2:\"zz\";s:1:\"b\";s:1:\"1\";}"},
		{"{sns_text}",
			"{\"Type\":\"Notification\",\"MessageId\":\"i\",\"TopicArn\":\"o\",\"Message\":"
			"\"m\\n\","
			"\"Timestamp\":\"t\"}",
			"Message\nm\n\nMessageId\ni\nTimestamp\nt\nTopicArn\no\nType\nNotification\n"},
		{"{json:none}", JSON, "the request has no json none, which is part of what is signed"},
		{"{header:None}", JSON, "None is missing, which is part of what is signed"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(content(cases[i].template, NULL,
								HEAD "X-List: X-One, host\r\nX: s=1,t=2\r\n\r\n", cases[i].body),
			cases[i].made);
	}
}

static void steps_change_what_a_term_is(void **state) {
	(void)state;
	static const struct {
		const char *template, *body, *made;
	} cases[] = {
		{"{body|crc32}", "123456789", "3421780262"},
		{"{body|json_string}", "a\"\\\b\t\x01/\xc3\xa9", "\"a\\\"\\\\\\b\\t\\u0001/\xc3\xa9\""},
		{"{body|sha256|hex}", "abc",
			"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"{body|md5|base64}", "abc", "kAFQmDzST7DWlj99KOF/cg=="},
		{"{body|sha1|base64url}", "abc", "qZk-NkcGgWq6PiVxeFDCbJzQ2J0"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(
			content(cases[i].template, NULL, HEAD "\r\n", cases[i].body), cases[i].made);
	}
}

static void a_field_of_a_multipart_form_is_found(void **state) {
	(void)state;
	const char *body = "--b-1\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nx\r\n"
					   "--b-1\r\ncontent-disposition: form-data; name=\"json\"\r\nContent-Type: "
					   "application/json\r\n\r\n{\"e\":{\"t\":\"7\"}}\r\n--b-1--\r\n";
	assert_string_equal(
		content("{multipart_json:json.e.t}", NULL,
			HEAD "Content-Type: multipart/form-data; boundary=\"b-1\"\r\n\r\n", body),
		"7");
	assert_string_equal(content("{multipart_json:jsn.e.t|or_empty}.", NULL,
							HEAD "Content-Type: multipart/form-data; boundary=b-1\r\n\r\n", body),
		".");
	assert_string_equal(content("{multipart_json:json.e.t|or_empty}.", NULL,
							HEAD "Content-Type: multipart/form-data; boundary=b\r\n\r\n", "--b"),
		".");
}

static void the_url_is_the_one_the_provider_was_given(void **state) {
	(void)state;
	static const struct {
		const char *setting, *head, *made;
	} cases[] = {
		{NULL, "GET /a HTTP/1.1\r\nHost: h:8\r\nX-Forwarded-Proto: http\r\n\r\n", "https://h:8/a"},
		{NULL, "GET http://o/a?b HTTP/1.1\r\nHost: o\r\n\r\n", "http://o/a?b"},
		{"http://o:81", "GET /a?b HTTP/1.1\r\nHost: h\r\n\r\n", "http://o:81/a?b"},
		{"https://o/e/x", "GET /e/x/sms?b=1 HTTP/1.1\r\nHost: h\r\n\r\n", "https://o/e/x/sms?b=1"},
		{"https://o/e/x/", "GET /e/x HTTP/1.1\r\nHost: h\r\n\r\n", "https://o/e/x"},
		{"https://o/e/x", "GET /e/xy HTTP/1.1\r\nHost: h\r\n\r\n", "https://o/e/x"},
		{"https://o/p?k=1", "GET /e/x HTTP/1.1\r\nHost: h\r\n\r\n", "https://o/p?k=1"},
		{"https://o/p", "GET /e/x?q HTTP/1.1\r\nHost: h\r\n\r\n", "https://o/p?q"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_string_equal(content("{url}", cases[i].setting, cases[i].head, ""), cases[i].made);
	}
	assert_string_equal(
		content("{url_without_port}", "http://o:81", "GET / HTTP/1.1\r\nHost: h\r\n\r\n", ""),
		"http://o/");
	struct error err = {0};
	struct parameter parameter = {"url", "ftp://x"};
	const struct provider *provider =
		provider_of("schemes:\n  - {kind: token, signature: {header: X}}\n");
	assert_null(keyring_new(provider, &parameter, 1, &err));
	assert_string_equal(err.text, "acme: url takes http://... or https://..., found \"ftp://x\"");
	signed_request_forget();
}

/* The verdict on a request, with its reason. */
static const char *verdict(struct keyring *keyring, const char *head, const char *body) {
	static char text[VERDICT_REASON_LEN + 32];
	struct signed_request request;
	make(&request, head, body);
	struct judgement judgement = signature_verify(keyring, &request.message, NOW);
	snprintf(text, sizeof text, "%s: %s", verdict_name(judgement.verdict), judgement.reason);
	signed_request_clear(&request);
	keyring_free(keyring);
	signed_request_forget();
	return text;
}

static void a_token_may_stand_in_query_form_or_json(void **state) {
	(void)state;
	const char *fine =
		"valid: the token is right, but nothing protects the body from being changed";
	assert_string_equal(
		verdict(ring("schemes:\n  - {kind: token, signature: {query: t}}\n", NULL, "s 1"),
			"POST /?t=s+1 HTTP/1.1\r\nHost: a\r\n\r\n", ""),
		fine);
	assert_string_equal(
		verdict(ring("schemes:\n  - {kind: token, signature: {form: t}}\n", NULL, "s"),
			"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "x=1&t=s"),
		fine);
	assert_string_equal(
		verdict(ring("schemes:\n  - {kind: token, signature: {json: a.t}}\n", NULL, "s"),
			"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "{\"a\":{\"t\":\"s\"}}"),
		fine);
	assert_string_equal(
		verdict(ring("schemes:\n  - {kind: token, signature: {json: t}}\n", NULL, "s"),
			"POST / HTTP/1.1\r\nHost: a\r\n\r\n", "{}"),
		"unsigned: there is no t in the json");
}

static void a_token_in_every_element_must_be_right_everywhere(void **state) {
	(void)state;
	const char *yaml = "schemes:\n  - {kind: token, signature: {json: s, every: v}}\n";
	const char *head = "POST / HTTP/1.1\r\nHost: a\r\n\r\n";
	const char *fine =
		"valid: the token is right, but nothing protects the body from being changed";
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), head, "{\"v\":[{\"s\":\"k\"},{\"x\":[1],\"s\":\"k\"}]}"),
		fine);
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), head, "{\"v\":[{\"s\":\"k\"},{\"s\":\"j\"}]}"),
		"invalid: no secret of this endpoint is this token (tried: prod)");
	assert_string_equal(verdict(ring(yaml, NULL, "k"), head, "{\"v\":[{\"s\":\"k\"},{}]}"),
		"unsigned: an element of \"v\" has no s");
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), head, "{\"v\":[]}"), "invalid: the list \"v\" is empty");
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), head, "{}"), "invalid: the body has no list \"v\"");
}

/* Signs a request with the keyring's provider and judges it; both keyrings are freed. */
static const char *signed_verdict(
	const char *yaml, const char *secret, const char *lines, const char *body, struct buffer *out) {
	char head[1024];
	struct signed_request request;
	struct error err = {0};
	struct sign_options options = {.now_ms = NOW, .made_id = span_text("id-1")};
	struct keyring *keyring = ring(yaml, NULL, secret);
	snprintf(head, sizeof head, "POST /p HTTP/1.1\r\nHost: h\r\n%s\r\n", lines);
	make(&request, head, body);
	bool ok = signature_sign(keyring, &request.message, &options, out, &err);
	signed_request_clear(&request);
	keyring_free(keyring);
	if (!ok) {
		signed_request_forget();
		return "not signed";
	}
	snprintf(head, sizeof head, "POST /p HTTP/1.1\r\nHost: h\r\n%s\r\n", buffer_text(out));
	return verdict(ring(yaml, NULL, secret), head, body);
}

static void what_is_signed_is_valid(void **state) {
	(void)state;
	static const struct {
		const char *yaml, *line;
	} cases[] = {
		{"schemes:\n  - {kind: digest, hash: md5, signature: {header: X}, content: "
		 "\"{secret}{body}\"}\n",
			"X: "},
		{"schemes:\n  - {hash: sha512, signature: {header: X, encoding: base64_of_hex}, content: "
		 "\"{body}\"}\n",
			"X: "},
		{"schemes:\n  - {signature: {header: X, encoding: hex_upper}, content: \"{body}\"}\n",
			"X: "},
		{"schemes:\n  - {signature: {header: X-, numbered: 3}, content: \"{body}\"}\n", "X-1: "},
		{"schemes:\n  - {signature: {header: X, list: \",\", first: ts}, timestamp: {signature: "
		 "ts, unit: "
		 "ms, tolerance_s: 5}, content: \"{timestamp}.{body}\"}\n",
			"X: 1767225600000,"},
		{"schemes:\n  - {signature: {header: X, list: \",\", pair: \"=\", field: s}, id: "
		 "{signature: t}, "
		 "content: \"{id}.{body}\"}\n",
			"X: t=id-1,s="},
		{"schemes:\n  - {signature: {header: X}, require: [{header: Y, equals: \"1\"}], content: "
		 "\"{body}\"}\n",
			"Y: 1\r\nX: "},
		{"schemes:\n  - {signature: {header: X}, alternatives: [\"{body}\\n\"], content: "
		 "\"{body}\"}\n",
			"X: "},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct buffer out = {0};
		assert_string_equal(
			signed_verdict(cases[i].yaml, "k", "", "{}", &out), "valid: the signature is right");
		assert_memory_equal(buffer_text(&out), cases[i].line, strlen(cases[i].line));
		buffer_clear(&out);
	}
}

static void signed_fields_stay_where_they_are(void **state) {
	(void)state;
	struct buffer out = {0};
	const char *yaml =
		"schemes:\n  - {signature: {header: X, list: \",\", trim: true, pair: \"=\", field: s},"
		" timestamp: {signature: t}, content: \"{body}{signature:env}{timestamp}\"}\n";
	assert_string_equal(signed_verdict(yaml, "k", "X: s=old, env=prod, t=1\r\n", "{}", &out),
		"valid: the signature is right");
	assert_non_null(strstr(buffer_text(&out), ", env=prod, t=1767225600\r\n"));
	buffer_clear(&out);
}

static void another_content_is_as_good(void **state) {
	(void)state;
	struct buffer out = {0};
	const char *plain = "schemes:\n  - {signature: {header: X}, content: \"{body}\\n\"}\n";
	signed_verdict(plain, "k", "", "{}", &out);
	char head[512];
	snprintf(head, sizeof head, "POST / HTTP/1.1\r\nHost: h\r\n%s\r\n", buffer_text(&out));
	buffer_clear(&out);
	assert_string_equal(
		verdict(ring("schemes:\n  - {signature: {header: X}, content: \"{body}\", alternatives: "
					 "[\"{body}.\", \"{body}\\n\"]}\n",
					NULL, "k"),
			head, "{}"),
		"valid: the signature is right");
}

static void a_required_header_must_be_there(void **state) {
	(void)state;
	const char *yaml = "schemes:\n  - {kind: token, signature: {header: X}, require: [{header: Y, "
					   "equals: \"1\"}]}\n";
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), "POST / HTTP/1.1\r\nHost: h\r\nX: k\r\n\r\n", ""),
		"invalid: Y is missing, which this scheme needs");
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), "POST / HTTP/1.1\r\nHost: h\r\nX: k\r\nY: 2\r\n\r\n", ""),
		"invalid: Y has another value than the one expected, which this scheme needs");
}

static void a_scheme_applies_when_its_condition_holds(void **state) {
	(void)state;
	const char *yaml =
		"schemes:\n"
		"  - {kind: token, signature: {header: X}, when: {query: v, equals: \"{body|md5|hex}\"}}\n"
		"  - {kind: token, signature: {header: Z}, when: {query: w, absent: true}}\n";
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"),
			"POST /?w&v=900150983cd24fb0d6963f7d28e17f72 HTTP/1.1\r\nHost: h\r\nX: k\r\n\r\n",
			"abc"),
		"valid: the token is right, but nothing protects the body from being changed");
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), "POST /?w&v=00 HTTP/1.1\r\nHost: h\r\nX: k\r\n\r\n", "abc"),
		"invalid: v in the query is not what the signature asks for");
	assert_string_equal(
		verdict(ring(yaml, NULL, "k"), "POST /?w HTTP/1.1\r\nHost: h\r\nX: k\r\n\r\n", "abc"),
		"invalid: no scheme of acme is made for a request like this");
}

static void a_secret_of_its_own_is_for_one_scheme(void **state) {
	(void)state;
	const char *yaml = "schemes:\n  - {kind: token, signature: {header: X}}\n"
					   "  - {kind: token, secret: second, signature: {header: Y}}\n";
	struct error err = {0};
	struct keyring *keyring = ring(yaml, NULL, "one");
	assert_true(keyring_add(keyring, "second", span_text("two"), &err));
	assert_string_equal(verdict(keyring, "POST / HTTP/1.1\r\nHost: h\r\nX: two\r\n\r\n", ""),
		"invalid: no secret of this endpoint is this token (tried: prod)");
	keyring = ring(yaml, NULL, "one");
	assert_true(keyring_add(keyring, "second", span_text("two"), &err));
	assert_string_equal(verdict(keyring, "POST / HTTP/1.1\r\nHost: h\r\nY: two\r\n\r\n", ""),
		"valid: the token is right, but nothing protects the body from being changed");
}

static void an_optional_timestamp_is_judged_where_it_is(void **state) {
	(void)state;
	const char *yaml =
		"schemes:\n  - {kind: token, signature: {header: X}, timestamp: {json: t, unit: ms, "
		"tolerance_s: 60, optional: true}}\n";
	const char *head = "POST / HTTP/1.1\r\nHost: h\r\nX: k\r\n\r\n";
	assert_string_equal(verdict(ring(yaml, NULL, "k"), head, "{}"),
		"valid: the token is right, but nothing protects the body from being changed");
	assert_string_equal(verdict(ring(yaml, NULL, "k"), head, "{\"t\":1767225500000}"),
		"expired: the signature is right but 100 s old (tolerance 60 s)");
}

/* The key a list of steps makes, as what a token scheme sends. */
static const char *key_of(const char *steps, const char *secret) {
	static char text[256];
	char yaml[256];
	snprintf(yaml, sizeof yaml,
		"parameters: {p: id}\nschemes:\n  - {kind: token, key: [%s], signature: {header: X}}\n",
		steps);
	struct buffer out = {0};
	signed_verdict(yaml, secret, "", "", &out);
	snprintf(text, sizeof text, "%s", buffer_text(&out));
	buffer_clear(&out);
	return text;
}

static void keys_are_made_in_steps(void **state) {
	(void)state;
	assert_string_equal(key_of("nfkd", "e\xcc\x81\xef\xac\x81"), "X: e\xcc\x81"
																 "fi\r\n");
	assert_string_equal(key_of("nfkd", "\xc3\xa9"), "X: e\xcc\x81\r\n");
	assert_string_equal(key_of("\"prepend:&\", \"prepend:$p\"", "s"), "X: id&s\r\n");
	assert_string_equal(key_of("\"strip_tag:signkey-\"", "signkey-prod-abc-d"), "X: abc-d\r\n");
	assert_string_equal(key_of("\"strip_tag:signkey-\"", "abc-d"), "X: abc-d\r\n");
}

static void a_signature_in_the_body_is_left_as_it_is(void **state) {
	(void)state;
	struct buffer out = {0};
	const char *yaml = "schemes:\n  - {kind: token, signature: {json: t}}\n";
	assert_string_equal(signed_verdict(yaml, "k", "", "{\"t\":\"k\"}", &out),
		"valid: the token is right, but nothing protects the body from being changed");
	assert_string_equal(buffer_text(&out), "");
	assert_string_equal(signed_verdict(yaml, "k", "", "{\"t\":\"x\"}", &out), "not signed");
	buffer_clear(&out);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_are_taken_from_the_request),
		cmocka_unit_test(steps_change_what_a_term_is),
		cmocka_unit_test(a_field_of_a_multipart_form_is_found),
		cmocka_unit_test(the_url_is_the_one_the_provider_was_given),
		cmocka_unit_test(a_token_may_stand_in_query_form_or_json),
		cmocka_unit_test(a_token_in_every_element_must_be_right_everywhere),
		cmocka_unit_test(what_is_signed_is_valid),
		cmocka_unit_test(signed_fields_stay_where_they_are),
		cmocka_unit_test(another_content_is_as_good),
		cmocka_unit_test(a_required_header_must_be_there),
		cmocka_unit_test(a_scheme_applies_when_its_condition_holds),
		cmocka_unit_test(a_secret_of_its_own_is_for_one_scheme),
		cmocka_unit_test(an_optional_timestamp_is_judged_where_it_is),
		cmocka_unit_test(keys_are_made_in_steps),
		cmocka_unit_test(a_signature_in_the_body_is_left_as_it_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
