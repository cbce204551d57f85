/* JSON as other programs write it: what may have been signed before something wrote it anew. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"

struct json_style {
	int indent;      /* blanks a level; -1: everything on one line; -2: a tab a level */
	bool spaced;     /* on one line: a blank behind commas and colons, as Python writes it */
	bool ascii;      /* other characters as \uXXXX */
	bool slashes;    /* '/' as "\/", as PHP writes it */
	bool normalised; /* JSON.stringify first: numbers, escapes and order as JavaScript has them */
};

/*
 * Appends `payload` in that style: blanks aside, what stands in it is kept as it is written, unless it is normalised. False
 * when it is no JSON or grows beyond `most` bytes; what was appended stays.
 */
bool explain_json(
	struct buffer *out, struct span payload, const struct json_style *style, size_t most);
