/*
 * Events and attempts take their rowid (`pos`) from one counter, so that "in the order stored" is a merge of two
 * tables; their bytes are in a table of their own under the same `pos`, so that lists stay narrow. Every index costs each
 * event a page write: there is one for each question that is asked, and no more.
 */
#include "relay/store/sqlite_schema.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_deliveries.h"

/* "hkln": says whose file it is. */
#define APPLICATION_ID 1751870574

#define TEXT_OF(number) TEXT_OF_(number)
#define TEXT_OF_(number) #number

/* Step N leads from version N to version N + 1; a step that was released is never changed. */
static const char *const steps[] = {
	/* 0 -> 1 */
	"CREATE TABLE store(id TEXT NOT NULL) STRICT;"
	/* name NULL: removed, its entries are on their way out. Ids are never used again. */
	"CREATE TABLE endpoint("
	" id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT UNIQUE, settings TEXT NOT NULL) STRICT;"
	/* endpoint 0 counts positions; apart from `endpoint` because it is written with each group */
	"CREATE TABLE counter("
	" endpoint INTEGER PRIMARY KEY, last_seq INTEGER NOT NULL, events INTEGER NOT NULL) STRICT;"
	"CREATE TABLE event("
	" pos INTEGER PRIMARY KEY, id BLOB NOT NULL, endpoint INTEGER NOT NULL, seq INTEGER NOT NULL,"
	" received_at_ns INTEGER NOT NULL, path_offset INTEGER NOT NULL, head_len INTEGER NOT NULL,"
	" body_len INTEGER NOT NULL, trailers_len INTEGER NOT NULL, answer_status INTEGER NOT NULL,"
	" repeat INTEGER NOT NULL, verdict INTEGER NOT NULL, attempts INTEGER NOT NULL,"
	" last_status INTEGER NOT NULL, peer TEXT NOT NULL, method TEXT NOT NULL, target TEXT NOT NULL,"
	" provider TEXT NOT NULL, type TEXT NOT NULL, provider_id TEXT, reason TEXT NOT NULL,"
	" secret TEXT NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX event_seq ON event(endpoint, seq);"
	"CREATE UNIQUE INDEX event_id ON event(id);"
	"CREATE INDEX event_provider_id ON event(endpoint, provider_id)"
	" WHERE provider_id IS NOT NULL;"
	/* `event` is the event's pos */
	"CREATE TABLE attempt("
	" pos INTEGER PRIMARY KEY, id BLOB NOT NULL, event INTEGER NOT NULL, endpoint INTEGER NOT NULL,"
	" seq INTEGER NOT NULL, number INTEGER NOT NULL, cause INTEGER NOT NULL,"
	" status INTEGER NOT NULL, answer_head_len INTEGER NOT NULL, answer_body_len INTEGER NOT NULL,"
	" answer_body_total INTEGER NOT NULL, started_at_ns INTEGER NOT NULL,"
	" took_us INTEGER NOT NULL, target TEXT NOT NULL, changes TEXT NOT NULL, error TEXT NOT NULL,"
	" who TEXT NOT NULL) STRICT;"
	"CREATE UNIQUE INDEX attempt_seq ON attempt(endpoint, seq);"
	"CREATE UNIQUE INDEX attempt_id ON attempt(id);"
	"CREATE INDEX attempt_event ON attempt(event);"
	"CREATE TABLE content("
	" pos INTEGER PRIMARY KEY, head BLOB NOT NULL, body BLOB NOT NULL, trailers BLOB NOT NULL"
	") STRICT;"
	"CREATE TABLE secret("
	" endpoint INTEGER NOT NULL, label TEXT NOT NULL, provider TEXT NOT NULL, sealed BLOB NOT NULL,"
	" added_at_ms INTEGER NOT NULL, PRIMARY KEY(endpoint, label)) STRICT, WITHOUT ROWID;"
	"INSERT INTO counter VALUES(0, 0, 0);",
	/* 1 -> 2 */
	"CREATE TABLE refusal("
	" id INTEGER PRIMARY KEY, at_ns INTEGER NOT NULL, peer TEXT NOT NULL, status INTEGER NOT NULL,"
	" reason TEXT NOT NULL, line TEXT NOT NULL) STRICT;",
	/* 2 -> 3: an index in the order of the ids was most of what an event cost */
	"DROP INDEX event_provider_id;"
	"CREATE TABLE delivery("
	" id INTEGER PRIMARY KEY, pos INTEGER NOT NULL, key INTEGER NOT NULL) STRICT;"
	"INSERT INTO delivery(pos, key) SELECT pos, delivery_key((SELECT id FROM store), endpoint,"
	" provider_id) FROM (SELECT pos, endpoint, provider_id FROM event WHERE provider_id IS NOT NULL"
	" ORDER BY pos DESC LIMIT " TEXT_OF(
		DELIVERIES_KEPT) ") ORDER BY pos;"
						 /* each facet grows at its end, so that the events of a commit share a page or two */
						 "CREATE INDEX event_facet ON event(endpoint, provider, verdict, "
						 "last_status);",
	/* 3 -> 4: what a handshake was answered with; nothing for nearly all events */
	("ALTER TABLE event ADD COLUMN handshake TEXT NOT NULL DEFAULT '';"
	 "ALTER TABLE event ADD COLUMN answer TEXT NOT NULL DEFAULT '';"),
	/* 4 -> 5: the version of the recipes an event was judged with */
	"ALTER TABLE event ADD COLUMN recipe TEXT NOT NULL DEFAULT '';",
	/* 5 -> 6: who answered the sender (7: it waits), and what an endpoint's script has left */
	("ALTER TABLE event ADD COLUMN answer_by INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE event ADD COLUMN answer_after_us INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE event ADD COLUMN answer_why TEXT NOT NULL DEFAULT '';"
	 "CREATE INDEX event_waiting ON event(pos) WHERE answer_by = 7;"
	 "ALTER TABLE attempt ADD COLUMN late INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE endpoint ADD COLUMN state TEXT NOT NULL DEFAULT '';"),
	/* 6 -> 7: events that were made here, and what they are copies of (empty and 0: of none) */
	("ALTER TABLE event ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE event ADD COLUMN parent BLOB NOT NULL DEFAULT x'';"
	 "ALTER TABLE event ADD COLUMN parent_seq INTEGER NOT NULL DEFAULT 0;"),
	/* 7 -> 8: attempts that are still to be made */
	("CREATE TABLE retry("
	 " event BLOB NOT NULL, target TEXT NOT NULL, endpoint INTEGER NOT NULL, facts TEXT NOT NULL,"
	 " PRIMARY KEY(event, target)) STRICT, WITHOUT ROWID;"),
	/* 8 -> 9: what people say of events, and what their attempts make them (1: late, 2: replayed) */
	("ALTER TABLE event ADD COLUMN marked INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE event ADD COLUMN note TEXT NOT NULL DEFAULT '';"
	 "ALTER TABLE event ADD COLUMN annotated_by TEXT NOT NULL DEFAULT '';"
	 "ALTER TABLE event ADD COLUMN annotated_at_ns INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE event ADD COLUMN traits INTEGER NOT NULL DEFAULT 0;"
	 "UPDATE event SET traits = 2 WHERE pos IN (SELECT event FROM attempt WHERE cause = 2);"
	 "UPDATE event SET traits = traits | 1 WHERE pos IN (SELECT event FROM attempt WHERE late);"
	 "CREATE INDEX event_marked ON event(pos) WHERE marked = 1;"),
	/* 9 -> 10: what people ask by; written behind the commit, so the mark says how far it is */
	("CREATE TABLE event_keys(pos INTEGER PRIMARY KEY, keys BLOB NOT NULL) STRICT;"
	 "CREATE TABLE key_place("
	 " bucket INTEGER NOT NULL, key INTEGER NOT NULL, pos INTEGER NOT NULL,"
	 " PRIMARY KEY(bucket, key, pos)) STRICT, WITHOUT ROWID;"
	 "CREATE TABLE key_mark("
	 " low INTEGER NOT NULL, head INTEGER NOT NULL, version TEXT NOT NULL) STRICT;"
	 "INSERT INTO key_mark VALUES(0, 0, '');"),
	/* 10 -> 11: events by type, in buckets as their keys are; made with them, so those begin anew */
	("CREATE TABLE event_type("
	 " bucket INTEGER NOT NULL, type TEXT NOT NULL, pos INTEGER NOT NULL,"
	 " PRIMARY KEY(bucket, type, pos)) STRICT, WITHOUT ROWID;"
	 "ALTER TABLE key_mark ADD COLUMN type_low INTEGER NOT NULL DEFAULT 0;"
	 "ALTER TABLE key_mark ADD COLUMN type_head INTEGER NOT NULL DEFAULT 0;"
	 "UPDATE key_mark SET low = head, type_low = head, type_head = head;"),
	/* 11 -> 12: deliveries in runs: a row for each was one page more in each commit */
	("CREATE TABLE delivery_run("
	 " id INTEGER PRIMARY KEY, pos INTEGER NOT NULL, entries BLOB NOT NULL) STRICT;"
	 "INSERT INTO delivery_run SELECT id, pos, delivery_entry(pos, key) FROM delivery ORDER BY id;"
	 "DROP TABLE delivery;"),
};

