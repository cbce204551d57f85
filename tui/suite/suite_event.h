/* Recorded events in files: a raw HTTP request (as `hookline show --raw` writes one), or lines of `hookline export`. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"
#include "common/span.h"

/* Largest file of a raw request, longest line of an export. */
#define SUITE_EVENT_BYTES_MAX ((size_t)64 * 1024 * 1024)

struct suite_event {
	struct span name;       /* "stripe#1042", or the file's name without its folder */
	struct span head, body; /* exactly as received */
	size_t path_offset;     /* where in the target begins what is handed on: behind /e/NAME */
};

/* False: enough. Everything is valid during the call. */
typedef bool suite_event_fn(void *data, const struct suite_event *event);

/*
 * Hands out the events of a file in its order; `ref` (may be NULL): only the one of that reference. A name that ends in .jsonl is
 * an export, any other one a raw request. ERROR_CONFIG with the file's name (and line) when it cannot be read, or there is none.
 */
bool suite_event_each(
	const char *file, const char *ref, suite_event_fn *each, void *data, struct error *err);
