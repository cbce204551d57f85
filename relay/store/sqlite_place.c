/*
 * Finds a position in the order of one endpoint. There is no index from the one to the other, which would cost every
 * event a page write; but both only grow, so halving leads there in some twenty look-ups.
 */
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_read.h"

static sqlite3_stmt *place_statement(struct sqlite_reader *reader, struct error *err) {
	static const char sql[] = "SELECT pos, seq FROM"
							  " (SELECT * FROM (SELECT pos, seq FROM event"
							  "  WHERE endpoint = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1)"
							  " UNION ALL SELECT * FROM (SELECT pos, seq FROM attempt"
							  "  WHERE endpoint = ?1 AND seq >= ?2 ORDER BY seq LIMIT 1))"
							  " ORDER BY seq LIMIT 1";
	if (!reader->place) {
		reader->place = sqlite_db_prepare(reader->db, sql, err);
	}
	return reader->place;
}

/* The position and seq of the first entry from `seq` on; past the last one both are INT64_MAX. */
static bool first_from(struct sqlite_reader *reader, int64_t endpoint, int64_t seq,
	int64_t *position, int64_t *found, struct error *err) {
	sqlite3_stmt *stmt = place_statement(reader, err);
	if (!stmt) {
		return false;
	}
	sqlite3_bind_int64(stmt, 1, endpoint);
	sqlite3_bind_int64(stmt, 2, seq);
	int step = sqlite3_step(stmt);
	*position = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : INT64_MAX;
	*found = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 1) : INT64_MAX;
	sqlite3_reset(stmt);
	return step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(reader->db, err);
}

bool sqlite_place_find(int64_t *seq, struct sqlite_reader *reader, int64_t endpoint,
	int64_t position, struct error *err) {
	/* the endpoint cannot have counted further than all together have */
	int64_t low = 1, high = position;
	while (low < high) {
		int64_t middle = low + (high - low) / 2, at, found;
		if (!first_from(reader, endpoint, middle, &at, &found, err)) {
			return false;
		}
		if (at < position) {
			low = found + 1;
		} else {
			high = middle;
		}
	}
	*seq = low;
	return true;
}

bool sqlite_place_position(int64_t *position, struct sqlite_reader *reader, int64_t endpoint,
	int64_t seq, struct error *err) {
	int64_t found;
	return first_from(reader, endpoint, seq, position, &found, err);
}
