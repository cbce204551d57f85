/* Reads one scheme of a provider's file; used by provider_read. */
#pragma once

#include "common/arena.h"
#include "common/signature/provider.h"
#include "common/signature/recipe.h"
#include "common/yaml.h"

/* What the readers of one file share. */
struct reading {
	struct arena *arena;
	const struct yaml_document *document;
	const struct provider_parameter *parameters; /* those a '$' may name; may be NULL */
	struct error *err;
};

/* Whether the node is a token of RFC 9110; the error says so. */
bool recipe_check_header_name(struct reading *reading, const struct yaml_node *node);

bool recipe_read(struct reading *reading, const struct yaml_node *node, struct recipe *recipe);
