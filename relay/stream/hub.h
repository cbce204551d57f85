/*
 * Tells every subscriber that there is something new, and hands out what is new. A subscriber is a cursor, not a
 * queue: recent entries stand encoded in one shared ring, older ones come from the store, on one code path.
 */
#pragma once

#include "relay/endpoints.h"
#include "relay/store/store.h"

struct hub;

struct hub *hub_new(struct store *store, struct endpoints *endpoints);
void hub_free(struct hub *hub);

/* Something became durable: called on the loop in the order of seq, with the entry as it was stored. Copies what it keeps. */
void hub_publish(struct hub *hub, const struct entry *entry);
/* An endpoint's history was judged again. */
void hub_judged(struct hub *hub, struct span endpoint, int64_t changed);
