/* Signs a message that was received once more, as its provider would. */
#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <string.h>

#include "relay/endpoint.h"

void signed_anew_clear(struct signed_anew *anew) {
	sign_anew_clear(&anew->made);
	*anew = (struct signed_anew){0};
}

/* One call: whose keys, what, and how. */
struct signing {
	struct endpoint *endpoint;
	struct keyring *keyring;
	const struct message *message;
	const struct endpoint_sign_order *order;
	struct span made_id;
	struct signed_anew *anew;
};

static bool sign_right(struct signing *signing, const char *label, struct error *err) {
	struct sign_anew_order order = {.at_ms = signing->order->at_ms,
		.now_ms = signing->order->now_ms,
		.label = label,
		.made_id = signing->made_id};
	return sign_anew(signing->keyring, signing->message, &order, &signing->anew->made, err);
}

static bool sign_wrong(struct signing *signing, const char *label, struct error *err) {
	struct endpoint *endpoint = signing->endpoint;
	struct endpoint_secret *secret = endpoint_keys_find(&endpoint->keys, label);
	struct buffer value = {0};
	bool ok = secret && endpoint_secret_open(secret, endpoint->endpoints->vault,
							endpoint_name(endpoint), &value, err);
	if (ok) {
		struct plain_secret instead_of = {label, buffer_span(&value)};
		struct sign_anew_order order = {.at_ms = signing->order->at_ms,
			.now_ms = signing->order->now_ms,
			.label = label,
			.made_id = signing->made_id,
			.instead_of = &instead_of};
		ok = sign_anew(signing->keyring, signing->message, &order, &signing->anew->made, err);
	}
	if (value.data) {
		OPENSSL_cleanse(value.data, value.capacity);
	}
	buffer_clear(&value);
	return ok;
}

static bool sign_with(struct signing *signing, const char *label, struct error *err) {
	bool ok = signing->order->wrong_secret ? sign_wrong(signing, label, err)
	                                       : sign_right(signing, label, err);
	if (ok) {
		snprintf(signing->anew->secret, sizeof signing->anew->secret, "%s", label);
	}
	return ok;
}

/* First the secret that is wanted, then the others in their order. */
static bool sign_with_any(struct signing *signing, struct error *err) {
	struct error why = {0};
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < keyring_count(signing->keyring); i++) {
			const char *label = keyring_label(signing->keyring, i);
			if (span_is(signing->order->secret, label) == (round == 0) &&
				sign_with(signing, label, &why)) {
				return true;
			}
		}
	}
	return error_set(err, ERROR_NO, "%s", why.text);
}

static bool make_id(struct buffer *id, struct error *err) {
	unsigned char random[SIGNATURE_ID_RANDOM];
	if (RAND_bytes(random, sizeof random) != 1) {
		return error_set(err, ERROR_IO, "the system gives no random bytes");
	}
	signature_append_id(id, random);
	return true;
}

/* The one that is named, as long as the endpoint is not another one's. */
static const struct provider *named_provider(
	const struct endpoint *endpoint, struct span named, struct judgement *judgement) {
	const struct provider *own = endpoint->keys.provider;
	struct error err = {0};
	char name[PROVIDER_NAME_LEN];
	snprintf(name, sizeof name, "%.*s", (int)named.len, named.data);
	const struct provider *provider = catalogue_find(endpoint->endpoints->catalogue, name, &err);
	if (!provider) {
		snprintf(judgement->reason, sizeof judgement->reason, "%s", err.text);
	} else if (own && own != provider) {
		snprintf(judgement->reason, sizeof judgement->reason,
			"the endpoint %s is for %s, not for %s", endpoint->name, own->name, name);
		provider = NULL;
	}
	return provider;
}

bool endpoint_sign(struct endpoint *endpoint, const struct message *message,
	const struct endpoint_sign_order *order, struct signed_anew *anew, struct error *err) {
	struct judgement judgement = {0};
	const struct provider *provider = order->provider.len > 0
	                                      ? named_provider(endpoint, order->provider, &judgement)
	                                      : endpoint_provider(endpoint, message, &judgement);
	struct keyring *keyring = provider ? endpoint_keyring(endpoint, provider) : NULL;
	if (provider && !keyring) {
		judgement = endpoint_without_key(endpoint, provider);
	}
	if (!keyring) {
		return error_set(err, ERROR_NO, "%s", judgement.reason);
	}
	struct buffer id = {0};
	snprintf(anew->provider, sizeof anew->provider, "%s", provider->name);
	bool ok = make_id(&id, err);
	struct signing signing = {endpoint, keyring, message, order, buffer_span(&id), anew};
	ok = ok && sign_with_any(&signing, err);
	buffer_clear(&id);
	return ok;
}
