/*
 * https requests of the relay's own (for a provider's key, or to confirm a subscription): GET, no redirects, bounded in time and
 * length. For threads of their own, since they wait.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/error.h"

#define FETCH_TIMEOUT_S 10 /* for one answer, all in all */

/* What requests share. */
struct fetcher;
struct fetcher *fetcher_new(void);
/* When none is under way. */
void fetcher_free(struct fetcher *fetcher);

struct fetch_options {
	struct fetcher *fetcher;
	const char *authorities; /* PEM file in place of the system's; NULL: those */
	const char *at;          /* "HOST:PORT" that stands for every host, for tests; NULL: none */
};

/*
 * Asks for `url`; an answer longer than `most` is an error, and so is a status but 2xx. `ending` becoming true gives it up. From
 * any thread.
 */
bool fetch_https(const char *url, const struct fetch_options *options, size_t most,
	atomic_bool *ending, struct buffer *body, struct error *err);
