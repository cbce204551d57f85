/* Changes one value of a JSON payload and keeps every other byte. Pure. */
#pragma once

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* Longest path. */
#define JSON_SET_PATH_LEN 1000

/*
 * Appends `json` with `value` at `path` (".data.items.0.id"; "." is the whole). A value that is JSON is put in as it is
 * written, anything else as a string. A member that is not there yet is added at the end of its object, and so is the element
 * behind the last one of an array. With repeated names the last one is changed, since it is the one receivers take. ERROR_NO and
 * nothing appended when there is no such place.
 */
bool json_set(
	struct buffer *out, struct span json, struct span path, struct span value, struct error *err);
