#include "tests/unit/signed_request.h"

#include <stdlib.h>
#include <string.h>

#include "common/signature/provider_read.h"
#include "tests/unit/unit.h"

static struct arena arena;

void signed_request_make(struct signed_request *request, const char *lines, const char *body) {
	*request = (struct signed_request){0};
	buffer_printf(&request->bytes, "POST / HTTP/1.1\r\nHost: a\r\n%s\r\n", lines);
	size_t head = request->bytes.len;
	buffer_append_text(&request->bytes, body);
	struct span bytes = buffer_span(&request->bytes);
	struct error err = {0};
	if (!message_parse(
			&request->message, (struct span){bytes.data, head}, span_after(bytes, head), &err)) {
		fail_msg("%s", err.text);
	}
}

void signed_request_clear(struct signed_request *request) {
	message_clear(&request->message);
	buffer_clear(&request->bytes);
}

static const struct provider *builtin(const char *name) {
	for (size_t i = 0; i < providers_builtin_count; i++) {
		if (strcmp(providers_builtin[i]->name, name) == 0) {
			return providers_builtin[i];
		}
	}
	fail_msg("no provider %s", name);
	return NULL;
}

struct keyring *keyring_of(const char *provider, const char *label, const char *secret) {
	struct error err = {0};
	struct keyring *keyring = keyring_new(builtin(provider), NULL, 0, &err);
	if (!keyring || (secret && !keyring_add(keyring, label, span_text(secret), &err))) {
		fail_msg("%s", err.text);
	}
	return keyring;
}

const struct provider *provider_of(const char *yaml) {
	struct error err = {0};
	struct yaml_document *document = yaml_parse("acme.yaml", span_text(yaml), &err);
	const struct provider *provider = document ? provider_read(&arena, document, &err) : NULL;
	yaml_close(document);
	if (!provider) {
		fail_msg("%s", err.text);
	}
	return provider;
}

void signed_request_forget(void) {
	arena_clear(&arena);
}
