/* The secret a provider handed over with a handshake, read from the event that was kept of it. */
#pragma once

#include "common/buffer.h"
#include "tui/client.h"

struct secret_from {
	/* filled in by whoever asks; all of it stays until `done` came */
	struct client *client;
	struct buffer *secret; /* it is appended to this: wipe it with secret_clear */
	/* Comes once. `err`: there is no such event, or it brought no secret. */
	void (*done)(void *data, const struct error *err);
	void *data;

	/* private */
	struct error err;
};

void secret_from_event(struct secret_from *from, const struct event_ref *ref);
