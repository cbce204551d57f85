/*
 * Finds few things that still make something fail: leaves out halves, quarters, and in the end one after the other (delta
 * debugging, ddmin), until none can be left out any more. Pure: the caller tries, and says what came of it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* Treat as opaque but for `kept`, `count` and `left`. */
struct shrink {
	bool *kept;   /* of `count`: with these it fails */
	size_t count; /* of all */
	size_t left;  /* that are kept */

	/* private */
	bool *tried;
	size_t chunk, at;
	bool removed; /* within this pass */
};

/* All of `count` make it fail. Free with shrink_clear. */
void shrink_init(struct shrink *shrink, size_t count);
void shrink_clear(struct shrink *shrink);

/* What to try next: `count` flags, valid until shrink_told; NULL: there is nothing more to leave out. */
const bool *shrink_next(struct shrink *shrink);

/* What came of it. */
void shrink_told(struct shrink *shrink, bool failed);
