#include "tui/commands/secret_from.h"

#include <string.h>

#include "common/message.h"
#include "common/signature/handshake.h"
#include "tui/commands/signing.h"

/* Of the provider the relay found; a user's own is read as the relay read it. */
static const struct handshake *find(
	const struct catalogue *catalogue, const struct event *event, const struct message *message) {
	for (size_t i = 0; i < catalogue_count(catalogue); i++) {
		const struct provider *provider = catalogue_at(catalogue, i);
		if (span_is(event->provider, provider->name)) {
			return handshake_find(provider, message);
		}
	}
	return NULL;
}

static void on_event(void *data, const struct event *event, const struct client_bytes *bytes) {
	struct secret_from *from = data;
	struct message message = {0};
	struct catalogue *catalogue = signing_catalogue();
	if (message_parse(&message, bytes->head, bytes->body, &from->err)) {
		const struct handshake *handshake = find(catalogue, event, &message);
		if (handshake) {
			handshake_secret(handshake, &message, from->secret, &from->err);
		} else {
			error_set(&from->err, ERROR_NO, "this event is no handshake that is known");
		}
	}
	message_clear(&message);
	catalogue_free(catalogue);
}

static void on_attempt(
	void *data, const struct attempt *attempt, const struct client_bytes *bytes) {
	(void)data;
	(void)attempt;
	(void)bytes;
}

static void on_done(void *data, const struct error *err) {
	struct secret_from *from = data;
	from->done(from->data, err ? err : from->err.code != ERROR_NONE ? &from->err : NULL);
}

void secret_from_event(struct secret_from *from, const struct event_ref *ref) {
	from->err = (struct error){0};
	struct client_receiver receiver = {
		.event = on_event, .attempt = on_attempt, .done = on_done, .data = from};
	client_get(from->client, ref, &receiver);
}
