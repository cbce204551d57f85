/* One content coding being undone, whichever library does it. For coding.c alone. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"

struct layer;

enum layer_state {
	LAYER_GO_ON, /* with more input or more room */
	LAYER_END,   /* a whole one has been read; another may follow */
	LAYER_BROKEN,
};

/* By the name of a coding in any letter case ("gzip", "x-gzip", "deflate", "br", "zstd"). NULL: it is not known. */
struct layer *layer_new(struct span name);
void layer_free(struct layer *layer);

/* Reads from `in`, which is moved on, and writes up to `room` bytes; `written` gets how many. */
enum layer_state layer_step(
	struct layer *layer, struct span *in, char *out, size_t room, size_t *written);

/* Behind LAYER_END: whether `rest` begins another one that belongs to it; then it is begun. */
bool layer_again(struct layer *layer, struct span rest);
