/* The doctor names the mistake that was planted, proves it, and says so when it finds none. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "common/signature/encoding.h"
#include "common/signature/explain.h"
#include "tests/unit/signed_request.h"
#include "tests/unit/unit.h"

#define NOW INT64_C(1767225600000)
#define BODY "{\"id\":\"evt_1\",\"amount\":4200,\"note\":\"a/b\"}"
/* "key" with a line end, prefix and so on: what is kept, and what the sender has */
#define SVIX "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define SVIX_BYTES "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

/* What happens to the header lines on their way. */
enum edit {
	AS_SENT,
	CAPITALS, /* the last 64 characters of the signature */
	TWICE,    /* a wrong one of the same name stands before it */
};

/* One mistake. NULL: as the receiver has it, or nothing. */
struct mistake {
	const char *title;
	const char *provider, *secret;      /* of the endpoint */
	const char *sender_secret, *sender; /* the sender's recipe as YAML behind "schemes:" */
	const char *sent, *received;        /* the body */
	const char *from, *to;              /* in the header lines, replaced once; "*": appended */
	enum edit edit;
	int age_s;
	const char *other; /* a secret kept elsewhere, labelled shop/staging */
	const char *cause;
	const char *words; /* that stand in the sentence */
};

#define GITHUB(hash, encoding, prefix, content)                                                    \
	"  - kind: hmac\n    hash: " hash                                                              \
	"\n    signature: {header: X-Hub-Signature-256, prefix: \"" prefix "\", encoding: " encoding   \
	"}\n    content: \"" content "\"\n"
#define SHOPIFY(hash, encoding, prefix)                                                            \
	"  - kind: hmac\n    hash: " hash                                                              \
	"\n    signature: {header: X-Shopify-Hmac-Sha256, prefix: \"" prefix "\", encoding: " encoding \
	"}\n    content: \"{body}\"\n"
#define STRIPE(hash, encoding, field, content)                                                     \
	"  - kind: hmac\n    hash: " hash                                                              \
	"\n    signature: {header: Stripe-Signature, list: \",\", pair: \"=\", field: " field          \
	", encoding: " encoding                                                                        \
	"}\n    timestamp: {signature: t, unit: s, tolerance_s: 300}\n    content: \"" content "\"\n"
#define SVIX_SENDER(key, content)                                                                  \
	"  - kind: hmac\n    hash: sha256\n" key                                                       \
	"    signature: {header: svix-signature, list: \" \", pair: \",\", field: v1, encoding: "      \
	"base64}\n    timestamp: {header: svix-timestamp, unit: s, tolerance_s: 300}\n"                \
	"    id: {header: svix-id}\n    content: \"" content "\"\n"
#define STANDARD_MS(name)                                                                          \
	"  - kind: hmac\n    hash: sha256\n    key: [\"strip_prefix:whsec_\", base64]\n"               \
	"    signature: {header: " name "-signature, list: \" \", pair: \",\", field: v1, encoding: "  \
	"base64}\n    timestamp: {header: " name "-timestamp, unit: ms, tolerance_s: 300}\n"           \
	"    id: {header: " name "-id}\n    content: \"{id}.{timestamp}.{body}\"\n"
#define SLACK(content)                                                                             \
	"  - kind: hmac\n    hash: sha256\n    signature: {header: X-Slack-Signature, prefix: "        \
	"\"v0=\", encoding: hex}\n    timestamp: {header: X-Slack-Request-Timestamp, unit: s, "        \
	"tolerance_s: 300}\n    content: \"" content "\"\n"

