/* HTTP message signatures: the examples of RFC 9421, and everything that is not quite one refused. */
#include <stdio.h>
#include <string.h>

#include "common/signature/http_signature.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

static void assert_refused(const char *input, const char *sentence) {
	struct http_signature signatures[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN] = "";
	assert_int_equal(http_signature_parse(signatures, span_text(input), reason), 0);
	assert_string_equal(reason, sentence);
}

static void what_is_not_spelled_as_it_is_signed_is_refused(void **state) {
	(void)state;
	assert_refused("", "Signature-Input is no list of label=(...)");
	assert_refused("a=1", "Signature-Input is no list of components");
	assert_refused("a=(\"b\"  \"c\")", "Signature-Input is no list of components in quotes");
	assert_refused("a=(\"b\"\"c\")", "Signature-Input is not spelled as it is signed");
	assert_refused("a=(\"b\" \"b\")", "the signature covers a component twice");
	assert_refused(
		"a=(\"b\";req)", "the signature covers \"b\" with parameters, which is not known here");
	assert_refused(
		"a=();created=x", "a parameter in Signature-Input is neither a number nor a text");
	assert_refused("a=();created=1;created=2",
		"created in Signature-Input is no moment, or stands there twice");
	assert_refused("a=(), a=()", "two signatures in Signature-Input have one label");
	assert_refused("a=(),", "Signature-Input is no list of label=(...)");
	assert_refused("a=() x", "Signature-Input is no list of label=(...)");
}

static void the_base_is_that_of_rfc_9421(void **state) {
	(void)state;
	/* section 2.5, with the request of appendix B.2 */
	static const char input[] = "sig1=(\"@method\" \"@authority\" \"@path\" \"content-digest\" "
								"\"content-length\" \"content-type\")"
								";created=1618884473;keyid=\"test-key-rsa-pss\"";
	static const char lines[] =
		"Date: Tue, 20 Apr 2021 02:07:55 GMT\r\nContent-Type: application/json\r\n"
		"Content-Digest: "
		"sha-512=:WZDPaVn/"
		"7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:\r\n"
		"Content-Length: 18\r\n";
	static const char base[] =
		"\"@method\": POST\n\"@authority\": example.com\n\"@path\": /foo\n"
		"\"content-digest\": "
		"sha-512=:WZDPaVn/"
		"7XgHaAy8pmojAkGWoRx2UFChF41A2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:\n"
		"\"content-length\": 18\n\"content-type\": application/json\n"
		"\"@signature-params\": (\"@method\" \"@authority\" \"@path\" \"content-digest\" "
		"\"content-length\" \"content-type\")"
		";created=1618884473;keyid=\"test-key-rsa-pss\"";
	struct http_signature signatures[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN];
	struct signed_request request;
	struct buffer made = {0};
	signed_request_make(&request, lines, "{\"hello\": \"world\"}");
	assert_int_equal(http_signature_parse(signatures, span_text(input), reason), 1);
	assert_true(http_signature_base(&signatures[0], &request.message,
		span_text("https://EXAMPLE.com:443/foo?param=Value&Pet=dog"), &made, reason));
	assert_string_equal(buffer_text(&made), base);
	assert_true(http_content_digest_check(&request.message, reason));
	request.message.body.len--;
	assert_false(http_content_digest_check(&request.message, reason));
	assert_string_equal(reason, "Content-Digest is that of another body");
	buffer_clear(&made);
	signed_request_clear(&request);
}

static void a_covered_header_must_be_there(void **state) {
	(void)state;
	struct http_signature signatures[HTTP_SIGNATURES_MAX];
	char reason[HTTP_SIGNATURE_REASON_LEN];
	struct signed_request request;
	struct buffer made = {0};
	signed_request_make(&request, "", "");
	assert_int_equal(
		http_signature_parse(signatures, span_text("a=(\"x-id\"), b=(\"@status\")"), reason), 2);
	assert_false(http_signature_base(
		&signatures[0], &request.message, span_text("https://a/"), &made, reason));
	assert_string_equal(reason, "x-id is missing, which is part of what is signed");
	assert_false(http_signature_base(
		&signatures[1], &request.message, span_text("https://a/"), &made, reason));
	assert_string_equal(reason, "the signature covers @status, which is not known here");
	buffer_clear(&made);
	signed_request_clear(&request);
}

static void several_values_of_a_header_are_one(void **state) {
	(void)state;
	struct signed_request request;
	struct buffer made = {0};
	signed_request_make(&request, "X-A:  1 \r\nx-a: 2\r\n", "");
	assert_true(http_header_joined(&request.message, span_text("x-a"), &made));
	assert_string_equal(buffer_text(&made), "1, 2");
	buffer_clear(&made);
	signed_request_clear(&request);
}

static void a_signature_is_found_by_its_label(void **state) {
	(void)state;
	char reason[HTTP_SIGNATURE_REASON_LEN];
	struct buffer bytes = {0};
	struct span header = span_text("a=:AAAA:, b=:AQ==:");
	assert_true(http_signature_bytes(header, span_text("b"), &bytes, reason));
	assert_int_equal(bytes.len, 1);
	assert_false(http_signature_bytes(header, span_text("c"), &bytes, reason));
	assert_string_equal(reason, "Signature has none for a label of Signature-Input");
	assert_false(http_signature_bytes(span_text("a=AAAA"), span_text("a"), &bytes, reason));
	assert_string_equal(reason, "Signature is no list of label=:base64:");
	buffer_clear(&bytes);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_spelled_as_it_is_signed_is_refused),
		cmocka_unit_test(the_base_is_that_of_rfc_9421),
		cmocka_unit_test(a_covered_header_must_be_there),
		cmocka_unit_test(several_values_of_a_header_are_one),
		cmocka_unit_test(a_signature_is_found_by_its_label),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