#define VERSION ((int64_t)(sizeof steps / sizeof *steps))

bool sqlite_schema_check(sqlite3 *db, struct error *err) {
	const char *file = sqlite3_db_filename(db, "main");
	int64_t version = 0, application = 0, tables = 0;
	if (!sqlite_db_get_int(db, "PRAGMA user_version", &version, err) ||
		!sqlite_db_get_int(db, "PRAGMA application_id", &application, err) ||
		!sqlite_db_get_int(db, "SELECT count(*) FROM sqlite_schema", &tables, err)) {
		return false;
	}
	if (application != APPLICATION_ID && (application != 0 || version != 0 || tables != 0)) {
		return error_set(err, ERROR_IO, "%s is a database of another program", file);
	}
	if (version < 0 || version > VERSION) {
		return error_set(err, ERROR_IO,
			"%s was written by a newer hookline-relay (store version %lld, this one knows %lld): "
			"run that one, or a newer one",
			file, (long long)version, (long long)VERSION);
	}
	return true;
}

/* Each store has a name of its own, so that a cursor of another store is not taken for one of this. */
static bool give_id(sqlite3 *db, struct error *err) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	uint8_t random[10];
	sqlite3_randomness(sizeof random, random);
	struct uuid id = uuid_make((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, random);
	char text[UUID_TEXT_LEN + 1], sql[128];
	uuid_format(&id, text);
	sqlite3_snprintf(sizeof sql, sql, "INSERT INTO store VALUES('%s'); PRAGMA application_id = %d",
		text, APPLICATION_ID);
	return sqlite_db_run(db, sql, err);
}