static const struct mistake mistakes[] = {
	{"another secret", "stripe", "prod-key", .sender_secret = "staging-key", .other = "staging-key",
		.cause = "other_secret", .words = "made with the secret shop/staging, not with prod"},
	{"another secret of GitHub", "github", "a", .sender_secret = "b-key", .other = "b-key",
		.cause = "other_secret", .words = "shop/staging"},
	{"a line end behind the secret", "github", "key-1\n", .sender_secret = "key-1",
		.cause = "secret_line_end", .words = "has a line end behind it"},
	{"CR LF behind the secret", "stripe", "whsec_1\r\n", .sender_secret = "whsec_1",
		.cause = "secret_line_end", .words = "line end"},
	{"a line end signed", "github", "key-1", .sender_secret = "key-1\n", .cause = "secret_line_end",
		.words = "the sender signs with a line end"},
	{"blanks around the secret", "slack", "  key-1 ", .sender_secret = "key-1",
		.cause = "secret_blanks", .words = "blanks around it"},
	{"quotes around the secret", "shopify", "\"key-1\"", .sender_secret = "key-1",
		.cause = "secret_quotes", .words = "quotes around it"},
	{"single quotes around the secret", "dropspace", "'key-1'", .sender_secret = "key-1",
		.cause = "secret_quotes"},
	{"a secret used as text", "svix", SVIX, .sender = SVIX_SENDER("", "{id}.{timestamp}.{body}"),
		.cause = "secret_decoded", .words = "prefix and all"},
	{"a secret used as text behind its prefix", "svix", SVIX, .sender_secret = SVIX_BYTES,
		.sender = SVIX_SENDER("", "{id}.{timestamp}.{body}"), .cause = "secret_decoded",
		.words = "behind its prefix, not decoded"},
	{"a secret decoded though it is text", "stripe", SVIX,
		.sender = "  - kind: hmac\n    hash: sha256\n    key: [\"strip_prefix:whsec_\", base64]\n"
				  "    signature: {header: Stripe-Signature, list: \",\", pair: \"=\", field: v1, "
				  "encoding: hex}\n    timestamp: {signature: t, unit: s, tolerance_s: 300}\n"
				  "    content: \"{timestamp}.{body}\"\n",
		.cause = "secret_base64", .words = "once decoded from base64"},
	{"a secret in base64", "github", "c2VjcmV0LWJ5dGVz", .sender_secret = "secret-bytes",
		.cause = "secret_base64"},
	{"a secret in hexadecimal", "github", "7365637265742d6279746573",
		.sender_secret = "secret-bytes", .cause = "secret_hex"},
	{"a prefix that was to be cut", "github", "whsec_key!", .sender_secret = "key!",
		.cause = "secret_prefix", .words = "behind its prefix"},
	{"base64 for hexadecimal", "github", "k",
		.sender = GITHUB("sha256", "base64", "sha256=", "{body}"), .cause = "encoding",
		.words = "in base64, where the recipe expects hex"},
	{"hexadecimal for base64", "shopify", "k", .sender = SHOPIFY("sha256", "hex", ""),
		.cause = "encoding", .words = "in hex, where the recipe expects base64"},
	{"base64url for base64", "shopify", "k12", .sender = SHOPIFY("sha256", "base64url", ""),
		.cause = "encoding", .words = "base64url"},
	{"base64 in a list", "stripe", "k",
		.sender = STRIPE("sha256", "base64", "v1", "{timestamp}.{body}"), .cause = "encoding"},
	{"capital letters", "github", "k", .edit = CAPITALS, .cause = "upper_case",
		.words = "capital letters"},
	{"no prefix", "github", "k", .from = "sha256=", .to = "", .cause = "prefix",
		.words = "without the sha256="},
	{"a prefix too many", "shopify", "k",
		.from = "Sha256: ", .to = "Sha256: sha256=", .cause = "prefix", .words = "behind sha256="},
	{"another prefix", "slack", "k", .from = "v0=", .to = "v1=", .cause = "prefix",
		.words = "behind v1=, where v0= is expected"},
	{"no v1,", "svix", SVIX, .from = "v1,", .to = "", .cause = "prefix",
		.words = "without the v1,"},
	{"another digest", "github", "k", .sender = GITHUB("sha512", "hex", "sha256=", "{body}"),
		.cause = "hash", .words = "made with sha512"},
	{"SHA-1 for SHA-256", "shopify", "k", .sender = SHOPIFY("sha1", "base64", ""), .cause = "hash",
		.words = "made with sha1"},
	{"another digest and encoding", "shopify", "k", .sender = SHOPIFY("sha512", "hex", ""),
		.cause = "hash", .words = "made with sha512, where the recipe expects sha256 and in hex"},
	{"v0 for v1", "stripe", "k", .sender = STRIPE("sha256", "hex", "v0", "{timestamp}.{body}"),
		.cause = "field", .words = "under v0, where v1 is expected"},
	{"quoted", "github", "k", .from = "256: ", .to = "256: \"", .cause = "header_quoted",
		.words = "quoted"},
	{"URL-encoded", "github", "k", .from = "sha256=", .to = "sha256%3D", .cause = "header_quoted",
		.words = "URL-encoded"},
	{"in another header", "github", "k", .from = "X-Hub-Signature-256", .to = "X-My-Signature",
		.cause = "header_name", .words = "in X-My-Signature, not in X-Hub-Signature-256"},
	{"empty", "github", "k", .from = "X-Hub", .to = "X-Hub-Signature-256:\r\nX-Old",
		.cause = "empty_signature", .words = "is there but empty"},
	{"only a prefix", "github", "k", .from = "X-Hub", .to = "X-Hub-Signature-256: sha256=\r\nX-Old",
		.cause = "empty_signature", .words = "nothing behind sha256="},
	{"two headers", "github", "k", .edit = TWICE, .cause = "several_headers",
		.words = "stands there 2 times, and only number 2 is right"},
	{"no timestamp signed", "stripe", "k", .sender = STRIPE("sha256", "hex", "v1", "{body}"),
		.cause = "text", .words = "lacks the timestamp"},
	{"no id signed", "svix", SVIX,
		.sender = SVIX_SENDER("    key: [\"strip_prefix:whsec_\", base64]\n", "{timestamp}.{body}"),
		.cause = "text", .words = "lacks the id"},
	{"neither signed", "svix", SVIX,
		.sender = SVIX_SENDER("    key: [\"strip_prefix:whsec_\", base64]\n", "{body}"),
		.cause = "text", .words = "lacks timestamp and id"},
	{"no full stop", "stripe", "k", .sender = STRIPE("sha256", "hex", "v1", "{timestamp}{body}"),
		.cause = "text",
		.words = "right for {timestamp}{body}, where {timestamp}.{body} is expected"},
	{"no v0:", "slack", "k", .sender = SLACK("{timestamp}:{body}"), .cause = "text"},
	{"the last line end is new", "github", "k", .sent = BODY, .received = BODY "\n",
		.cause = "body_line_end", .words = "without its last line end"},
	{"the last line end is lost", "stripe", "k", .sent = BODY "\n", .received = BODY,
		.cause = "body_line_end", .words = "a line feed behind it"},
	{"CR LF is lost at the end", "svix", SVIX, .sent = BODY "\r\n", .received = BODY,
		.cause = "body_line_end", .words = "CR LF"},
	{"blanks around it", "shopify", "k", .sent = BODY, .received = "  " BODY "  ",
		.cause = "body_json"},
	{"blanks around a text", "shopify", "k", .sent = "a=1", .received = " a=1 ",
		.cause = "body_blanks"},
	{"LF became CR LF", "github", "k", .sent = "a\nb\nc", .received = "a\r\nb\r\nc",
		.cause = "body_line_breaks", .words = "LF for CR LF"},
	{"CR LF became LF", "dropspace", "k", .sent = "a\r\nb", .received = "a\nb",
		.cause = "body_line_breaks", .words = "CR LF for LF"},
	{"a mark was added", "github", "k", .sent = "text", .received = "\xef\xbb\xbftext",
		.cause = "body_mark", .words = "without its byte order mark"},
	{"a mark was lost", "github", "k", .sent = "\xef\xbb\xbftext", .received = "text",
		.cause = "body_mark"},
	{"JSON was made pretty", "stripe", "k", .sent = BODY,
		.received = "{\n  \"id\": \"evt_1\",\n  \"amount\": 4200,\n  \"note\": \"a/b\"\n}",
		.cause = "body_json", .words = "JSON.stringify"},
	{"JSON was made compact", "svix", SVIX, .received = BODY,
		.sent = "{\n  \"id\": \"evt_1\",\n  \"amount\": 4200,\n  \"note\": \"a/b\"\n}",
		.cause = "body_json", .words = "indented by 2"},
	{"JSON was made compact from 4", "slack", "k", .received = "{\"a\":[1,{}],\"b\":[]}",
		.sent = "{\n    \"a\": [\n        1,\n        {}\n    ],\n    \"b\": []\n}",
		.cause = "body_json", .words = "indented by 4"},
	{"Python wrote it", "github", "k", .received = "{\"a\":\"\xc3\xa9\",\"b\":1.0}",
		.sent = "{\"a\": \"\\u00e9\", \"b\": 1.0}", .cause = "body_json", .words = "json.dumps"},
	{"PHP wrote it", "github", "k", .received = BODY,
		.sent = "{\"id\":\"evt_1\",\"amount\":4200,\"note\":\"a\\/b\"}", .cause = "body_json",
		.words = "JSON"},
	{"it became UTF-8", "github", "k", .sent = "caf\xe9", .received = "caf\xc3\xa9",
		.cause = "body_charset", .words = "as Latin-1"},
	{"it became Latin-1", "github", "k", .sent = "caf\xc3\xa9", .received = "caf\xe9",
		.cause = "body_charset", .words = "as UTF-8"},
	{"it came as base64", "github", "k", .sent = "{\"a\":1}",
		.received = "eyJhIjoxfQ==", .cause = "body_base64"},
	{"an empty body was signed", "github", "k", .sent = "", .received = BODY, .cause = "body_lost",
		.words = "empty body"},
	{"the object was signed", "stripe", "k", .sent = "[object Object]", .received = BODY,
		.cause = "body_lost"},
	{"too old", "stripe", "k", .age_s = 412, .cause = "old",
		.words = "412 s old (tolerance 300 s)"},
	{"ahead of the clock", "svix", SVIX, .age_s = -900, .cause = "future",
		.words = "900 s in the future"},
	{"changed and too old", "stripe", "k", .age_s = 412, .sent = BODY, .received = BODY "\n",
		.cause = "body_line_end", .words = "besides, it is 412 s old"},
	{"milliseconds for seconds", "svix", SVIX, .sender = STANDARD_MS("svix"),
		.cause = "timestamp_unit", .words = "in milliseconds, not in seconds"},
	{"milliseconds, another provider", "standard-webhooks", SVIX, .sender = STANDARD_MS("webhook"),
		.cause = "timestamp_unit"},
	{"GitLab on GitHub's endpoint", "github", "gitlab-token",
		.sender = "  - kind: token\n    signature: {header: X-Gitlab-Token}\n", .from = "X-Gitlab",
		.to = "X-Gitlab-Event: Push Hook\r\nX-Gitlab", .cause = "other_provider",
		.words = "this is a request of GitLab: its X-Gitlab-Token is right, but the endpoint "
				 "expects GitHub"},
	{"Slack on Stripe's endpoint", "stripe", "k", .sender = SLACK("v0:{timestamp}:{body}"),
		.cause = "other_provider", .words = "Slack"},
	{"Shopify on GitHub's endpoint, secret not known", "github", "k",
		.sender = SHOPIFY("sha256", "base64", ""), .sender_secret = "who knows",
		.cause = "other_provider", .words = "carries the headers of Shopify"},
	{"another secret and a line end", "github", "a-key", .sender_secret = "b-key", .other = "b-key",
		.sent = BODY, .received = BODY "\n", .cause = "body_line_end", .words = "another one"},
	{"cut off", "github", "k", .from = "\r\n", .to = NULL, .cause = "truncated",
		.words = "the beginning of the right one"},
	{"something behind it", "shopify", "k", .from = "\r\n", .to = "xyz\r\n", .cause = "trailing",
		.words = "3 characters behind it"},
};

