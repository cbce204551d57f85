/* What is signed with a test pair is right for whoever has its public half, for every provider that signs with key pairs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/signature/private_key.h"
#include "common/signature/provider.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)
#define PARAMETERS_MAX 16

/* Every header a scheme signs beside its own, and every member of JSON it looks at. */
static const char sample_lines[] = "Content-Type: application/json\r\n"
								   "X-Fal-Webhook-User-Id: user_1\r\n"
								   "SigningCertURL: x\r\n"
								   "client-id: client_1\r\n";
static const char sample_body[] =
	"{\"Type\":\"Notification\",\"MessageId\":\"1\",\"TopicArn\":\"arn\",\"Message\":"
	"\"caf\xc3\xa9\","
	"\"Timestamp\":\"2026-01-01T00:00:00.000Z\",\"SignatureVersion\":\"2\",\"Signature\":\"\"}";

struct kit {
	const struct provider *provider;
	struct parameter parameters[PARAMETERS_MAX];
	size_t parameter_count;
};

static struct keyring *make_keyring(const struct kit *kit) {
	struct error err = {0};
	struct keyring *keyring =
		keyring_new(kit->provider, kit->parameters, kit->parameter_count, &err);
	if (!keyring) {
		fail_msg("%s: %s", kit->provider->name, err.text);
	}
	return keyring;
}

/* What must be given is given something. */
static void fill(struct kit *kit, const struct provider *provider) {
	*kit = (struct kit){.provider = provider};
	for (const struct provider_parameter *one = provider->parameters; one && one->name; one++) {
		bool is_algorithm = strcmp(one->name, "alg") == 0;
		if (!one->fallback || is_algorithm) {
			kit->parameters[kit->parameter_count++] =
				(struct parameter){one->name, is_algorithm ? "ecdsa-p256-sha256" : "given"};
		}
	}
}

/* The request as signing made it. */
static void apply(struct signed_request *out, const char *sample, const struct buffer *lines,
	const struct buffer *body, const char *sample_text) {
	struct buffer head = {0}, text = {0};
	buffer_append_text(&head, sample);
	buffer_append_span(&head, buffer_span(lines));
	buffer_append_span(&text, body->len > 0 ? buffer_span(body) : span_text(sample_text));
	signed_request_make(out, buffer_text(&head), buffer_text(&text));
	buffer_clear(&head);
	buffer_clear(&text);
}

static void assert_right(const struct kit *kit, const struct private_key *key,
	const struct signed_request *request, enum verdict verdict) {
	struct keyring *keyring = make_keyring(kit);
	struct buffer public = {0};
	struct error err = {0};
	if (!signature_append_public(keyring, key, &public, &err) ||
		!keyring_add(keyring, "test", buffer_span(&public), &err)) {
		fail_msg("%s: %s", kit->provider->name, err.text);
	}
	struct judgement judgement = signature_verify(keyring, &request->message, NOW);
	if (judgement.verdict != verdict &&
		!(verdict == VERDICT_VALID && judgement.verdict == VERDICT_PARTIAL)) {
		fail_msg(
			"%s: %s, %s", kit->provider->name, verdict_name(judgement.verdict), judgement.reason);
	}
	buffer_clear(&public);
	keyring_free(keyring);
}

static void sign_and_judge(
	const struct kit *kit, struct keyring *keyring, const struct private_key *key) {
	bool form = strcmp(kit->provider->name, "paddle-classic") == 0;
	const char *lines = form ? "Content-Type: application/x-www-form-urlencoded\r\n" : sample_lines;
	const char *text = form ? "alert_id=1&note=caf%C3%A9+au+lait&p_signature=old" : sample_body;
	struct buffer made = {0}, body = {0};
	struct signed_request plain, request, again;
	struct error err = {0};
	struct sign_options options = {
		.now_ms = NOW, .made_id = span_text("msg_1"), .private_key = key, .body = &body};
	signed_request_make(&plain, lines, text);
	if (!signature_sign(keyring, &plain.message, &options, &made, &err)) {
		fail_msg("%s: %s", kit->provider->name, err.text);
	}
	apply(&request, lines, &made, &body, text);
	assert_right(kit, key, &request, VERDICT_VALID);
	/* and what is signed anew is right again */
	buffer_reset(&made);
	struct sign_options later = options;
	if (!signature_sign(keyring, &request.message, &later, &made, &err)) {
		fail_msg("%s, again: %s", kit->provider->name, err.text);
	}
	apply(&again, lines, &made, &body, text);
	assert_right(kit, key, &again, VERDICT_VALID);
	struct error unused;
	struct key_kind kind;
	assert_true(signature_key_kind(keyring, &kind, &unused));
	struct private_key *other = private_key_make(&kind, &err);
	assert_non_null(other);
	assert_right(kit, other, &again, VERDICT_INVALID);
	private_key_free(other);
	signed_request_clear(&plain);
	signed_request_clear(&request);
	signed_request_clear(&again);
	buffer_clear(&made);
	buffer_clear(&body);
}

