/* Tokens are taken apart strictly, and count only for the request and the moment they were made for. */
#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "common/signature/jwt.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)

/* "header.claims.AAAA" of two JSON texts; static. */
static const char *token_of(const char *header, const char *claims) {
	static char text[4096];
	struct buffer token = {0};
	encoding_append(&token, ENCODING_BASE64URL, span_text(header));
	buffer_append_byte(&token, '.');
	encoding_append(&token, ENCODING_BASE64URL, span_text(claims));
	buffer_append_text(&token, ".AAAA");
	snprintf(text, sizeof text, "%s", buffer_text(&token));
	buffer_clear(&token);
	return text;
}

static void assert_refused(const char *token, const char *sentence) {
	struct jwt jwt = {0};
	char reason[JWT_REASON_LEN] = "";
	assert_false(jwt_read(&jwt, span_text(token), false, reason));
	assert_string_equal(reason, sentence);
	jwt_clear(&jwt);
}

static void what_is_no_token_is_refused(void **state) {
	(void)state;
	assert_refused("", "what stands there is no token: it has not three parts");
	assert_refused("a.b", "what stands there is no token: it has not three parts");
	assert_refused("a.b.c.d", "what stands there is no token: it has not three parts");
	assert_refused("e30=.e30.", "the first part of the token is not base64url, or too long");
	assert_refused("e30.e30.", "the header of the token names no algorithm");
	assert_refused(token_of("{\"alg\":\"HS256\",\"alg\":\"none\"}", "{}"),
		"the header of the token has a member twice");
	assert_refused(token_of("{\"alg\":\"HS256\"}", "{\"a\":1,\"\\u0061\":2}"),
		"the second part of the token has a member twice");
	assert_refused(token_of("{\"alg\":\"HS256\",\"crit\":[\"b64\"]}", "{}"),
		"the header of the token asks for an extension that is not known here (crit)");
	assert_refused(
		token_of("{\"alg\":\"HS256\"}", "[]"), "the second part of the token is no JSON object");
}

static void claims_that_nest_too_deep_are_refused(void **state) {
	(void)state;
	char claims[256] = "{\"a\":";
	for (int i = 0; i <= JSON_OBJECT_DEPTH; i++) {
		strcat(claims, "[");
	}
	assert_refused(token_of("{\"alg\":\"HS256\"}", claims),
		"the second part of the token is no JSON, or nests too deep");
}

static void a_token_is_taken_apart(void **state) {
	(void)state;
	struct jwt jwt = {0};
	char reason[JWT_REASON_LEN];
	assert_true(jwt_read(&jwt,
		span_text(token_of("{\"alg\":\"ES256\",\"kid\":\"k1\"}", "{\"iat\":1.9}")), false, reason));
	int64_t issued;
	assert_string_equal(algorithm_tokens[jwt.algorithm].name, "ES256");
	assert_true(span_is(jwt.kid, "k1"));
	assert_true(json_whole_number(json_object_get(&jwt.claims, "iat"), &issued));
	assert_int_equal(issued, 1);
	jwt_clear(&jwt);
}

/* The header line a provider would send, made by the engine; static. */
static const char *signed_line(const char *provider, const char *body, int64_t now_ms) {
	static char text[2048];
	struct keyring *keyring = keyring_of(provider, "live", "shared");
	struct signed_request request;
	struct buffer out = {0};
	struct error err = {0};
	struct sign_options options = {.now_ms = now_ms, .made_id = span_text("id")};
	signed_request_make(&request, "", body);
	if (!signature_sign(keyring, &request.message, &options, &out, &err)) {
		fail_msg("%s", err.text);
	}
	snprintf(text, sizeof text, "%s", buffer_text(&out));
	buffer_clear(&out);
	signed_request_clear(&request);
	keyring_free(keyring);
	return text;
}

static struct judgement judged(
	const char *provider, const char *secret, const char *lines, const char *body, int64_t now_ms) {
	struct keyring *keyring = keyring_of(provider, "live", secret);
	struct signed_request request;
	signed_request_make(&request, lines, body);
	struct judgement judgement = signature_verify(keyring, &request.message, now_ms);
	signed_request_clear(&request);
	keyring_free(keyring);
	return judgement;
}

static void assert_judged(struct judgement judgement, enum verdict verdict, const char *reason) {
	assert_string_equal(judgement.reason, reason);
	assert_string_equal(verdict_name(judgement.verdict), verdict_name(verdict));
}

