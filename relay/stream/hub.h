/*
 * Tells every subscriber that there is something new, and hands out what is new. A subscriber is a cursor, not a
 * queue: recent entries stand encoded in one shared ring, older ones come from the store, on one code path.
 */
#pragma once

#include "relay/endpoints.h"
#include "relay/store/store.h"

struct hub;

struct hub *hub_new(struct store *store, struct endpoints *endpoints);
/* After stream_free. */
void hub_free(struct hub *hub);
/* What the ring keeps at most; zero takes the default (1024 entries, 8 MiB). Only while nobody subscribes. */
void hub_limit(struct hub *hub, int64_t entries, int64_t bytes);

/*
 * Something became durable: called on the loop in the order of seq, with the entry as it was stored. Copies what it
 * keeps, which is nothing while nobody listens. Calls endpoint_stored.
 */
void hub_publish(struct hub *hub, const struct entry *entry);
/* Endpoints were made or removed: who follows one by a name that another has now follows that one from its first entry. */
void hub_endpoints_changed(struct hub *hub);
/* What the sender of an event was answered became known after the event was stored, and is durable. */
void hub_answered(
	struct hub *hub, int64_t endpoint, int64_t seq, const struct answer_record *record);
/* Somebody said something of an event, and it is durable. */
void hub_annotated(struct hub *hub, const struct annotated *told);
/* An endpoint's history was judged again. */
void hub_judged(struct hub *hub, struct span endpoint, int64_t changed);
