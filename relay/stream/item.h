/* An entry as it is sent: kept once, encoded when the first takes it, shared by all who send it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/frame.h"
#include "relay/endpoints.h"
#include "relay/store/store.h"

/* Bytes that items read for clients hold, all together, and how many they should. */
struct held {
	int64_t bytes, limit;
};

/* Read-only but for item.c. */
struct item {
	int refs;
	enum entry_kind kind;
	int64_t endpoint, seq;
	/* copies; neither: it only says that this seq was taken; both: a delivery with its event */
	struct event *event;
	struct attempt *attempt;
	bool has_content;  /* head, body and trailers are there */
	struct held *held; /* where its size is counted; NULL: it stands in the ring */
	size_t size;
	struct buffer keys; /* what the event's keys point into, where they were found here */
	struct buffer json; /* empty until somebody asks for it */
	size_t part_len[FRAME_KINDS];
	char bytes[]; /* head, body, trailers */
};

/* What an item is made with, beside the entry. */
struct item_wish {
	bool bare; /* without the facts */
	bool content;
	struct held *held; /* may be NULL */
};

struct item *item_new(const struct entry *entry, const struct item_wish *wish);
struct item *item_ref(struct item *item);
void item_unref(struct item *item);

/* Finds the business keys of an event that has its bytes and was not asked before; before it is encoded. */
void item_find_keys(struct item *item, const struct endpoints *endpoints);

/* The JSON object of the event or attempt; of an item that is not bare. */
struct span item_json(struct item *item);
struct span item_part(const struct item *item, enum frame_kind kind);
/* Memory it takes, once it is encoded: what the JSON adds is as much as the facts, more or less. */
size_t item_size(const struct item *item);
/* The seq of an entry of either kind. */
int64_t entry_seq(const struct entry *entry);
