/* An endpoint's row goes last: until then a restart finds what is still to be done. */
#include "relay/store/sqlite_purge.h"

#include <stddef.h>
#include <stdint.h>

#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_keys.h"
#include "relay/store/sqlite_types.h"

/* Entries of each kind in one transaction. */
#define CHUNK_EVENTS 100
#define CHUNK "100"

#define OLDEST_EVENTS "(SELECT pos FROM event WHERE endpoint = %lld ORDER BY seq LIMIT " CHUNK ")"
#define OLDEST_ATTEMPTS                                                                            \
	"(SELECT pos FROM attempt WHERE endpoint = %lld ORDER BY seq LIMIT " CHUNK ")"

static const char *const steps[] = {
	"DELETE FROM event_keys WHERE pos IN " OLDEST_EVENTS,
	"DELETE FROM event_type WHERE (bucket, type, pos) IN"
	" (SELECT pos >> " SQLITE_TYPES_BITS ", type, pos FROM event WHERE pos IN " OLDEST_EVENTS ")",
	"DELETE FROM content WHERE pos IN " OLDEST_EVENTS,
	"DELETE FROM event WHERE pos IN " OLDEST_EVENTS,
	"DELETE FROM content WHERE pos IN " OLDEST_ATTEMPTS,
	"DELETE FROM attempt WHERE pos IN " OLDEST_ATTEMPTS,
	"DELETE FROM counter WHERE endpoint = %lld AND NOT EXISTS (SELECT 1 FROM event WHERE "
	"event.endpoint"
	" = counter.endpoint) AND NOT EXISTS (SELECT 1 FROM attempt WHERE attempt.endpoint ="
	" counter.endpoint)",
	"DELETE FROM endpoint WHERE id = %lld AND id NOT IN (SELECT endpoint FROM counter)",
};

static bool purge_chunk(sqlite3 *db, int64_t endpoint) {
	bool ok =
		sqlite_db_run(db, "BEGIN IMMEDIATE", NULL) && sqlite_keys_purge(db, endpoint, CHUNK_EVENTS);
	for (size_t i = 0; ok && i < sizeof steps / sizeof *steps; i++) {
		char *sql = sqlite3_mprintf(steps[i], endpoint);
		ok = sql && sqlite_db_run(db, sql, NULL);
		sqlite3_free(sql);
	}
	ok = ok && sqlite_db_run(db, "COMMIT", NULL);
	if (!ok && !sqlite3_get_autocommit(db)) {
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	return ok;
}

bool sqlite_purge_some(sqlite3 *db) {
	int64_t endpoint = 0;
	return sqlite_db_get_int(db,
			   "SELECT ifnull((SELECT id FROM endpoint WHERE name IS NULL LIMIT 1), 0)", &endpoint,
			   NULL) &&
	       endpoint != 0 && purge_chunk(db, endpoint);
}
