/* Reads one scheme of a provider's file; used by provider_read. */
#pragma once

#include "common/signature/reading.h"

bool recipe_read(struct reading *reading, const struct yaml_node *node, struct recipe *recipe);

/* The parts of recipe_read, each for one idea. `node` may be NULL where the key is not there. */

/* Where the signature, the timestamp and the id stand, and how they are written (recipe_read_values.c). */
bool recipe_read_values(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe);

/* What is signed, and when the scheme applies (recipe_read_content.c); after recipe_read_values. */
bool recipe_read_contents(
	struct reading *reading, const struct yaml_node *node, struct recipe *recipe);
