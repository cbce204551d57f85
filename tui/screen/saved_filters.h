/* Filters that were given a name, in the order of their names. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/span.h"

#define SAVED_FILTERS_MAX 100
#define SAVED_FILTER_NAME_MAX 32

/* Both owned. */
struct saved_filter {
	char *name, *text;
};

/* All zero is empty. */
struct saved_filters {
	struct saved_filter list[SAVED_FILTERS_MAX];
	size_t count;
};

/* Letters, digits, - and _ and the dot, at most SAVED_FILTER_NAME_MAX. */
bool saved_filter_name_is_valid(struct span name);

/* In the place of the one of that name. False: there are too many. */
bool saved_filters_put(struct saved_filters *filters, struct span name, struct span text);
/* False: there is none of that name. */
bool saved_filters_remove(struct saved_filters *filters, struct span name);
/* NULL: there is none. */
const struct saved_filter *saved_filters_find(
	const struct saved_filters *filters, struct span name);
/* Makes `to` the same. */
void saved_filters_copy(struct saved_filters *to, const struct saved_filters *from);
void saved_filters_clear(struct saved_filters *filters);
