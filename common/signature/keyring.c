#include "common/signature/keyring.h"

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/signature/key_steps.h"
#include "common/signature/public_scheme.h"
#include "common/signature/request_url.h"
#include "common/text.h"

const EVP_MD *keyring_hash(enum recipe_hash hash) {
	switch (hash) {
	case HASH_SHA1:
		return EVP_sha1();
	case HASH_SHA512:
		return EVP_sha512();
	case HASH_MD5:
		return EVP_md5();
	case HASH_SHA256:
		break;
	}
	return EVP_sha256();
}

size_t keyring_digest(struct keyring *keyring, enum recipe_hash hash, struct span bytes,
	unsigned char digest[EVP_MAX_MD_SIZE]) {
	unsigned len = 0;
	memset(digest, 0, EVP_MAX_MD_SIZE);
	if (EVP_DigestInit_ex(keyring->digest, keyring_hash(hash), NULL) != 1 ||
		EVP_DigestUpdate(keyring->digest, bytes.data, bytes.len) != 1 ||
		EVP_DigestFinal_ex(keyring->digest, digest, &len) != 1) {
		abort(); /* the library is broken or out of memory */
	}
	return len;
}

const char *keyring_parameter(const struct keyring *keyring, const char *name) {
	for (size_t i = 0; i < keyring->parameter_count; i++) {
		if (strcmp(keyring->parameters[i].name, name) == 0) {
			return keyring->parameters[i].value;
		}
	}
	return NULL;
}

static size_t count_parameters(const struct provider *provider) {
	size_t count = 0;
	while (provider->parameters && provider->parameters[count].name) {
		count++;
	}
	return count;
}

/* Whether the provider knows all that is given. */
static bool check_names(const struct provider *provider, const struct parameter *given,
	size_t given_count, struct error *err) {
	size_t count = count_parameters(provider);
	const char *names[RECIPE_PARAMETERS_MAX + 1];
	for (size_t i = 0; i < count; i++) {
		names[i] = provider->parameters[i].name;
	}
	names[count++] = REQUEST_URL_PARAMETER;
	for (size_t i = 0; i < given_count; i++) {
		size_t at = 0;
		while (at < count && strcmp(names[at], given[i].name) != 0) {
			at++;
		}
		const char *nearest = at == count ? text_nearest(given[i].name, names, count) : NULL;
		if (nearest) {
			return error_set(err, ERROR_USAGE, "%s has no parameter \"%s\", did you mean \"%s\"?",
				provider->name, given[i].name, nearest);
		}
		if (at == count) {
			return error_set(
				err, ERROR_USAGE, "%s has no parameter \"%s\"", provider->name, given[i].name);
		}
	}
	return true;
}

static void add_parameter(struct keyring *keyring, const char *name, const char *value) {
	keyring->parameters[keyring->parameter_count++] =
		(struct parameter){name, alloc_text(value, strlen(value))};
}

static const char *given_value(
	const struct parameter *given, size_t given_count, const char *name) {
	const char *value = NULL;
	for (size_t i = 0; i < given_count; i++) {
		value = strcmp(given[i].name, name) == 0 ? given[i].value : value;
	}
	return value;
}

/* The one every provider has. */
static bool fill_url(struct keyring *keyring, const char *url, struct error *err) {
	if (!url || keyring_parameter(keyring, REQUEST_URL_PARAMETER)) {
		return true;
	}
	if (!request_url_check(url)) {
		return error_set(err, ERROR_USAGE, "%s: url takes http://... or https://..., found \"%s\"",
			keyring->provider->name, url);
	}
	add_parameter(keyring, REQUEST_URL_PARAMETER, url);
	return true;
}

static bool fill_parameters(
	struct keyring *keyring, const struct parameter *given, size_t given_count, struct error *err) {
	const struct provider *provider = keyring->provider;
	size_t count = count_parameters(provider);
	keyring->parameters = alloc_zero(count + 1, sizeof *keyring->parameters);
	for (size_t i = 0; i < count; i++) {
		const char *name = provider->parameters[i].name;
		const char *value = given_value(given, given_count, name);
		value = value ? value : provider->parameters[i].fallback;
		if (!value) {
			return error_set(
				err, ERROR_USAGE, "%s needs the parameter \"%s\"", provider->name, name);
		}
		add_parameter(keyring, name, value);
	}
	return fill_url(keyring, given_value(given, given_count, REQUEST_URL_PARAMETER), err);
}

void keyring_assume_url(struct keyring *keyring, const char *url) {
	if (!keyring_parameter(keyring, REQUEST_URL_PARAMETER) && request_url_check(url)) {
		add_parameter(keyring, REQUEST_URL_PARAMETER, url); /* there is room for it in any case */
	}
}

