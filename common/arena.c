#include "common/arena.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

struct arena_block {
	struct arena_block *next;
	max_align_t bytes[];
};

void *arena_zero(struct arena *arena, size_t count, size_t size) {
	size_t len = 0;
	if (__builtin_mul_overflow(count, size, &len) ||
		__builtin_add_overflow(len, sizeof(struct arena_block), &len)) {
		abort(); /* callers bound sizes long before this */
	}
	struct arena_block *block = alloc_zero(1, len);
	block->next = arena->blocks;
	arena->blocks = block;
	return block->bytes;
}

const char *arena_text_of(struct arena *arena, const char *text, size_t len) {
	char *copy = arena_zero(arena, len + 1, 1);
	if (len > 0) {
		memcpy(copy, text, len);
	}
	return copy;
}

const char *arena_text(struct arena *arena, const char *text) {
	return text ? arena_text_of(arena, text, strlen(text)) : NULL;
}

void arena_clear(struct arena *arena) {
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;
		free(arena->blocks);
		arena->blocks = next;
	}
}
