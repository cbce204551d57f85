/* What an endpoint is judged with: secrets, opened into keyrings, one for each provider. */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/endpoint.h"
#include "relay/log.h"

void endpoint_keys_copy(struct endpoint_keys *to, const struct endpoint_keys *from) {
	*to = (struct endpoint_keys){0};
	endpoint_settings_copy(&to->settings, &from->settings);
	for (size_t i = 0; i < from->secret_count; i++) {
		const struct endpoint_secret *secret = &from->secrets[i];
		struct endpoint_secret *copy = endpoint_keys_add(to, secret->label);
		*copy = *secret;
		copy->sealed = (struct buffer){0};
		buffer_append_span(&copy->sealed, buffer_span(&secret->sealed));
	}
}

static void clear_rings(struct endpoint_keys *keys) {
	for (size_t i = 0; i < keys->ring_count; i++) {
		keyring_free(keys->rings[i].keyring);
	}
	free(keys->rings);
	keys->rings = NULL;
	keys->ring_count = 0;
}

void endpoint_keys_clear(struct endpoint_keys *keys) {
	clear_rings(keys);
	for (size_t i = 0; i < keys->secret_count; i++) {
		buffer_clear(&keys->secrets[i].sealed);
	}
	free(keys->secrets);
	endpoint_settings_clear(&keys->settings);
	*keys = (struct endpoint_keys){0};
}

struct endpoint_secret *endpoint_keys_find(struct endpoint_keys *keys, const char *label) {
	for (size_t i = 0; i < keys->secret_count; i++) {
		if (strcmp(keys->secrets[i].label, label) == 0) {
			return &keys->secrets[i];
		}
	}
	return NULL;
}

struct endpoint_secret *endpoint_keys_add(struct endpoint_keys *keys, const char *label) {
	keys->secrets = alloc_resize(keys->secrets, (keys->secret_count + 1) * sizeof *keys->secrets);
	struct endpoint_secret *secret = &keys->secrets[keys->secret_count++];
	*secret = (struct endpoint_secret){0};
	strncpy(secret->label, label, sizeof secret->label - 1);
	return secret;
}

void endpoint_keys_remove(struct endpoint_keys *keys, struct endpoint_secret *secret) {
	size_t index = (size_t)(secret - keys->secrets);
	buffer_clear(&secret->sealed);
	memmove(secret, secret + 1, (keys->secret_count - index - 1) * sizeof *secret);
	keys->secret_count--;
}

static void hash_secret(unsigned char hash[SECRET_HASH_LEN], struct span value) {
	static const char prefix[] = "hookline";
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	if (!ctx || EVP_DigestInit_ex(ctx, EVP_sha256(), NULL) != 1 ||
		EVP_DigestUpdate(ctx, prefix, sizeof prefix - 1) != 1 ||
		EVP_DigestUpdate(ctx, value.data, value.len) != 1 ||
		EVP_DigestFinal_ex(ctx, hash, NULL) != 1) {
		abort(); /* no SHA-256: nothing else works either */
	}
	EVP_MD_CTX_free(ctx);
}

/* What the sealed secret is bound to, so that it opens nowhere else. */
static void append_place(struct buffer *out, struct span endpoint, const char *label) {
	buffer_append_span(out, endpoint);
	buffer_append_byte(out, '/');
	buffer_append_text(out, label);
}

void endpoint_secret_seal(
	struct endpoint_secret *secret, struct vault *vault, struct span endpoint, struct span value) {
	struct buffer place = {0};
	append_place(&place, endpoint, secret->label);
	buffer_reset(&secret->sealed);
	vault_seal(vault, value, buffer_span(&place), &secret->sealed);
	buffer_clear(&place);
	hash_secret(secret->hash, value);
	secret->broken = false;
}

static struct keyring *make_keyring(
	const struct endpoint_keys *keys, const struct provider *provider, struct error *err) {
	bool own = provider == keys->provider;
	return keyring_new(provider, own ? keys->settings.parameters : NULL,
		own ? keys->settings.parameter_count : 0, err);
}

static struct keyring *ring_for(
	struct endpoint_keys *keys, const struct provider *provider, struct error *err) {
	for (size_t i = 0; i < keys->ring_count; i++) {
		if (keys->rings[i].provider == provider) {
			return keys->rings[i].keyring;
		}
	}
	struct keyring *keyring = make_keyring(keys, provider, err);
	if (keyring) {
		keys->rings = alloc_resize(keys->rings, (keys->ring_count + 1) * sizeof *keys->rings);
		keys->rings[keys->ring_count++] = (struct ring){.provider = provider, .keyring = keyring};
	}
	return keyring;
}

