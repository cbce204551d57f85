/*
 * What may come next in a filter that is being typed: keys, then the values a key may have, and those the screen has seen. Pure; whatever
 * is offered is understood by common/filter (or common/attempt_filter).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/business_key.h"
#include "common/span.h"
#include "tui/screen/filter_known.h"

#define FILTER_OFFERS_MAX 96
/* Of business keys that nobody has seen here. */
#define FILTER_NAMES_MAX 40

struct filter_offer {
	const char *text; /* a table's, of the struct filter_known, or of these offers */
	const char *help; /* "" where the value says it */
};

struct filter_offers {
	size_t
		from; /* in the text: where the word begins that they could take the place of, up to the cursor */
	bool of_values;
	size_t count;
	struct filter_offer list[FILTER_OFFERS_MAX];
	char names[FILTER_NAMES_MAX][BUSINESS_KEY_NAME_LEN + 2]; /* "order:", of those in the list */
};

/*
 * For the word that ends at the cursor, the end of `before`. None in quotes, in a pattern, and behind keys whose values nobody
 * knows. `deliveries`: the keys that ask about attempts, too.
 */
void filter_offers_find(struct filter_offers *offers, struct span before, bool deliveries,
	const struct filter_known *known);

/* How many bytes all of them begin with. */
size_t filter_offers_common(const struct filter_offers *offers);
