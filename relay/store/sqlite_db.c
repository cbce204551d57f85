/* Every promise of the store rests on how a connection is set up; so what matters is read back. */
#include "relay/store/sqlite_db.h"

#include <errno.h>
#include <string.h>

/* Kilobytes of pages each connection keeps; the rest is in the system's cache. */
#define WRITER_CACHE_KB 8192
#define READER_CACHE_KB 4096
/* How long a connection waits for another of ours: locks are held for moments (recovery, end of a checkpoint). */
#define BUSY_MS 2000

static bool is_no_space(sqlite3 *db) {
	int code = sqlite3_extended_errcode(db);
	int why = sqlite3_system_errno(db);
	return (code & 0xff) == SQLITE_FULL ||
	       ((code & 0xff) == SQLITE_IOERR && (why == ENOSPC || why == EDQUOT));
}

/* The system's reason, where SQLite's own words leave it out; or nothing. */
static const char *reason(sqlite3 *db) {
	int code = sqlite3_extended_errcode(db) & 0xff;
	int why = code == SQLITE_IOERR || code == SQLITE_CANTOPEN ? sqlite3_system_errno(db) : 0;
	return why ? strerror(why) : "";
}

bool sqlite_db_fail(sqlite3 *db, struct error *err) {
	int code = sqlite3_extended_errcode(db);
	const char *file = sqlite3_db_filename(db, "main");
	if (is_no_space(db)) {
		return error_set(err, ERROR_FULL,
			"%s: no space left on the disk, or under a limit on the size of files", file);
	}
	if ((code & 0xff) == SQLITE_NOTADB || (code & 0xff) == SQLITE_CORRUPT) {
		return error_set(err, ERROR_IO,
			"%s is damaged, or no store of hookline (%s): restore a copy, or move it away to begin "
			"a new one",
			file, sqlite3_errmsg(db));
	}
	const char *why = reason(db);
	return error_set(err, ERROR_IO, "%s: %s%s%s", file, sqlite3_errmsg(db), *why ? ": " : "", why);
}

bool sqlite_db_run(sqlite3 *db, const char *sql, struct error *err) {
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK || sqlite_db_fail(db, err);
}

bool sqlite_db_get_int(sqlite3 *db, const char *sql, int64_t *value, struct error *err) {
	sqlite3_stmt *stmt = sqlite_db_prepare(db, sql, err);
	if (!stmt) {
		return false;
	}
	bool ok = sqlite3_step(stmt) == SQLITE_ROW;
	if (ok) {
		*value = sqlite3_column_int64(stmt, 0);
	} else {
		sqlite_db_fail(db, err);
	}
	sqlite3_finalize(stmt);
	return ok;
}

sqlite3_stmt *sqlite_db_prepare(sqlite3 *db, const char *sql, struct error *err) {
	sqlite3_stmt *stmt = NULL;
	if (sqlite3_prepare_v3(db, sql, -1, SQLITE_PREPARE_PERSISTENT, &stmt, NULL) != SQLITE_OK) {
		sqlite_db_fail(db, err);
		return NULL;
	}
	return stmt;
}

sqlite3_stmt *sqlite_db_prepare_once(
	sqlite3_stmt **stmt, sqlite3 *db, const char *sql, struct error *err) {
	if (!*stmt) {
		*stmt = sqlite_db_prepare(db, sql, err);
	}
	return *stmt;
}

/* What a hostile or damaged file could otherwise make SQLite do. */
static void harden(sqlite3 *db) {
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, (int *)NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

static bool journal_is_wal(sqlite3 *db, struct error *err) {
	sqlite3_stmt *stmt = sqlite_db_prepare(db, "PRAGMA journal_mode = WAL", err);
	if (!stmt) {
		return false;
	}
	bool ok = sqlite3_step(stmt) == SQLITE_ROW || sqlite_db_fail(db, err);
	struct span mode = ok ? sqlite_column_span(stmt, 0) : (struct span){0};
	if (ok && !span_is(mode, "wal")) {
		ok = error_set(err, ERROR_IO,
			"%s: a write-ahead log cannot be used there, and without it nothing is safe",
			sqlite3_db_filename(db, "main"));
	}
	sqlite3_finalize(stmt);
	return ok;
}

static bool flushes_are_full(sqlite3 *db, struct error *err) {
	int64_t level = 0;
	return sqlite_db_run(db, "PRAGMA synchronous = FULL", err) &&
	       sqlite_db_get_int(db, "PRAGMA synchronous", &level, err) &&
	       (level == 2 || error_set(err, ERROR_IO, "%s: SQLite does not flush each commit",
							  sqlite3_db_filename(db, "main")));
}

/* No mmap: a disk that fails, or a file that is cut, would then be a signal instead of an error. */
bool sqlite_db_set_up(sqlite3 *db, enum sqlite_role role, bool durable, struct error *err) {
	int cache = role == SQLITE_READER ? READER_CACHE_KB : WRITER_CACHE_KB;
	char sql[256];
	sqlite3_snprintf(sizeof sql, sql,
		"PRAGMA cache_size = -%d; PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
		"PRAGMA foreign_keys = OFF; PRAGMA wal_autocheckpoint = 0; PRAGMA query_only = %d",
		cache, role == SQLITE_READER);
	if ((role == SQLITE_WRITER && !journal_is_wal(db, err)) || !sqlite_db_run(db, sql, err)) {
		return false;
	}
	return role == SQLITE_READER || (durable ? flushes_are_full(db, err)
											 : sqlite_db_run(db, "PRAGMA synchronous = OFF", err));
}

sqlite3 *sqlite_db_open(const char *path, const char *layer, struct error *err) {
	sqlite3 *db = NULL;
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE;
	if (sqlite3_open_v2(path, &db, flags, layer) != SQLITE_OK) {
		const char *why = db ? reason(db) : "";
		error_set(err, ERROR_IO, "open store %s: %s%s%s", path,
			db ? sqlite3_errmsg(db) : "no memory", *why ? ": " : "", why);
		sqlite3_close(db);
		return NULL;
	}
	sqlite3_extended_result_codes(db, 1);
	sqlite3_busy_timeout(db, BUSY_MS);
	harden(db);
	return db;
}

bool sqlite_db_each(sqlite3_stmt *stmt, sqlite_row_fn *each, void *data, struct error *err) {
	if (!stmt) {
		return false;
	}
	int step;
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW && each(data, stmt)) {
	}
	bool ok =
		step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(sqlite3_db_handle(stmt), err);
	sqlite3_finalize(stmt);
	return ok;
}

void sqlite_bind_text_span(sqlite3_stmt *stmt, int at, struct span text) {
	sqlite3_bind_text64(stmt, at, text.data ? text.data : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

void sqlite_bind_blob_span(sqlite3_stmt *stmt, int at, struct span bytes) {
	sqlite3_bind_blob64(stmt, at, bytes.data ? bytes.data : "", bytes.len, SQLITE_STATIC);
}

void sqlite_bind_text_or_null(sqlite3_stmt *stmt, int at, struct span text) {
	if (text.len > 0) {
		sqlite_bind_text_span(stmt, at, text);
	} else {
		sqlite3_bind_null(stmt, at);
	}
}

struct span sqlite_column_span(sqlite3_stmt *stmt, int at) {
	const char *data = sqlite3_column_blob(stmt, at);
	return (struct span){data, (size_t)sqlite3_column_bytes(stmt, at)};
}

bool sqlite_step_done(sqlite3_stmt *stmt) {
	bool ok = sqlite3_step(stmt) == SQLITE_DONE;
	sqlite3_reset(stmt);
	return ok;
}
