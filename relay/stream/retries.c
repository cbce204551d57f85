#include "relay/stream/retries.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/json.h"
#include "common/same_target.h"
#include "relay/log.h"
#include "relay/stream/retries_parts.h"

static struct kept_retry **bucket_of(struct retries *retries, const struct uuid *event) {
	size_t hash = 0; /* the end of an id is random */
	for (size_t i = sizeof event->bytes - 4; i < sizeof event->bytes; i++) {
		hash = hash * 251 + event->bytes[i];
	}
	return &retries->buckets[hash % RETRIES_BUCKETS];
}

struct kept_retry *retries_find(
	const struct retries *retries, const struct uuid *event, struct span target) {
	struct kept_retry *kept = *bucket_of((struct retries *)retries, event);
	while (kept &&
		   !(uuid_equal(&kept->retry->event, event) && target_same(kept->retry->target, target))) {
		kept = kept->next_in_bucket;
	}
	return kept;
}

/* --- lines --- */

static void line_take_out(struct retry_line *line, struct kept_retry *kept) {
	*(kept->previous ? &kept->previous->next : &line->first) = kept->next;
	*(kept->next ? &kept->next->previous : &line->last) = kept->previous;
	kept->previous = kept->next = NULL;
}

static void line_append(struct retry_line *line, struct kept_retry *kept) {
	kept->previous = line->last;
	kept->next = NULL;
	*(line->last ? &line->last->next : &line->first) = kept;
	line->last = kept;
}

/* The first that changed after `version`; looked for from the end, where news are. */
static struct kept_retry *line_after(const struct retry_line *line, int64_t version) {
	struct kept_retry *kept = line->last, *found = NULL;
	while (kept && kept->version > version) {
		found = kept;
		kept = kept->previous;
	}
	return found;
}

static void kept_free(struct kept_retry *kept) {
	free(kept->retry);
	free(kept->over);
	free(kept);
}

/* --- changes --- */

static void tell(const struct retries *retries) {
	for (struct retry_watch *watch = retries->watches; watch; watch = watch->next) {
		watch->changed(watch->data);
	}
}

/* What is over is remembered only as long as somebody has not heard of it. */
static void drop_heard(struct retries *retries) {
	int64_t heard = retries->version;
	for (const struct retry_watch *watch = retries->watches; watch; watch = watch->next) {
		heard = watch->seen < heard ? watch->seen : heard;
	}
	struct kept_retry *kept;
	while ((kept = retries->gone.first) && kept->version <= heard) {
		line_take_out(&retries->gone, kept);
		kept_free(kept);
	}
}

struct kept_retry *retries_add(struct retries *retries, struct retry *retry, int64_t endpoint) {
	struct kept_retry *kept = alloc_zero(1, sizeof *kept);
	struct kept_retry **bucket = bucket_of(retries, &retry->event);
	kept->retry = retry;
	kept->endpoint = endpoint;
	kept->version = ++retries->version;
	kept->next_in_bucket = *bucket;
	*bucket = kept;
	line_append(&retries->live, kept);
	retries->count++;
	return kept;
}

void retries_touch(struct retries *retries, struct kept_retry *kept) {
	line_take_out(&retries->live, kept);
	kept->version = ++retries->version;
	line_append(&retries->live, kept);
	tell(retries);
}

void retries_end(struct retries *retries, struct kept_retry *kept, struct span reason) {
	struct kept_retry **at = bucket_of(retries, &kept->retry->event);
	while (*at != kept) {
		at = &(*at)->next_in_bucket;
	}
	*at = kept->next_in_bucket;
	line_take_out(&retries->live, kept);
	retries->count--;
	kept->over = alloc_text(reason.data ? reason.data : "", reason.len);
	kept->version = ++retries->version;
	line_append(&retries->gone, kept);
	tell(retries);
	drop_heard(retries);
}

void retries_forget_endpoint(struct retries *retries, struct span endpoint) {
	struct kept_retry *kept = retries->live.first;
	while (kept) {
		struct kept_retry *next = kept->next;
		if (span_equal(kept->retry->endpoint, endpoint)) {
			retries_end(retries, kept, span_text("its endpoint was removed"));
		}
		kept = next;
	}
}