bool endpoint_secret_open(struct endpoint_secret *secret, struct vault *vault, struct span endpoint,
	struct buffer *value, struct error *err) {
	struct buffer place = {0};
	append_place(&place, endpoint, secret->label);
	bool ok =
		vault_open_secret(vault, buffer_span(&secret->sealed), buffer_span(&place), value, err);
	buffer_clear(&place);
	if (ok) {
		hash_secret(secret->hash, buffer_span(value));
	}
	return ok;
}

static void wipe(struct buffer *value) {
	if (value->data) {
		OPENSSL_cleanse(value->data, value->capacity);
	}
	buffer_clear(value);
}

/* Opens the secret and makes a key of it for `provider`; NULL: only sees that it can be opened. */
static bool add_to_ring(struct endpoint_keys *keys, struct endpoint_secret *secret,
	const struct provider *provider, struct vault *vault, struct span endpoint, struct error *err) {
	struct buffer value = {0};
	bool ok = endpoint_secret_open(secret, vault, endpoint, &value, err);
	if (ok && provider) {
		struct keyring *keyring = ring_for(keys, provider, err);
		ok = keyring && keyring_add(keyring, secret->label, buffer_span(&value), err);
	} else if (ok && value.len == 0) {
		ok = error_set(err, ERROR_USAGE, "the secret is empty");
	}
	wipe(&value);
	return ok;
}

/* `*provider` NULL: the secret is for whichever provider is recognised. */
static bool provider_of(const struct endpoint_keys *keys, const struct endpoint_secret *secret,
	const struct catalogue *catalogue, const struct provider **provider, struct error *err) {
	const char *name = secret->provider[0] ? secret->provider : keys->settings.provider;
	*provider = *name ? catalogue_find(catalogue, name, err) : NULL;
	return *provider || !*name;
}

static bool prepare_secret(struct endpoint_keys *keys, struct endpoint_secret *secret,
	struct vault *vault, const struct catalogue *catalogue, struct span endpoint,
	struct error *err) {
	const struct provider *provider;
	return provider_of(keys, secret, catalogue, &provider, err) &&
	       add_to_ring(keys, secret, provider, vault, endpoint, err);
}

struct keyring *endpoint_keys_ring(struct endpoint_keys *keys, const struct provider *provider,
	struct vault *vault, struct span endpoint) {
	struct error unfit;
	struct keyring *keyring = ring_for(keys, provider, &unfit);
	struct ring *ring = NULL;
	for (size_t i = 0; keyring && !ring; i++) {
		ring = keys->rings[i].keyring == keyring ? &keys->rings[i] : NULL;
	}
	if (!ring || ring->complete) {
		return keyring;
	}
	ring->complete = true;
	for (size_t i = 0; !*keys->settings.provider && i < keys->secret_count; i++) {
		struct endpoint_secret *secret = &keys->secrets[i];
		if (!secret->provider[0] && !secret->broken) {
			add_to_ring(keys, secret, provider, vault, endpoint, &unfit);
		}
	}
	return keyring;
}

/* The provider the endpoint names, and that its parameters are ones. */
static bool find_provider(
	struct endpoint_keys *keys, const struct catalogue *catalogue, struct error *err) {
	keys->provider = NULL;
	if (!*keys->settings.provider) {
		return keys->settings.parameter_count == 0 ||
		       error_set(err, ERROR_USAGE, "parameters need a provider they belong to");
	}
	keys->provider = catalogue_find(catalogue, keys->settings.provider, err);
	struct keyring *keyring = keys->provider ? make_keyring(keys, keys->provider, err) : NULL;
	keyring_free(keyring);
	return keyring != NULL;
}

static void log_unfit(struct span endpoint, const char *what, const struct error *err) {
	log_write(LOG_ERROR, "cannot be used endpoint=%.*s secret=%s why=%s", (int)endpoint.len,
		endpoint.data, what, err->text);
}

bool endpoint_keys_prepare(struct endpoint_keys *keys, struct vault *vault,
	const struct catalogue *catalogue, struct span endpoint, bool forgiving, struct error *err) {
	clear_rings(keys);
	struct error why = {0};
	if (!find_provider(keys, catalogue, &why)) {
		if (!forgiving) {
			*err = why;
			return false;
		}
		log_unfit(endpoint, "", &why);
	}
	for (size_t i = 0; i < keys->secret_count; i++) {
		struct endpoint_secret *secret = &keys->secrets[i];
		bool ok = prepare_secret(keys, secret, vault, catalogue, endpoint, &why);
		secret->broken = !ok;
		if (!ok && !forgiving) {
			*err = why;
			return error_prefix(err, "secret %s", secret->label);
		}
		if (!ok) {
			log_unfit(endpoint, secret->label, &why);
		}
	}
	return true;
}
