/* What is to be tried again, as the relay tells it: sorted, so that a row finds its own quickly. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/retry.h"

/* All zero is empty. */
struct dues {
	struct retry **list; /* by event, then target */
	size_t count, capacity;
};

/* Copied; takes the place of the one of the same event and target. */
void dues_put(struct dues *dues, const struct retry *retry);
/* False: there is none. */
bool dues_remove(struct dues *dues, const struct retry *retry);
void dues_clear(struct dues *dues);

/* The one of the same event and target, valid until it changes. NULL: there is none. */
const struct retry *dues_at(const struct dues *dues, const struct retry *retry);
/* The first of an event; those behind it in `list` may be of it, too. `dues->count`: there is none. */
size_t dues_find(const struct dues *dues, const struct uuid *event);
/* Of those of an event the one that comes next: paused ones last. NULL: there is none. */
const struct retry *dues_next(const struct dues *dues, const struct uuid *event);
