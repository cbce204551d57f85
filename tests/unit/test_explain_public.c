/* The doctor on what is no HMAC in a header: public keys, tokens, passwords, and signatures in the query, a form or JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/signature/explain.h"
#include "common/signature/keyset.h"
#include "common/signature/private_key.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)
#define BODY "{\"id\":\"evt_1\",\"amount\":4200}"

/* One mistake: the sender's recipe beside the receiver's. NULL: the same, or as it was. */
struct mistake {
	const char *title;
	const char *receiver, *sender; /* YAML below "schemes:" */
	const char *secret;            /* both share; NULL: a key pair */
	const char *sender_secret;
	const char *sent, *received; /* the body */
	const char *from, *to;       /* in the header lines, replaced once */
	const char *target;          /* as received */
	bool other_key;              /* signed with a key kept elsewhere */
	int age_s;
	const char *cause, *words;
};

#define SIGNED(algorithm, hash, form, encoding, extra, content)                                    \
	"  - kind: signature\n    algorithm: " algorithm "\n    hash: " hash "\n    form: " form       \
	"\n    signature: {header: X-Sig, encoding: " encoding extra "}\n    content: \"" content      \
	"\"\n"
#define ED25519(encoding, extra, content)                                                          \
	"  - kind: signature\n    algorithm: ed25519\n    form: raw-hex\n"                             \
	"    signature: {header: X-Sig, encoding: " encoding extra "}\n"                               \
	"    timestamp: {header: X-Time, unit: s, tolerance_s: 300}\n    content: \"" content "\"\n"
#define JWT(algorithms, prefix, claims)                                                            \
	"  - kind: jwt\n    algorithms: [" algorithms "]\n    form: jwk\n"                             \
	"    signature: {header: X-Token, prefix: \"" prefix "\"}\n    claims: {" claims "}\n"
#define BIND(encoding) "bind: [{claim: hash, value: \"{body|sha256|" encoding "}\"}]"
#define HTTP(algorithm)                                                                            \
	"  - kind: http-signature\n    algorithm: " algorithm "\n    form: pem\n"                      \
	"    signature: {header: Signature}\n    timestamp: {header: Signature-Input, tolerance_s: "   \
	"300}\n"
#define TOKEN(place, prefix) "  - kind: token\n    signature: {" place ", prefix: \"" prefix "\"}\n"
#define MAC(place, hash, encoding, prefix)                                                         \
	"  - kind: hmac\n    hash: " hash "\n    signature: {" place ", encoding: " encoding           \
	", prefix: \"" prefix "\"}\n    content: \"{json:id}\"\n"

