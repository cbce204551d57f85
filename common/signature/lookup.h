/* Finds a value in a request by its place: header, query, form, JSON, ... */
#pragma once

#include "common/buffer.h"
#include "common/message.h"
#include "common/signature/recipe.h"

/*
 * The value at that place, or an empty span with data NULL when it is not there. It points into the message where it stands
 * there as it is; else it is decoded and appended to `out`, and points into that until it changes. A JSON text comes without
 * its quotes and escapes, anything else of JSON as written; null is not there. PLACE_SIGNATURE and PLACE_NONE are never there.
 */
struct span lookup_value(
	const struct message *message, enum place place, const char *name, struct buffer *out);

/* The text of a JSON value, in the same way. */
struct span lookup_json_text(struct span value, struct buffer *out);

/* Path and query of the target, whatever its form; `query` has data NULL where there is none. */
void lookup_target(const struct message *message, struct span *path, struct span *query);
