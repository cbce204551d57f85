/* Reads what recipe_public.h describes out of a scheme of a provider's file; used by recipe_read. */
#pragma once

#include "common/signature/reading.h"
#include "common/signature/recipe_public.h"

/* The keys of a scheme that are read here. */
#define RECIPE_PUBLIC_KEYS                                                                         \
	"algorithm", "algorithms", "form", "detached", "envelope", "chain", "keyset", "claims"

/* `recipe->kind` must be known. For a kind without public keys, none of those keys may be there. */
bool recipe_read_public(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe);
