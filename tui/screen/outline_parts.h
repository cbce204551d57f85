/* The inside of an outline, for outline*.c alone. */
#pragma once

#include <stdint.h>

#include "tui/screen/outline.h"
#include "tui/screen/outline_walk.h"

/* A name of an object that is open. */
struct outline_name {
	uint64_t hash;
	size_t begin, len; /* of its token */
};

struct outline_repeated {
	size_t name; /* where it begins */
	bool last;
};

struct outline {
	struct span bytes;
	struct outline_walk walk; /* as far as it is read */
	bool complete;
	struct outline_walk *marks; /* to go on from */
	size_t mark_count, mark_capacity;
	struct outline_extent *large; /* by their beginning, once it is complete */
	size_t large_count, large_capacity;
	struct outline_name *names; /* of all objects that are open */
	size_t name_count, name_capacity;
	struct outline_repeated *repeats; /* by their place, once it is complete */
	size_t repeat_count, repeat_capacity;
};

/* The text of a name: as it is written when nothing is escaped in it, else undone in `plain`. */
struct span outline_name(struct span token, struct buffer *plain);

/* Looked through at once of a token that is longer. */
#define OUTLINE_LOOK_BYTES ((size_t)32 * 1024)

/*
 * A walk of its own over what is read already, from the last mark that is not behind `offset`; there has to be one. Long tokens on its way are
 * not read again: a mark stands in front of each.
 */
struct outline_going {
	const struct outline *outline;
	struct outline_walk walk;
	size_t mark; /* the next one that is not behind */
};
struct outline_going outline_go_near(const struct outline *outline, size_t offset);
bool outline_go(struct outline_going *going);
