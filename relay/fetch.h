/*
 * One https request of the relay's own (for a provider's key, or to confirm a subscription): GET, no redirects, bounded in time and
 * length. For a thread of its own, since it waits.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/error.h"

#define FETCH_TIMEOUT_S 10 /* for one answer, all in all */

struct fetch_options {
	const char *authorities; /* PEM file in place of the system's; NULL: those */
	const char *at;          /* "HOST:PORT" that stands for every host, for tests; NULL: none */
};

/*
 * Asks for `url`; an answer longer than `most` is an error, and so is a status but 2xx. `ending` becoming true gives it up. libcurl
 * was started (curl_global_init).
 */
bool fetch_https(const char *url, const struct fetch_options *options, size_t most,
	atomic_bool *ending, struct buffer *body, struct error *err);
