/* Bodies that are made to keep a screen busy: one kind of each thing that a reader might do once a byte too often. */
#pragma once

#include <stddef.h>

#include "common/buffer.h"

struct hostile_body {
	const char *name;
	const char *type;   /* its Content-Type */
	const char *coding; /* its Content-Encoding; NULL: none */
	void (*make)(struct buffer *out, size_t size);
};

extern const struct hostile_body hostile_bodies[];
extern const size_t hostile_body_count;

/* Appends a body of about `size` bytes (what is compressed: decoded). */
void hostile_body_make(struct buffer *out, const struct hostile_body *body, size_t size);
/* The head of a request that brings it. */
void hostile_body_head(struct buffer *out, const struct hostile_body *body);