static const struct mistake mistakes[] = {
	{"another key", ED25519("hex", "", "{timestamp}{body}"), .other_key = true,
		.cause = "other_secret", .words = "made with the secret shop/staging, not with prod"},
	{"another RSA key", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}"), .other_key = true,
		.cause = "other_secret"},
	{"base64 for hexadecimal", ED25519("hex", "", "{timestamp}{body}"),
		ED25519("base64", "", "{timestamp}{body}"), .cause = "encoding",
		.words = "in base64, where the recipe expects hex"},
	{"hexadecimal for base64", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("rsa", "sha256", "pem", "hex", "", "{body}"), .cause = "encoding"},
	{"base64url for base64", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("rsa", "sha256", "pem", "base64url", "", "{body}"), .cause = "encoding"},
	{"SHA-1 for SHA-256", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("rsa", "sha1", "pem", "base64", "", "{body}"), .cause = "hash",
		.words = "made with sha1, where the recipe expects sha256"},
	{"SHA-512 with ECDSA", SIGNED("ecdsa", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("ecdsa", "sha512", "pem", "base64", "", "{body}"), .cause = "hash"},
	{"PSS for PKCS#1", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("rsa-pss", "sha256", "pem", "base64", "", "{body}"), .cause = "algorithm",
		.words = "made with rsa-pss, where the recipe expects rsa"},
	{"r and s for DER", SIGNED("ecdsa", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("ecdsa-raw", "sha256", "pem", "base64", "", "{body}"), .cause = "algorithm",
		.words = "ecdsa-raw"},
	{"DER for r and s, in hexadecimal",
		SIGNED("ecdsa-raw", "sha256", "pem", "base64", "", "{body}"),
		SIGNED("ecdsa", "sha256", "pem", "hex", "", "{body}"), .cause = "algorithm"},
	{"a prefix too many", SIGNED("ecdsa", "sha256", "pem", "base64", "", "{body}"),
		.from = "X-Sig: ", .to = "X-Sig: sha256=", .cause = "prefix", .words = "behind sha256="},
	{"no prefix", SIGNED("rsa", "sha256", "pem", "base64", ", prefix: \"v1=\"", "{body}"),
		.from = "v1=", .to = "", .cause = "prefix", .words = "without the v1="},
	{"quoted", ED25519("hex", "", "{timestamp}{body}"), .from = "X-Sig: ", .to = "X-Sig: \"",
		.cause = "header_quoted"},
	{"no timestamp signed", ED25519("hex", "", "{timestamp}{body}"), ED25519("hex", "", "{body}"),
		.cause = "text", .words = "lacks the timestamp"},
	{"a full stop too many", ED25519("hex", "", "{timestamp}{body}"),
		ED25519("hex", "", "{timestamp}.{body}"), .cause = "text"},
	{"in another header", ED25519("hex", "", "{timestamp}{body}"),
		.from = "X-Sig:", .to = "X-Other:", .cause = "header_name"},
	{"too old", ED25519("hex", "", "{timestamp}{body}"), .age_s = 400, .cause = "old"},
	{"a line end behind the body", ED25519("hex", "", "{timestamp}{body}"), .received = BODY "\n",
		.cause = "body_line_end"},
	{"JSON made pretty, RSA", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}"),
		.received = "{\n  \"id\": \"evt_1\",\n  \"amount\": 4200\n}", .cause = "body_json"},
	{"another issuer", JWT("ES256", "", "issuer: acme"), JWT("ES256", "", "issuer: acme-test"),
		.cause = "issuer",
		.words = "its issuer (iss) is \"acme-test\", where \"acme\" is expected"},
	{"another audience", JWT("RS256", "", "audience: prod"), JWT("RS256", "", "audience: staging"),
		.cause = "audience", .words = "its audience (aud) is \"staging\", where \"prod\""},
	{"no audience", JWT("HS256", "", "audience: prod"), JWT("HS256", "", ""), .secret = "key",
		.cause = "audience", .words = "(aud) is missing"},
	{"issuer and audience", JWT("HS256", "", "issuer: a, audience: b"),
		JWT("HS256", "", "issuer: c, audience: d"), .secret = "key", .cause = "issuer",
		.words = "and its audience"},
	{"a claim is missing", JWT("HS256", "", "required: [jti]"), JWT("HS256", "", ""),
		.secret = "key", .cause = "claim", .words = "has no claim jti"},
	{"another algorithm", JWT("HS256", "", ""), JWT("HS512", "", ""), .secret = "key",
		.cause = "algorithm", .words = "signed with HS512, where HS256 is expected"},
	{"another algorithm of a pair", JWT("RS256", "", ""), JWT("PS256", "", ""),
		.cause = "algorithm", .words = "signed with PS256, where RS256 is expected"},
	{"a hash in hexadecimal", JWT("HS256", "", BIND("base64")), JWT("HS256", "", BIND("hex")),
		.secret = "key", .cause = "claim", .words = "claim hash is in hex, where base64"},
	{"the body of a token changed", JWT("HS256", "", BIND("hex")), .secret = "key",
		.received = BODY "\n", .cause = "body_line_end"},
	{"another body altogether", JWT("ES256", "", BIND("hex")), .received = "{\"else\":1}",
		.cause = "claim", .words = "made for another request"},
	{"no Bearer", JWT("HS256", "Bearer ", ""), JWT("HS256", "", ""), .secret = "key",
		.cause = "prefix", .words = "stands behind \"\", where \"Bearer \" is expected"},
	{"Bearer too many", JWT("ES256", "", ""), JWT("ES256", "Bearer ", ""), .cause = "prefix"},
	{"a token of another secret", JWT("HS256", "", ""), .secret = "key", .other_key = true,
		.cause = "other_secret"},
	{"a token's secret in base64", JWT("HS256", "", ""), .secret = "c2VjcmV0LWJ5dGVz",
		.sender_secret = "secret-bytes", .cause = "secret_base64"},
	{"RFC 9421 with another digest", HTTP("rsa-v1_5-sha256"), HTTP("rsa-pss-sha512"),
		.cause = "algorithm", .words = "made with rsa-pss-sha512"},
	{"RFC 9421 for another URL", HTTP("ed25519"), .target = "/?added=1", .cause = "url"},
	{"RFC 9421 and a changed body", HTTP("ed25519"), .received = BODY "\n",
		.cause = "body_line_end"},
	{"a token without Bearer", TOKEN("header: X-Key", "Bearer "), TOKEN("header: X-Key", ""),
		.secret = "token-12345", .cause = "prefix"},
	{"a token cut off", TOKEN("header: X-Key", ""), .secret = "token-12345",
		.sender_secret = "token-123", .cause = "truncated"},
	{"a token with something behind it", TOKEN("header: X-Key", ""), .secret = "token-12345",
		.sender_secret = "token-12345xx", .cause = "trailing"},
	{"a token in the query", TOKEN("header: X-Key", ""), TOKEN("header: X-Old", ""),
		.secret = "token-1", .from = "X-Old: token-1", .to = "X-Old: none",
		.target = "/?key=token-1", .cause = "place", .words = "in the query (key)"},
	{"another password",
		"  - kind: basic\n    signature: {header: Authorization, prefix: \"Basic \"}\n",
		.secret = "user:right", .sender_secret = "user:wrong", .cause = "password",
		.words = "the user is right, but the password is not"},
	{"another user",
		"  - kind: basic\n    signature: {header: Authorization, prefix: \"Basic \"}\n",
		.secret = "me:same", .sender_secret = "you:same", .cause = "password",
		.words = "the password is right, but the user is not"},
	{"no base64", "  - kind: basic\n    signature: {header: Authorization, prefix: \"Basic \"}\n",
		TOKEN("header: Authorization", "Basic "), .secret = "user:word", .cause = "encoding",
		.words = "not in base64"},
	{"base64 in JSON", MAC("json: sig", "sha256", "hex", ""),
		MAC("json: sig", "sha256", "base64", ""), .secret = "key",
		.sent = "{\"id\":\"1\",\"sig\":\"\"}", .cause = "encoding"},
	{"SHA-1 in JSON", MAC("json: sig", "sha256", "hex", ""), MAC("json: sig", "sha1", "hex", ""),
		.secret = "key", .sent = "{\"id\":\"1\",\"sig\":\"\"}", .cause = "hash"},
	{"a prefix in JSON", MAC("json: sig", "sha256", "hex", ""),
		MAC("json: sig", "sha256", "hex", "sha256="), .secret = "key",
		.sent = "{\"id\":\"1\",\"sig\":\"\"}", .cause = "prefix"},
	{"another secret in JSON", MAC("json: sig", "sha256", "hex", ""), .secret = "key",
		.other_key = true, .sent = "{\"id\":\"1\",\"sig\":\"\"}", .cause = "other_secret"},
	{"RSA in JSON with another digest",
		"  - kind: signature\n    algorithm: rsa\n    hash: sha256\n    form: pem\n"
		"    signature: {json: sig, encoding: base64}\n    content: \"{json:id}\"\n",
		"  - kind: signature\n    algorithm: rsa\n    hash: sha1\n    form: pem\n"
		"    signature: {json: sig, encoding: base64}\n    content: \"{json:id}\"\n",
		.sent = "{\"id\":\"1\",\"sig\":\"\"}", .cause = "hash"},
};