static const struct provider *receiver_of(struct catalogue *catalogue, const char *name) {
	struct error err = {0};
	const struct provider *provider = catalogue_find(catalogue, name, &err);
	if (!provider) {
		fail_msg("%s", err.text);
	}
	return provider;
}

/* What is signed with a URL, and the one the receiver takes for it. */
static const struct {
	const char *title, *sent, *received, *words;
} urls[] = {
	{"http for https", "http://hooks.example.com/sq?a=1", "https://hooks.example.com/sq?a=1",
		"right for http://hooks.example.com/sq?a=1, where https://hooks.example.com/sq?a=1"},
	{"a host behind a proxy", "https://public.example.com/sq", "https://hooks.example.com/sq",
		"right for https://public.example.com/sq"},
	{"another scheme and host", "http://public.example.com/sq", "https://hooks.example.com/sq",
		"right for http://public.example.com/sq"},
	{"no query", "https://hooks.example.com/sq", "https://hooks.example.com/sq?a=1",
		"right for https://hooks.example.com/sq,"},
	{"no slash", "https://hooks.example.com/sq", "https://hooks.example.com/sq/",
		"right for https://hooks.example.com/sq,"},
	{"a slash", "https://hooks.example.com/sq/", "https://hooks.example.com/sq",
		"right for https://hooks.example.com/sq/,"},
	{"the path handed on", "https://hooks.example.com/in", "https://hooks.example.com/e/sq/in",
		"right for https://hooks.example.com/in,"},
	{"a port", "https://hooks.example.com/sq", "https://hooks.example.com:8443/sq",
		"right for https://hooks.example.com/sq,"},
};

