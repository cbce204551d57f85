/* When two spellings mean the same value, and how values of JSON are shown. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"

/*
 * Appends the one spelling of a number that all spellings of it share ("1e2", "100" and "100.0" are "1e2"), exactly: nothing is rounded, however
 * many digits there are. `number` is a token of common/json_lexer.
 */
void spelling_of_number(struct buffer *out, struct span number);

/*
 * Appends a value of JSON on one line: without the blanks between tokens and, unless `raw`, with the escapes of its strings undone.
 * Cut behind about `most` bytes ("..."). What comes out is still to be escaped for a terminal.
 */
void spelling_append_value(struct buffer *out, struct span value, bool raw, size_t most);

/* Appends ".name", or `["na me"]` where the name (a token with its quotes) is none that stands for itself. */
void spelling_append_member(struct buffer *out, struct span name_token);