const char *keyring_text(const struct keyring *keyring, const char *text) {
	return text && text[0] == '$' ? keyring_parameter(keyring, text + 1) : text;
}

/* A header name from a parameter may be anything yet. */
static bool is_token(const char *name) {
	return name[0] && !name[strspn(name, "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
										 "abcdefghijklmnopqrstuvwxyz")];
}

static bool fill_name(const struct keyring *keyring, const char *text, const char *const *names,
	int *index, struct error *err) {
	const char *name = keyring_text(keyring, text);
	*index = recipe_name_index(names, name, strlen(name));
	if (*index >= 0) {
		return true;
	}
	const char *nearest = text_nearest(name, names, recipe_name_count(names));
	return error_set(err, ERROR_USAGE, "%s: \"%s\" is no %s%s%s%s", keyring->provider->name, name,
		text + 1, nearest ? ", did you mean \"" : "", nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool check_header_names(
	const struct keyring *keyring, const struct scheme *scheme, struct error *err) {
	const struct recipe *recipe = scheme->recipe;
	const char *names[] = {recipe->place == PLACE_HEADER ? scheme->header : NULL,
		recipe->timestamp.place == PLACE_HEADER ? scheme->timestamp : NULL,
		recipe->id_place == PLACE_HEADER ? scheme->id_header : NULL};
	for (size_t i = 0; i < 3; i++) {
		if (names[i] && !is_token(names[i])) {
			return error_set(err, ERROR_USAGE, "%s: \"%s\" is no name of a header",
				keyring->provider->name, names[i]);
		}
	}
	return true;
}

static bool fill_scheme(const struct keyring *keyring, const struct recipe *recipe,
	struct scheme *scheme, struct error *err) {
	int hash = 0, encoding = 0;
	*scheme = (struct scheme){.recipe = recipe,
		.header = keyring_text(keyring, recipe->header),
		.field = keyring_text(keyring, recipe->field),
		.prefix = keyring_text(keyring, recipe->prefix),
		.timestamp = keyring_text(keyring, recipe->timestamp.name),
		.id_header = keyring_text(keyring, recipe->id_header)};
	if (!fill_name(keyring, recipe->hash, recipe_hashes, &hash, err) ||
		!fill_name(keyring, recipe->encoding, recipe_encodings, &encoding, err)) {
		return false;
	}
	scheme->hash = (enum recipe_hash)hash;
	scheme->encoding = (enum recipe_encoding)encoding;
	bool mac = recipe_makes_mac(recipe);
	scheme->mac_len = mac ? (size_t)EVP_MD_get_size(keyring_hash(scheme->hash)) : 0;
	if (mac && scheme->encoding == ENCODING_TEXT) {
		return error_set(err, ERROR_USAGE,
			"%s: a MAC is not a text: encoding is hex, base64 or base64url",
			keyring->provider->name);
	}
	return public_scheme_fill(keyring, scheme, err) && check_header_names(keyring, scheme, err);
}

struct keyring *keyring_new(const struct provider *provider, const struct parameter *parameters,
	size_t parameter_count, struct error *err) {
	struct keyring *keyring = alloc_zero(1, sizeof *keyring);
	keyring->provider = provider;
	recipe_version(provider, keyring->version);
	keyring->digest = EVP_MD_CTX_new();
	keyring->schemes = alloc_zero(provider->recipe_count, sizeof *keyring->schemes);
	bool ok = keyring->digest && check_names(provider, parameters, parameter_count, err) &&
	          fill_parameters(keyring, parameters, parameter_count, err);
	for (size_t i = 0; ok && i < provider->recipe_count; i++) {
		ok = fill_scheme(keyring, &provider->recipes[i], &keyring->schemes[i], err);
		keyring->scheme_count++;
	}
	if (!ok) {
		keyring_free(keyring);
		return NULL;
	}
	return keyring;
}

static void clear_secret(struct keyring *keyring, struct secret *secret) {
	for (size_t i = 0; secret->keys && i < keyring->scheme_count; i++) {
		if (secret->keys[i].mac) {
			OPENSSL_cleanse(secret->keys[i].mac, sizeof *secret->keys[i].mac);
		}
		free(secret->keys[i].mac);
		key_steps_wipe(&secret->keys[i].text);
		public_keys_clear(&secret->keys[i].publics);
		OPENSSL_cleanse(secret->keys[i].digest, sizeof secret->keys[i].digest);
	}
	free(secret->keys);
}

void keyring_free(struct keyring *keyring) {
	if (!keyring) {
		return;
	}
	for (size_t i = 0; i < keyring->secret_count; i++) {
		clear_secret(keyring, &keyring->secrets[i]);
	}
	for (size_t i = 0; i < keyring->parameter_count; i++) {
		free((char *)keyring->parameters[i].value);
	}
	EVP_MD_CTX_free(keyring->digest);
	struct buffer *buffers[] = {&keyring->scratch, &keyring->value, &keyring->steps[0],
		&keyring->steps[1], &keyring->carrier, &keyring->moment, &keyring->missing};
	for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++) {
		key_steps_wipe(buffers[i]);
	}
	free(keyring->secrets);
	free(keyring->schemes);
	free(keyring->parameters);
	free(keyring);
}

static bool prepare_key(struct keyring *keyring, const struct scheme *scheme, struct span secret,
	struct key *key, struct error *err) {
	struct buffer bytes = {0};
	if (scheme->recipe->publics) {
		key->usable = public_scheme_prepare(keyring, scheme, secret, key, err);
		return key->usable;
	}
	bool ok = key_steps_run(keyring, scheme->recipe, secret, &bytes, err);
	if (ok && scheme->recipe->kind == RECIPE_HMAC) {
		buffer_append_span(&key->text, buffer_span(&bytes));
		key->mac = alloc_zero(1, sizeof *key->mac);
		hmac_prepare(key->mac, scheme->hash, buffer_span(&bytes));
	} else if (ok && scheme->recipe->kind == RECIPE_BASIC &&
			   span_find(buffer_span(&bytes), ':') == bytes.len) {
		ok = error_set(err, ERROR_USAGE, "expected user:password");
	} else if (ok) {
		buffer_append_span(&key->text, buffer_span(&bytes));
		keyring_digest(keyring, HASH_SHA256, buffer_span(&bytes), key->digest);
	}
	key->usable = ok;
	key_steps_wipe(&bytes);
	return ok;
}

static bool check_secret(const struct keyring *keyring, struct span secret, struct error *err) {
	if (keyring->secret_count == KEYRING_SECRETS_MAX) {
		return error_set(err, ERROR_USAGE, "more than %d secrets", KEYRING_SECRETS_MAX);
	}
	if (secret.len == 0) {
		return error_set(err, ERROR_USAGE, "the secret is empty");
	}
	return secret.len <= KEYRING_SECRET_LEN ||
	       error_set(err, ERROR_USAGE, "the secret is longer than %d bytes", KEYRING_SECRET_LEN);
}

bool keyring_add(
	struct keyring *keyring, const char *label, struct span secret, struct error *err) {
	if (!check_secret(keyring, secret, err)) {
		return false;
	}
	if (keyring->scheme_count == 0) {
		return error_set(
			err, ERROR_USAGE, "%s does not sign its webhooks", keyring->provider->name);
	}
	bool tied = false; /* to schemes of its own */
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		const char *own = keyring->schemes[i].recipe->secret;
		tied |= own && strcmp(own, label) == 0;
	}
	struct secret made = {.keys = alloc_zero(keyring->scheme_count, sizeof *made.keys)};
	size_t len = strlen(label);
	memcpy(made.label, label, len < sizeof made.label ? len : sizeof made.label - 1);
	bool usable =
		false; /* a scheme this secret is not meant for is no error while another takes it */
	struct error why = {0}, later = {0}; /* the main scheme's sentence is the one to tell */
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		if ((keyring->schemes[i].recipe->secret != NULL) != tied) {
			continue;
		}
		usable |= prepare_key(
			keyring, &keyring->schemes[i], secret, &made.keys[i], why.code ? &later : &why);
	}
	if (!usable) {
		clear_secret(keyring, &made);
		return error_set(err, why.code, "%s", why.text);
	}
	keyring->secrets =
		alloc_resize(keyring->secrets, (keyring->secret_count + 1) * sizeof *keyring->secrets);
	keyring->secrets[keyring->secret_count++] = made;
	return true;
}

void keyring_use_keyset(struct keyring *keyring, const struct keyset *keyset) {
	keyring->keyset = keyset;
}

struct span keyring_missing_key(const struct keyring *keyring, enum key_form *form) {
	*form = keyring->missing_form;
	return buffer_span(&keyring->missing);
}

bool keyring_finds_keys(const struct keyring *keyring) {
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		if (public_scheme_finds_keys(&keyring->schemes[i])) {
			return true;
		}
	}
	return false;
}

size_t keyring_count(const struct keyring *keyring) {
	return keyring->secret_count;
}

const struct provider *keyring_provider(const struct keyring *keyring) {
	return keyring->provider;
}

const struct parameter *keyring_parameters(const struct keyring *keyring, size_t *count) {
	*count = keyring->parameter_count;
	return keyring->parameters;
}

const char *keyring_label(const struct keyring *keyring, size_t index) {
	return keyring->secrets[index].label;
}

const char *keyring_version(const struct keyring *keyring) {
	return keyring->version;
}
