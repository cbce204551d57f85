#include "relay/store/sqlite_index.h"

void sqlite_index_init(struct sqlite_index *index, struct sqlite_reader *reader,
	const struct store_query *query, bool is_search) {
	struct filter_keys wanted;
	*index = (struct sqlite_index){.reader = reader,
		.query = query,
		.uses_keys = is_search && filter_wants_keys(query->filter, &wanted),
		.uses_marks = is_search && filter_wants_marked(query->filter),
		.may_use_facets = is_search && filter_narrows(query->filter),
		.may_use_types = is_search && filter_narrows_type(query->filter)};
	index->answers = index->uses_keys || index->uses_marks;
	index->may_help = index->may_use_facets || index->may_use_types;
}

void sqlite_index_clear(struct sqlite_index *index) {
	sqlite_facets_free(index->facets);
	sqlite_keys_scan_free(index->keys);
}

bool sqlite_index_is_open(const struct sqlite_index *index) {
	return index->facets || index->keys || index->marks.reader;
}

void sqlite_index_open(struct sqlite_index *index, int64_t low, int64_t high) {
	const struct store_query *query = index->query;
	bool down = query->newest_first;
	struct filter_keys wanted;
	if (index->uses_keys) {
		filter_wants_keys(query->filter, &wanted);
		index->keys = sqlite_keys_scan_new(index->reader, &wanted, down, low, high);
		return;
	}
	if (index->uses_marks) {
		index->marks = (struct sqlite_marks){index->reader, down, low, high};
		return;
	}
	if (index->may_use_facets) {
		index->facets =
			sqlite_facets_new(index->reader, query->filter, query->endpoint, down, low, high);
	}
	if (index->may_use_types) {
		index->keys = sqlite_keys_scan_types(index->reader, query->filter, down, low, high);
	}
	index->meet =
		(struct sqlite_meet){.facets = index->facets, .types = index->keys, .newest_first = down};
}

enum sqlite_scan sqlite_index_next(
	struct sqlite_index *index, uint64_t deadline, int64_t *position, struct error *err) {
	if (index->uses_marks && !index->uses_keys) {
		return sqlite_marks_next(&index->marks, position, err);
	}
	if (!index->facets) {
		return sqlite_keys_scan_next(index->keys, deadline, position, err);
	}
	enum sqlite_scan outcome = index->keys
	                               ? sqlite_meet_next(&index->meet, deadline, position, err)
	                               : sqlite_facets_next(index->facets, deadline, position, err);
	if (outcome == SCAN_TOO_MANY) {
		/* the types go on alone, or nothing does */
		sqlite_facets_free(index->facets);
		index->facets = NULL;
		index->may_use_facets = false;
		index->may_help = index->may_use_types;
	}
	return outcome;
}
