/* How bytes travel in headers and secrets: hexadecimal and base64, written canonically and read strictly. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/signature/recipe.h"
#include "common/span.h"

/* Length of `len` bytes once encoded. */
size_t encoding_len(enum recipe_encoding encoding, size_t len);

/* Appends hexadecimal digits, base64 with padding, base64url without it; ENCODING_TEXT: the bytes. */
void encoding_append(struct buffer *out, enum recipe_encoding encoding, struct span bytes);

/*
 * Appends what `text` encodes. Hexadecimal in either case; base64 with its padding or without it, but without rubbish
 * behind it or bits that are not zero. False, with `out` as it was, when it is not that.
 */
bool encoding_decode(struct buffer *out, enum recipe_encoding encoding, struct span text);
