#include "relay/after/key_index.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/log.h"

/* New events are waited for so long, that some come together. */
#define FOLLOW_MS 100
/* Between two batches of what was there before; and until a batch is tried again while the store is busy or failed. */
#define NEXT_MS 1
#define BUSY_MS 50
#define FAILED_MS 1000
/* With more waiting to be written, senders come first: but not for longer than this many times in a row. */
#define BUSY_ENTRIES 64
#define BUSY_TIMES 20
/* Of one batch: events looked at, events with keys, bytes looked at. */
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
	int64_t waited;     /* times in a row */
	/* the batch that is under way */
	struct store_read *read;
	struct key_mark mark; /* with which it ends */
	bool backwards, enough;
	int64_t newest; /* when the read began */
	int64_t keyed, bytes, last;
	struct key_record *records; /* their keys are in `keys` */
	size_t *begins;
	size_t count;
	struct buffer keys;
};

static void look(uv_timer_t *timer);

static void later(struct key_index *index, uint64_t ms) {
	if (!index->stopped) {
		uv_timer_start(&index->timer, look, ms, 0);
	}
}

/* --- a batch --- */

static void on_written(void *data, const struct error *err) {
	struct key_index *index = data;
	index->look_again = index->look_again || err;
	if (--index->writing == 0) {
		later(index, err ? FAILED_MS : NEXT_MS);
	}
}

static void write_batch(struct key_index *index) {
	for (size_t i = 0; i < index->count; i++) {
		size_t end = i + 1 < index->count ? index->begins[i + 1] : index->keys.len;
		index->records[i].keys =
			(struct span){index->keys.data + index->begins[i], end - index->begins[i]};
	}
	index->writing++;
	store_put_keys(index->store, index->records, index->count, &index->mark, on_written, index);
}

/* The read has looked for the keys already: this event is beyond what the index has. */
static bool take(void *data, const struct entry *entry) {
	struct key_index *index = data;
	const struct event *event = entry->event;
	index->last = event->position;
	index->bytes += (int64_t)(entry->head.len + entry->body.len);
	index->keyed += event->keys.len > 0;
	index->begins[index->count] = index->keys.len;
	index->records[index->count++] = (struct key_record){.position = event->position};
	buffer_append_span(&index->keys, event->keys);
	index->enough =
		index->count == BATCH_EVENTS || index->keyed == BATCH_KEYED || index->bytes >= BATCH_BYTES;
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
		index->mark.head = index->enough ? index->last : index->newest;
	}
	write_batch(index);
}

static void read_batch(struct key_index *index) {
	const struct store_query query = {.events = true,
		.content = true,
		.newest_first = index->backwards,
		.beyond = index->backwards ? index->mark.low + 1 : index->mark.head};
	index->enough = false;
	index->keyed = index->bytes = index->last = 0;
	index->count = 0;
	index->newest = store_position(index->store);
	buffer_reset(&index->keys);
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
	bool waits = store_backlog(index->store).entries > BUSY_ENTRIES && index->waited < BUSY_TIMES;
	index->waited = waits ? index->waited + 1 : 0;
	return waits;
}

static void look(uv_timer_t *timer) {
	struct key_index *index = timer->data;
	if (index->read || index->writing > 0 || index->stopped || step_back(index)) {
		return;
	}
	index->mark = store_key_mark(index->store);
	bool is_new = index->mark.head < store_position(index->store);
	if (!is_new && index->mark.low == 0) {
		return;
	}
	if (should_wait(index)) {
		later(index, BUSY_MS);
		return;
	}
	index->backwards = !is_new;
	read_batch(index);
}

static void on_committed(void *data, int64_t endpoint, int64_t seq) {
	struct key_index *index = data;
	(void)endpoint;
	(void)seq;
	if (!index->read && index->writing == 0 && !uv_is_active((uv_handle_t *)&index->timer)) {
		later(index, FOLLOW_MS);
	}
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
	if (!step_back(index)) {
		later(index, NEXT_MS);
	}
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

struct key_index *key_index_new(uv_loop_t *loop, struct store *store, struct endpoints *endpoints) {
	struct key_index *index = alloc_zero(1, sizeof *index);
	index->store = store;
	index->endpoints = endpoints;
	index->records = alloc_zero(BATCH_EVENTS, sizeof *index->records);
	index->begins = alloc_zero(BATCH_EVENTS, sizeof *index->begins);
	uv_timer_init(loop, &index->timer);
	uv_unref((uv_handle_t *)&index->timer);
	index->timer.data = index;
	index->look_again = true;
	store_find_keys(store, find_keys, index);
	store_watch(store, on_committed, index);
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
	buffer_clear(&index->keys);
	free(index->records);
	free(index->begins);
	free(index);
}

void key_index_free(struct key_index *index) {
	if (index) {
		uv_close((uv_handle_t *)&index->timer, on_timer_closed);
	}
}
