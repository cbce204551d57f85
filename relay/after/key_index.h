/*
 * Follows what is committed and keeps the index of business keys up with it. An event is looked into once it is durable, while it
 * still is in memory, and written with others a moment later. What was there before, large bodies, and what comes faster than it is
 * written are read back in small batches, newest first, but not while the store is busy. How far it is, is written with each batch, so that a kill costs nothing but the batch. When keys stand in other places than before, or other
 * providers were recognised, it begins anew; meanwhile questions look into the events themselves.
 */
#pragma once

#include <stdint.h>
#include <uv.h>

#include "relay/endpoints.h"
#include "relay/store/store.h"

struct key_index;

/* Takes over store_find_keys and endpoints_watch_keys. The others are borrowed. */
struct key_index *key_index_new(uv_loop_t *loop, struct store *store, struct endpoints *endpoints);
/* Begins no further batch; before store_close. NULL is fine, also for key_index_free. */
void key_index_stop(struct key_index *index);
/* After the store was closed. */
void key_index_free(struct key_index *index);
