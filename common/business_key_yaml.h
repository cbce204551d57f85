/* Business keys as they stand in a provider's file and in the relay's configuration: `order: .data.order.id`, or a list. */
#pragma once

#include "common/business_key.h"
#include "common/yaml.h"

/* ERROR_CONFIG with file:line:column; then `*count` says nothing. A map without anything in it is no mistake. */
bool business_keys_read_yaml(struct business_key keys[BUSINESS_KEYS_MAX], size_t *count,
	const struct yaml_document *document, const struct yaml_node *node, struct error *err);
