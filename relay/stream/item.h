/* An entry as it is sent: encoded once, shared by all who send it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/frame.h"
#include "relay/store/store.h"

/* Bytes that items read for clients hold, all together, and how many they should. */
struct held {
	int64_t bytes, limit;
};

/* Immutable once made, but for its counts. */
struct item {
	int refs;
	enum entry_kind kind;
	struct uuid id;
	int64_t endpoint, seq, position;
	struct event *facts; /* for filters; NULL when nobody had one, and for attempts */
	bool has_json;       /* else it only says that this seq was taken */
	bool has_content;    /* head, body and trailers are there */
	struct held *held;   /* where its size is counted; NULL: it stands in the ring */
	size_t json_len;
	size_t part_len[FRAME_KINDS];
	char bytes[]; /* JSON object, then head, body, trailers */
};

/* What an item is made with, beside the entry. */
struct item_wish {
	bool bare; /* without even the JSON */
	bool content, facts;
	struct held *held;      /* may be NULL */
	struct buffer *scratch; /* used and left empty */
};

struct item *item_new(const struct entry *entry, const struct item_wish *wish);
struct item *item_ref(struct item *item);
void item_unref(struct item *item);

/* The JSON object of the event or attempt. */
struct span item_json(const struct item *item);
struct span item_part(const struct item *item, enum frame_kind kind);
/* Memory it takes. */
size_t item_size(const struct item *item);
/* The seq of an entry of either kind. */
int64_t entry_seq(const struct entry *entry);