static const struct provider *provider_with(const char *schemes) {
	char yaml[4096];
	snprintf(yaml, sizeof yaml, "title: Acme\nschemes:\n%s", schemes);
	return provider_of(yaml);
}

static struct keyring *ring(const struct provider *provider, const char *secret) {
	struct error err = {0};
	struct keyring *keyring = keyring_new(provider, NULL, 0, &err);
	if (!keyring || (secret && !keyring_add(keyring, "sender", span_text(secret), &err))) {
		fail_msg("%s", err.text);
	}
	return keyring;
}

/* The pairs of a test, and what the receiver is given of them. */
struct secrets {
	struct private_key *right, *other;
	struct buffer own, elsewhere;
};

static void make_pair(const struct mistake *mistake, struct secrets *secrets) {
	struct keyring *receiver = ring(provider_with(mistake->receiver), NULL);
	struct key_kind kind;
	struct error err = {0};
	if (!signature_key_kind(receiver, &kind, &err) ||
		!(secrets->right = private_key_make(&kind, &err)) ||
		!(secrets->other = private_key_make(&kind, &err)) ||
		!signature_append_public(receiver, secrets->right, &secrets->own, &err) ||
		!signature_append_public(receiver, secrets->other, &secrets->elsewhere, &err)) {
		fail_msg("%s: %s", mistake->title, err.text);
	}
	keyring_free(receiver);
}

