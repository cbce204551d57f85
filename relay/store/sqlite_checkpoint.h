/*
 * Carries committed pages from the write-ahead log into the file, on a thread and a connection of its own, so that no
 * commit waits for it; and keeps the log from growing for ever when commits come without a pause.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "relay/store/sqlite_file.h"
#include "relay/store/sqlite_thread.h"

struct sqlite_checkpoint {
	const struct sqlite_file *file;
	sqlite3 *db; /* used with `pass` held, if `is_open` */
	struct sqlite_thread thread;
	uv_mutex_t mutex; /* guards wanted, closing and carried */
	uv_mutex_t pass;  /* held while pages are carried */
	uv_cond_t work;
	bool is_open, wanted, closing;
	int64_t carried;   /* pages of the log that are in the file, as of the last pass */
	int64_t asked_for; /* the writer's: pages in the log when it last asked */
	int64_t log_pages; /* the writer's: pages in the log now */
	int64_t most_pages;
};

/* Whether it has a connection is told by sqlite_thread_opened. `log_bytes`: beyond this the writer waits. */
bool sqlite_checkpoint_start(struct sqlite_checkpoint *checkpoint, const struct sqlite_file *file,
	int64_t log_bytes, struct error *err);

/* By the writer after each commit, when the log has `pages` pages: asks the thread, helps it, or waits for it. */
void sqlite_checkpoint_tend(struct sqlite_checkpoint *checkpoint, int64_t pages);

/* Ends the thread and closes its connection. Allowed on one that was not started. */
void sqlite_checkpoint_stop(struct sqlite_checkpoint *checkpoint);
