/*
 * Whatever a template asks for of whatever request: it is refused in words, or it is filled within its bounds, the same each
 * time, and signing and judging with it end. The template comes first, then a NUL, the target, a NUL, header lines, a NUL, the body.
 */
#include <string.h>

#include "common/message.h"
#include "common/signature/content.h"
#include "common/signature/template.h"
#include "tests/fuzz/fuzz.h"

#define NOW_MS INT64_C(1767225600000)

/* What stands beside the template: a header of pairs with a timestamp, and an id. */
static struct recipe recipe_of(const struct term *terms, size_t count) {
	return (struct recipe){.label = "default",
		.kind = RECIPE_HMAC,
		.hash = "sha256",
		.place = PLACE_HEADER,
		.header = "X-Signature",
		.list = ',',
		.pair = '=',
		.field = "s",
		.prefix = "",
		.encoding = "hex",
		.timestamp = {.place = PLACE_SIGNATURE, .name = "t", .tolerance_s = -1},
		.id_place = PLACE_HEADER,
		.id_header = "X-Id",
		.terms = terms,
		.term_count = count};
}

static void check_content(struct keyring *keyring, const struct message *message) {
	char reason[VERDICT_REASON_LEN] = "";
	struct term_source source = {.keyring = keyring,
		.scheme = &keyring->schemes[0],
		.message = message,
		.carrier = message_header_value(message, "X-Signature"),
		.timestamp = span_text("1"),
		.id = span_text("i")};
	struct recipe_content template = content_of(keyring->schemes[0].recipe, 0);
	struct content first, second;
	bool ok = content_collect(&source, &template, &first, reason);
	size_t len = 0;
	for (size_t i = 0; ok && i < first.count; i++) {
		len += first.pieces[i].len;
	}
	HOLDS(ok || reason[0] != '\0');
	HOLDS(content_collect(&source, &template, &second, reason) == ok);
	for (size_t i = 0; ok && i < second.count; i++) {
		len -= second.pieces[i].len;
	}
	HOLDS(len == 0);
}

static void check_request(struct keyring *keyring, const struct message *message) {
	struct sign_options options = {.now_ms = NOW_MS, .made_id = span_text("i")};
	struct buffer lines = {0};
	struct error err = {0};
	struct judgement judgement = signature_verify(keyring, message, NOW_MS);
	HOLDS(memchr(judgement.reason, '\0', sizeof judgement.reason));
	HOLDS(signature_sign(keyring, message, &options, &lines, &err) || err.text[0] != '\0');
	buffer_clear(&lines);
	check_content(keyring, message);
}

static void with_request(
	const struct recipe *recipe, struct span target, struct span lines, struct span body) {
	struct provider provider = {
		.name = "fuzz", .title = "Fuzz", .recipes = recipe, .recipe_count = 1};
	struct message message = {0};
	struct buffer head = {0};
	struct keyring *keyring = keyring_new(&provider, NULL, 0, NULL);
	HOLDS(keyring && keyring_add(keyring, "fuzz", span_text("secret"), NULL));
	buffer_append_text(&head, "POST ");
	buffer_append_span(&head, target);
	buffer_append_text(&head, " HTTP/1.1\r\nHost: relay.test\r\n");
	buffer_append_span(&head, lines);
	buffer_append_text(&head, "\r\n");
	if (message_parse(&message, buffer_span(&head), body, NULL)) {
		check_request(keyring, &message);
	}
	message_clear(&message);
	buffer_clear(&head);
	keyring_free(keyring);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span rest = {(const char *)data, len};
	struct span text = span_cut(&rest, '\0'), target = span_cut(&rest, '\0');
	struct span lines = span_cut(&rest, '\0');
	struct term terms[RECIPE_TERMS_MAX];
	struct arena arena = {0};
	struct error err = {0};
	size_t count = 0;
	if (template_parse(&arena, arena_text_of(&arena, text.data ? text.data : "", text.len), terms,
			&count, &err)) {
		struct recipe recipe = recipe_of(terms, count);
		HOLDS(count > 0 && count <= RECIPE_TERMS_MAX);
		with_request(&recipe, target, lines, rest);
	} else {
		HOLDS(err.code == ERROR_CONFIG && err.text[0] != '\0');
	}
	arena_clear(&arena);
	return 0;
}