static void make_secrets(const struct mistake *mistake, struct secrets *secrets) {
	*secrets = (struct secrets){0};
	if (mistake->secret) {
		buffer_append_text(&secrets->own, mistake->secret);
		buffer_append_text(&secrets->elsewhere, "elsewhere");
	} else {
		make_pair(mistake, secrets);
	}
}

static void clear_secrets(struct secrets *secrets) {
	private_key_free(secrets->right);
	private_key_free(secrets->other);
	buffer_clear(&secrets->own);
	buffer_clear(&secrets->elsewhere);
}

static void sign(const struct mistake *mistake, const struct secrets *secrets, struct buffer *lines,
	struct buffer *body) {
	const char *schemes = mistake->sender ? mistake->sender : mistake->receiver;
	const char *shared = !mistake->secret         ? NULL
	                     : mistake->other_key     ? "elsewhere"
	                     : mistake->sender_secret ? mistake->sender_secret
	                                              : mistake->secret;
	struct keyring *keyring = ring(provider_with(schemes), shared);
	struct sign_options options = {.now_ms = NOW - (int64_t)mistake->age_s * 1000,
		.made_id = span_text("msg_1"),
		.private_key = mistake->other_key ? secrets->other : secrets->right,
		.body = body};
	struct signed_request request;
	struct error err = {0};
	signed_request_make(&request, "", mistake->sent ? mistake->sent : BODY);
	if (!signature_sign(keyring, &request.message, &options, lines, &err)) {
		fail_msg("%s: %s", mistake->title, err.text);
	}
	if (body->len == 0) {
		const char *text = mistake->received ? mistake->received
		                   : mistake->sent   ? mistake->sent
		                                     : BODY;
		buffer_append_text(body, text);
	}
	signed_request_clear(&request);
	keyring_free(keyring);
}

static void replace(struct buffer *lines, const char *from, const char *to) {
	struct buffer out = {0};
	const char *at = strstr(buffer_text(lines), from);
	assert_non_null(at);
	buffer_append(&out, lines->data, (size_t)(at - lines->data));
	buffer_append_text(&out, to);
	buffer_append_text(&out, at + strlen(from));
	buffer_clear(lines);
	*lines = out;
}

static void explain_mistake(const struct mistake *mistake, struct explanation *explanation) {
	struct secrets secrets;
	struct buffer lines = {0}, body = {0};
	struct signed_request request;
	make_secrets(mistake, &secrets);
	sign(mistake, &secrets, &lines, &body);
	if (mistake->from) {
		replace(&lines, mistake->from, mistake->to);
	}
	signed_request_make(&request, buffer_text(&lines), buffer_text(&body));
	if (mistake->target) {
		request.message.target = span_text(mistake->target);
	}
	struct explain_secret own = {"prod", buffer_span(&secrets.own)};
	struct explain_secret other = {"shop/staging", buffer_span(&secrets.elsewhere)};
	explain(&(struct explain_input){.provider = provider_with(mistake->receiver),
				.secrets = &own,
				.secret_count = 1,
				.others = &other,
				.other_count = 1,
				.message = &request.message,
				.now_ms = NOW},
		explanation);
	signed_request_clear(&request);
	buffer_clear(&lines);
	buffer_clear(&body);
	clear_secrets(&secrets);
	signed_request_forget();
}

