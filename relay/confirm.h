/*
 * Confirms subscriptions in the owner's place: opens the URL a handshake asks its receiver to open (Amazon SNS), where the endpoint
 * says so (`handshake: confirm`). Only once the signature of the event is right, over https alone, at the host its provider's file
 * allows, without redirects, once for an event, a few at a time; what came of it is told in the event.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/event.h"
#include "common/span.h"
#include "relay/fetch.h"
#include "relay/store/store.h"

#define CONFIRM_AT_ONCE 8 /* under way; further ones are left to the owner, and the log says so */
#define CONFIRM_AGE_S 259200 /* an older event's URL counts no more: SNS lets three days */
#define CONFIRM_ANSWER_BYTES ((size_t)64 * 1024)

struct confirm;

/* The fetcher and texts of the options, and the store, outlive it. */
struct confirm *confirm_new(
	uv_loop_t *loop, struct store *store, const struct fetch_options *options);
/* What is under way is given up; the loop must run on until it is. */
void confirm_free(struct confirm *confirm);

/*
 * Opens the URL for that event, unless that was done or is under way. `what` is how its provider calls the URL ("SubscribeURL"), static.
 * Both are copied.
 */
void confirm_open(
	struct confirm *confirm, const struct event *event, struct span url, const char *what);
