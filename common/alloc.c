#include "common/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *checked(void *memory) {
	if (!memory) {
		fputs("hookline: out of memory\n", stderr);
		abort();
	}
	return memory;
}

void *alloc_bytes(size_t len) {
	return checked(malloc(len ? len : 1));
}

void *alloc_zero(size_t count, size_t size) {
	return checked(calloc(count ? count : 1, size ? size : 1));
}

void *alloc_resize(void *old, size_t len) {
	return checked(realloc(old, len ? len : 1));
}

char *alloc_text(const char *text, size_t len) {
	char *copy = alloc_bytes(len + 1);
	if (len > 0) {
		memcpy(copy, text, len);
	}
	copy[len] = '\0';
	return copy;
}
