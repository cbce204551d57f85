/* Events in the order they were stored, with the business keys that were found in each: what the index takes in one job. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "relay/store/store.h"

struct key_batch {
	struct key_record *records; /* their keys stand in `keys`, each from its place in `begins` on */
	size_t *begins;
	size_t count, most;
	struct buffer keys;
};

/* `most`: events it may hold. */
void key_batch_init(struct key_batch *batch, size_t most);
void key_batch_clear(struct key_batch *batch);
void key_batch_reset(struct key_batch *batch);

/* Adds an event whose keys the caller appends to `keys` at once. There must be room. */
void key_batch_add(struct key_batch *batch, int64_t position);

/* Hands it to the store with the mark it ends with; it may be reset as soon as this returns. */
void key_batch_put(struct key_batch *batch, struct store *store, const struct key_mark *mark,
	store_done_fn *done, void *data);
