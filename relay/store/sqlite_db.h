/* One connection to SQLite, set up and checked; its errors in our words; and values in and out as spans. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "common/span.h"

enum sqlite_role { SQLITE_WRITER, SQLITE_CHECKPOINTER, SQLITE_READER };

/*
 * Opens `path`, which must exist, for one thread, through the file layer called `layer` (NULL: the default), and changes nothing
 * in it. NULL and `err` when it cannot be.
 */
sqlite3 *sqlite_db_open(const char *path, const char *layer, struct error *err);

/*
 * Before anything is written; the writer's first, which lays the log. `durable`: a commit is on disk when it returns (WAL with
 * synchronous=FULL, both read back); only temporary files go without.
 */
bool sqlite_db_set_up(sqlite3 *db, enum sqlite_role role, bool durable, struct error *err);

/* Sets `err` from what went wrong last: ERROR_FULL when there is no space, else ERROR_IO. Returns false. */
bool sqlite_db_fail(sqlite3 *db, struct error *err);

/* Runs statements that return nothing. */
bool sqlite_db_run(sqlite3 *db, const char *sql, struct error *err);

/* The first column of the first row of `sql`. */
bool sqlite_db_get_int(sqlite3 *db, const char *sql, int64_t *value, struct error *err);

/* A statement that is kept for long; NULL and `err` when it does not fit the schema. */
sqlite3_stmt *sqlite_db_prepare(sqlite3 *db, const char *sql, struct error *err);
/* The same, kept in `*stmt` and prepared when that is NULL. */
sqlite3_stmt *sqlite_db_prepare_once(
	sqlite3_stmt **stmt, sqlite3 *db, const char *sql, struct error *err);

/*
 * Calls `each` for the rows of `stmt` until it says false, and finalizes it. False and `err` when reading fails; with NULL
 * for a statement that could not be prepared, `err` is left as it is.
 */
typedef bool sqlite_row_fn(void *data, sqlite3_stmt *row);
bool sqlite_db_each(sqlite3_stmt *stmt, sqlite_row_fn *each, void *data, struct error *err);

/* Text and blobs are bound where they are, not copied: keep them until the statement is reset. */
void sqlite_bind_text_span(sqlite3_stmt *stmt, int at, struct span text);
void sqlite_bind_blob_span(sqlite3_stmt *stmt, int at, struct span bytes);
/* NULL for an empty span. */
void sqlite_bind_text_or_null(sqlite3_stmt *stmt, int at, struct span text);

/* A column of text or bytes, exactly; valid until the next step or reset. */
struct span sqlite_column_span(sqlite3_stmt *stmt, int at);

/* Runs a statement that returns no row, and resets it. */
bool sqlite_step_done(sqlite3_stmt *stmt);
