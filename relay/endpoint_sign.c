/* Signs a message that was received once more, as its provider would now. */
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "common/signature/encoding.h"
#include "relay/endpoint.h"

void signed_anew_clear(struct signed_anew *anew) {
	buffer_clear(&anew->lines);
	*anew = (struct signed_anew){0};
}

static bool make_id(struct buffer *id, struct error *err) {
	unsigned char random[SIGNATURE_ID_RANDOM];
	if (RAND_bytes(random, sizeof random) != 1) {
		return error_set(err, ERROR_IO, "the system gives no random bytes");
	}
	signature_append_id(id, random);
	return true;
}

static bool sign_with(struct keyring *keyring, const struct message *message, int64_t now_ms,
	const char *label, struct signed_anew *anew, struct error *err) {
	struct buffer id = {0};
	bool ok = make_id(&id, err);
	struct sign_options options = {.now_ms = now_ms, .label = label, .made_id = buffer_span(&id)};
	ok = ok && signature_sign(keyring, message, &options, &anew->lines, err);
	buffer_clear(&id);
	if (ok) {
		snprintf(anew->secret, sizeof anew->secret, "%s", label);
	}
	return ok;
}

/* First the secret that is wanted, then the others in their order. */
static bool sign_with_any(struct keyring *keyring, const struct message *message, int64_t now_ms,
	struct span wanted, struct signed_anew *anew, struct error *err) {
	struct error why = {0};
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < keyring_count(keyring); i++) {
			const char *label = keyring_label(keyring, i);
			if (span_is(wanted, label) == (round == 0) &&
				sign_with(keyring, message, now_ms, label, anew, &why)) {
				return true;
			}
		}
	}
	return error_set(err, ERROR_NO, "%s", why.text);
}

bool endpoint_sign(struct endpoint *endpoint, const struct message *message, int64_t now_ms,
	struct span secret, struct signed_anew *anew, struct error *err) {
	struct judgement judgement = {0};
	const struct provider *provider = endpoint_provider(endpoint, message, &judgement);
	struct keyring *keyring = provider ? endpoint_keyring(endpoint, provider) : NULL;
	if (provider && !keyring) {
		judgement = endpoint_without_key(endpoint, provider);
	}
	if (!keyring) {
		return error_set(err, ERROR_NO, "%s", judgement.reason);
	}
	snprintf(anew->provider, sizeof anew->provider, "%s", provider->name);
	return sign_with_any(keyring, message, now_ms, secret, anew, err);
}
