/* Verdicts come with a reason a person can act on, and what was signed is judged valid. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/signature/recipe_version.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)

/* Judges a request; the keyring is freed. */
static struct judgement judged(
	struct keyring *keyring, const char *lines, const char *body, int64_t now_ms) {
	struct signed_request request;
	signed_request_make(&request, lines, body);
	struct judgement judgement = signature_verify(keyring, &request.message, now_ms);
	signed_request_clear(&request);
	keyring_free(keyring);
	return judgement;
}

/* Signs a request; the text is static. */
static const char *signed_lines(struct keyring *keyring, const char *lines, const char *body,
	const struct sign_options *options) {
	static char text[2048];
	struct signed_request request;
	struct buffer out = {0};
	struct error err = {0};
	signed_request_make(&request, lines, body);
	bool ok = signature_sign(keyring, &request.message, options, &out, &err);
	snprintf(text, sizeof text, "%s", ok ? buffer_text(&out) : err.text);
	buffer_clear(&out);
	signed_request_clear(&request);
	keyring_free(keyring);
	return text;
}

static const struct sign_options at_now = {.now_ms = NOW};

static void assert_judged(
	struct judgement judgement, enum verdict verdict, const char *reason, const char *secret) {
	assert_string_equal(judgement.reason, reason);
	assert_string_equal(verdict_name(judgement.verdict), verdict_name(verdict));
	assert_string_equal(judgement.secret, secret);
}

static void the_matching_secret_is_named(void **state) {
	(void)state;
	const char *lines =
		signed_lines(keyring_of("dropspace", "prod", "key"), "", "{\"a\":1}", &at_now);
	struct keyring *keyring = keyring_of("dropspace", "old", "wrong");
	struct error err = {0};
	assert_true(keyring_add(keyring, "prod", span_text("key"), &err));
	assert_int_equal(keyring_count(keyring), 2);
	assert_judged(
		judged(keyring, lines, "{\"a\":1}", NOW), VERDICT_VALID, "the signature is right", "prod");
}

static void an_hmac_is_the_one_of_rfc_4231(void **state) {
	(void)state;
	/* test case 2: key "Jefe" */
	assert_judged(judged(keyring_of("dropspace", "prod", "Jefe"),
					  "X-Webhook-Signature: "
					  "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843\r\n",
					  "what do ya want for nothing?", NOW),
		VERDICT_VALID, "the signature is right", "prod");
}

static void without_a_secret_nothing_is_verified(void **state) {
	(void)state;
	assert_judged(
		judged(keyring_of("stripe", NULL, NULL), "Stripe-Signature: t=1,v1=2\r\n", "", NOW),
		VERDICT_UNVERIFIED, "no secret for Stripe is known here", "");
}

static void a_missing_signature_is_not_an_invalid_one(void **state) {
	(void)state;
	assert_judged(judged(keyring_of("stripe", "prod", "x"), "", "{}", NOW), VERDICT_UNSIGNED,
		"there is no Stripe-Signature header", "");
	assert_judged(judged(keyring_of("stripe", "prod", "x"), "Stripe-Signature:\r\n", "{}", NOW),
		VERDICT_INVALID, "Stripe-Signature is empty", "");
}

