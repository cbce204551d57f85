/* Reads the `expect` of a step; for suite.c. */
#pragma once

#include "common/yaml.h"
#include "tui/suite/suite.h"

struct suite_place suite_place_of(const struct yaml_node *node);

/* `node` may be NULL: then a status of 2xx is expected, and no more. Texts point into the document. */
bool suite_read_expectation(const struct yaml_document *document, const struct yaml_node *node,
	struct suite_expectation *expect, struct error *err);
void suite_expectation_clear(struct suite_expectation *expect);
