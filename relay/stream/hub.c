#include "relay/stream/hub.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "relay/stream/hub_state.h"
#include "relay/stream/subscription.h"

#define RING_ENTRIES 1024
#define RING_BYTES (INT64_C(8) << 20)
#define HELD_BYTES (INT64_C(64) << 20)

void hub_limit(struct hub *hub, int64_t entries, int64_t bytes) {
	size_t most_entries = (size_t)(entries > 0 ? entries : RING_ENTRIES);
	int64_t most_bytes = bytes > 0 ? bytes : RING_BYTES;
	ring_clear(&hub->ring);
	ring_init(&hub->ring, most_entries, (size_t)most_bytes);
	hub->content_most = most_bytes / 8;
}

struct hub *hub_new(struct store *store, struct endpoints *endpoints) {
	struct hub *hub = alloc_zero(1, sizeof *hub);
	hub->store = store;
	hub->endpoints = endpoints;
	hub->held.limit = HELD_BYTES;
	hub_limit(hub, 0, 0);
	return hub;
}

void hub_free(struct hub *hub) {
	if (!hub) {
		return;
	}
	ring_clear(&hub->ring);
	answered_clear(&hub->answered);
	free(hub->subscriptions);
	free(hub);
}

void hub_join(struct hub *hub, struct subscription *subscription) {
	if (hub->count == hub->capacity) {
		hub->capacity = hub->capacity ? 2 * hub->capacity : 16;
		hub->subscriptions =
			alloc_resize(hub->subscriptions, hub->capacity * sizeof *hub->subscriptions);
	}
	hub->subscriptions[hub->count++] = subscription;
}

void hub_leave(struct hub *hub, struct subscription *subscription) {
	for (size_t i = 0; i < hub->count; i++) {
		if (hub->subscriptions[i] == subscription) {
			hub->subscriptions[i] = hub->subscriptions[--hub->count];
			return;
		}
	}
}

static struct item *make_item(struct hub *hub, const struct entry *entry) {
	int64_t content = (int64_t)(entry->head.len + entry->body.len + entry->trailers.len);
	bool bare = entry->kind == ENTRY_ATTEMPT && hub->want_attempts == 0;
	const struct item_wish wish = {
		.bare = bare,
		.content = !bare && hub->want_content > 0 && content <= hub->content_most,
	};
	return item_new(entry, &wish);
}

/* Whoever begins to follow it later reads from the store what stands before. */
static bool is_followed(const struct hub *hub, int64_t endpoint) {
	for (size_t i = 0; i < hub->count; i++) {
		if (subscription_follows(hub->subscriptions[i], endpoint)) {
			return true;
		}
	}
	return false;
}

void hub_publish(struct hub *hub, const struct entry *entry) {
	struct endpoint *endpoint = endpoints_find_id(hub->endpoints, entry->endpoint);
	if (endpoint) {
		endpoint_stored(endpoint, entry_seq(entry));
	}
	if (hub->count == 0) {
		ring_skip(&hub->ring);
		return;
	}
	if (!is_followed(hub, entry->endpoint)) {
		return;
	}
	ring_push(&hub->ring, make_item(hub, entry));
	/* those who are behind are awake and find it by themselves */
	for (size_t i = 0; i < hub->count && hub->asleep > 0; i++) {
		subscription_tell(hub->subscriptions[i], entry->endpoint);
	}
}

void hub_endpoints_changed(struct hub *hub) {
	for (size_t i = 0; i < hub->count; i++) {
		subscription_endpoints_changed(hub->subscriptions[i]);
	}
}

void hub_judged(struct hub *hub, struct span endpoint, int64_t changed) {
	for (size_t i = 0; i < hub->count; i++) {
		subscription_judged(hub->subscriptions[i], endpoint, changed);
	}
}

void hub_answered(
	struct hub *hub, int64_t endpoint, int64_t seq, const struct answer_record *record) {
	const struct endpoint *known = endpoints_find_id(hub->endpoints, endpoint);
	if (!known || !is_followed(hub, endpoint)) {
		return;
	}
	answered_push(&hub->answered, endpoint, endpoint_name(known), seq, record);
	for (size_t i = 0; i < hub->count && hub->asleep > 0; i++) {
		subscription_tell(hub->subscriptions[i], endpoint);
	}
}

void hub_annotated(struct hub *hub, const struct annotated *told) {
	const struct endpoint *known = endpoints_find_id(hub->endpoints, told->endpoint);
	if (!known || !is_followed(hub, told->endpoint)) {
		return;
	}
	answered_push_annotated(&hub->answered, endpoint_name(known), told);
	for (size_t i = 0; i < hub->count && hub->asleep > 0; i++) {
		subscription_tell(hub->subscriptions[i], told->endpoint);
	}
}