static void what_is_malformed_says_how(void **state) {
	(void)state;
	static const struct {
		const char *provider, *lines, *reason;
	} cases[] = {
		{"stripe", "Stripe-Signature: t=1\r\n", "Stripe-Signature has no v1 entry"},
		{"stripe", "Stripe-Signature: v1=00\r\n", "Stripe-Signature has no t entry"},
		{"stripe", "Stripe-Signature: t=abc,v1=00\r\n",
			"the timestamp in Stripe-Signature is not a plain number of seconds"},
		{"stripe", "Stripe-Signature: t=-1,v1=00\r\n",
			"the timestamp in Stripe-Signature is not a plain number of seconds"},
		{"stripe", "Stripe-Signature: t=1,v1=00\r\n",
			"the signature in Stripe-Signature has 2 hexadecimal digits, expected 64"},
		{"stripe", "Stripe-Signature: t=1,v1=true\r\n",
			"the signature in Stripe-Signature is not hexadecimal"},
		{"github", "X-Hub-Signature-256: sha1=00\r\n",
			"X-Hub-Signature-256 does not begin with sha256="},
		{"github",
			"X-Hub-Signature-256: "
			"sha256=ABCDEF00ABCDEF00ABCDEF00ABCDEF00ABCDEF00ABCDEF00ABCDEF00ABCDEF00\r\n",
			"the signature in X-Hub-Signature-256 is in capital letters; the provider sends small "
			"hexadecimal digits"},
		{"github", "X-Hub-Signature-256: sha256=fB4gz8op6D/NM52VJhJKu7pKacthT+ksFVJ4EG1Gp4c=\r\n",
			"the signature in X-Hub-Signature-256 is not hexadecimal (it looks like base64)"},
		{"shopify",
			"X-Shopify-Hmac-Sha256: "
			"7c1e20cfca29e83fcd339d9526124abbba4a69cb614fe92c155278106d46a787\r\n",
			"the signature in X-Shopify-Hmac-Sha256 is not base64 (it looks like hexadecimal)"},
		{"shopify", "X-Shopify-Hmac-Sha256: fB4gz8op\r\n",
			"the signature in X-Shopify-Hmac-Sha256 has 8 characters of base64, expected 44"},
		{"slack", "X-Slack-Signature: v0=00\r\n",
			"X-Slack-Request-Timestamp is missing, and the timestamp is part of what is signed"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		assert_judged(judged(keyring_of(cases[i].provider, "prod", "x"), cases[i].lines, "{}", NOW),
			VERDICT_INVALID, cases[i].reason, "");
	}
}

static void no_secret_that_matches_lists_those_tried(void **state) {
	(void)state;
	const char *lines = signed_lines(keyring_of("github", "x", "theirs"), "", "{}", &at_now);
	struct keyring *keyring = keyring_of("github", "prod", "ours");
	struct error err = {0};
	keyring_add(keyring, "old", span_text("ours before"), &err);
	assert_judged(judged(keyring, lines, "{}", NOW), VERDICT_INVALID,
		"no secret of this endpoint makes this signature (tried: prod, old)", "");
}

static void many_labels_are_cut(void **state) {
	(void)state;
	const char *lines = signed_lines(keyring_of("github", "x", "theirs"), "", "{}", &at_now);
	struct keyring *keyring = keyring_of("github", "a label that is rather long, number 0", "ours");
	struct error err = {0};
	for (int i = 0; i < 63; i++) {
		assert_true(keyring_add(keyring, "a label that is rather long", span_text("k"), &err));
	}
	assert_false(keyring_add(keyring, "one more", span_text("k"), &err));
	assert_string_equal(err.text, "more than 64 secrets");
	struct judgement judgement = judged(keyring, lines, "{}", NOW);
	assert_non_null(strstr(judgement.reason, "...)"));
}

static void an_old_signature_is_right_but_expired(void **state) {
	(void)state;
	char lines[512];
	snprintf(lines, sizeof lines, "%s",
		signed_lines(keyring_of("stripe", "prod", "k"), "", "{}", &at_now));
	assert_judged(judged(keyring_of("stripe", "prod", "k"), lines, "{}", NOW + 412000),
		VERDICT_EXPIRED, "the signature is right but 412 s old (tolerance 300 s)", "prod");
	assert_judged(judged(keyring_of("stripe", "prod", "k"), lines, "{}", NOW + 300999),
		VERDICT_VALID, "the signature is right", "prod");
	assert_judged(judged(keyring_of("stripe", "prod", "k"), lines, "{}", NOW - 999000),
		VERDICT_VALID, "the signature is right", "prod");
	struct judgement wrong = judged(keyring_of("stripe", "prod", "z"), lines, "{}", NOW + 412000);
	assert_int_equal(wrong.verdict, VERDICT_INVALID);
}

static void a_signature_from_the_future_is_told_as_such(void **state) {
	(void)state;
	const char *lines =
		signed_lines(keyring_of("svix", "prod", "whsec_a2V5"), "svix-id: m\r\n", "{}", &at_now);
	assert_judged(judged(keyring_of("svix", "prod", "whsec_a2V5"), lines, "{}", NOW - 301000),
		VERDICT_EXPIRED,
		"the signature is right but its timestamp is 301 s in the future (tolerance 300 s)",
		"prod");
}

static void a_token_says_what_it_does_not_protect(void **state) {
	(void)state;
	assert_judged(
		judged(keyring_of("postpress", "prod", "t0ken"), "postpress-auth: t0ken\r\n", "x", NOW),
		VERDICT_VALID, "the token is right, but nothing protects the body from being changed",
		"prod");
	assert_judged(
		judged(keyring_of("postpress", "prod", "t0ken"), "Postpress-Auth: t0kens\r\n", "x", NOW),
		VERDICT_INVALID, "no secret of this endpoint is this token (tried: prod)", "");
}

static void json_stringify_is_a_verdict_of_its_own(void **state) {
	(void)state;
	const char *lines =
		signed_lines(keyring_of("blackspace", "prod", "k"), "", "{\"a\":[1,2]}", &at_now);
	assert_judged(judged(keyring_of("blackspace", "prod", "k"), lines, "{\"a\": [1.0, 2]}", NOW),
		VERDICT_RESERIALISED,
		"the signature is right for JSON.stringify of the body, not for its bytes as received",
		"prod");
	assert_judged(judged(keyring_of("blackspace", "prod", "k"), lines, "{\"a\":[1,2]}", NOW),
		VERDICT_VALID, "the signature is right", "prod");
}

static void a_scheme_without_the_body_is_partial(void **state) {
	(void)state;
	const struct provider *provider =
		provider_of("schemes:\n  - signature: {header: X-Sig}\n    timestamp: {header: X-Time, "
					"tolerance_s: 60}\n"
					"    content: \"{timestamp}[[.{header:X-Extra|lower}]]\"\n");
	struct error err = {0};
	struct keyring *keyring = keyring_new(provider, NULL, 0, &err);
	keyring_add(keyring, "prod", span_text("k"), &err);
	char lines[512];
	snprintf(lines, sizeof lines, "X-Extra: ABC\r\n%s",
		signed_lines(keyring, "X-Extra: abc\r\n", "", &at_now));
	keyring = keyring_new(provider, NULL, 0, &err);
	keyring_add(keyring, "prod", span_text("k"), &err);
	assert_judged(judged(keyring, lines, "anything", NOW), VERDICT_PARTIAL,
		"the signature is right but does not cover the body", "prod");
	signed_request_forget();
}

static void two_headers_of_one_name_are_ambiguous(void **state) {
	(void)state;
	char both[1024];
	const char *lines = signed_lines(keyring_of("github", "prod", "k"), "", "{}", &at_now);
	snprintf(both, sizeof both, "%sX-Hub-Signature-256: sha256=00\r\n", lines);
	assert_judged(judged(keyring_of("github", "prod", "k"), both, "{}", NOW), VERDICT_INVALID,
		"X-Hub-Signature-256 stands there 2 times, which is ambiguous: the signature in "
		"X-Hub-Signature-256 has 2 hexadecimal digits, expected 64",
		"");
	snprintf(both, sizeof both, "%s%s", lines, lines);
	struct judgement judgement = judged(keyring_of("github", "prod", "k"), both, "{}", NOW);
	assert_int_equal(judgement.verdict, VERDICT_VALID);
	assert_non_null(strstr(judgement.reason, "ambiguous"));
}

static void two_timestamps_are_refused(void **state) {
	(void)state;
	assert_judged(judged(keyring_of("slack", "prod", "k"),
					  "X-Slack-Signature: v0=00\r\nX-Slack-Request-Timestamp: 1\r\n"
					  "X-Slack-Request-Timestamp: 2\r\n",
					  "{}", NOW),
		VERDICT_INVALID,
		"X-Slack-Request-Timestamp stands there several times with different values", "");
}

static void an_old_hash_does_not_rescue_a_forged_new_one(void **state) {
	(void)state;
	struct sign_options legacy = {.now_ms = NOW, .legacy = true};
	char lines[1024];
	snprintf(lines, sizeof lines, "%s",
		signed_lines(keyring_of("github", "prod", "k"), "", "{}", &legacy));
	char *sha1 = strstr(lines, "X-Hub-Signature: ");
	assert_non_null(sha1);
	assert_judged(judged(keyring_of("github", "prod", "k"), sha1, "{}", NOW), VERDICT_VALID,
		"the signature is right, in the older scheme (SHA-1)", "prod");
	char *digit = strstr(lines, "sha256=") + 7;
	*digit = *digit == '0' ? '1' : '0';
	struct judgement judgement = judged(keyring_of("github", "prod", "k"), lines, "{}", NOW);
	assert_int_equal(judgement.verdict, VERDICT_INVALID);
}

static void a_secret_the_scheme_cannot_use_says_why(void **state) {
	(void)state;
	struct keyring *keyring = keyring_of("standard-webhooks", NULL, NULL);
	struct error err = {0};
	assert_false(keyring_add(keyring, "prod", span_text("whsec_***"), &err));
	assert_string_equal(err.text, "expected base64 after whsec_");
	assert_int_equal(err.code, ERROR_USAGE);
	assert_false(keyring_add(keyring, "prod", span_text(""), &err));
	assert_string_equal(err.text, "the secret is empty");
	assert_false(keyring_add(keyring, "prod", span_text("whsec_"), &err));
	assert_string_equal(err.text, "nothing is left of the secret as a key");
	assert_int_equal(keyring_count(keyring), 0);
	keyring_free(keyring);
	keyring = keyring_of("generic-basic", NULL, NULL);
	assert_false(keyring_add(keyring, "prod", span_text("nobody"), &err));
	assert_string_equal(err.text, "expected user:password");
	keyring_free(keyring);
	keyring_free(NULL);
}

static void parameters_are_checked(void **state) {
	(void)state;
	struct keyring *keyring = keyring_of("stripe", NULL, NULL);
	const struct provider *stripe = keyring_provider(keyring);
	keyring_free(keyring);
	struct error err = {0};
	struct parameter one = {"header", "X"};
	assert_null(keyring_new(stripe, &one, 1, &err));
	assert_string_equal(err.text, "stripe has no parameter \"header\"");
	const struct provider *provider =
		provider_of("parameters: {header: , hash: sha256}\nschemes:\n"
					"  - {hash: $hash, signature: {header: $header}, content: \"{body}\"}\n");
	assert_null(keyring_new(provider, NULL, 0, &err));
	assert_string_equal(err.text, "acme needs the parameter \"header\"");
	one = (struct parameter){"haeder", "X"};
	assert_null(keyring_new(provider, &one, 1, &err));
	assert_string_equal(err.text, "acme has no parameter \"haeder\", did you mean \"header\"?");
	one = (struct parameter){"header", "X: y"};
	assert_null(keyring_new(provider, &one, 1, &err));
	assert_string_equal(err.text, "acme: \"X: y\" is no name of a header");
	struct parameter two[] = {{"header", "X"}, {"hash", "sha257"}};
	assert_null(keyring_new(provider, two, 2, &err));
	assert_string_equal(err.text, "acme: \"sha257\" is no hash, did you mean \"sha256\"?");
	signed_request_forget();
}

static void key_steps_run_in_their_order(void **state) {
	(void)state;
	/* the key is SHA-1 of "key&" after hexadecimal: compared with a scheme that gets these bytes */
	const struct provider *steps =
		provider_of("schemes:\n  - {key: [\"need_prefix:k_\", hex, \"append:&\", sha1],"
					" signature: {header: X}, content: \"{body}\"}\n");
	struct error err = {0};
	struct keyring *keyring = keyring_new(steps, NULL, 0, &err);
	assert_false(keyring_add(keyring, "prod", span_text("6b6579"), &err));
	assert_string_equal(err.text, "a secret of this kind begins with k_");
	assert_false(keyring_add(keyring, "prod", span_text("k_6b657"), &err));
	assert_string_equal(err.text, "the secret is not hexadecimal");
	assert_true(keyring_add(keyring, "prod", span_text("k_6b6579"), &err));
	char first[256];
	snprintf(first, sizeof first, "%s", signed_lines(keyring, "", "{}", &at_now));
	const struct provider *plain =
		provider_of("schemes:\n  - {key: [base64], signature: {header: X}, content: \"{body}\"}\n");
	keyring = keyring_new(plain, NULL, 0, &err);
	/* printf 'key&' | openssl dgst -sha1 -binary | base64 */
	assert_true(keyring_add(keyring, "prod", span_text("P9+/NVU2qiD22fHo+weFTjDk+rI="), &err));
	assert_string_equal(first, signed_lines(keyring, "", "{}", &at_now));
	signed_request_forget();
}

static void signing_keeps_the_message_id_or_takes_a_made_one(void **state) {
	(void)state;
	struct sign_options options = {.now_ms = NOW, .made_id = span_text("msg_made")};
	const char *lines = signed_lines(
		keyring_of("svix", "prod", "whsec_a2V5"), "svix-id: msg_1\r\n", "{}", &options);
	assert_non_null(strstr(lines, "svix-id: msg_1\r\nsvix-timestamp: 1767225600\r\n"));
	lines = signed_lines(keyring_of("svix", "prod", "whsec_a2V5"), "", "{}", &options);
	assert_non_null(strstr(lines, "svix-id: msg_made\r\n"));
	lines = signed_lines(keyring_of("svix", "prod", "whsec_a2V5"), "", "{}", &at_now);
	assert_string_equal(lines, "svix signs an id, and the message has none");
	lines = signed_lines(keyring_of("svix", "prod", "whsec_a2V5"),
		"webhook-id: w\r\nwebhook-signature: v1,x\r\n", "{}", &options);
	assert_non_null(strstr(lines, "webhook-id: w\r\n"));
	assert_null(strstr(lines, "svix"));
}

static void signing_refuses_what_would_be_another_header(void **state) {
	(void)state;
	struct sign_options options = {.now_ms = NOW, .id = span_text("x\r\nEvil: 1")};
	assert_string_equal(signed_lines(keyring_of("svix", "prod", "whsec_a2V5"), "", "{}", &options),
		"the value for svix-id holds a control character, which a header cannot carry");
	assert_string_equal(signed_lines(keyring_of("postpress", "prod", "a\nb"), "", "", &at_now),
		"the value for Postpress-Auth holds a control character, which a header cannot carry");
}

static void signing_takes_the_secret_that_is_asked_for(void **state) {
	(void)state;
	struct sign_options options = {.now_ms = NOW, .label = "new"};
	assert_string_equal(signed_lines(keyring_of("github", "prod", "k"), "", "", &options),
		"there is no secret \"new\"");
	assert_string_equal(signed_lines(keyring_of("github", NULL, NULL), "", "", &at_now),
		"no secret for GitHub is known to sign with");
	struct keyring *keyring = keyring_of("postpress", "prod", "one");
	struct error err = {0};
	keyring_add(keyring, "new", span_text("two"), &err);
	assert_string_equal(signed_lines(keyring, "", "", &options), "Postpress-Auth: two\r\n");
}

static void signing_replaces_the_headers_it_owns(void **state) {
	(void)state;
	struct keyring *keyring = keyring_of("slack", NULL, NULL);
	assert_true(signature_owns_header(keyring, span_text("x-slack-signature")));
	assert_true(signature_owns_header(keyring, span_text("X-Slack-Request-Timestamp")));
	assert_false(signature_owns_header(keyring, span_text("X-Slack-Retry-Num")));
	keyring_free(keyring);
}

#define ACME(tolerance)                                                                            \
	"schemes:\n  - kind: hmac\n    hash: sha256\n    signature: {header: X-Acme, encoding: hex}\n" \
	"    timestamp: {header: X-Time, unit: s, tolerance_s: " tolerance                             \
	"}\n    content: \"{timestamp}.{body}\"\n"

static void another_recipe_is_another_version(void **state) {
	(void)state;
	char first[RECIPE_VERSION_LEN + 1], same[RECIPE_VERSION_LEN + 1], other[RECIPE_VERSION_LEN + 1];
	recipe_version(provider_of(ACME("300")), first);
	recipe_version(provider_of(ACME("300")), same);
	recipe_version(provider_of(ACME("5")), other);
	assert_int_equal(strlen(first), RECIPE_VERSION_LEN);
	assert_string_equal(first, same);
	assert_string_not_equal(first, other);
	recipe_version(provider_of(ACME("300") "    require: [{header: X-Topic}]\n"), other);
	assert_string_not_equal(first, other);
	signed_request_forget();
}

static struct judgement judged_by(const char *timestamp_rules, const char *t) {
	char yaml[512], lines[256];
	struct error err = {0};
	snprintf(yaml, sizeof yaml,
		"schemes:\n  - kind: hmac\n    hash: sha256\n"
		"    signature: {header: X-S, list: \",\", pair: \"=\", field: v1, encoding: hex}\n"
		"    timestamp: {signature: t, unit: s%s}\n    content: \"{timestamp}{body}\"\n",
		timestamp_rules);
	struct keyring *keyring = keyring_new(provider_of(yaml), NULL, 0, &err);
	assert_true(keyring_add(keyring, "prod", span_text("key"), &err));
	snprintf(lines, sizeof lines, "X-S: %s,v1=%064d\r\n", t, 0);
	return judged(keyring, lines, "{}", NOW);
}

static void of_several_timestamps_the_recipe_says_which_counts(void **state) {
	(void)state;
	assert_string_equal(judged_by("", "t=1,t=2").reason,
		"X-S has several t entries with different values, which is ambiguous");
	assert_string_equal(judged_by("", "t=1,t=1").reason,
		"no secret of this endpoint makes this signature (tried: prod)");
	assert_string_equal(judged_by(", repeated: first", "t=1,t=x").reason,
		"no secret of this endpoint makes this signature (tried: prod)");
	assert_string_equal(judged_by(", repeated: last", "t=1,t=x").reason,
		"the timestamp in X-S is not a plain number of seconds");
	signed_request_forget();
}

static void a_timestamp_nobody_reads_may_be_any_text(void **state) {
	(void)state;
	assert_string_equal(
		judged_by("", "t=abc").reason, "the timestamp in X-S is not a plain number of seconds");
	assert_string_equal(judged_by(", unread: true", "t=abc").reason,
		"no secret of this endpoint makes this signature (tried: prod)");
	signed_request_forget();
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(of_several_timestamps_the_recipe_says_which_counts),
		cmocka_unit_test(a_timestamp_nobody_reads_may_be_any_text),
		cmocka_unit_test(the_matching_secret_is_named),
		cmocka_unit_test(another_recipe_is_another_version),
		cmocka_unit_test(an_hmac_is_the_one_of_rfc_4231),
		cmocka_unit_test(without_a_secret_nothing_is_verified),
		cmocka_unit_test(a_missing_signature_is_not_an_invalid_one),
		cmocka_unit_test(what_is_malformed_says_how),
		cmocka_unit_test(no_secret_that_matches_lists_those_tried),
		cmocka_unit_test(many_labels_are_cut),
		cmocka_unit_test(an_old_signature_is_right_but_expired),
		cmocka_unit_test(a_signature_from_the_future_is_told_as_such),
		cmocka_unit_test(a_token_says_what_it_does_not_protect),
		cmocka_unit_test(json_stringify_is_a_verdict_of_its_own),
		cmocka_unit_test(a_scheme_without_the_body_is_partial),
		cmocka_unit_test(two_headers_of_one_name_are_ambiguous),
		cmocka_unit_test(two_timestamps_are_refused),
		cmocka_unit_test(an_old_hash_does_not_rescue_a_forged_new_one),
		cmocka_unit_test(a_secret_the_scheme_cannot_use_says_why),
		cmocka_unit_test(parameters_are_checked),
		cmocka_unit_test(key_steps_run_in_their_order),
		cmocka_unit_test(signing_keeps_the_message_id_or_takes_a_made_one),
		cmocka_unit_test(signing_refuses_what_would_be_another_header),
		cmocka_unit_test(signing_takes_the_secret_that_is_asked_for),
		cmocka_unit_test(signing_replaces_the_headers_it_owns),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