/* Signs for one URL and explains for another, as Square does. */
static void explain_url(const char *sent, const char *received, struct explanation *explanation) {
	struct error err = {0};
	struct catalogue *catalogue = catalogue_new();
	const struct provider *square = receiver_of(catalogue, "square");
	struct parameter url = {"url", sent};
	struct keyring *keyring = keyring_new(square, &url, 1, &err);
	struct sign_options options = {.now_ms = NOW};
	struct signed_request request;
	struct buffer lines = {0};
	assert_true(keyring && keyring_add(keyring, "sender", span_text("k"), &err));
	signed_request_make(&request, "", BODY);
	request.message.target = span_text(sent);
	assert_true(signature_sign(keyring, &request.message, &options, &lines, &err));
	buffer_append_text(&lines, "X-Forwarded-Host: public.example.com\r\n");
	signed_request_clear(&request);
	signed_request_make(&request, buffer_text(&lines), BODY);
	request.message.target = span_text(received);
	struct explain_secret own = {"prod", span_text("k")};
	explain(&(struct explain_input){.catalogue = catalogue,
				.provider = square,
				.secrets = &own,
				.secret_count = 1,
				.message = &request.message,
				.now_ms = NOW},
		explanation);
	signed_request_clear(&request);
	buffer_clear(&lines);
	keyring_free(keyring);
	catalogue_free(catalogue);
}

