/*
 * The one thread that writes. It takes all jobs that have queued as one group, runs them in one transaction with one
 * flush, and hands the group back to the loop. No timer makes groups: an idle store commits a single job at once, a busy
 * one finds many when it comes back from the flush.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "relay/store/sqlite_checkpoint.h"
#include "relay/store/sqlite_deliveries.h"
#include "relay/store/sqlite_file.h"
#include "relay/store/sqlite_statements.h"
#include "relay/store/store.h"

struct sqlite_store;
struct sqlite_writer;

enum sqlite_outcome {
	JOB_DONE,
	JOB_REFUSED, /* nothing was written and the others may go on; the job's error is set */
	JOB_FAILED,  /* SQLite said no: what to do is read from the connection */
};

/* Something to be written. The first member of a struct that knows what. */
struct sqlite_job {
	struct sqlite_job *next;
	/* On the writer's thread, within a transaction; runs again when the group had to be undone. */
	enum sqlite_outcome (*run)(struct sqlite_writer *writer, struct sqlite_job *job);
	/* On the loop, in the order of the queue; tells the caller and frees the job. */
	void (*finish)(struct sqlite_store *store, struct sqlite_job *job, const struct error *err);
	size_t bytes;          /* about as many as it writes */
	bool needs_space;      /* refused below the floor of free space */
	struct error *refusal; /* its own error; NULL: the group's */
};

struct sqlite_queue {
	struct sqlite_job *first, **end;
	int64_t count;
};

/* What was in one transaction. */
struct sqlite_group {
	struct sqlite_group *next;
	struct sqlite_queue jobs;
	struct error err; /* ERROR_NONE: committed */
	int64_t position; /* of the newest entry that is committed */
};

/* An endpoint's numbers as the writer goes on with them; dropped, and read again, whenever a group fails. */
struct sqlite_counter {
	int64_t endpoint, last_seq, events;
	bool touched; /* in this group */
	bool removed; /* as if it were not there */
};

/* Numbers for /metrics and /readyz; guarded by the writer's mutex. */
struct sqlite_health {
	int64_t failed_in_row, errors, groups, group_entries, commit_us;
	bool failing, full;
	char trouble[256];
};

struct sqlite_writer {
	struct sqlite_file *file;
	struct store_options options;
	uv_thread_t thread;
	uv_async_t *wake_loop;

	/* shared with the loop */
	uv_mutex_t mutex;
	uv_cond_t work;
	struct sqlite_queue queue; /* somebody waits */
	struct sqlite_queue lazy;  /* nobody waits: goes with the next group */
	struct sqlite_group *done, **done_end;
	bool closing, closed;
	struct sqlite_health health;

	/* the thread's own */
	sqlite3 *db;
	struct sqlite_statements statements;
	struct sqlite_checkpoint checkpoint;
	struct sqlite_counter *counters; /* sorted by endpoint */
	size_t counter_count, counter_capacity;
	struct sqlite_deliveries deliveries;
	bool purging;                           /* an endpoint that was removed still has entries */
	int64_t free_checked_at_ms, free_bytes; /* when looked at, less what was written since */
	int64_t free_floor;
	int64_t log_pages; /* pages in the write-ahead log after the last commit */
};

/* Opens the connections and starts the threads. `err` and false: nothing remains. */
bool sqlite_writer_start(struct sqlite_writer *writer, sqlite3 *db, struct sqlite_file *file,
	const struct store_options *options, uv_async_t *wake_loop, struct error *err);

/* On the loop. The job is the writer's until `finish`. */
void sqlite_writer_add(struct sqlite_writer *writer, struct sqlite_job *job);
/* On the loop: to be written within a moment, with others. False: too many wait, the job is still the caller's. */
bool sqlite_writer_add_lazily(struct sqlite_writer *writer, struct sqlite_job *job);

/* On the loop: the groups that are done, oldest first, linked by `next`, each the caller's to free; `closed` once the thread is at its end. */
struct sqlite_group *sqlite_writer_take_done(struct sqlite_writer *writer, bool *closed);

/* Commits what is queued and ends the thread, which wakes the loop a last time. */
void sqlite_writer_close(struct sqlite_writer *writer);
/* After `closed`: waits for the thread's last instruction and frees what is left. */
void sqlite_writer_join(struct sqlite_writer *writer);

struct sqlite_health sqlite_writer_health(struct sqlite_writer *writer);

/* For jobs, on the thread. */

/*
 * The numbers of an endpoint, or of all that is stored (COUNTER_OF_ALL: positions). To be counted up with `touched` once the
 * entry is written; valid until the next call. JOB_REFUSED: there is no such endpoint; the job's error is not set.
 */
#define COUNTER_OF_ALL 0
enum sqlite_outcome sqlite_writer_counter(
	struct sqlite_writer *writer, int64_t endpoint, struct sqlite_counter **counter);
/* To be read again from the tables. */
void sqlite_writer_forget_counters(struct sqlite_writer *writer);

sqlite3_stmt *sqlite_writer_statement(struct sqlite_writer *writer, enum sqlite_statement which);

enum sqlite_outcome sqlite_job_refuse(struct sqlite_job *job, enum error_code code,
	const char *format, ...) __attribute__((format(printf, 3, 4)));
