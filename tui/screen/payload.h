/* How the body of an event is looked at: what is known of it, what is folded, where the cursor is. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"
#include "tui/screen/body_parts.h"
#include "tui/screen/folds.h"
#include "tui/screen/outline.h"
#include "tui/screen/piped.h"

struct coding;

/* All zero: nothing is known yet. */
struct payload {
	struct coding *coding; /* undoes its Content-Encoding; NULL: it has none */
	bool is_masked;        /* of what was decoded not all is shown, but: */
	struct buffer masked;
	struct outline *outline;  /* of a body that is shown as JSON; NULL: it is not, so far */
	struct body_parts *parts; /* of one with parts; NULL: it has none, so far */
	struct folds folds;
	bool placed;   /* the cursor is somewhere already */
	size_t cursor; /* its line */
	bool has_byte; /* that line begins in the body, at: */
	size_t byte;
	struct buffer path; /* under the cursor; empty: none */
	struct outline_spot spot;
	bool seeking; /* the cursor goes to this byte as soon as it is laid out: */
	size_t seek_to;
	struct piped piped;        /* what a command made of it */
	struct outline_seek *jump; /* to a name, under way */
};

/* Begins to undo the coding that the head names, if any. True: that goes on in payload_decode. */
bool payload_begin(struct payload *payload, struct span head, struct span body);
/* About `budget` bytes further; true: there is more. */
bool payload_decode(struct payload *payload, size_t budget);

/*
 * What is shown of a body: decoded where it is, nothing while it is being decoded, else as it was received. Stays where it is until
 * payload_drop, but while payload_decode goes on.
 */
struct span payload_bytes(const struct payload *payload, struct span body);

/* Forgets all. */
void payload_drop(struct payload *payload);
