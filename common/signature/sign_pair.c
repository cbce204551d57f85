/* Test pairs: which one a provider's requests are signed with, and its public half as the receiver takes it. */
#include "common/signature/private_key.h"
#include "common/signature/public_scheme.h"
#include "common/signature/recipe_public.h"

bool signature_key_kind(const struct keyring *keyring, struct key_kind *kind, struct error *err) {
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		if (public_scheme_kind(&keyring->schemes[i], kind)) {
			return true;
		}
	}
	return error_set(err, ERROR_USAGE,
		"%s signs with a secret that both sides share: sign with that, there is no key pair",
		keyring->provider->title);
}

/* A text that shows what it is (PEM, JSON) is read without the steps of a secret; before any other, their prefix has to stand. */
static const char *prefix_of(const struct recipe *recipe) {
	bool bare = recipe->publics->form == FORM_RAW_BASE64 || recipe->publics->form == FORM_RAW_HEX ||
	            recipe->publics->form == FORM_SPKI_BASE64;
	for (size_t i = 0; bare && i < recipe->key_op_count; i++) {
		if (recipe->key_ops[i].kind == KEY_NEED_PREFIX ||
			recipe->key_ops[i].kind == KEY_STRIP_PREFIX) {
			return recipe->key_ops[i].text;
		}
	}
	return "";
}

bool signature_append_public(const struct keyring *keyring, const struct private_key *key,
	struct buffer *out, struct error *err) {
	for (size_t i = 0; i < keyring->scheme_count; i++) {
		const struct recipe *recipe = keyring->schemes[i].recipe;
		if (recipe->publics && public_scheme_takes(&keyring->schemes[i], key)) {
			buffer_append_text(out, prefix_of(recipe));
			return private_key_append_public(key, recipe->publics->form, out, err);
		}
	}
	return error_set(err, ERROR_USAGE, "the key is of another kind than the one %s signs with",
		keyring->provider->title);
}