static void what_is_signed_is_valid_for_its_body_alone(void **state) {
	(void)state;
	const char *line = signed_line("netlify", "{}", NOW);
	assert_judged(
		judged("netlify", "shared", line, "{}", NOW), VERDICT_VALID, "the signature is right");
	assert_judged(judged("netlify", "shared", line, "{ }", NOW), VERDICT_INVALID,
		"the claim sha256 is not what this request makes it");
	assert_judged(judged("netlify", "another", line, "{}", NOW), VERDICT_INVALID,
		"no secret of this endpoint makes the signature of the token (HS256)");
}

static void every_scheme_with_a_shared_secret_signs_what_it_takes(void **state) {
	(void)state;
	static const char *const names[] = {"netlify", "livekit", "qstash", "messagebird", "vonage",
		"fusionauth", "atlassian-connect", "monday", "frontegg"};
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		struct judgement judgement =
			judged(names[i], "shared", signed_line(names[i], "{}", NOW), "{}", NOW);
		bool covered = i < 6;
		assert_string_equal(verdict_name(judgement.verdict), covered ? "valid" : "partial");
	}
}

static void a_token_ends(void **state) {
	(void)state;
	const char *line = signed_line("atlassian-connect", "{}", NOW);
	assert_judged(judged("atlassian-connect", "shared", line, "{}", NOW + 299000), VERDICT_PARTIAL,
		"the token is right but does not cover the body");
	assert_judged(judged("atlassian-connect", "shared", line, "{}", NOW + 301000), VERDICT_EXPIRED,
		"the signature is right but the token expired 1 s ago");
}

static void the_token_does_not_choose_its_algorithm(void **state) {
	(void)state;
	static const char *const headers[] = {
		"{\"alg\":\"none\"}", "{\"alg\":\"HS512\"}", "{\"alg\":\"RS256\"}"};
	static const char *const named[] = {"an algorithm", "HS512", "RS256"};
	for (size_t i = 0; i < 3; i++) {
		char line[2048], sentence[128];
		snprintf(line, sizeof line, "X-Webhook-Signature: %s\r\n",
			token_of(headers[i], "{\"iss\":\"netlify\"}"));
		snprintf(sentence, sizeof sentence,
			"the token is signed with %s, which this provider does not use", named[i]);
		assert_judged(judged("netlify", "shared", line, "", NOW), VERDICT_INVALID, sentence);
	}
}

static void a_public_key_is_never_a_shared_secret(void **state) {
	(void)state;
	struct keyring *keyring = keyring_of("netlify", NULL, NULL);
	struct error err = {0};
	assert_false(keyring_add(keyring, "live", span_text("-----BEGIN PUBLIC KEY-----\n"), &err));
	assert_string_equal(
		err.text, "this is a public key, and what is wanted is a secret both sides share");
	keyring_free(keyring);
}

static void a_token_signed_anew_keeps_its_claims(void **state) {
	(void)state;
	char line[2048];
	struct signed_request request;
	struct buffer out = {0};
	struct jwt jwt = {0};
	struct error err = {0};
	char reason[JWT_REASON_LEN];
	struct keyring *keyring = keyring_of("vonage", "live", "shared");
	struct sign_options options = {.now_ms = NOW};
	snprintf(line, sizeof line, "Authorization: Bearer %s\r\n",
		token_of("{\"alg\":\"HS256\"}",
			"{\"iat\":1000,\"api_key\":\"x\",\"exp\":1300,\"payload_hash\":\"old\"}"));
	signed_request_make(&request, line, "{}");
	assert_true(signature_sign(keyring, &request.message, &options, &out, &err));
	struct span token = span_after(buffer_span(&out), strlen("Authorization: Bearer "));
	token.len -= 2;
	assert_true(jwt_read(&jwt, token, false, reason));
	assert_true(span_is(jwt.claims_text,
		"{\"iat\":1767225600,\"api_key\":\"x\",\"exp\":1767225900,\"payload_hash\":"
		"\"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a\"}"));
	jwt_clear(&jwt);
	buffer_clear(&out);
	signed_request_clear(&request);
	keyring_free(keyring);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_no_token_is_refused),
		cmocka_unit_test(claims_that_nest_too_deep_are_refused),
		cmocka_unit_test(a_token_is_taken_apart),
		cmocka_unit_test(what_is_signed_is_valid_for_its_body_alone),
		cmocka_unit_test(every_scheme_with_a_shared_secret_signs_what_it_takes),
		cmocka_unit_test(a_token_ends),
		cmocka_unit_test(the_token_does_not_choose_its_algorithm),
		cmocka_unit_test(a_public_key_is_never_a_shared_secret),
		cmocka_unit_test(a_token_signed_anew_keeps_its_claims),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
