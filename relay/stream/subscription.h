/*
 * Somebody who follows one endpoint or all: a cursor for each endpoint, and a place in the ring. Whatever the ring no
 * longer has is read from the store behind the cursor, so a late, slow or returning subscriber is one case, costs a
 * slice of memory, and misses nothing.
 */
#pragma once

#include "common/filter.h"
#include "relay/stream/hub_state.h"

struct subscription_options {
	int64_t endpoint;      /* 0: all, also those to come */
	bool attempts;         /* attempts, too */
	bool bytes;            /* items come with their content */
	bool live_only;        /* begin behind what is there */
	struct filter *filter; /* of events; taken; NULL: none */
};

/* `wake` says that subscription_next may have something again; it may come at any time but during a call here. */
struct subscription *subscription_new(struct hub *hub, const struct subscription_options *options,
	void (*wake)(void *data), void *data);
void subscription_free(struct subscription *subscription);

/*
 * Begins an endpoint behind `seq`; before the first subscription_next. A seq beyond the head cannot be of this history:
 * the endpoint then begins at its first entry, and the gap is told. False when the endpoint is not followed.
 */
bool subscription_begin(struct subscription *subscription, int64_t endpoint, int64_t seq);
/* The same when the cursor is of another store: a gap whatever its seq is. */
bool subscription_begin_anew(struct subscription *subscription, int64_t endpoint, int64_t seq);

/* Where it is: calls `each` for every endpoint followed. */
void subscription_each_cursor(const struct subscription *subscription,
	void (*each)(void *data, int64_t endpoint, int64_t seq), void *data);

enum pulled_kind {
	PULLED_NOTHING, /* `wake` will say when */
	PULLED_ITEM,    /* `item` is a reference for the caller */
	PULLED_CURSOR,  /* `endpoint` is at `to`: entries nobody asked for were passed */
	PULLED_GAP,     /* `from` .. `to` of `endpoint` are not there; `text` says why */
	PULLED_JUDGED, /* `changed` events of `name` have another verdict now; no name: another answer */
	PULLED_ANSWERED,  /* `told`: members of a frame of type `text`, as in answered.h */
	PULLED_CAUGHT_UP, /* what follows is live; once */
	PULLED_FAILED,    /* `err` says why; it is over */
};

struct pulled {
	enum pulled_kind kind;
	struct item *item;
	int64_t endpoint, from, to, changed;
	char name[ENDPOINT_NAME_LEN + 1];
	const char *text;
	struct span told; /* valid during this turn */
	struct error err;
};

/* What comes next. */
struct pulled subscription_next(struct subscription *subscription);

/*
 * For who would rather look at the newest than at everything: when more than `most` entries wait, all of them are passed
 * over, at the cost of none. How many they were (with a filter: what of them it wants; all of them, when that is not known
 * any more); 0: no more than that wait.
 */
int64_t subscription_skip(struct subscription *subscription, int64_t most);

/* For the hub. */
void subscription_wake(struct subscription *subscription);
bool subscription_follows(const struct subscription *subscription, int64_t endpoint);
/* The same, when it follows this endpoint: something of it is in the ring. */
void subscription_tell(struct subscription *subscription, int64_t endpoint);
void subscription_endpoints_changed(struct subscription *subscription);
void subscription_judged(struct subscription *subscription, struct span endpoint, int64_t changed);