static void another_url_is_named(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
		struct explanation explanation = {0};
		explain_url(urls[i].sent, urls[i].received, &explanation);
		if (explanation.cause != EXPLAIN_URL || !strstr(explanation.sentence, urls[i].words)) {
			fail_msg("%s: %s", urls[i].title, explanation.sentence);
		}
		explanation_clear(&explanation);
	}
}

static const struct provider *sender_of(const struct mistake *mistake) {
	char yaml[4096];
	snprintf(yaml, sizeof yaml,
		"title: Acme\ndocumentation: https://acme.example\nsource: tests\nconfidence: confirmed\n"
		"event_type: {json: type}\nevent_id: {json: id}\ndelivery:\n  success: 2xx\nschemes:\n%s",
		mistake->sender);
	return provider_of(yaml);
}

static struct keyring *sender_keys(const struct mistake *mistake) {
	const char *secret = mistake->sender_secret ? mistake->sender_secret : mistake->secret;
	if (!mistake->sender) {
		return keyring_of(mistake->provider, "sender", secret);
	}
	struct error err = {0};
	struct keyring *keyring = keyring_new(sender_of(mistake), NULL, 0, &err);
	if (!keyring || !keyring_add(keyring, "sender", span_text(secret), &err)) {
		fail_msg("%s", err.text);
	}
	return keyring;
}

