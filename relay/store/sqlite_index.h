/* Which index answers a filter, if one does: that of keys or of marks from the start, facets and types once the filter turns out to fit little. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "relay/store/sqlite_marks.h"
#include "relay/store/sqlite_meet.h"
#include "relay/store/store.h"

/* Treat as opaque but for: */
struct sqlite_index {
	bool answers;  /* an index is best from the start */
	bool may_help; /* or later */

	/* private */
	struct sqlite_reader *reader;
	const struct store_query *query;
	struct sqlite_facets *facets;
	struct sqlite_keys_scan *keys; /* or types; with facets, both have to agree */
	struct sqlite_meet meet;       /* then */
	struct sqlite_marks marks;     /* reader NULL: not yet */
	bool uses_keys, uses_marks, may_use_facets, may_use_types;
};

/* `is_search`: events alone are wanted, by a filter. The query is borrowed until sqlite_index_clear. */
void sqlite_index_init(struct sqlite_index *index, struct sqlite_reader *reader,
	const struct store_query *query, bool is_search);
void sqlite_index_clear(struct sqlite_index *index);

bool sqlite_index_is_open(const struct sqlite_index *index);
/* For events with positions above `low` and below `high`. */
void sqlite_index_open(struct sqlite_index *index, int64_t low, int64_t high);
/* The next place of an event that may match. SCAN_TOO_MANY: it does not help, is closed, and the events themselves go on. */
enum sqlite_scan sqlite_index_next(
	struct sqlite_index *index, uint64_t deadline, int64_t *position, struct error *err);
