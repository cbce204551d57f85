#include "relay/keys.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "relay/log.h"

#define TICK_MS 1000
#define ANSWER_BYTES_MAX PUBLIC_KEYS_BYTES

enum state { IDLE, WANTED, FETCHING };

/* One address. Its fields are the loop's, but for `body` and `err` while it is FETCHING. */
struct known {
	struct keys *keys;
	uv_work_t work;
	enum state state;
	char *url;
	enum key_form form;
	bool has_keys;
	uint64_t asked_ms; /* when it was last asked, by the loop's clock */
	struct buffer body;
	struct error err;
};

struct keys {
	uv_loop_t *loop;
	struct fetcher *fetcher;
	struct keys_options options;
	keys_arrived_fn *arrived;
	void *data;
	struct keyset *keyset;
	struct known *known[KEYS_KNOWN_MAX];
	size_t count, fetching;
	uv_timer_t tick;
	atomic_bool ending;
	bool has_new;
	bool closed; /* the timer is gone */
};

const struct keyset *keys_fetched(const struct keys *keys) {
	return keys->keyset;
}

/* In a thread: knows nothing but its own address. */
static void fetch(uv_work_t *work) {
	struct known *known = work->data;
	const struct keys_options *options = &known->keys->options;
	struct fetch_options how = {known->keys->fetcher, options->authorities, options->at};
	fetch_https(
		known->url, &how, ANSWER_BYTES_MAX, &known->keys->ending, &known->body, &known->err);
}

static void known_free(struct known *known) {
	buffer_clear(&known->body);
	free(known->url);
	free(known);
}

static void keys_end(struct keys *keys) {
	for (size_t i = 0; i < keys->count; i++) {
		known_free(keys->known[i]);
	}
	keyset_free(keys->keyset);
	free(keys);
}

static void start_wanted(struct keys *keys);

/* Back on the loop. */
static void on_fetched(uv_work_t *work, int status) {
	struct known *known = work->data;
	struct keys *keys = known->keys;
	(void)status;
	keys->fetching--;
	known->state = IDLE;
	if (atomic_load(&keys->ending)) {
		if (keys->fetching == 0 && keys->closed) {
			keys_end(keys);
		}
		return;
	}
	known->has_keys = !known->err.code && keyset_put(keys->keyset, span_text(known->url),
											  buffer_span(&known->body), known->form, &known->err);
	buffer_clear(&known->body);
	if (known->has_keys) {
		log_write(LOG_INFO, "a provider's key was fetched url=%s", known->url);
		keys->has_new = true; /* told with the next tick: requests under way are stored by then */
	} else {
		keyset_remove(keys->keyset, span_text(known->url));
		log_write(LOG_WARNING, "a provider's key cannot be fetched url=%s why=%s", known->url,
			known->err.text);
	}
	start_wanted(keys);
}

static void start_wanted(struct keys *keys) {
	for (size_t i = 0; i < keys->count && keys->fetching < KEYS_AT_ONCE; i++) {
		struct known *known = keys->known[i];
		if (known->state != WANTED) {
			continue;
		}
		known->asked_ms = uv_now(keys->loop);
		known->err = (struct error){0};
		known->work.data = known;
		if (uv_queue_work(keys->loop, &known->work, fetch, on_fetched) == 0) {
			known->state = FETCHING;
			keys->fetching++;
		}
	}
}

/* Forgets what has not been asked for a while and gave nothing, and keys that are too old to count. */
static void on_tick(uv_timer_t *timer) {
	struct keys *keys = timer->data;
	uint64_t now_ms = uv_now(keys->loop);
	size_t kept = 0;
	for (size_t i = 0; i < keys->count; i++) {
		struct known *known = keys->known[i];
		uint64_t age_ms = now_ms - known->asked_ms;
		uint64_t limit_ms =
			known->has_keys ? (uint64_t)keys->options.lifetime_ms : KEYS_PAUSE_S * UINT64_C(1000);
		if (known->state == IDLE && age_ms >= limit_ms) {
			keyset_remove(keys->keyset, span_text(known->url));
			known_free(known);
		} else {
			keys->known[kept++] = known;
		}
	}
	keys->count = kept;
	if (keys->has_new) {
		keys->has_new = false;
		keys->arrived(keys->data);
	}
	start_wanted(keys);
}

static struct known *find(struct keys *keys, struct span url) {
	for (size_t i = 0; i < keys->count; i++) {
		if (span_is(url, keys->known[i]->url)) {
			return keys->known[i];
		}
	}
	return NULL;
}

void keys_remind(struct keys *keys) {
	keys->has_new = true;
}

void keys_want(struct keys *keys, struct span url, enum key_form form) {
	struct known *known = find(keys, url);
	bool full = !known && keys->count == KEYS_KNOWN_MAX;
	if (!keys->options.fetch || full) {
		return;
	}
	if (!known) {
		known = keys->known[keys->count++] = alloc_zero(1, sizeof *known);
		known->keys = keys;
		known->url = alloc_text(url.data, url.len);
		known->form = form;
		known->state = WANTED;
	} else if (known->state == IDLE &&
			   uv_now(keys->loop) - known->asked_ms >= KEYS_PAUSE_S * UINT64_C(1000)) {
		known->state = WANTED;
	}
	start_wanted(keys);
}

struct keys *keys_new(uv_loop_t *loop, struct fetcher *fetcher, const struct keys_options *options,
	keys_arrived_fn *arrived, void *data) {
	struct keys *keys = alloc_zero(1, sizeof *keys);
	keys->loop = loop;
	keys->fetcher = fetcher;
	keys->options = *options;
	keys->arrived = arrived;
	keys->data = data;
	keys->keyset = keyset_new();
	uv_timer_init(loop, &keys->tick);
	keys->tick.data = keys;
	uv_timer_start(&keys->tick, on_tick, TICK_MS, TICK_MS);
	uv_unref((uv_handle_t *)&keys->tick);
	return keys;
}

static void on_closed(uv_handle_t *handle) {
	struct keys *keys = handle->data;
	keys->closed = true;
	if (keys->fetching == 0) { /* else the last of them ends it */
		keys_end(keys);
	}
}

void keys_free(struct keys *keys) {
	if (keys && !atomic_load(&keys->ending)) {
		atomic_store(&keys->ending, true);
		uv_close((uv_handle_t *)&keys->tick, on_closed);
	}
}