/* The header lines as the sender makes them. */
static void sign(const struct mistake *mistake, struct buffer *lines) {
	struct keyring *keyring = sender_keys(mistake);
	struct sign_options options = {
		.now_ms = NOW - (int64_t)mistake->age_s * 1000, .id = span_text("msg_1")};
	struct signed_request request;
	struct error err = {0};
	signed_request_make(&request, "", mistake->sent ? mistake->sent : BODY);
	if (!signature_sign(keyring, &request.message, &options, lines, &err)) {
		fail_msg("%s: %s", mistake->title, err.text);
	}
	signed_request_clear(&request);
	keyring_free(keyring);
}

static void replace(struct buffer *lines, const char *from, const char *to) {
	struct buffer out = {0};
	const char *at = strstr(buffer_text(lines), from);
	assert_non_null(at);
	size_t front = (size_t)(at - lines->data);
	buffer_append(&out, lines->data, to ? front : front - 10);
	buffer_append_text(&out, to ? to : from);
	buffer_append_text(&out, at + strlen(from));
	buffer_clear(lines);
	*lines = out;
}

static void change_lines(const struct mistake *mistake, struct buffer *lines) {
	if (mistake->from) {
		replace(lines, mistake->from, mistake->to);
	}
	if (mistake->edit == CAPITALS) {
		for (size_t i = lines->len - 66; i < lines->len; i++) {
			char byte = lines->data[i];
			lines->data[i] = byte >= 'a' && byte <= 'f' ? (char)(byte - 32) : byte;
		}
	} else if (mistake->edit == TWICE) {
		struct buffer out = {0};
		buffer_append_text(&out, buffer_text(lines));
		memset(lines->data + lines->len - 66, '0', 64);
		buffer_append_text(lines, buffer_text(&out));
		buffer_clear(&out);
	}
}

static void explain_request(const char *provider, const char *secret, const char *other,
	const char *lines, const char *body, struct explanation *explanation) {
	struct catalogue *catalogue = catalogue_new();
	struct signed_request request;
	signed_request_make(&request, lines, body);
	struct explain_secret own = {"prod", span_text(secret)};
	struct explain_secret elsewhere = {"shop/staging", span_text(other ? other : "")};
	struct explain_input input = {.catalogue = catalogue,
		.provider = receiver_of(catalogue, provider),
		.secrets = &own,
		.secret_count = 1,
		.others = &elsewhere,
		.other_count = other ? 1 : 0,
		.message = &request.message,
		.now_ms = NOW};
	explain(&input, explanation);
	signed_request_clear(&request);
	catalogue_free(catalogue);
}

static bool is_named(const struct mistake *mistake, const struct explanation *explanation) {
	return strcmp(explain_cause_name(explanation->cause), mistake->cause) == 0 &&
	       (!mistake->words || strstr(explanation->sentence, mistake->words));
}

