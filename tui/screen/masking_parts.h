/* How bodies are masked, for masking*.c alone. */
#pragma once

#include "common/buffer.h"
#include "tui/screen/masking.h"

/*
 * Appends the body with values masked; returns how many were. What stands behind a mistake in JSON is masked as a whole: nobody can tell what it is. What
 * is not JSON from its beginning has no fields.
 */
size_t masking_json(struct buffer *out, const struct masking *masking, struct span body);
/* The same of a form, by names alone. */
size_t masking_form(struct buffer *out, const struct masking *masking, struct span body);
