#include "relay/after/key_batch.h"

#include <stdlib.h>

#include "common/alloc.h"

void key_batch_init(struct key_batch *batch, size_t most) {
	*batch = (struct key_batch){.most = most,
		.records = alloc_bytes(most * sizeof *batch->records),
		.begins = alloc_bytes(most * sizeof *batch->begins)};
}

void key_batch_clear(struct key_batch *batch) {
	buffer_clear(&batch->keys);
	free(batch->records);
	free(batch->begins);
	*batch = (struct key_batch){0};
}

void key_batch_reset(struct key_batch *batch) {
	batch->count = 0;
	buffer_reset(&batch->keys);
}

void key_batch_add(struct key_batch *batch, int64_t position) {
	batch->begins[batch->count] = batch->keys.len;
	batch->records[batch->count++] = (struct key_record){.position = position};
}

void key_batch_put(struct key_batch *batch, struct store *store, const struct key_mark *mark,
	store_done_fn *done, void *data) {
	for (size_t i = 0; i < batch->count; i++) {
		size_t end = i + 1 < batch->count ? batch->begins[i + 1] : batch->keys.len;
		batch->records[i].keys =
			(struct span){batch->keys.data + batch->begins[i], end - batch->begins[i]};
	}
	store_put_keys(store, batch->records, batch->count, mark, done, data);
}
