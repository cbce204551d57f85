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

struct sqlite_checkpoint {
	sqlite3 *db; /* used with `pass` held */
	uv_thread_t thread;
	uv_mutex_t mutex; /* guards wanted, closing and carried */
	uv_mutex_t pass;  /* held while pages are carried */
	uv_cond_t work;
	bool running, wanted, closing;
	int64_t carried;   /* pages of the log that are in the file, as of the last pass */
	int64_t asked_for; /* the writer's: pages in the log when it last asked */
	int64_t log_pages; /* the writer's: pages in the log now */
	int64_t most_pages;
};

/* `log_bytes`: beyond this the writer waits. */
bool sqlite_checkpoint_start(struct sqlite_checkpoint *checkpoint, const char *path, bool durable,
	int64_t log_bytes, struct error *err);

/* By the writer after each commit, when the log has `pages` pages: asks the thread, helps it, or waits for it. */
void sqlite_checkpoint_tend(struct sqlite_checkpoint *checkpoint, int64_t pages);

/* Ends the thread and closes its connection. Allowed on one that was not started. */
void sqlite_checkpoint_stop(struct sqlite_checkpoint *checkpoint);
