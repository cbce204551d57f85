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

/* A walk of its own from the last mark that is not behind `offset`; there has to be one. */
struct outline_walk outline_walk_near(const struct outline *outline, size_t offset);
