#include "relay/after/key_index.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/after/key_batch.h"
#include "relay/log.h"

/* New events are waited for so long, that some come together; so many are enough, and more than the last are read back. */
#define FOLLOW_MS 100
#define FOLLOW_ENOUGH 512
#define FOLLOW_MOST 2048
#define FOLLOW_KEYS_BYTES (256 << 10)
/* A larger body is read back: it would hold up the answers. */
#define FOLLOW_BODY_BYTES ((size_t)64 << 10)
/* Between two batches of what was there before; and until a batch is tried again while the store is busy or failed. */
#define NEXT_MS 1
#define BUSY_MS 50
#define FAILED_MS 1000
/* With more than so many stored within FOLLOW_MS, senders come first: but not for longer than BEHIND_MS. */
#define BUSY_ENTRIES 200
#define BEHIND_MS 5000
/* Of one batch that is read: events looked at, events with keys, bytes looked at. */
#define BATCH_EVENTS 1024
#define BATCH_KEYED 256
#define BATCH_BYTES ((int64_t)4 << 20)

struct key_index {
	struct store *store;
	struct endpoints *endpoints;
	uv_timer_t timer;
	bool stopped;
	int writing;        /* what the store has and will call back for */
	bool look_again;    /* the places may be others */
	int64_t changed_to; /* events up to here may have other keys; 0: none */
	/* How busy the store is: entries since `window_from`, and whether there were many in the window before. */
	int64_t recent;
	uint64_t window_from;
	bool busy;
	uint64_t waits_since; /* with something to read back; 0: it does not */
	/* What was stored above `from` up to `to`, looked into while it was in memory. */
	struct key_batch followed;
	int64_t from, to;
	bool following;         /* what is stored next belongs to it, too */
	uint64_t followed_from; /* when the first of them came */
	/* What is read back: up to `from`, or backwards. */
	struct store_read *read;
	struct key_mark mark; /* with which it ends */
	bool backwards, enough;
	int64_t keyed, bytes, last;
	struct key_batch found;
};

static void look(uv_timer_t *timer);

static void later(struct key_index *index, uint64_t ms) {
	if (!index->stopped) {
		uv_timer_start(&index->timer, look, ms, 0);
	}
}

static void on_written(void *data, const struct error *err) {
	struct key_index *index = data;
	index->look_again = index->look_again || err;
	if (--index->writing == 0) {
		later(index, err ? FAILED_MS : NEXT_MS);
	}
}

static void write_batch(struct key_index *index, struct key_batch *batch) {
	index->writing++;
	key_batch_put(batch, index->store, &index->mark, on_written, index);
	key_batch_reset(batch);
}

static void find_keys(void *data, const struct entry *entry, struct buffer *keys) {
	const struct key_index *index = data;
	const struct endpoint *endpoint = endpoints_find_id(index->endpoints, entry->endpoint);
	if (endpoint) {
		const struct business_key_source source = {
			.head = entry->head, .body = entry->body, .type = entry->event->type};
		endpoint_find_keys(endpoint, entry->event->provider, &source, keys);
	}
}

/* --- what is stored just now --- */

static void follow_from(struct key_index *index, int64_t position) {
	key_batch_reset(&index->followed);
	index->from = index->to = position;
	index->following = true;
}

static void stop_following(struct key_index *index) {
	follow_from(index, 0);
	index->following = false;
}

static void note_load(struct key_index *index) {
	uint64_t now = uv_now(index->timer.loop);
	if (now - index->window_from >= FOLLOW_MS) {
		index->busy = index->recent > BUSY_ENTRIES;
		index->recent = 0;
		index->window_from = now;
	}
	index->busy = ++index->recent > BUSY_ENTRIES || index->busy;
}

static bool is_busy(const struct key_index *index) {
	return index->busy && uv_now(index->timer.loop) - index->window_from < (uint64_t)2 * FOLLOW_MS;
}

/* False: it is to be read back. */
static bool follow(struct key_index *index, const struct entry *entry) {
	struct key_batch *batch = &index->followed;
	if (entry->kind == ENTRY_EVENT) {
		if (batch->count == batch->most || batch->keys.len > FOLLOW_KEYS_BYTES ||
			entry->body.len > FOLLOW_BODY_BYTES) {
			return false;
		}
		key_batch_add(batch, entry->position);
		find_keys(index, entry, &batch->keys);
	}
	if (index->to == index->from) {
		index->followed_from = uv_now(index->timer.loop);
	}
	index->to = entry->position;
	return true;
}

static void on_durable(void *data, const struct entry *entry) {
	struct key_index *index = data;
	if (index->stopped) {
		return;
	}
	note_load(index);
	index->following = index->following && !index->busy && follow(index, entry);
	if (index->read || index->writing > 0) {
		return;
	}
	if (index->following && index->followed.count == FOLLOW_ENOUGH) {
		later(index, 0);
	} else if (!uv_is_active((uv_handle_t *)&index->timer)) {
		later(index, FOLLOW_MS);
	}
}

static bool connects(const struct key_index *index) {
	return index->to > index->from && index->from == index->mark.head;
}

/* How long more may come; 0: it is time. */
static uint64_t patience_ms(const struct key_index *index) {
	uint64_t waited = uv_now(index->timer.loop) - index->followed_from;
	return index->followed.count >= FOLLOW_ENOUGH || waited >= FOLLOW_MS ? 0 : FOLLOW_MS - waited;
}

static void write_followed(struct key_index *index) {
	index->mark.head = index->from = index->to;
	write_batch(index, &index->followed);
}

