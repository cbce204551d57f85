/* Fields of a query string or of a body that is application/x-www-form-urlencoded. */
#pragma once

#include "common/buffer.h"

/* More fields are not sorted: no provider sends so many. */
#define FORM_FIELDS_MAX 1024

/* Appends `text` with its '+' and %XX undone; a '%' that begins no escape stays. */
void form_decode(struct buffer *out, struct span text);

/* Cuts the next field off; false at the end. Both parts are still encoded; `value` is empty where there is no '='. */
bool form_next(struct span *rest, struct span *name, struct span *value);

/*
 * The value of the first field of that name, decoded into `out`; an empty span with data NULL when there is none.
 */
struct span form_find(struct span form, const char *name, struct buffer *out);

/* A field with its place in what it was decoded into. */
struct form_field {
	struct span name, value;
};

/* Decoded and sorted by the bytes of name, then value. */
struct form_fields {
	struct form_field fields[FORM_FIELDS_MAX];
	size_t count;
	struct buffer bytes; /* what the spans point into */
};

/* All zero is empty. False when there are more than FORM_FIELDS_MAX. */
bool form_fields_read(struct form_fields *fields, struct span form);
void form_fields_clear(struct form_fields *fields);

/* Whether a field is the one before it again, value and all. */
bool form_fields_repeats(const struct form_fields *fields, size_t index);