static void every_planted_mistake_is_named(void **state) {
	(void)state;
	size_t wrong = 0, count = sizeof mistakes / sizeof *mistakes;
	for (size_t i = 0; i < count; i++) {
		const struct mistake *mistake = &mistakes[i];
		struct explanation explanation = {0};
		struct buffer lines = {0};
		sign(mistake, &lines);
		change_lines(mistake, &lines);
		const char *received = mistake->received ? mistake->received
		                       : mistake->sent   ? mistake->sent
		                                         : BODY;
		explain_request(mistake->provider, mistake->secret, mistake->other, buffer_text(&lines),
			received, &explanation);
		if (!is_named(mistake, &explanation)) {
			print_message("%s: %s: %s\n", mistake->title, explain_cause_name(explanation.cause),
				explanation.sentence);
			wrong++;
		}
		explanation_clear(&explanation);
		buffer_clear(&lines);
		signed_request_forget();
	}
	assert_int_equal(wrong, 0);
	assert_true(count >= 40);
}

/* A digit from a sequence that is always the same. */
static unsigned next_digit(unsigned *seed) {
	*seed = *seed * 1103515245 + 12345;
	return *seed >> 16 & 15;
}

static void forgeries_have_no_explanation(void **state) {
	(void)state;
	static const char *const providers[] = {"github", "stripe", "slack", "dropspace"};
	static const char *const heads[] = {
		"X-Hub-Signature-256: sha256=", "Stripe-Signature: t=1767225600,v1=",
		"X-Slack-Request-Timestamp: 1767225600\r\nX-Slack-Signature: v0=", "X-Webhook-Signature: "};
	unsigned seed = 7;
	for (size_t i = 0; i < 20; i++) {
		struct explanation explanation = {0};
		struct buffer lines = {0};
		buffer_append_text(&lines, heads[i % 4]);
		for (size_t digit = 0; digit < 64; digit++) {
			buffer_append_byte(&lines, "0123456789abcdef"[next_digit(&seed)]);
		}
		buffer_append_text(&lines, "\r\n");
		explain_request(providers[i % 4], SVIX, "another", buffer_text(&lines), BODY, &explanation);
		assert_int_equal(explanation.cause, EXPLAIN_NONE);
		assert_non_null(strstr(explanation.sentence, "no explanation found, tried: other secrets"));
		assert_true(explanation.macs <= EXPLAIN_MACS);
		explanation_clear(&explanation);
		buffer_clear(&lines);
	}
}

/* Signs `sent` for Stripe with "k" and explains it over `received`. */
static void explain_changed(
	const char *sent, const char *received, struct explanation *explanation) {
	struct mistake mistake = {
		.title = "changed", .provider = "stripe", .secret = "k", .sent = sent};
	struct buffer lines = {0};
	sign(&mistake, &lines);
	explain_request("stripe", "k", NULL, buffer_text(&lines), received, explanation);
	buffer_clear(&lines);
}

static void the_region_that_differs_is_shown(void **state) {
	(void)state;
	struct explanation explanation = {0};
	explain_changed("{\"a\":1}", "{\"a\": 1}", &explanation);
	assert_string_equal(buffer_text(&explanation.received_text), "1767225600.{\"a\": 1}");
	assert_string_equal(buffer_text(&explanation.signed_text), "1767225600.{\"a\":1}");
	assert_int_equal(explanation.differ_at, strlen("1767225600.{\"a\":"));
	assert_int_equal(explanation.received_len, 1);
	assert_int_equal(explanation.signed_len, 0);
	assert_int_equal(explanation.received_mac.len, 64);
	assert_int_equal(explanation.expected_mac.len, 64);
	assert_string_equal(explanation.secret, "prod");
	explanation_clear(&explanation);
}

static void what_is_valid_needs_no_explanation(void **state) {
	(void)state;
	struct explanation explanation = {0};
	explain_changed("{}", "{}", &explanation);
	assert_int_equal(explanation.cause, EXPLAIN_VALID);
	assert_int_equal(explanation.macs, 0);
	explanation_clear(&explanation);
}

