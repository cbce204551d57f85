/* Takes the entries of removed endpoints away, a few at a time, so that no commit waits long for it. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>

/* One small transaction. False: nothing is left to do (or the disk failed; it is taken up again at the next start). */
bool sqlite_purge_some(sqlite3 *db);
