/* What facets and types agree on, when a filter asks for both: each goes on from where the other one stands. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "relay/store/sqlite_facets.h"
#include "relay/store/sqlite_keys.h"

struct sqlite_meet {
	struct sqlite_facets *facets;   /* both are the caller's, */
	struct sqlite_keys_scan *types; /* and go in the same direction */
	bool newest_first;
	int64_t candidate, typed; /* private: where they stand; 0: to be found */
};

enum sqlite_scan sqlite_meet_next(
	struct sqlite_meet *meet, uint64_t deadline, int64_t *position, struct error *err);
