/* A borrowed run of bytes. It may hold NUL and is not terminated by one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* `data` may be NULL when `len` is 0. Who owns the bytes is said where a span is handed out. */
struct span {
	const char *data;
	size_t len;
};

/* A literal or a NUL-terminated string as a span. */
struct span span_text(const char *text);

/* Same bytes. */
bool span_equal(struct span a, struct span b);

/* Same bytes but for the case of A to Z: how header names are compared. */
bool span_equal_nocase(struct span a, struct span b);

/* Same bytes as the NUL-terminated `text`. */
bool span_is(struct span a, const char *text);

/* Below, at or above 0 as `a` comes before `b`, is the same, or comes after it, byte by byte. */
int span_compare(struct span a, struct span b);

/* Begins with `prefix`. */
bool span_starts_with(struct span a, struct span prefix);

/* Without the blanks and tabs around it (OWS of RFC 9110). */
struct span span_trim(struct span a);

/* What follows the first `count` bytes; empty when there are fewer. */
struct span span_after(struct span a, size_t count);

/* Where `byte` first stands, or a.len when it does not. */
size_t span_find(struct span a, char byte);

/* Cuts the part before the first `separator` off `rest` and returns it; the whole of it when there is none. */
struct span span_cut(struct span *rest, char separator);
