/* What is needed to explain a verdict, copied, so that the work can be done elsewhere. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/signature/explain.h"
#include "relay/endpoint.h"
#include "relay/keys.h"

struct explain_case {
	struct buffer head, body;
	struct message message;
	struct explain_input input;
	struct explain_secret own[EXPLAIN_SECRETS_MAX], others[EXPLAIN_SECRETS_MAX];
	struct endpoint_settings settings; /* for its parameters */
	struct keyset *keyset;             /* what was fetched so far */
	struct explanation explanation;
};

/* Opens a secret into the list; one that cannot be opened, or finds no room, is left out. */
static void add_secret(struct explain_secret *list, size_t *count, const struct endpoint *endpoint,
	struct endpoint_secret *secret, bool with_place) {
	struct buffer value = {0}, label = {0};
	struct error unfit;
	if (*count == EXPLAIN_SECRETS_MAX || secret->broken) {
		return;
	}
	if (endpoint_secret_open(
			secret, endpoint->endpoints->vault, endpoint_name(endpoint), &value, &unfit) &&
		value.len > 0) {
		buffer_printf(&label, "%s%s%s", with_place ? endpoint->name : "", with_place ? "/" : "",
			secret->label);
		struct explain_secret *added = &list[(*count)++];
		added->label = alloc_text(label.data, label.len);
		added->value = (struct span){alloc_text(value.data, value.len), value.len};
	}
	if (value.data) {
		OPENSSL_cleanse(value.data, value.capacity);
	}
	buffer_clear(&value);
	buffer_clear(&label);
}

/* Whether the endpoint judges this provider's requests with it. */
static bool is_meant(const struct endpoint_keys *keys, const struct endpoint_secret *secret,
	const struct provider *provider) {
	const char *name = secret->provider[0] ? secret->provider : keys->settings.provider;
	return !*name || strcmp(name, provider->name) == 0;
}

static void add_secrets(struct explain_case *explained, struct endpoint *endpoint) {
	struct explain_input *input = &explained->input;
	const struct endpoints *endpoints = endpoint->endpoints;
	for (size_t i = 0; i < endpoint->keys.secret_count; i++) {
		struct endpoint_secret *secret = &endpoint->keys.secrets[i];
		if (is_meant(&endpoint->keys, secret, input->provider)) {
			add_secret(explained->own, &input->secret_count, endpoint, secret, false);
		} else {
			add_secret(explained->others, &input->other_count, endpoint, secret, false);
		}
	}
	for (size_t i = 0; i < endpoints->count; i++) {
		struct endpoint *other = endpoints->by_name[i];
		for (size_t n = 0; other != endpoint && n < other->keys.secret_count; n++) {
			add_secret(
				explained->others, &input->other_count, other, &other->keys.secrets[n], true);
		}
	}
}

struct explain_case *explain_case_new(struct endpoint *endpoint, struct span head, struct span body,
	int64_t received_at_ms, struct error *err) {
	struct explain_case *explained = alloc_zero(1, sizeof *explained);
	struct judgement judgement = {0};
	buffer_append_span(&explained->head, head);
	buffer_append_span(&explained->body, body);
	if (!message_parse(&explained->message, buffer_span(&explained->head),
			buffer_span(&explained->body), err)) {
		explain_case_free(explained);
		return NULL;
	}
	const struct provider *provider = endpoint_provider(endpoint, &explained->message, &judgement);
	if (!provider) {
		error_set(err, ERROR_NO, "%s", judgement.reason);
		explain_case_free(explained);
		return NULL;
	}
	endpoint_settings_for(endpoint, provider, &explained->settings);
	const struct keys *keys = endpoint->endpoints->keys;
	explained->keyset = keys ? keyset_copy(keys_fetched(keys)) : NULL;
	explained->input = (struct explain_input){.catalogue = endpoint->endpoints->catalogue,
		.provider = provider,
		.parameters = explained->settings.parameters,
		.parameter_count = explained->settings.parameter_count,
		.secrets = explained->own,
		.others = explained->others,
		.keyset = explained->keyset,
		.message = &explained->message,
		.now_ms = received_at_ms};
	add_secrets(explained, endpoint);
	return explained;
}

static void forget(struct explain_secret *list, size_t count) {
	for (size_t i = 0; i < count; i++) {
		OPENSSL_cleanse((char *)list[i].value.data, list[i].value.len);
		free((char *)list[i].value.data);
		free((char *)list[i].label);
	}
}

void explain_case_free(struct explain_case *explained) {
	if (!explained) {
		return;
	}
	forget(explained->own, explained->input.secret_count);
	forget(explained->others, explained->input.other_count);
	explanation_clear(&explained->explanation);
	endpoint_settings_clear(&explained->settings);
	keyset_free(explained->keyset);
	message_clear(&explained->message);
	buffer_clear(&explained->head);
	buffer_clear(&explained->body);
	free(explained);
}

void explain_case_run(struct explain_case *explained) {
	explain(&explained->input, &explained->explanation);
}

void explain_case_append_json(struct buffer *out, const struct explain_case *explained) {
	explanation_append_json(out, &explained->explanation, false);
}
