/* A growing run of bytes. */
#pragma once

#include <stdint.h>

#include "common/span.h"

/* All zero is an empty buffer. `data` is NULL until something was put in and moves when the buffer grows. */
struct buffer {
	char *data;
	size_t len;
	size_t capacity;
};

/* Frees the bytes and leaves an empty buffer; allowed on an empty one. */
void buffer_clear(struct buffer *buffer);

/* Forgets the contents but keeps the memory for the next use. */
void buffer_reset(struct buffer *buffer);

/* Makes room for `more` bytes behind the contents and returns where they begin; add to `len` what was written. */
char *buffer_reserve(struct buffer *buffer, size_t more);

void buffer_append(struct buffer *buffer, const void *data, size_t len);
void buffer_append_span(struct buffer *buffer, struct span span);
void buffer_append_text(struct buffer *buffer, const char *text);
void buffer_append_byte(struct buffer *buffer, char byte);
/* In decimal; for what is written often: buffer_printf takes ten times as long. */
void buffer_append_int(struct buffer *buffer, int64_t value);
/* The last `digits` decimal digits (19 at most), zeros in front. */
void buffer_append_digits(struct buffer *buffer, uint64_t value, size_t digits);
void buffer_printf(struct buffer *buffer, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Takes the first `len` bytes out; the rest moves to the front. */
void buffer_drop_front(struct buffer *buffer, size_t len);

/* The contents as a span, valid until the buffer changes. */
struct span buffer_span(const struct buffer *buffer);

/* The contents as a NUL-terminated string (the NUL is not counted in `len`), valid until the buffer changes. */
const char *buffer_text(struct buffer *buffer);
