/* What is made out of a request that came in: provider, type, id, verdict. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "relay/endpoint.h"
#include "relay/keys.h"

void description_clear(struct description *description) {
	buffer_clear(&description->type);
	buffer_clear(&description->id);
	buffer_clear(&description->exchange);
	handshake_answer_clear(&description->handshake);
	*description = (struct description){0};
}

static struct judgement unverified(const char *format, ...) __attribute__((format(printf, 1, 2)));

static struct judgement unverified(const char *format, ...) {
	struct judgement judgement = {.verdict = VERDICT_UNVERIFIED};
	va_list args;
	va_start(args, format);
	vsnprintf(judgement.reason, sizeof judgement.reason, format, args);
	va_end(args);
	return judgement;
}

const struct provider *endpoint_provider(
	const struct endpoint *endpoint, const struct message *message, struct judgement *judgement) {
	const struct endpoint_keys *keys = &endpoint->keys;
	if (keys->provider) {
		return keys->provider;
	}
	if (*keys->settings.provider) {
		*judgement = unverified(
			"the provider %s is not known to this relay any more", keys->settings.provider);
		return NULL;
	}
	struct buffer several = {0};
	const struct provider *provider =
		catalogue_recognise(endpoint->endpoints->catalogue, message, &several);
	if (!provider) {
		provider = handshake_recognise(
			endpoint->endpoints->catalogue, message, several.len > 0 ? NULL : &several);
	}
	if (!provider && several.len > 0) {
		*judgement =
			unverified("could be from %.*s: choose with hookline endpoint set %s --provider NAME",
				several.len < 100 ? (int)several.len : 100, several.data, endpoint->name);
	} else if (!provider) {
		*judgement = unverified(
			"no provider recognised: hookline endpoint set %s --provider NAME", endpoint->name);
	}
	buffer_clear(&several);
	return provider;
}

struct judgement endpoint_without_key(
	const struct endpoint *endpoint, const struct provider *provider) {
	const struct endpoint_keys *keys = &endpoint->keys;
	for (size_t i = 0; i < keys->secret_count; i++) {
		if (keys->secrets[i].broken) {
			return unverified("the secret %s cannot be opened with this key file: set it again",
				keys->secrets[i].label);
		}
	}
	if (provider->recipe_count == 0) {
		return unverified("%s does not sign its webhooks", provider->name);
	}
	return unverified("no secret for %s yet: hookline endpoint set %s --secret-file FILE",
		provider->name, endpoint->name);
}

bool endpoint_public_url(const struct endpoint *endpoint, struct buffer *url) {
	const char *base = endpoint->endpoints->url, *host = endpoint->keys.settings.host;
	if (!base) {
		return false;
	}
	if (*host) {
		buffer_append(url, base, strcspn(base, ":"));
		buffer_printf(url, "://%s", host);
	} else {
		buffer_append_text(url, base);
	}
	return true;
}

struct keyring *endpoint_keyring(struct endpoint *endpoint, const struct provider *provider) {
	struct keyring *keyring = endpoint_keys_ring(
		&endpoint->keys, provider, endpoint->endpoints->vault, endpoint_name(endpoint));
	struct buffer url = {0};
	if (keyring && endpoint_public_url(endpoint, &url)) {
		keyring_assume_url(keyring, buffer_text(&url));
	}
	buffer_clear(&url);
	bool judges = keyring && (keyring_count(keyring) > 0 || keyring_finds_keys(keyring));
	return judges ? keyring : NULL;
}

/* Judges with the keys that were fetched, and has fetched what is not among them. */
static void judge(struct endpoint *endpoint, struct keyring *keyring, const struct message *message,
	int64_t now_ms, struct description *description) {
	struct keys *keys = endpoint->endpoints->keys;
	enum key_form form;
	keyring_use_keyset(keyring, keys ? keys_fetched(keys) : NULL);
	description->judgement = signature_verify(keyring, message, now_ms);
	struct span missing = keyring_missing_key(keyring, &form);
	if (!keys || missing.len == 0) {
		return;
	}
	keys_want(keys, missing, form);
	description->lacks_key = true;
	if (endpoint->lacking_after < 0) {
		endpoint->lacking_after = endpoint->head;
	}
}

void endpoint_describe(struct endpoint *endpoint, const struct message *message, int64_t now_ms,
	struct description *description) {
	buffer_reset(&description->type);
	buffer_reset(&description->id);
	description->judgement.secret[0] = '\0';
	description->recipe[0] = '\0';
	description->lacks_key = false;
	description->provider = endpoint_provider(endpoint, message, &description->judgement);
	if (!description->provider) {
		return;
	}
	provider_describe(description->provider, message, &description->type, &description->id);
	struct keyring *keyring = endpoint_keyring(endpoint, description->provider);
	if (keyring) {
		memcpy(description->recipe, keyring_version(keyring), sizeof description->recipe);
		judge(endpoint, keyring, message, now_ms, description);
	} else {
		description->judgement = endpoint_without_key(endpoint, description->provider);
	}
}