static void every_planted_mistake_is_named(void **state) {
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const struct mistake *mistake = &mistakes[i];
		struct explanation explanation = {0};
		explain_mistake(mistake, &explanation);
		if (strcmp(explain_cause_name(explanation.cause), mistake->cause) != 0 ||
			(mistake->words && !strstr(explanation.sentence, mistake->words))) {
			print_message("%s: %s: %s\n", mistake->title, explain_cause_name(explanation.cause),
				explanation.sentence);
			wrong++;
		}
		explanation_clear(&explanation);
	}
	assert_int_equal(wrong, 0);
}

/* Signed by nobody who is known: nothing that is tried may explain it. */
static void a_stranger_is_not_explained(void **state) {
	(void)state;
	static const struct mistake strangers[] = {
		{"Ed25519", ED25519("hex", "", "{timestamp}{body}")},
		{"ECDSA", SIGNED("ecdsa", "sha256", "pem", "base64", "", "{body}")},
		{"RSA", SIGNED("rsa", "sha256", "pem", "base64", "", "{body}")},
		{"JWT", JWT("ES256", "", "issuer: a, " BIND("hex"))},
		{"RFC 9421", HTTP("ed25519")},
	};
	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
		struct mistake mistake = strangers[i];
		struct explanation explanation = {0};
		struct secrets secrets, unknown;
		struct buffer lines = {0}, body = {0};
		struct signed_request request;
		make_secrets(&mistake, &secrets);
		make_secrets(&mistake, &unknown);
		sign(&mistake, &unknown, &lines, &body);
		signed_request_make(&request, buffer_text(&lines), buffer_text(&body));
		struct explain_secret own = {"prod", buffer_span(&secrets.own)};
		explain(&(struct explain_input){.provider = provider_with(mistake.receiver),
					.secrets = &own,
					.secret_count = 1,
					.message = &request.message,
					.now_ms = NOW},
			&explanation);
		assert_string_equal(explain_cause_name(explanation.cause), "none");
		assert_non_null(strstr(explanation.sentence, "no explanation found, tried: "));
		explanation_clear(&explanation);
		signed_request_clear(&request);
		buffer_clear(&lines);
		buffer_clear(&body);
		clear_secrets(&secrets);
		clear_secrets(&unknown);
		signed_request_forget();
	}
}

/* No secret of the endpoint, only what the provider publishes. */
static void keys_that_were_fetched_explain_too(void **state) {
	(void)state;
	static const char url[] = "https://keys.example.com/set";
	const struct provider *provider = provider_with(
		"  - kind: signature\n    algorithm: ed25519\n    form: jwk\n    keyset: {url: "
		"\"https://keys.example.com/set\"}\n    signature: {header: X-Sig, encoding: hex}\n"
		"    content: \"{body}\"\n");
	struct key_kind kind = {ALGORITHM_ED25519, ""};
	struct error err = {0};
	struct private_key *key = private_key_make(&kind, &err);
	struct keyring *keyring = ring(provider, NULL);
	struct keyset *fetched = keyset_new();
	struct buffer public = {0}, lines = {0};
	struct signed_request request;
	struct explanation explanation = {0};
	struct sign_options options = {.now_ms = NOW, .private_key = key};
	assert_true(signature_append_public(keyring, key, &public, &err));
	assert_true(keyset_put(fetched, span_text(url), buffer_span(&public), FORM_JWK, &err));
	signed_request_make(&request, "", BODY);
	assert_true(signature_sign(keyring, &request.message, &options, &lines, &err));
	signed_request_clear(&request);
	signed_request_make(&request, buffer_text(&lines), BODY "\n");
	struct keyset *copy = keyset_copy(fetched);
	keyset_free(fetched);
	explain(
		&(struct explain_input){
			.provider = provider, .keyset = copy, .message = &request.message, .now_ms = NOW},
		&explanation);
	assert_string_equal(explain_cause_name(explanation.cause), "body_line_end");
	explanation_clear(&explanation);
	keyset_free(copy);
	signed_request_clear(&request);
	buffer_clear(&public);
	buffer_clear(&lines);
	keyring_free(keyring);
	private_key_free(key);
	signed_request_forget();
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_planted_mistake_is_named),
		cmocka_unit_test(a_stranger_is_not_explained),
		cmocka_unit_test(keys_that_were_fetched_explain_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
