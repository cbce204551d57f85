/* A body for people: JSON with white space between its tokens, other text as it is, bytes in hexadecimal. Pure. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"

/*
 * Appends it, each line beginning with `indent`, ending in a newline. No token of JSON is changed. `flags` are those
 * of text_escape. At most `most` bytes of the body are shown; what is left out is said.
 */
void body_view_append(
	struct buffer *out, struct span body, const char *indent, unsigned flags, size_t most);
