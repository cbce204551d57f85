/* What is done with a term before it is signed. */
#pragma once

#include "common/signature/keyring.h"

/*
 * Appends the term's value with all its steps done. False, with a sentence in `reason` (VERDICT_REASON_LEN), when one cannot be
 * done. Uses the keyring's buffers for what is between two steps; `value` may stand in its `value`.
 */
bool step_run_all(struct keyring *keyring, const struct term *term, struct span value,
	struct buffer *out, char *reason);
