/* Reads the handshakes of a provider's file; used by provider_read. */
#pragma once

#include "common/signature/handshake.h"
#include "common/signature/recipe_read.h"

/* `node`: one handshake, or a list of them. */
bool handshake_read(
	struct reading *reading, const struct yaml_node *node, struct provider *provider);
