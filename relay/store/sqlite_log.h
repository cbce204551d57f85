/*
 * A file layer for the writer: gathers what a commit writes to the write-ahead log and hands it to the disk in one piece, into
 * room that was made before. SQLite writes each page and each page's header by itself, and a log that grows with every
 * commit makes each flush write the file's size, too; both cost more than the pages.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

#include "common/error.h"

/* One for each store; lives until its last connection is closed. */
struct sqlite_log {
	sqlite3_vfs vfs; /* first */
	sqlite3_vfs *real;
	char name[40];
};

/*
 * Registers it under `log->name`, above the layer that is the default now. Only for a connection with synchronous=FULL,
 * which flushes before it shows a commit to the others.
 */
bool sqlite_log_register(struct sqlite_log *log, struct error *err);
/* Allowed on one that was not registered. */
void sqlite_log_unregister(struct sqlite_log *log);
