/* Memory that never comes back NULL: a program that runs out says so and ends. */
#pragma once

#include <stddef.h>

/*
 * Sizes that come from the network are bounded by a limit before they reach these. Free with free().
 */
void *alloc_bytes(size_t len);
/* `count` elements of `size` bytes, all zero. */
void *alloc_zero(size_t count, size_t size);
/* Grows or shrinks `old` (NULL is allowed). */
void *alloc_resize(void *old, size_t len);
/* A NUL-terminated copy of the first `len` bytes of `text`. */
char *alloc_text(const char *text, size_t len);
