/* The inside of the retries, for their two files. */
#pragma once

#include "relay/stream/retries.h"

#define RETRIES_BUCKETS 8192

/* One of them, or what is remembered of one that is over. */
struct kept_retry {
	struct kept_retry *next_in_bucket;
	struct kept_retry *previous, *next; /* in the order of `version` */
	struct retry *retry;
	int64_t endpoint; /* id */
	char claim[RETRIES_CLAIM_MAX + 1];
	int64_t version;
	char *over; /* why it is gone; NULL: it is not */
};

/* In the order of their newest change. */
struct retry_line {
	struct kept_retry *first, *last;
};

struct retry_watch {
	struct retry_watch *next;
	int64_t seen; /* version of the newest change it was given */
	void (*changed)(void *data);
	void *data;
};

struct retries {
	struct store *store;
	struct kept_retry *buckets[RETRIES_BUCKETS];
	struct retry_line live, gone;
	size_t count;
	int64_t version;
	struct retry_watch *watches;
};

struct kept_retry *retries_find(
	const struct retries *retries, const struct uuid *event, struct span target);
/* Takes over `retry`. */
struct kept_retry *retries_add(struct retries *retries, struct retry *retry, int64_t endpoint);
/* It has changed: those who watch hear of it. */
void retries_touch(struct retries *retries, struct kept_retry *kept);
/* It is over. */
void retries_end(struct retries *retries, struct kept_retry *kept, struct span reason);
