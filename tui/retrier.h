/*
 * Tries failed deliveries again when they are due. What is due is kept by the relay, so it survives this program; each
 * attempt is taken there first, so that no two are made at once, and before it is sent the stored attempts are looked at, so
 * that nothing that was answered is sent again. A retry is signed anew where the relay has a secret, as its provider would sign it now.
 *
 * It makes the attempts of its owner alone, and only to targets a forward of this program holds the lease of.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "common/retry.h"
#include "tui/client.h"
#include "tui/deliver/deliver.h"
#include "tui/deliver/schedule.h"
#include "tui/forward.h"

struct catalogue;

/* All but `attempted` may be NULL. */
struct retrier_events {
	/* It is due, was changed, or is over (`over.data` says why). Also of other owners. */
	void (*changed)(void *data, const struct retry *retry, struct span over);
	/* An attempt was made and is kept by the relay (or could not be: `err`). */
	void (*attempted)(void *data, const struct attempt *attempt, const struct error *err);
	/* All that was due when the link came up has been told with `changed`: so many. */
	void (*known)(void *data, size_t count);
	/* Something does not go on. */
	void (*trouble)(void *data, const struct error *err);
};

struct retrier;

/*
 * `options` are for what a route does not say: its `who` is the owner, its `concurrency` how many are under way at once. `catalogue` is
 * kept and freed. It waits until retrier_use.
 */
struct retrier *retrier_new(uv_loop_t *loop, struct client *client,
	const struct deliver_options *options, struct catalogue *catalogue,
	const struct retrier_events *events, void *data);
/* Ends what is under way without callbacks; client_free is to follow. Takes NULL. */
void retrier_free(struct retrier *retrier);

/*
 * Makes attempts by the routes of `forward` from now on (NULL: by none: what is due stays so); `policy`, copied, is for routes that have
 * none of their own.
 */
void retrier_use(
	struct retrier *retrier, struct forward *forward, const struct schedule_policy *policy);
/* A lease has changed hands. */
void retrier_look(struct retrier *retrier);

/* For struct forward_events, which says what they mean. */
bool retrier_tried(struct retrier *retrier, const struct forward_tried *tried);
bool retrier_tries_again(
	const struct retrier *retrier, const struct uuid *event, const struct target *target);
int64_t retrier_total_ms(
	const struct retrier *retrier, const struct route *route, const struct event *event);