static bool climb(sqlite3 *db, int64_t version, struct error *err) {
	for (int64_t step = version; step < VERSION; step++) {
		if (!sqlite_db_run(db, steps[step], err)) {
			return error_prefix(
				err, "store version %lld to %lld", (long long)step, (long long)step + 1);
		}
	}
	char sql[64];
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA user_version = %lld", (long long)VERSION);
	return (version > 0 || give_id(db, err)) && sqlite_db_run(db, sql, err);
}

static bool migrate(sqlite3 *db, int64_t version, struct error *err) {
	bool ok = sqlite_deliveries_register(db, err) && sqlite_db_run(db, "BEGIN IMMEDIATE", err) &&
	          climb(db, version, err) && sqlite_db_run(db, "COMMIT", err);
	if (!ok) {
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	}
	return ok;
}

static bool read_id(sqlite3 *db, char id[UUID_TEXT_LEN + 1], struct error *err) {
	sqlite3_stmt *stmt = sqlite_db_prepare(db, "SELECT id FROM store", err);
	if (!stmt) {
		return false;
	}
	bool ok = sqlite3_step(stmt) == SQLITE_ROW;
	struct span text = ok ? sqlite_column_span(stmt, 0) : (struct span){0};
	if (text.len == UUID_TEXT_LEN) {
		memcpy(id, text.data, UUID_TEXT_LEN);
		id[UUID_TEXT_LEN] = '\0';
	} else {
		ok = error_set(
			err, ERROR_IO, "%s is damaged: its id is missing", sqlite3_db_filename(db, "main"));
	}
	sqlite3_finalize(stmt);
	return ok;
}

bool sqlite_schema_prepare(sqlite3 *db, char id[UUID_TEXT_LEN + 1], struct error *err) {
	int64_t version = 0;
	return sqlite_db_get_int(db, "PRAGMA user_version", &version, err) &&
	       (version == VERSION || migrate(db, version, err)) && read_id(db, id, err);
}
