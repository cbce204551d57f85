/* The inside of the hub, for those who read from it: subscriptions and slices. */
#pragma once

#include "relay/stream/answered.h"
#include "relay/stream/hub.h"
#include "relay/stream/item.h"
#include "relay/stream/ring.h"

struct subscription;

struct hub {
	struct store *store;
	struct endpoints *endpoints;
	struct ring ring;
	struct answered_ring answered;
	struct held held;
	struct subscription **subscriptions;
	size_t count, capacity;
	size_t asleep;        /* subscriptions that wait to be told of something new */
	size_t want_content;  /* subscriptions that send or search bytes */
	size_t want_attempts; /* subscriptions that send attempts */
	bool starved;         /* somebody could not read because clients hold too much */
	int64_t content_most; /* an entry with more bytes stands in the ring without them */
};

/* For subscription_new and subscription_free. */
void hub_join(struct hub *hub, struct subscription *subscription);
void hub_leave(struct hub *hub, struct subscription *subscription);
