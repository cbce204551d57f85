/*
 * Undoes what Content-Encoding says of a body, to look at it: gzip, deflate, br, zstd, one after the other. A slice at a time; how much
 * comes of it is bounded, and what came before it broke or grew too large can be looked at. Pure.
 */
#pragma once

#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"

/* Most that is decoded. */
#define CODING_DECODED_MAX ((size_t)32 * 1024 * 1024)
/* What grows to more than CODING_RATIO_FROM and so many times its size is meant to do harm. */
#define CODING_RATIO_MAX 400
#define CODING_RATIO_FROM ((size_t)4 * 1024 * 1024)
/* Codings one after the other; more are left as they are. */
#define CODING_LAYERS_MAX 4

enum coding_state {
	CODING_GO_ON,
	CODING_DONE,
	CODING_BROKEN,    /* it is none, or breaks off: what came before is there */
	CODING_TOO_LARGE, /* cut at a limit */
	CODING_UNKNOWN,   /* a coding that nobody here knows: nothing is decoded */
};

struct coding;

/*
 * `names` is the value of Content-Encoding; `bytes` are borrowed until coding_free. NULL: there is nothing to undo (no coding, identity, or no
 * bytes).
 */
struct coding *coding_new(struct span names, struct span bytes);
void coding_free(struct coding *coding);

/* Goes on until about `budget` bytes are read or written. */
enum coding_state coding_step(struct coding *coding, size_t budget);
enum coding_state coding_state(const struct coding *coding);

/* What is decoded; complete, and at its place, from the moment on that coding_step does not say CODING_GO_ON. */
struct span coding_decoded(const struct coding *coding);

/* "gzip, decoded to 4.1 kB", "br breaks off: decoded to 12 kB so far", "compress is not known here: shown as received" */
void coding_append_note(const struct coding *coding, struct buffer *out);
