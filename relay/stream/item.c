#include "relay/stream/item.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

int64_t entry_seq(const struct entry *entry) {
	return entry->kind == ENTRY_EVENT ? entry->event->seq : entry->attempt->seq;
}

size_t item_size(const struct item *item) {
	size_t size = sizeof *item + item->json_len;
	for (size_t i = 0; i < FRAME_KINDS; i++) {
		size += item->part_len[i];
	}
	return size;
}

static void encode(struct buffer *out, const struct entry *entry) {
	if (entry->kind == ENTRY_EVENT) {
		event_append_json(out, entry->event);
	} else {
		attempt_append_json(out, entry->attempt);
	}
}

static char *put(char *at, struct span bytes) {
	if (bytes.len > 0) {
		memcpy(at, bytes.data, bytes.len);
	}
	return at + bytes.len;
}

struct item *item_new(const struct entry *entry, const struct item_wish *wish) {
	buffer_reset(wish->scratch);
	if (!wish->bare) {
		encode(wish->scratch, entry);
	}
	const struct span none = {0};
	const struct span parts[FRAME_KINDS] = {wish->content ? entry->head : none,
		wish->content ? entry->body : none, wish->content ? entry->trailers : none};
	struct item prepared = {.refs = 1,
		.kind = entry->kind,
		.id = entry->kind == ENTRY_EVENT ? entry->event->id : entry->attempt->id,
		.endpoint = entry->endpoint,
		.seq = entry_seq(entry),
		.position = entry->position,
		.has_json = !wish->bare,
		.has_content = wish->content,
		.held = wish->held,
		.json_len = wish->scratch->len,
		.part_len = {parts[0].len, parts[1].len, parts[2].len}};
	if (wish->facts && entry->kind == ENTRY_EVENT) {
		prepared.facts = event_copy(entry->event);
	}

	struct item *item = alloc_bytes(item_size(&prepared));
	*item = prepared;
	char *at = put(item->bytes, buffer_span(wish->scratch));
	for (size_t i = 0; i < FRAME_KINDS; i++) {
		at = put(at, parts[i]);
	}
	buffer_reset(wish->scratch);
	if (item->held) {
		item->held->bytes += (int64_t)item_size(item);
	}
	return item;
}

struct item *item_ref(struct item *item) {
	item->refs++;
	return item;
}

void item_unref(struct item *item) {
	if (!item || --item->refs > 0) {
		return;
	}
	if (item->held) {
		item->held->bytes -= (int64_t)item_size(item);
	}
	free(item->facts);
	free(item);
}

struct span item_json(const struct item *item) {
	return (struct span){item->bytes, item->json_len};
}

struct span item_part(const struct item *item, enum frame_kind kind) {
	size_t at = item->json_len;
	for (size_t i = 0; i + 1 < (size_t)kind; i++) {
		at += item->part_len[i];
	}
	return (struct span){item->bytes + at, item->part_len[(size_t)kind - 1]};
}
