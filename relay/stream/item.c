#include "relay/stream/item.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"

int64_t entry_seq(const struct entry *entry) {
	return entry->kind == ENTRY_EVENT ? entry->event->seq : entry->attempt->seq;
}

size_t item_size(const struct item *item) {
	return item->size;
}

static void put_parts(struct item *item, const struct span parts[FRAME_KINDS]) {
	char *at = item->bytes;
	for (size_t i = 0; i < FRAME_KINDS; i++) {
		item->part_len[i] = parts[i].len;
		if (parts[i].len > 0) {
			memcpy(at, parts[i].data, parts[i].len);
			at += parts[i].len;
		}
	}
}

static void copy_facts(struct item *item, const struct entry *entry) {
	if (entry->event) {
		item->event = event_copy(entry->event);
		item->size += 2 * event_copy_size(entry->event);
	}
	if (entry->kind == ENTRY_ATTEMPT) {
		item->attempt = attempt_copy(entry->attempt);
		item->size += 2 * attempt_copy_size(entry->attempt);
	}
}

struct item *item_new(const struct entry *entry, const struct item_wish *wish) {
	const struct span none = {0};
	const struct span parts[FRAME_KINDS] = {wish->content ? entry->head : none,
		wish->content ? entry->body : none, wish->content ? entry->trailers : none};
	size_t size = sizeof(struct item) + parts[0].len + parts[1].len + parts[2].len;
	struct item *item = alloc_bytes(size);
	*item = (struct item){.refs = 1,
		.kind = entry->kind,
		.endpoint = entry->endpoint,
		.seq = entry_seq(entry),
		.has_content = wish->content,
		.held = wish->held,
		.size = size};
	put_parts(item, parts);
	if (!wish->bare) {
		copy_facts(item, entry);
	}
	if (item->held) {
		item->held->bytes += (int64_t)item->size;
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
		item->held->bytes -= (int64_t)item->size;
	}
	free(item->event);
	free(item->attempt);
	buffer_clear(&item->keys);
	buffer_clear(&item->json);
	free(item);
}

void item_find_keys(struct item *item, const struct endpoints *endpoints) {
	struct event *event = item->event;
	const struct endpoint *endpoint = endpoints_find_id(endpoints, item->endpoint);
	if (item->kind != ENTRY_EVENT || !item->has_content || !event || event->keys.data ||
		!endpoint) {
		return;
	}
	const struct business_key_source source = {.head = item_part(item, FRAME_HEAD),
		.body = item_part(item, FRAME_BODY),
		.type = event->type};
	endpoint_find_keys(endpoint, event->provider, &source, &item->keys);
	event->keys = item->keys.len > 0 ? buffer_span(&item->keys) : span_text("");
}

static void append_attempt(struct buffer *out, const struct item *item) {
	buffer_append_byte(out, '{');
	attempt_append_json_members(out, item->attempt);
	if (item->event) {
		json_member_name(out, "delivered");
		event_append_json(out, item->event);
	}
	buffer_append_byte(out, '}');
}

struct span item_json(struct item *item) {
	if (item->json.len == 0 && item->kind == ENTRY_EVENT) {
		event_append_json(&item->json, item->event);
	} else if (item->json.len == 0) {
		append_attempt(&item->json, item);
	}
	return buffer_span(&item->json);
}

struct span item_part(const struct item *item, enum frame_kind kind) {
	size_t at = 0;
	for (size_t i = 0; i + 1 < (size_t)kind; i++) {
		at += item->part_len[i];
	}
	return (struct span){item->bytes + at, item->part_len[(size_t)kind - 1]};
}
