/* What the counting of events and that of their keys share. */
#pragma once

#include <sqlite3.h>

#include "common/counts.h"

/* The status of an event `e` as it was at position ?3: attempts behind it are told one by one. */
#define SQLITE_STATUS_THEN                                                                         \
	"CASE WHEN attempts > 0 THEN (SELECT b.status FROM attempt AS b WHERE b.event = e.pos"         \
	" AND b.pos <= ?3 ORDER BY b.pos DESC LIMIT 1) END"

/* An attempt's status; NULL: there was none. */
static inline enum counts_status sqlite_status_in(sqlite3_stmt *stmt, int at) {
	if (sqlite3_column_type(stmt, at) == SQLITE_NULL) {
		return COUNTS_NONE;
	}
	int64_t status = sqlite3_column_int64(stmt, at);
	return counts_status_of(status == 0 ? -1 : status);
}
