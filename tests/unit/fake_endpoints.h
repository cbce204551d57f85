/*
 * Stands in for relay/endpoints where the stream is tested by itself: names, ids and heads, no keys and no judging.
 */
#pragma once

#include "relay/endpoints.h"

struct endpoints *fake_endpoints_new(void);
void fake_endpoints_free(struct endpoints *endpoints);
struct endpoint *fake_endpoints_add(struct endpoints *endpoints, const char *name, int64_t id);
void fake_endpoints_remove(struct endpoints *endpoints, const char *name);
/* What endpoints_change was last asked for: "add shop provider=stripe secrets=1". */
const char *fake_endpoints_asked(const struct endpoints *endpoints);