/* --- watching --- */

struct retry_watch *retries_watch(
	struct retries *retries, void (*changed)(void *data), void *data) {
	struct retry_watch *watch = alloc_zero(1, sizeof *watch);
	*watch = (struct retry_watch){.next = retries->watches, .changed = changed, .data = data};
	retries->watches = watch;
	changed(data);
	return watch;
}

void retries_unwatch(struct retries *retries, struct retry_watch *watch) {
	struct retry_watch **at = &retries->watches;
	while (*at && *at != watch) {
		at = &(*at)->next;
	}
	if (*at) {
		*at = watch->next;
		free(watch);
		drop_heard(retries);
	}
}

bool retries_each_new(
	struct retries *retries, struct retry_watch *watch, retries_each_fn *each, void *data) {
	struct kept_retry *live = line_after(&retries->live, watch->seen);
	struct kept_retry *gone = line_after(&retries->gone, watch->seen);
	bool more = true;
	while (more && (live || gone)) {
		bool is_live = live && (!gone || live->version < gone->version);
		struct kept_retry **next = is_live ? &live : &gone;
		struct span over = {0};
		if ((*next)->over) {
			over = span_text((*next)->over);
		}
		more = each(data, (*next)->retry, over);
		watch->seen = more ? (*next)->version : watch->seen;
		*next = more ? (*next)->next : *next;
	}
	drop_heard(retries);
	return live || gone;
}

/* --- beginning and end --- */

static bool read_kept(
	struct retries *retries, const struct retry_record *record, const struct cJSON *object) {
	struct retry retry;
	struct span claim = span_text("");
	struct error err = {0};
	if (!object || !retry_from_json(&retry, object, &err) ||
		!json_get_text_opt(object, "claim", &claim, &err)) {
		return false;
	}
	struct kept_retry *kept = retries_add(retries, retry_copy(&retry), record->endpoint);
	if (claim.len <= RETRIES_CLAIM_MAX) {
		memcpy(kept->claim, claim.data, claim.len);
	}
	return true;
}

/* One that cannot be read is left alone: it was written by a newer relay, or is damaged, and hurts nobody. */
static bool load(void *data, const struct retry_record *record) {
	struct retries *retries = data;
	struct cJSON *object = json_parse(record->facts, NULL);
	if (!read_kept(retries, record, object)) {
		log_write(LOG_WARNING, "a retry in the store cannot be read and is left alone");
	}
	cJSON_Delete(object);
	return retries->count < RETRIES_MAX;
}

struct retries *retries_new(struct store *store, struct error *err) {
	struct retries *retries = alloc_zero(1, sizeof *retries);
	retries->store = store;
	if (!store_each_retry(store, load, retries, err)) {
		retries_free(retries);
		return NULL;
	}
	return retries;
}

static void line_free(struct retry_line *line) {
	while (line->first) {
		struct kept_retry *kept = line->first;
		line->first = kept->next;
		kept_free(kept);
	}
}

void retries_free(struct retries *retries) {
	if (!retries) {
		return;
	}
	line_free(&retries->live);
	line_free(&retries->gone);
	free(retries);
}

size_t retries_count(const struct retries *retries) {
	return retries->count;
}

static void count_one(struct retries_state *state, const struct retry *retry, int64_t now_ns) {
	int64_t late_s = (now_ns - retry->due_ns) / 1000000000;
	if (retry->taken_until_ns > now_ns) {
		state->taken++;
	} else if (retry->paused) {
		state->paused++;
	} else if (retry->due_ns > now_ns) {
		state->waiting++;
	} else {
		state->due++;
		state->overdue_s = late_s > state->overdue_s ? late_s : state->overdue_s;
	}
}

struct retries_state retries_state(const struct retries *retries, int64_t now_ns) {
	struct retries_state state = {0};
	for (const struct kept_retry *kept = retries->live.first; kept; kept = kept->next) {
		count_one(&state, kept->retry, now_ns);
	}
	return state;
}
