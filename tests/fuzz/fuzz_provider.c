/*
 * A user's provider file is loaded, or refused with its name, line and column in front; what was loaded can be asked about
 * any message, and judged and signed with.
 */
#include <string.h>
#include <unistd.h>

#include "common/message.h"
#include "common/signature/handshake.h"
#include "common/signature/signature.h"
#include "tests/fuzz/fuzz.h"

/* An answer is bounded, in one piece, and holds nothing that could end a header. */
static void check_handshake(const struct provider *provider, const struct handshake *handshake,
	const struct message *message) {
	struct handshake_answer answer = {0};
	struct keyring *keyring = keyring_new(provider, NULL, 0, NULL);
	struct judgement judgement = {.verdict = VERDICT_VALID};
	handshake_make(provider, handshake, keyring, message, &judgement, &answer);
	HOLDS(answer.status >= 200 && answer.status < 500);
	HOLDS(memchr(answer.words, '\0', sizeof answer.words));
	for (size_t i = 0; i < answer.headers.len; i++) {
		char byte = answer.headers.data[i];
		bool ends =
			byte == '\r' && i + 1 < answer.headers.len && answer.headers.data[i + 1] == '\n';
		HOLDS(ends || byte == '\n' || (byte >= 0x20 && byte < 0x7f));
	}
	handshake_answer_clear(&answer);
	keyring_free(keyring);
}

static void check_handshakes(const struct provider *provider) {
	struct message message = {0};
	struct span head = span_text(
		"POST /?challenge=abc&hub.challenge=%0d%0aSet-Cookie HTTP/1.0\r\nX-Hook-Secret: a\r\n\r\n");
	HOLDS(message_parse(&message, head,
		span_text("{\"challenge\":\"<b>\",\"token\":\"t\",\"type\":\"ping\"}"), NULL));
	for (size_t i = 0; i < provider->handshake_count; i++) {
		handshake_fits(&provider->handshakes[i], &message, NULL);
		check_handshake(provider, &provider->handshakes[i], &message);
	}
	message_clear(&message);
}

static void check_provider(const struct catalogue *catalogue, const struct provider *provider) {
	struct message message = {0};
	struct buffer ambiguous = {0}, type = {0}, id = {0};
	struct span head = span_text("POST / HTTP/1.0\r\nX-Event: a\r\nX-Signature: t=1,v1=00\r\n\r\n");
	HOLDS(provider->name[0] != '\0');
	HOLDS(message_parse(&message, head, span_text("{\"type\":\"t\",\"id\":7}"), NULL));
	catalogue_recognise(catalogue, &message, &ambiguous);
	provider_describe(provider, &message, &type, &id);
	check_handshakes(provider);
	message_clear(&message);
	buffer_clear(&ambiguous);
	buffer_clear(&type);
	buffer_clear(&id);
}

/* The loaded one, which no compiled-in provider is called: a number. */
static bool is_own(const struct provider *provider) {
	return provider->name[strspn(provider->name, "0123456789")] == '\0';
}

static void use_provider(const struct provider *provider) {
	struct keyring *keyring = keyring_new(provider, NULL, 0, NULL);
	struct message message = {0};
	struct buffer lines = {0};
	struct error err = {0};
	struct sign_options options = {.now_ms = 1767225600000, .made_id = span_text("i")};
	struct span head =
		span_text("POST /a?b=1 HTTP/1.1\r\nHost: h\r\nX-Signature: t=1,v1=00\r\n\r\n");
	if (!keyring || !keyring_add(keyring, "fuzz", span_text("user:c2VjcmV0"), &err)) {
		keyring_free(keyring);
		return;
	}
	HOLDS(message_parse(&message, head, span_text("{\"type\":\"t\",\"id\":7}"), NULL));
	struct judgement judgement = signature_verify(keyring, &message, options.now_ms);
	HOLDS(memchr(judgement.reason, '\0', sizeof judgement.reason));
	HOLDS(signature_sign(keyring, &message, &options, &lines, &err) || err.text[0] != '\0');
	message_clear(&message);
	buffer_clear(&lines);
	keyring_free(keyring);
}

/* The reader wants a name, and it names the provider: "/dev/fd/7" makes provider 7 of a file that has no other name. */
static const char *file_of(const uint8_t *data, size_t len) {
	static char name[32];
	static FILE *file;
	if (!file) {
		file = tmpfile();
		HOLDS(file);
		snprintf(name, sizeof name, "/dev/fd/%d", fileno(file));
	}
	HOLDS(ftruncate(fileno(file), 0) == 0);
	HOLDS(pwrite(fileno(file), data, len, 0) == (ssize_t)len);
	return name;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct error err = {0};
	struct catalogue *catalogue = catalogue_new();
	const char *file = file_of(data, len);
	if (catalogue_load(catalogue, file, &err)) {
		for (size_t i = 0; i < catalogue_count(catalogue); i++) {
			check_provider(catalogue, catalogue_at(catalogue, i));
			if (is_own(catalogue_at(catalogue, i))) {
				use_provider(catalogue_at(catalogue, i));
			}
		}
	} else {
		HOLDS(err.code == ERROR_CONFIG);
		HOLDS(strncmp(err.text, file, strlen(file)) == 0);
	}
	catalogue_free(catalogue);
	return 0;
}