/* A body packed or unpacked is not text: these two are made here. */
static void an_undone_compression_is_named(void **state) {
	(void)state;
	static const char key[] = "k";
	struct error err = {0};
	struct catalogue *catalogue = catalogue_new();
	const struct provider *github = receiver_of(catalogue, "github");
	char packed[256];
	z_stream stream = {0};
	assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (Bytef *)BODY;
	stream.avail_in = sizeof BODY - 1;
	stream.next_out = (Bytef *)packed;
	stream.avail_out = sizeof packed;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	struct span bodies[] = {{BODY, sizeof BODY - 1}, {packed, sizeof packed - stream.avail_out}};
	deflateEnd(&stream);
	for (size_t sent = 0; sent < 2; sent++) {
		struct keyring *keyring = keyring_of("github", "sender", key);
		struct signed_request request;
		struct buffer lines = {0};
		struct sign_options options = {.now_ms = NOW};
		signed_request_make(&request, "", "");
		request.message.body = bodies[sent];
		assert_true(signature_sign(keyring, &request.message, &options, &lines, &err));
		signed_request_clear(&request);
		signed_request_make(&request, buffer_text(&lines), "");
		request.message.body = bodies[1 - sent];
		struct explain_secret own = {"prod", span_text(key)};
		struct explanation explanation = {0};
		explain(&(struct explain_input){.provider = github,
					.secrets = &own,
					.secret_count = 1,
					.message = &request.message,
					.now_ms = NOW},
			&explanation);
		assert_string_equal(explain_cause_name(explanation.cause), "body_compressed");
		assert_non_null(strstr(explanation.sentence, sent == 1 ? "proxy undid" : "unpacked"));
		explanation_clear(&explanation);
		buffer_clear(&lines);
		signed_request_clear(&request);
		keyring_free(keyring);
	}
	catalogue_free(catalogue);
}

static void without_a_secret_only_that_is_said(void **state) {
	(void)state;
	struct signed_request request;
	struct catalogue *catalogue = catalogue_new();
	struct explanation explanation = {0};
	signed_request_make(&request, "Stripe-Signature: t=1,v1=00\r\n", "{}");
	explain(&(struct explain_input){.catalogue = catalogue,
				.provider = receiver_of(catalogue, "stripe"),
				.message = &request.message,
				.now_ms = NOW},
		&explanation);
	assert_string_equal(
		explanation.sentence, "no secret for Stripe is known here, so nothing can be computed");
	assert_int_equal(explanation.cause, EXPLAIN_NO_SECRET);
	explanation_clear(&explanation);
	signed_request_clear(&request);
	catalogue_free(catalogue);
}

static void no_sentence_holds_a_secret_or_a_mac(void **state) {
	(void)state;
	for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const struct mistake *mistake = &mistakes[i];
		struct explanation explanation = {0};
		struct buffer lines = {0};
		sign(mistake, &lines);
		change_lines(mistake, &lines);
		explain_request(mistake->provider, mistake->secret, mistake->other, buffer_text(&lines),
			mistake->received ? mistake->received : BODY, &explanation);
		if (explanation.expected_mac.len > 0) {
			assert_null(strstr(explanation.sentence, buffer_text(&explanation.expected_mac)));
		}
		if (strlen(mistake->secret) > 2) {
			assert_null(strstr(explanation.sentence, mistake->secret));
		}
		explanation_clear(&explanation);
		buffer_clear(&lines);
		signed_request_forget();
	}
}

int main(void) {
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_planted_mistake_is_named),
		cmocka_unit_test(another_url_is_named),
		cmocka_unit_test(forgeries_have_no_explanation),
		cmocka_unit_test(the_region_that_differs_is_shown),
		cmocka_unit_test(what_is_valid_needs_no_explanation),
		cmocka_unit_test(an_undone_compression_is_named),
		cmocka_unit_test(without_a_secret_only_that_is_said),
		cmocka_unit_test(no_sentence_holds_a_secret_or_a_mac),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
