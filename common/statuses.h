/* A set of HTTP statuses as people write it: "2xx", "200,204", "408,425,429,5xx,failed". Pure. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

#define STATUSES_WORDS 10

/* All zero is the empty set. Treat as opaque. */
struct statuses {
	uint64_t bits[STATUSES_WORDS]; /* by status; 0: there was no answer */
};

/*
 * Codes from 100 to 599, classes (5xx), ranges (500-504), "failed" (no answer) and "any" (all of it, failed, too), with commas and
 * blanks between them. ERROR_USAGE names the part that is none of these; an empty text is refused.
 */
bool statuses_parse(struct statuses *set, struct span text, struct error *err);

/* `status`: of an answer; 0 or less: there was none. */
bool statuses_has(const struct statuses *set, int64_t status);

bool statuses_is_empty(const struct statuses *set);
bool statuses_equal(const struct statuses *a, const struct statuses *b);

/* The way back, as short as it goes: "408,425,429,5xx,failed". Appends nothing for the empty set. */
void statuses_append(struct buffer *out, const struct statuses *set);
