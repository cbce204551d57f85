/* Who forwards which endpoint to which target: one holder, the others wait in the order they came. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/span.h"

struct leases;
struct claim;

struct leases *leases_new(void);
/* All claims must have been released, all watches ended. */
void leases_free(struct leases *leases);

/* `mine`, or `holder` ("alice@laptop since 12:03") has it. */
typedef void lease_changed_fn(void *data, bool mine, struct span holder);

/*
 * Claims `endpoint` (empty: all of them, which stands against each) for `target`. `changed` comes at once and whenever
 * it changes hands. `now_s` is seconds since 1970. All texts are copied.
 */
struct claim *leases_claim(struct leases *leases, struct span endpoint, struct span target,
	struct span who, int64_t now_s, lease_changed_fn *changed, void *data);
/* Gives back, or stops waiting. The next in line hears of it before this returns. NULL is allowed. */
void leases_release(struct leases *leases, struct claim *claim, int64_t now_s);

/*
 * What the holder, or who will be it, says: that its app cannot be reached, and which events it forwards at all (`filter` is
 * taken; NULL: all).
 */
struct filter;
void leases_tell(struct leases *leases, struct claim *claim, bool away, struct filter *filter);

/* Whether somebody holds a lease that takes this event, to whatever target, and can reach its app. */
struct entry;
bool leases_cover(const struct leases *leases, const struct entry *entry);

/* A lease that somebody holds. */
struct lease {
	struct span endpoint; /* empty: all */
	struct span target;
	struct span holder; /* "alice@laptop since 12:03" */
};

/* Calls `each` for all that are held, in the order they were claimed, until it says false. Valid during the call. */
void leases_each(
	const struct leases *leases, bool (*each)(void *data, const struct lease *lease), void *data);

/* `changed` comes whenever a lease begins, changes hands or ends, until leases_unwatch, which takes NULL. */
struct lease_watch;
struct lease_watch *leases_watch(struct leases *leases, void (*changed)(void *data), void *data);
void leases_unwatch(struct leases *leases, struct lease_watch *watch);
