/* Attempts that are still to be made: few, small, written through the same queue as everything else. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"

struct retry_job {
	struct sqlite_job job; /* first */
	struct uuid event;
	int64_t endpoint;          /* 0: it is taken away */
	struct span target, facts; /* our copies */
	store_done_fn *done;
	void *data;
};

static enum sqlite_outcome run_put(struct sqlite_writer *writer, struct retry_job *put) {
	struct sqlite_counter *counter;
	enum sqlite_outcome outcome = sqlite_writer_counter(writer, put->endpoint, &counter);
	if (outcome == JOB_REFUSED) {
		return sqlite_job_refuse(
			&put->job, ERROR_NO, "endpoint %lld does not exist", (long long)put->endpoint);
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_RETRY_PUT);
	sqlite3_bind_blob(stmt, 1, put->event.bytes, sizeof put->event.bytes, SQLITE_STATIC);
	sqlite_bind_text_span(stmt, 2, put->target);
	sqlite3_bind_int64(stmt, 3, put->endpoint);
	sqlite_bind_text_span(stmt, 4, put->facts);
	return outcome == JOB_DONE && sqlite_step_done(stmt) ? JOB_DONE : JOB_FAILED;
}

static enum sqlite_outcome run(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct retry_job *retry = (struct retry_job *)job;
	if (retry->endpoint != 0) {
		return run_put(writer, retry);
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_RETRY_REMOVE);
	sqlite3_bind_blob(stmt, 1, retry->event.bytes, sizeof retry->event.bytes, SQLITE_STATIC);
	sqlite_bind_text_span(stmt, 2, retry->target);
	return sqlite_step_done(stmt) ? JOB_DONE : JOB_FAILED;
}

static void finish(struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	(void)store;
	struct retry_job *retry = (struct retry_job *)job;
	retry->done(retry->data, err);
	free((char *)retry->target.data);
	free((char *)retry->facts.data);
	free(retry);
}

static struct span copied(struct span span) {
	return (struct span){alloc_text(span.data ? span.data : "", span.len), span.len};
}

void sqlite_put_retry(
	struct store *store, const struct retry_record *record, store_done_fn *done, void *data) {
	struct retry_job *put = alloc_zero(1, sizeof *put);
	*put = (struct retry_job){.job = {.run = run, .finish = finish, .bytes = record->facts.len},
		.event = record->event,
		.endpoint = record->endpoint,
		.target = copied(record->target),
		.facts = copied(record->facts),
		.done = done,
		.data = data};
	sqlite_writer_add(&sqlite_store_of(store)->writer, &put->job);
}

void sqlite_remove_retry(struct store *store, const struct uuid *event, struct span target,
	store_done_fn *done, void *data) {
	struct retry_job *removal = alloc_zero(1, sizeof *removal);
	*removal = (struct retry_job){.job = {.run = run, .finish = finish},
		.event = *event,
		.target = copied(target),
		.done = done,
		.data = data};
	sqlite_writer_add(&sqlite_store_of(store)->writer, &removal->job);
}

struct retry_walk {
	bool (*each)(void *data, const struct retry_record *record);
	void *data;
};

static bool give(void *data, sqlite3_stmt *row) {
	const struct retry_walk *walk = data;
	struct span event = sqlite_column_span(row, 0);
	struct retry_record record = {.target = sqlite_column_span(row, 1),
		.endpoint = sqlite3_column_int64(row, 2),
		.facts = sqlite_column_span(row, 3)};
	if (event.len != sizeof record.event.bytes) {
		return true;
	}
	memcpy(record.event.bytes, event.data, event.len);
	return walk->each(walk->data, &record);
}

bool sqlite_each_retry(struct store *store, bool (*each)(void *, const struct retry_record *),
	void *data, struct error *err) {
	sqlite3_stmt *stmt = sqlite_db_prepare(sqlite_store_of(store)->reader.db,
		"SELECT event, target, endpoint, facts FROM retry ORDER BY event, target", err);
	return sqlite_db_each(stmt, give, &(struct retry_walk){each, data}, err);
}
