#include "relay/stream/ring.h"

#include <stdlib.h>

#include "common/alloc.h"

void ring_init(struct ring *ring, size_t entries, size_t bytes) {
	*ring = (struct ring){.entries = entries, .most_bytes = bytes};
	ring->slots = alloc_zero(entries, sizeof *ring->slots);
}

struct item *ring_at(const struct ring *ring, uint64_t index) {
	return ring->slots[index % ring->entries];
}

static void drop_oldest(struct ring *ring) {
	struct item *item = ring_at(ring, ring->begin++);
	ring->bytes -= item_size(item);
	item_unref(item);
}

void ring_push(struct ring *ring, struct item *item) {
	size_t size = item_size(item);
	while (ring->begin < ring->end &&
		   (ring->end - ring->begin >= ring->entries || ring->bytes + size > ring->most_bytes)) {
		drop_oldest(ring);
	}
	ring->slots[ring->end++ % ring->entries] = item;
	ring->bytes += size;
}

void ring_skip(struct ring *ring) {
	while (ring->begin < ring->end) {
		drop_oldest(ring);
	}
	ring->begin = ++ring->end;
}

void ring_clear(struct ring *ring) {
	while (ring->begin < ring->end) {
		drop_oldest(ring);
	}
	free(ring->slots);
	*ring = (struct ring){0};
}
