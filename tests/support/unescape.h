/* The way back from text_escape, to show that it loses nothing. The product has no use for it. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"

/* Appends the bytes text_escape (without TEXT_KEEP_NEWLINES) made `escaped` of. */
void unescape(struct buffer *out, struct span escaped);
