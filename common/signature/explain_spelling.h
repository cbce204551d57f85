/* Ways in which a value may be written that say nothing of what it is: letter case, quotes, percent signs. */
#pragma once

#include "common/buffer.h"

/* How a value is read before it is judged. */
enum spelling { AS_IT_IS, LOWER_CASE, UNQUOTED, URL_DECODED, SPELLINGS };

/* Appends the value read so; false: this spelling changes nothing. */
bool respell(struct buffer *out, struct span value, enum spelling spelling);
