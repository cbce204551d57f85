/*
 * A stranger's message is never valid, whatever its headers say; what we signed is, and is no longer once a byte of its
 * body is another. The first byte chooses the provider, the second the byte that changes; then header lines, a NUL, the
 * body.
 */
#include <string.h>

#include "common/message.h"
#include "common/signature/recipe.h"
#include "common/signature/signature.h"
#include "tests/fuzz/fuzz.h"

#define NOW_MS INT64_C(1767225600000)

/* In the forms providers give theirs: the first that this one takes is used. */
static const char *const secrets[] = {"whsec_MfKQ9r8GKYqTwUPD8ILPZIo2LaLaSw8rT1rK3uAv6Zk=",
	"hookline-user:correct horse battery staple", "0f1e2d3c4b5a69788796a5b4c3d2e1f0",
	"correct horse battery staple"};

static struct keyring *a_keyring(const struct provider *provider) {
	struct keyring *keyring = keyring_new(provider, NULL, 0, NULL);
	for (size_t i = 0; keyring && i < sizeof secrets / sizeof secrets[0]; i++) {
		if (keyring_add(keyring, "fuzz", span_text(secrets[i]), NULL)) {
			return keyring;
		}
	}
	keyring_free(keyring);
	return NULL;
}

static void append_head(struct buffer *head, struct span lines) {
	buffer_append_text(head, "POST /e/x HTTP/1.1\r\nHost: relay.test\r\n");
	buffer_append_span(head, lines);
	buffer_append_text(head, "\r\n");
}

static struct judgement judge(struct keyring *keyring, struct span lines, struct span body) {
	struct message message = {0};
	struct buffer head = {0};
	struct judgement judgement = {.verdict = VERDICT_UNSIGNED};
	append_head(&head, lines);
	if (message_parse(&message, buffer_span(&head), body, NULL)) {
		judgement = signature_verify(keyring, &message, NOW_MS);
		HOLDS(memchr(judgement.reason, '\0', sizeof judgement.reason));
	}
	message_clear(&message);
	buffer_clear(&head);
	return judgement;
}

static bool sign(struct keyring *keyring, struct span body, struct buffer *lines) {
	struct message message = {0};
	struct buffer head = {0};
	struct error err = {0};
	append_head(&head, (struct span){0});
	HOLDS(message_parse(&message, buffer_span(&head), body, NULL));
	struct sign_options options = {.now_ms = NOW_MS, .made_id = span_text("msg_fuzz")};
	bool signed_ = signature_sign(keyring, &message, &options, lines, &err);
	HOLDS(signed_ || err.text[0] != '\0');
	message_clear(&message);
	buffer_clear(&head);
	return signed_;
}

/* A static token or password says who sends, and nothing of what is sent. */
static bool covers_body(const struct provider *provider) {
	enum recipe_kind kind = provider->recipes[0].kind;
	return kind != RECIPE_TOKEN && kind != RECIPE_BASIC;
}

static void check_changed(
	struct keyring *keyring, struct span lines, struct span body, unsigned char choice) {
	struct buffer changed = {0};
	buffer_append_span(&changed, body);
	changed.data[choice % body.len] ^= 1;
	HOLDS(judge(keyring, lines, buffer_span(&changed)).verdict != VERDICT_VALID);
	buffer_clear(&changed);
}

static void check_signed(struct keyring *keyring, struct span body, unsigned char choice) {
	struct buffer lines = {0};
	if (sign(keyring, body, &lines)) {
		enum verdict verdict = judge(keyring, buffer_span(&lines), body).verdict;
		HOLDS(verdict == VERDICT_VALID || verdict == VERDICT_PARTIAL);
		if (verdict == VERDICT_VALID && body.len > 0 && covers_body(keyring_provider(keyring))) {
			check_changed(keyring, buffer_span(&lines), body, choice);
		}
	}
	buffer_clear(&lines);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	if (len < 2) {
		return 0;
	}
	struct span body = {(const char *)data + 2, len - 2};
	struct span lines = span_cut(&body, '\0');
	struct keyring *keyring = a_keyring(providers_builtin[data[0] % providers_builtin_count]);
	if (keyring) {
		enum verdict verdict = judge(keyring, lines, body).verdict;
		HOLDS(verdict != VERDICT_VALID && verdict != VERDICT_PARTIAL &&
			  verdict != VERDICT_RESERIALISED && verdict != VERDICT_EXPIRED);
		check_signed(keyring, body, data[1]);
	}
	keyring_free(keyring);
	return 0;
}
