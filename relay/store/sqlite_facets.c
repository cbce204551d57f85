#include "relay/store/sqlite_facets.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite_db.h"

struct facet {
	int64_t endpoint, verdict, last_status;
	char *provider;
	int64_t head; /* position of its next event; 0: it has no more */
};

struct sqlite_facets {
	struct sqlite_reader *reader;
	const struct filter *filter;
	int64_t endpoint, low, high;
	bool newest_first;
	bool complete;     /* every facet was seen */
	struct facet seen; /* the last one */
	size_t seen_count;
	struct facet *all; /* those that may match */
	size_t count;
};

/* Not "> (?1, ?2, ?3, ?4)": for that SQLite walks through all events of the facet it comes from. */
static sqlite3_stmt *next_statement(struct sqlite_reader *reader, struct error *err) {
	static const char sql[] =
		"SELECT endpoint, provider, verdict, last_status FROM event INDEXED BY event_facet"
		" WHERE (endpoint, provider, verdict, last_status) >= (?1, ?2, ?3, ?4 + 1)"
		" ORDER BY endpoint, provider, verdict, last_status LIMIT 1";
	return sqlite_db_prepare_once(&reader->facet_next, reader->db, sql, err);
}

static sqlite3_stmt *head_statement(
	struct sqlite_reader *reader, bool newest_first, struct error *err) {
#define HEAD                                                                                       \
	"SELECT pos FROM event INDEXED BY event_facet WHERE endpoint = ?1 AND provider = ?2"           \
	" AND verdict = ?3 AND last_status = ?4 AND pos > ?5 AND pos < ?6 ORDER BY pos"
	const char *sql = newest_first ? HEAD " DESC LIMIT 1" : HEAD " LIMIT 1";
	return sqlite_db_prepare_once(&reader->facet_head[newest_first], reader->db, sql, err);
}

static void bind_facet(sqlite3_stmt *stmt, const struct facet *facet) {
	sqlite3_bind_int64(stmt, 1, facet->endpoint);
	sqlite_bind_text_span(stmt, 2, span_text(facet->provider));
	sqlite3_bind_int64(stmt, 3, facet->verdict);
	sqlite3_bind_int64(stmt, 4, facet->last_status);
}

struct sqlite_facets *sqlite_facets_new(struct sqlite_reader *reader, const struct filter *filter,
	int64_t endpoint, bool newest_first, int64_t low, int64_t high) {
	struct sqlite_facets *facets = alloc_zero(1, sizeof *facets);
	*facets = (struct sqlite_facets){.reader = reader,
		.filter = filter,
		.endpoint = endpoint,
		.low = low,
		.high = high,
		.newest_first = newest_first,
		.seen = {endpoint, INT64_MIN, INT64_MIN, alloc_text("", 0), 0}};
	return facets;
}

void sqlite_facets_free(struct sqlite_facets *facets) {
	if (!facets) {
		return;
	}
	for (size_t i = 0; i < facets->count; i++) {
		free(facets->all[i].provider);
	}
	free(facets->all);
	free(facets->seen.provider);
	free(facets);
}

/* Its next event between the bounds, one of which moves along. */
static bool find_head(const struct sqlite_facets *facets, struct facet *facet, int64_t low,
	int64_t high, struct error *err) {
	sqlite3_stmt *stmt = head_statement(facets->reader, facets->newest_first, err);
	if (!stmt) {
		return false;
	}
	bind_facet(stmt, facet);
	sqlite3_bind_int64(stmt, 5, low);
	sqlite3_bind_int64(stmt, 6, high);
	int step = sqlite3_step(stmt);
	facet->head = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(facets->reader->db, err);
}

/* Moves `seen` on; past the last one, or in the next endpoint, all were seen. */
static bool see_next(struct sqlite_facets *facets, struct error *err) {
	sqlite3_stmt *stmt = next_statement(facets->reader, err);
	if (!stmt) {
		return false;
	}
	bind_facet(stmt, &facets->seen);
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW &&
		(facets->endpoint == 0 || sqlite3_column_int64(stmt, 0) == facets->endpoint)) {
		struct span provider = sqlite_column_span(stmt, 1);
		free(facets->seen.provider);
		facets->seen = (struct facet){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 2),
			sqlite3_column_int64(stmt, 3), alloc_text(provider.data, provider.len), 0};
		facets->seen_count++;
	} else {
		facets->complete = true;
	}
	sqlite3_reset(stmt);
	return step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(facets->reader->db, err);
}

static bool may_match(const struct sqlite_facets *facets, const struct facet *facet) {
	const char *name = sqlite_reader_name(facets->reader, facet->endpoint);
	return name && filter_may_match(facets->filter, &(struct event){.endpoint = span_text(name),
														.provider = span_text(facet->provider),
														.verdict = (enum verdict)facet->verdict,
														.last_status = facet->last_status});
}

/* Keeps the facet seen last if it has an event that may match. */
static bool keep(struct sqlite_facets *facets, struct error *err) {
	struct facet facet = facets->seen;
	if (!may_match(facets, &facet)) {
		return true;
	}
	if (!find_head(facets, &facet, facets->low, facets->high, err)) {
		return false;
	}
	if (facet.head != 0) {
		facets->all = alloc_resize(facets->all, (facets->count + 1) * sizeof *facets->all);
		facet.provider = alloc_text(facet.provider, strlen(facet.provider));
		facets->all[facets->count++] = facet;
	}
	return true;
}

static enum sqlite_scan gather(struct sqlite_facets *facets, uint64_t deadline, struct error *err) {
	while (!facets->complete) {
		if (uv_hrtime() >= deadline) {
			return SCAN_PAUSED;
		}
		if (!see_next(facets, err) || (!facets->complete && !keep(facets, err))) {
			return SCAN_FAILED;
		}
		if (facets->count > FACETS_MAX || facets->seen_count > FACETS_SEEN_MAX) {
			return SCAN_TOO_MANY;
		}
	}
	return SCAN_HIT;
}

/* The facet whose head comes first in the order that is wanted, or NULL. */
static struct facet *first_facet(const struct sqlite_facets *facets) {
	struct facet *first = NULL;
	for (size_t i = 0; i < facets->count; i++) {
		struct facet *facet = facets->all + i;
		if (facet->head != 0 && (!first || (facet->head > first->head) == facets->newest_first)) {
			first = facet;
		}
	}
	return first;
}

bool sqlite_facets_seek(struct sqlite_facets *facets, int64_t position, struct error *err) {
	bool ok = true;
	for (size_t i = 0; i < facets->count && ok; i++) {
		struct facet *facet = facets->all + i;
		if (facet->head == 0) {
			continue;
		}
		if (facets->newest_first && facet->head > position) {
			ok = find_head(facets, facet, facets->low, position + 1, err);
		} else if (!facets->newest_first && facet->head < position) {
			ok = find_head(facets, facet, position - 1, facets->high, err);
		}
	}
	return ok;
}

enum sqlite_scan sqlite_facets_next(
	struct sqlite_facets *facets, uint64_t deadline, int64_t *position, struct error *err) {
	enum sqlite_scan outcome = gather(facets, deadline, err);
	struct facet *first = outcome == SCAN_HIT ? first_facet(facets) : NULL;
	if (!first) {
		return outcome == SCAN_HIT ? SCAN_ENDED : outcome;
	}
	*position = first->head;
	bool ok = facets->newest_first ? find_head(facets, first, facets->low, first->head, err)
	                               : find_head(facets, first, first->head, facets->high, err);
	return ok ? SCAN_HIT : SCAN_FAILED;
}
