/* The answer to what a provider sends to see whether the endpoint is a willing one. */
#include <stdio.h>
#include <time.h>

#include "relay/confirm.h"
#include "relay/endpoint.h"
#include "relay/keys.h"

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

/* What is to be opened is opened when the event is stored and its signature right: with the next look at what waits. */
static void announce(struct endpoint *endpoint, const struct message *message,
	const struct handshake *handshake, struct description *description) {
	struct buffer url = {0};
	if (!handshake_url(handshake, message, &url)) {
		buffer_clear(&url);
		return;
	}
	snprintf(description->handshake.words, sizeof description->handshake.words,
		"%s %s answered; its %s is opened once the signature is right", description->provider->name,
		handshake->name, handshake->open.parts[0].text);
	if (description->judgement.verdict == VERDICT_VALID && endpoint->endpoints->keys) {
		endpoint->lacking_after =
			endpoint->lacking_after < 0 ? endpoint->head : endpoint->lacking_after;
		keys_remind(endpoint->endpoints->keys);
	}
	buffer_clear(&url);
}

void endpoint_confirm(struct endpoint *endpoint, const struct event *event,
	const struct message *message, const struct description *description) {
	struct confirm *confirm = endpoint->endpoints->confirm;
	const struct handshake *handshake =
		description->provider ? handshake_find(description->provider, message) : NULL;
	int64_t age_s = (int64_t)time(NULL) - event->received_at_ns / INT64_C(1000000000);
	struct buffer url = {0};
	if (confirm && handshake && endpoint->keys.settings.confirms_handshakes &&
		description->judgement.verdict == VERDICT_VALID &&
		event->answer_by == ANSWERED_BY_HANDSHAKE && age_s < CONFIRM_AGE_S &&
		handshake_url(handshake, message, &url)) {
		confirm_open(confirm, event, buffer_span(&url), handshake->open.parts[0].text);
	}
	buffer_clear(&url);
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
	if (endpoint->keys.settings.confirms_handshakes) {
		announce(endpoint, message, handshake, description);
	}
	keep_exchange(description);
	return true;
}
