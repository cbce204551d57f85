/* The answer to what a provider sends to see whether the endpoint is a willing one. */
#include <stdio.h>

#include "relay/endpoint.h"

/* "Content-Type: application/json", the other lines, an empty line, the body: what is kept of the answer. */
static void keep_exchange(struct description *description) {
	struct handshake_answer *answer = &description->handshake;
	struct buffer *out = &description->exchange;
	if (answer->type) {
		buffer_append_text(out, "Content-Type: ");
		buffer_append_text(out, answer->type);
		buffer_append_text(out, "\r\n");
	}
	buffer_append_span(out, buffer_span(&answer->shown));
	buffer_append_text(out, "\r\n");
	buffer_append_span(out, buffer_span(&answer->body));
}

bool endpoint_answer_handshake(
	struct endpoint *endpoint, const struct message *message, struct description *description) {
	const struct provider *provider = description->provider;
	const struct handshake *handshake = provider ? handshake_find(provider, message) : NULL;
	struct handshake_answer *answer = &description->handshake;
	answer->words[0] = '\0';
	buffer_reset(&description->exchange);
	description->is_for_app = false;
	bool rejected = endpoint_rejects(endpoint, description->judgement.verdict);
	const struct endpoint_settings *settings = &endpoint->keys.settings;
	bool is_left = settings->stores_handshakes || settings->app_handshakes;
	if (!handshake || (handshake->quiet && (rejected || is_left))) {
		return false;
	}
	if (settings->app_handshakes) {
		description->is_for_app = true;
		snprintf(answer->words, sizeof answer->words, "%s %s left to the app", provider->name,
			handshake->name);
		return false;
	}
	if (settings->stores_handshakes) {
		snprintf(answer->words, sizeof answer->words, "%s %s stored, not answered", provider->name,
			handshake->name);
		return false;
	}
	struct keyring *keyring = endpoint_keys_ring(
		&endpoint->keys, provider, endpoint->endpoints->vault, endpoint_name(endpoint));
	handshake_make(provider, handshake, keyring, message, &description->judgement, answer);
	if (handshake->quiet && !answer->answered) {
		return false; /* an event like any other, that tells why it was not answered as it should */
	}
	if (handshake->quiet) {
		answer->words[0] = '\0';
	}
	keep_exchange(description);
	return true;
}
