/* A folder with events as raw requests, a file each, and (when asked for) a test file that sends them: for `hookline export`. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "tui/client.h"

/* The name of the test file in it. */
#define EXPORT_TEST_FILE "events.yaml"

/* Makes the folder, for its owner alone, when it is not there. With `tests`, an EXPORT_TEST_FILE that is there is not written over. */
bool export_folder_open(const char *folder, bool tests, struct error *err);

/* Writes FOLDER/stripe-1042.http: head and body exactly as received, readable by its owner alone. */
bool export_folder_put(const char *folder, const struct event *event,
	const struct client_bytes *bytes, struct error *err);

/* Appends the step of the test file for an event: it is to be answered 2xx. */
void export_folder_step(struct buffer *out, const struct event *event);

/* Writes the test file with these steps. */
bool export_folder_close(const char *folder, struct span steps, struct error *err);
