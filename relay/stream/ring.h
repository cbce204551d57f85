/* The newest items, up to a number and a size; each has an index that only grows. */
#pragma once

#include <stdint.h>

#include "relay/stream/item.h"

struct ring {
	struct item **slots; /* `entries` of them; index modulo entries */
	size_t entries;
	size_t bytes, most_bytes;
	uint64_t begin, end; /* items begin .. end - 1 are there */
};

/* `entries` at least 1. */
void ring_init(struct ring *ring, size_t entries, size_t bytes);
void ring_clear(struct ring *ring);

/* Takes the reference, and lets go of the oldest until there is room; an item larger than the ring stays alone. */
void ring_push(struct ring *ring, struct item *item);
/* Lets go of everything, as if an item had come that is not kept. */
void ring_skip(struct ring *ring);
/* `index` within begin .. end - 1. Borrowed. */
struct item *ring_at(const struct ring *ring, uint64_t index);
