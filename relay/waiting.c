#include "relay/waiting.h"

#include <stdlib.h>

#include "common/alloc.h"

#define BUCKETS 1024

struct waiter {
	uv_timer_t timer; /* first: what is closed is freed */
	struct waiting *waiting;
	struct waiter *next, **link; /* in a bucket; link NULL: it has not begun */
	const struct entry *entry;
	bool for_app; /* else it waits for the time alone */
	int64_t bytes;
	waited_fn *done;
	void *data;
};

struct waiting {
	uv_loop_t *loop;
	struct waiting_limits limits;
	struct waiting_counts counts;
	struct waiter *buckets[BUCKETS];
	waiting_forwarded_fn *forwarded;
	void *forwarded_data;
	uv_timer_t *look;
	bool stopped;
};

struct waiting *waiting_new(uv_loop_t *loop, const struct waiting_limits *limits) {
	struct waiting *waiting = alloc_zero(1, sizeof *waiting);
	waiting->loop = loop;
	waiting->limits = *limits;
	waiting->look = alloc_zero(1, sizeof *waiting->look);
	uv_timer_init(loop, waiting->look);
	waiting->look->data = waiting;
	return waiting;
}

static void on_closed(uv_handle_t *handle) {
	free(handle);
}

void waiting_free(struct waiting *waiting) {
	if (!waiting) {
		return;
	}
	uv_close((uv_handle_t *)waiting->look, on_closed);
	free(waiting);
}

void waiting_set_limits(struct waiting *waiting, const struct waiting_limits *limits) {
	waiting->limits = *limits;
}

void waiting_ask(struct waiting *waiting, waiting_forwarded_fn *forwarded, void *data) {
	waiting->forwarded = forwarded;
	waiting->forwarded_data = data;
	waiting_look(waiting);
}

bool waiting_is_forwarded(const struct waiting *waiting, const struct entry *entry) {
	return waiting->forwarded && waiting->forwarded(waiting->forwarded_data, entry);
}

bool waiting_has_room(const struct waiting *waiting, int64_t bytes) {
	return !waiting->stopped && waiting->counts.now < waiting->limits.count &&
	       waiting->counts.bytes + bytes <= waiting->limits.bytes;
}

struct waiter *waiting_take_place(struct waiting *waiting, int64_t bytes) {
	struct waiter *waiter = alloc_zero(1, sizeof *waiter);
	uv_timer_init(waiting->loop, &waiter->timer);
	waiter->timer.data = waiter;
	waiter->waiting = waiting;
	waiter->bytes = bytes;
	waiting->counts.now++;
	waiting->counts.bytes += bytes;
	return waiter;
}

void waiter_leave(struct waiter *waiter) {
	if (!waiter) {
		return;
	}
	if (waiter->link) {
		*waiter->link = waiter->next;
		if (waiter->next) {
			waiter->next->link = waiter->link;
		}
	}
	waiter->waiting->counts.now--;
	waiter->waiting->counts.bytes -= waiter->bytes;
	uv_close((uv_handle_t *)&waiter->timer, on_closed);
}

static void end(struct waiter *waiter, enum waited how, const struct attempt *attempt,
	struct span head, struct span body) {
	waited_fn *done = waiter->done;
	void *data = waiter->data;
	waiter_leave(waiter);
	done(data, how, attempt, head, body);
}

static void end_without(struct waiter *waiter, enum waited how) {
	end(waiter, how, NULL, (struct span){0}, (struct span){0});
}

static void on_time(uv_timer_t *timer) {
	end_without(timer->data, WAITED_TIME);
}

/* The end of a UUIDv7 is random. */
static struct waiter **bucket_of(struct waiting *waiting, const struct uuid *event) {
	const uint8_t *bytes = event->bytes;
	return &waiting->buckets[(bytes[14] * 256u + bytes[15]) % BUCKETS];
}

void waiter_begin(struct waiter *waiter, const struct entry *entry, bool for_app, int64_t most_ms,
	waited_fn *done, void *data) {
	struct waiting *waiting = waiter->waiting;
	struct waiter **bucket = bucket_of(waiting, &entry->event->id);
	waiter->entry = entry;
	waiter->for_app = for_app;
	waiter->done = done;
	waiter->data = data;
	waiter->next = *bucket;
	waiter->link = bucket;
	if (waiter->next) {
		waiter->next->link = &waiter->next;
	}
	*bucket = waiter;
	if (waiting->stopped) {
		end_without(waiter, WAITED_STOPPED);
	} else if (for_app && !waiting_is_forwarded(waiting, entry)) {
		end_without(waiter, WAITED_NOBODY);
	} else {
		uv_update_time(waiting->loop); /* a turn of the loop may have taken long */
		uv_timer_start(&waiter->timer, on_time, most_ms > 0 ? (uint64_t)most_ms : 0, 0);
	}
}

static bool waits_for(const struct waiter *waiter, const struct uuid *event) {
	return waiter->for_app && uuid_equal(&waiter->entry->event->id, event);
}

bool waiting_reply(
	struct waiting *waiting, const struct attempt *attempt, struct span head, struct span body) {
	if (attempt->cause != CAUSE_FORWARD && attempt->cause != CAUSE_RETRY) {
		return false;
	}
	struct waiter *waiter = *bucket_of(waiting, &attempt->event);
	while (waiter && !waits_for(waiter, &attempt->event)) {
		waiter = waiter->next;
	}
	if (waiter) {
		end(waiter, WAITED_REPLY, attempt, head, body);
	}
	return waiter != NULL;
}

/* Ends those of a bucket; what is called may end others, so it begins again with each. */
static bool end_one(struct waiting *waiting, size_t bucket, enum waited how) {
	struct waiter *waiter = waiting->buckets[bucket];
	while (waiter && how == WAITED_NOBODY &&
		   (!waiter->for_app || waiting_is_forwarded(waiting, waiter->entry))) {
		waiter = waiter->next;
	}
	if (waiter) {
		end_without(waiter, how);
	}
	return waiter != NULL;
}

static void end_all(struct waiting *waiting, enum waited how) {
	for (size_t i = 0; i < BUCKETS; i++) {
		while (end_one(waiting, i, how)) {
		}
	}
}

static void on_look(uv_timer_t *timer) {
	end_all(timer->data, WAITED_NOBODY);
}

void waiting_look(struct waiting *waiting) {
	uv_timer_start(waiting->look, on_look, 0, 0);
}

void waiting_stop(struct waiting *waiting) {
	waiting->stopped = true;
	uv_timer_stop(waiting->look);
	end_all(waiting, WAITED_STOPPED);
}

struct waiting_counts waiting_counts(const struct waiting *waiting) {
	return waiting->counts;
}
