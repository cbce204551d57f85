/* How the body of an event is looked at: what is known of it, what is folded, where the cursor is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"
#include "tui/screen/folds.h"
#include "tui/screen/outline.h"

/* All zero: nothing is known yet. */
struct payload {
	struct outline *outline; /* of a body that is shown as JSON; NULL: it is not, so far */
	struct folds folds;
	bool placed;   /* the cursor is somewhere already */
	size_t cursor; /* its line */
	bool has_byte; /* that line begins in the body, at: */
	size_t byte;
	struct buffer path; /* under the cursor; empty: none */
	struct outline_spot spot;
	bool seeking; /* the cursor goes to this byte as soon as it is laid out: */
	size_t seek_to;
	struct outline_seek *jump; /* to a name, under way */
};

/* Forgets all. */
void payload_drop(struct payload *payload);
