/* Finds a value in a JSON payload by its path; a payload of many MiB in slices. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/json_lexer.h"
#include "common/span.h"

/*
 * Finds the value at a dotted path: member names, and numbers for array elements ("data.items.0.id"). With repeated
 * names the last counts, as in every JavaScript receiver. Returns the raw text of the value (a whole object or array
 * too), or an empty span with data NULL.
 */
struct span json_find(struct span payload, const char *path);

/* The same, some of the payload at a time; treat as opaque. */
struct json_finding {
	struct span path;  /* what is left of it */
	struct span value; /* in which it is looked for */
	struct json_lexer lexer;
	struct span name; /* of the child that is looked for */
	bool by_index;
	size_t wanted_index, index;
	struct span found;
	const char *begin; /* of the child at hand; NULL: none is */
	bool searching, object, wanted;
};
/* Both are borrowed until the end. */
void json_finding_begin(struct json_finding *finding, struct span payload, const char *path);
/* Looks through about `budget` bytes, which are taken off it. True: it is through, and `value` is what json_find returns. */
bool json_finding_step(struct json_finding *finding, size_t *budget, struct span *value);