static void every_provider_with_key_pairs_can_be_played(void **state) {
	(void)state;
	size_t played = 0;
	for (size_t i = 0; i < providers_builtin_count; i++) {
		struct kit kit;
		struct key_kind kind;
		struct error err = {0};
		fill(&kit, providers_builtin[i]);
		struct keyring *keyring = make_keyring(&kit);
		if (signature_key_kind(keyring, &kind, &err)) {
			struct private_key *key = private_key_make(&kind, &err);
			assert_non_null(key);
			sign_and_judge(&kit, keyring, key);
			private_key_free(key);
			played++;
		}
		keyring_free(keyring);
	}
	assert_true(played >= 26);
}

static void a_key_survives_its_file(void **state) {
	(void)state;
	static const struct key_kind kinds[] = {{ALGORITHM_ED25519, ""}, {ALGORITHM_ECDSA, ""},
		{ALGORITHM_ECDSA_RAW, "P-384"}, {ALGORITHM_ECDSA_RAW, "P-521"}, {ALGORITHM_RSA, ""},
		{ALGORITHM_RSA_PSS, ""}};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct error err = {0};
		struct buffer pem = {0}, first = {0}, second = {0};
		struct private_key *key = private_key_make(&kinds[i], &err);
		assert_true(private_key_append_pem(key, &pem, &err));
		struct private_key *read = private_key_read(buffer_span(&pem), &err);
		assert_non_null(read);
		assert_true(private_key_append_public(key, FORM_JWK, &first, &err));
		assert_true(private_key_append_public(read, FORM_JWK, &second, &err));
		assert_string_equal(buffer_text(&first), buffer_text(&second));
		private_key_free(key);
		private_key_free(read);
		buffer_clear(&pem);
		buffer_clear(&first);
		buffer_clear(&second);
	}
}

static void a_text_that_is_no_private_key_is_refused(void **state) {
	(void)state;
	static const char *const texts[] = {"", "secret",
		"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
		"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n"};
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct error err = {0};
		assert_null(private_key_read(span_text(texts[i]), &err));
		assert_int_equal(err.code, ERROR_USAGE);
	}
}

static void a_shared_secret_needs_no_pair(void **state) {
	(void)state;
	struct keyring *keyring = keyring_of("stripe", NULL, NULL);
	struct key_kind kind;
	struct error err = {0};
	assert_false(signature_key_kind(keyring, &kind, &err));
	assert_string_equal(err.text,
		"Stripe signs with a secret that both sides share: sign with that, there is no key pair");
	keyring_free(keyring);
}

static void a_request_without_a_pair_says_what_would_sign_it(void **state) {
	(void)state;
	struct error err = {0};
	struct signed_request request;
	struct buffer lines = {0};
	struct keyring *keyring = keyring_of(
		"discord", "app", "0101010101010101010101010101010101010101010101010101010101010101");
	signed_request_make(&request, "", "{}");
	assert_false(signature_sign(
		keyring, &request.message, &(struct sign_options){.now_ms = NOW}, &lines, &err));
	assert_string_equal(err.text,
		"Discord signs with a private key of its own: a request of it cannot be signed anew, but "
		"with a test key pair (hookline sign --test-key)");
	buffer_clear(&lines);
	signed_request_clear(&request);
	keyring_free(keyring);
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_provider_with_key_pairs_can_be_played),
		cmocka_unit_test(a_key_survives_its_file),
		cmocka_unit_test(a_text_that_is_no_private_key_is_refused),
		cmocka_unit_test(a_shared_secret_needs_no_pair),
		cmocka_unit_test(a_request_without_a_pair_says_what_would_sign_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
