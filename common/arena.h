/* Memory that is freed all at once. */
#pragma once

#include <stddef.h>

struct arena_block;

/* All zero is an empty arena. */
struct arena {
	struct arena_block *blocks;
};

/* `count` elements of `size` bytes, all zero, valid until arena_clear. */
void *arena_zero(struct arena *arena, size_t count, size_t size);

/* A copy of a NUL-terminated text; NULL stays NULL. */
const char *arena_text(struct arena *arena, const char *text);

/* The same of the first `len` bytes of `text`. */
const char *arena_text_of(struct arena *arena, const char *text, size_t len);

void arena_clear(struct arena *arena);
