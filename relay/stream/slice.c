#include "relay/stream/slice.h"

static bool take_hit(void *data, const struct entry *entry) {
	struct slice *slice = data;
	slice->last_seq = entry_seq(entry);
	slice->last_position = entry->position;
	if (!slice->first_seq) {
		slice->first_seq = slice->last_seq;
	}
	if (slice->only_look || entry->differs) {
		return !slice->only_look;
	}
	const struct item_wish wish = {.content = slice->keep_content, .held = &slice->hub->held};
	struct item *item = item_new(entry, &wish);
	slice->items[slice->count++] = item;
	slice->bytes += item_size(item);
	if (slice->early) {
		slice->ready(slice->data);
	}
	if (slice->count < SLICE_ITEMS && slice->bytes < SLICE_BYTES) {
		return true;
	}
	slice->complete = false;
	return false;
}

static void progress(void *data, const struct store_progress *progress) {
	struct slice *slice = data;
	slice->progress = *progress;
	slice->progressed = true;
	slice->ready(slice->data);
}

static void finish(void *data, const struct error *err) {
	struct slice *slice = data;
	slice->reading = false;
	slice->read = NULL;
	if (err) {
		slice->failed = true;
		slice->error = *err;
	}
	slice->ready(slice->data);
}

bool slice_read(struct slice *slice, const struct store_query *query, const struct filter *filter) {
	if (query->content && slice->hub->held.bytes >= slice->hub->held.limit) {
		slice->hub->starved = true;
		return false;
	}
	slice_stop(slice);
	slice->reading = true;
	slice->complete = true;
	slice->failed = false;
	slice->first_seq = slice->last_seq = slice->last_position = 0;
	struct store_query told = *query;
	told.judge = filter;
	told.progress = slice->tells ? progress : NULL;
	struct store_read *read = store_read(slice->hub->store, &told, take_hit, finish, slice);
	if (slice->reading) {
		slice->read = read;
	}
	return true;
}

struct item *slice_take(struct slice *slice) {
	return slice->at < slice->count ? slice->items[slice->at++] : NULL;
}

void slice_stop(struct slice *slice) {
	store_read_stop(slice->read);
	slice->read = NULL;
	slice->reading = false;
	while (slice->at < slice->count) {
		item_unref(slice->items[slice->at++]);
	}
	slice->count = slice->at = slice->bytes = 0;
}
