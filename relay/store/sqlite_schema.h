/* The tables of an SQLite store, and the way from each older form of them to this one. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "common/error.h"
#include "common/uuid.h"

/* Refuses files of other programs and of versions newer than this program; an empty file is fine. */
bool sqlite_schema_check(sqlite3 *db, struct error *err);

/*
 * Makes the tables in an empty file, or brings those of an older version up to date, in one transaction. Fills in the
 * store's `id`.
 */
bool sqlite_schema_prepare(sqlite3 *db, char id[UUID_TEXT_LEN + 1], struct error *err);
