#include "common/signature/public_scheme.h"

#include <string.h>

#include "common/signature/key_steps.h"
#include "common/signature/public_judge.h"
#include "common/signature/recipe_public.h"

bool public_scheme_fill(const struct keyring *keyring, struct scheme *scheme, struct error *err) {
	const struct recipe *recipe = scheme->recipe;
	if (!recipe->publics || !recipe->publics->algorithm) {
		return true;
	}
	const char *name = keyring_text(keyring, recipe->publics->algorithm);
	scheme->algorithm = recipe->kind == RECIPE_HTTP_SIGNATURE
	                        ? algorithm_index(algorithm_http, span_text(name))
	                        : recipe_name_index(algorithm_names, name, strlen(name));
	return scheme->algorithm >= 0 ||
	       error_set(err, ERROR_USAGE, "%s: \"%s\" is no algorithm that is known here",
			   keyring->provider->name, name);
}

static bool takes_shared(const struct scheme *scheme) {
	const struct recipe_public *public = scheme->recipe->publics;
	if (scheme->recipe->kind == RECIPE_HTTP_SIGNATURE) {
		return algorithm_http[scheme->algorithm].is_mac;
	}
	for (int i = 0; scheme->recipe->kind == RECIPE_JWT && algorithm_tokens[i].name; i++) {
		if (public->tokens & 1U << i && algorithm_tokens[i].is_mac) {
			return true;
		}
	}
	return false;
}

static bool takes_public(const struct scheme *scheme) {
	const struct recipe_public *public = scheme->recipe->publics;
	if (scheme->recipe->kind == RECIPE_HTTP_SIGNATURE) {
		return !algorithm_http[scheme->algorithm].is_mac;
	}
	for (int i = 0; scheme->recipe->kind == RECIPE_JWT && algorithm_tokens[i].name; i++) {
		if (public->tokens & 1U << i && !algorithm_tokens[i].is_mac) {
			return true;
		}
	}
	return scheme->recipe->kind == RECIPE_SIGNATURE;
}

/* Of a token any key may be right: which one is, its header says. */
static bool fits(const struct scheme *scheme, const struct public_key *key) {
	if (scheme->recipe->kind == RECIPE_JWT) {
		return true;
	}
	bool http = scheme->recipe->kind == RECIPE_HTTP_SIGNATURE;
	const struct algorithm *algorithm = http ? &algorithm_http[scheme->algorithm] : NULL;
	return public_key_fits(
			   key, http ? algorithm->signature : (enum signature_algorithm)scheme->algorithm) &&
	       (!http || !*algorithm->curve || strcmp(algorithm->curve, public_key_curve(key)) == 0);
}

static bool read_publics(
	const struct scheme *scheme, struct span text, struct key *key, struct error *err) {
	if (!public_keys_read(&key->publics, text, scheme->recipe->publics->form, err)) {
		return false;
	}
	for (size_t i = 0; i < key->publics.count; i++) {
		if (fits(scheme, &key->publics.items[i])) {
			return true;
		}
	}
	return error_set(err, ERROR_USAGE,
		"the key is of another kind than the one that signs here (%s)",
		scheme->recipe->kind == RECIPE_HTTP_SIGNATURE ? algorithm_http[scheme->algorithm].name
													  : algorithm_names[scheme->algorithm]);
}

bool public_scheme_prepare(struct keyring *keyring, const struct scheme *scheme, struct span secret,
	struct key *key, struct error *err) {
	if (public_key_is_one(secret)) {
		return takes_public(scheme)
		           ? read_publics(scheme, secret, key, err)
		           : error_set(err, ERROR_USAGE,
						 "this is a public key, and what is wanted is a secret both sides share");
	}
	struct buffer bytes = {0};
	bool ok = key_steps_run(keyring, scheme->recipe, secret, &bytes, err);
	if (ok && takes_shared(scheme)) {
		buffer_append_span(&key->text, buffer_span(&bytes));
	} else if (ok) {
		ok = read_publics(scheme, buffer_span(&bytes), key, err);
	}
	key_steps_wipe(&bytes);
	return ok;
}

static struct key_kind kind_of(const struct algorithm *algorithm) {
	return (struct key_kind){algorithm->signature, algorithm->curve};
}

bool public_scheme_kind(const struct scheme *scheme, struct key_kind *kind) {
	const struct recipe_public *public = scheme->recipe->publics;
	if (!public || !takes_public(scheme)) {
		return false;
	}
	if (scheme->recipe->kind == RECIPE_HTTP_SIGNATURE) {
		*kind = kind_of(&algorithm_http[scheme->algorithm]);
	} else if (scheme->recipe->kind == RECIPE_SIGNATURE) {
		*kind = (struct key_kind){(enum signature_algorithm)scheme->algorithm, ""};
	} else {
		int index = 0;
		while (algorithm_tokens[index].is_mac || !(public->tokens & 1U << index)) {
			index++; /* takes_public says that there is one */
		}
		*kind = kind_of(&algorithm_tokens[index]);
	}
	return true;
}

bool public_scheme_takes(const struct scheme *scheme, const struct private_key *key) {
	struct key_kind kind;
	if (scheme->recipe->kind == RECIPE_JWT) {
		return jwt_algorithm(scheme->recipe->publics, key, -1) >= 0;
	}
	return public_scheme_kind(scheme, &kind) && private_key_fits(key, &kind);
}

bool public_scheme_finds_keys(const struct scheme *scheme) {
	const struct recipe_public *public = scheme->recipe->publics;
	return public && public->keyset.source != KEYSET_NONE;
}