/* --- what is read back --- */

/* The read has looked for the keys already: this event is beyond what the index has. */
static bool take(void *data, const struct entry *entry) {
	struct key_index *index = data;
	const struct event *event = entry->event;
	if (!index->backwards && event->position > index->from) {
		return false;
	}
	index->last = event->position;
	index->bytes += (int64_t)(entry->head.len + entry->body.len);
	index->keyed += event->keys.len > 0;
	key_batch_add(&index->found, event->position);
	buffer_append_span(&index->found.keys, event->keys);
	index->enough = index->found.count == BATCH_EVENTS || index->keyed == BATCH_KEYED ||
	                index->bytes >= BATCH_BYTES;
	return !index->enough;
}

static void on_read(void *data, const struct error *err) {
	struct key_index *index = data;
	index->read = NULL;
	if (err) {
		log_write(LOG_WARNING, "keys cannot be looked for why=%s", err->text);
		later(index, FAILED_MS);
		return;
	}
	if (index->backwards) {
		index->mark.low = index->enough ? index->last - 1 : 0;
	} else {
		index->mark.head = index->enough ? index->last : index->from;
		index->waits_since = index->enough ? index->waits_since : 0; /* caught up */
	}
	write_batch(index, &index->found);
}

static void read_batch(struct key_index *index, bool backwards) {
	const struct store_query query = {.events = true,
		.content = true,
		.newest_first = backwards,
		.beyond = backwards ? index->mark.low + 1 : index->mark.head};
	index->backwards = backwards;
	index->enough = false;
	index->keyed = index->bytes = index->last = 0;
	key_batch_reset(&index->found);
	index->read = store_read(index->store, &query, take, on_read, index);
}

/* --- when --- */

/* From here on nothing counts as indexed that may have other keys now; true: that is being written. */
static bool step_back(struct key_index *index) {
	struct key_mark mark = index->writing > 0 ? index->mark : store_key_mark(index->store);
	int64_t low = index->changed_to < mark.head ? index->changed_to : mark.head;
	char version[ENDPOINTS_KEYS_VERSION_LEN + 1];
	bool is_other = false;
	if (index->look_again) {
		endpoints_keys_version(index->endpoints, version);
		is_other = strcmp(version, mark.version) != 0;
		memcpy(mark.version, version, sizeof version);
	}
	index->look_again = false;
	index->changed_to = 0;
	if (is_other) {
		mark.low = mark.head = store_position(index->store);
	} else if (low > mark.low) {
		mark.low = low;
	} else {
		return false;
	}
	index->mark = mark;
	index->writing++;
	store_put_keys(index->store, NULL, 0, &mark, on_written, index);
	return true;
}

static bool should_wait(struct key_index *index) {
	uint64_t now = uv_now(index->timer.loop);
	if (!is_busy(index)) {
		index->waits_since = 0;
		return false;
	}
	index->waits_since = index->waits_since ? index->waits_since : now;
	return now - index->waits_since < BEHIND_MS;
}

static void look(uv_timer_t *timer) {
	struct key_index *index = timer->data;
	if (index->read || index->writing > 0 || index->stopped || step_back(index)) {
		return;
	}
	index->mark = store_key_mark(index->store);
	if (connects(index) && patience_ms(index) == 0) {
		write_followed(index);
		return;
	}
	if (!index->following && index->to == index->from) {
		follow_from(index, store_position(index->store));
	}
	bool is_new = index->mark.head < index->from;
	if (!is_new && index->mark.low == 0) {
		if (connects(index)) {
			later(index, patience_ms(index));
		}
		return;
	}
	if (should_wait(index)) {
		later(index, BUSY_MS);
		return;
	}
	read_batch(index, !is_new);
}

/* What is known to be other is taken back before the change itself is written, so that no kill comes in between. */
static void on_changed(void *data, int64_t position) {
	struct key_index *index = data;
	index->look_again = true;
	index->changed_to = position > index->changed_to ? position : index->changed_to;
	if (index->stopped) {
		return;
	}
	store_read_stop(index->read); /* what it has found may be of before */
	index->read = NULL;
	stop_following(index);
	if (!step_back(index)) {
		later(index, NEXT_MS);
	}
}

struct key_index *key_index_new(uv_loop_t *loop, struct store *store, struct endpoints *endpoints) {
	struct key_index *index = alloc_zero(1, sizeof *index);
	index->store = store;
	index->endpoints = endpoints;
	key_batch_init(&index->found, BATCH_EVENTS);
	key_batch_init(&index->followed, FOLLOW_MOST);
	uv_timer_init(loop, &index->timer);
	uv_unref((uv_handle_t *)&index->timer);
	index->timer.data = index;
	index->look_again = true;
	store_find_keys(store, find_keys, index);
	store_observe(store, on_durable, index);
	endpoints_watch_keys(endpoints, on_changed, index);
	later(index, FOLLOW_MS);
	return index;
}

void key_index_stop(struct key_index *index) {
	if (!index || index->stopped) {
		return;
	}
	index->stopped = true;
	store_read_stop(index->read);
	index->read = NULL;
	uv_timer_stop(&index->timer);
	endpoints_watch_keys(index->endpoints, NULL, NULL);
}

static void on_timer_closed(uv_handle_t *timer) {
	struct key_index *index = timer->data;
	key_batch_clear(&index->found);
	key_batch_clear(&index->followed);
	free(index);
}

void key_index_free(struct key_index *index) {
	if (index) {
		uv_close((uv_handle_t *)&index->timer, on_timer_closed);
	}
}
