#include "relay/store/sqlite_marks.h"

#include "relay/store/sqlite_db.h"

/* "marked = 1" as the index has it: a parameter would keep SQLite from using it. */
#define MARKED                                                                                     \
	"SELECT pos FROM event INDEXED BY event_marked WHERE marked = 1 AND pos > ?1 AND pos < ?2"     \
	" ORDER BY pos"

const char *sqlite_marks_sql(bool newest_first) {
	return newest_first ? MARKED " DESC LIMIT 1" : MARKED " LIMIT 1";
}

enum sqlite_scan sqlite_marks_next(
	struct sqlite_marks *marks, int64_t *position, struct error *err) {
	struct sqlite_reader *reader = marks->reader;
	sqlite3_stmt **stmt = &reader->marked_next[marks->newest_first];
	if (!*stmt) {
		*stmt = sqlite_db_prepare(reader->db, sqlite_marks_sql(marks->newest_first), err);
	}
	if (!*stmt) {
		return SCAN_FAILED;
	}
	sqlite3_bind_int64(*stmt, 1, marks->low);
	sqlite3_bind_int64(*stmt, 2, marks->high);
	int step = sqlite3_step(*stmt);
	if (step == SQLITE_ROW) {
		*position = sqlite3_column_int64(*stmt, 0);
		*(marks->newest_first ? &marks->high : &marks->low) = *position;
	}
	sqlite3_reset(*stmt);
	if (step != SQLITE_ROW && step != SQLITE_DONE) {
		sqlite_db_fail(reader->db, err);
		return SCAN_FAILED;
	}
	return step == SQLITE_ROW ? SCAN_HIT : SCAN_ENDED;
}
