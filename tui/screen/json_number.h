/* What becomes of a JSON number where numbers are doubles, as in JavaScript. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/span.h"

/* Longer ones are not converted, only told. */
#define JSON_NUMBER_LEN_MAX 1000

/*
 * Whether a double holds another number than `number` (a JSON_NUMBER token) says, so that who parses it and writes it again has
 * changed it; `words` then gets what it is: "9007199254740992 as a double", "too large for a double".
 */
bool json_number_is_changed(struct span number, struct buffer *words);
