/* What is written about requests afterwards: other verdicts, and those that never became events. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"

struct verdict_job {
	struct sqlite_job job; /* first */
	struct verdict_change *changes;
	size_t count;
	store_done_fn *done;
	void *data;
};

struct refusal_job {
	struct sqlite_job job; /* first */
	int64_t at_ns, status;
	struct span peer, reason, line; /* in `bytes` */
	char bytes[];
};

static bool judge(struct sqlite_writer *writer, const struct verdict_change *change) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_JUDGE);
	sqlite3_bind_blob(stmt, 1, change->event.bytes, sizeof change->event.bytes, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, change->judgement.verdict);
	sqlite_bind_text_span(stmt, 3, span_text(change->judgement.reason));
	sqlite_bind_text_span(stmt, 4, span_text(change->judgement.secret));
	sqlite_bind_text_or_null(stmt, 5, span_text(change->provider));
	sqlite_bind_text_span(stmt, 6, span_text(change->recipe));
	return sqlite_step_done(stmt);
}

/* An event that is gone meanwhile is passed over. */
static enum sqlite_outcome run_verdicts(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct verdict_job *verdicts = (struct verdict_job *)job;
	for (size_t i = 0; i < verdicts->count; i++) {
		if (!judge(writer, verdicts->changes + i)) {
			return JOB_FAILED;
		}
	}
	return JOB_DONE;
}

static void finish_verdicts(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	struct verdict_job *verdicts = (struct verdict_job *)job;
	sqlite_rollup_again(&store->rollup);
	verdicts->done(verdicts->data, err);
	free(verdicts->changes);
	free(verdicts);
}

void sqlite_set_verdicts(struct store *store, const struct verdict_change *changes, size_t count,
	store_done_fn *done, void *data) {
	struct verdict_job *verdicts = alloc_zero(1, sizeof *verdicts);
	*verdicts = (struct verdict_job){.job = {.run = run_verdicts, .finish = finish_verdicts},
		.changes = alloc_zero(count ? count : 1, sizeof *changes),
		.count = count,
		.done = done,
		.data = data};
	if (count > 0) {
		memcpy(verdicts->changes, changes, count * sizeof *changes);
	}
	sqlite_writer_add(&sqlite_store_of(store)->writer, &verdicts->job);
}

static enum sqlite_outcome run_refusal(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct refusal_job *refusal = (struct refusal_job *)job;
	sqlite3_stmt *add = sqlite_writer_statement(writer, STATEMENT_REFUSAL_ADD);
	sqlite3_bind_int64(add, 1, refusal->at_ns);
	sqlite_bind_text_span(add, 2, refusal->peer);
	sqlite3_bind_int64(add, 3, refusal->status);
	sqlite_bind_text_span(add, 4, refusal->reason);
	sqlite_bind_text_span(add, 5, refusal->line);
	if (!sqlite_step_done(add)) {
		return JOB_FAILED;
	}
	sqlite3_stmt *trim = sqlite_writer_statement(writer, STATEMENT_REFUSAL_TRIM);
	sqlite3_bind_int64(trim, 1, sqlite3_last_insert_rowid(writer->db) - STORE_REFUSALS);
	return sqlite_step_done(trim) ? JOB_DONE : JOB_FAILED;
}

static void finish_refusal(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	(void)store;
	(void)err;
	free(job);
}

static struct span put_bytes(char **at, struct span span) {
	struct span copy = {*at, span.len};
	if (span.len > 0) {
		memcpy(*at, span.data, span.len);
	}
	*at += span.len;
	return copy;
}

void sqlite_add_refusal(struct store *store, const struct refusal *refusal) {
	size_t len = refusal->peer.len + refusal->reason.len + refusal->line.len;
	struct refusal_job *job = alloc_zero(1, sizeof *job + len);
	char *at = job->bytes;
	job->job = (struct sqlite_job){
		.run = run_refusal, .finish = finish_refusal, .bytes = len, .needs_space = true};
	job->at_ns = refusal->at_ns;
	job->status = refusal->status;
	job->peer = put_bytes(&at, refusal->peer);
	job->reason = put_bytes(&at, refusal->reason);
	job->line = put_bytes(&at, refusal->line);
	if (!sqlite_writer_add_lazily(&sqlite_store_of(store)->writer, &job->job)) {
		free(job);
	}
}

struct refusal_walk {
	bool (*each)(void *data, const struct refusal *refusal);
	void *data;
};

static bool give_refusal(void *data, sqlite3_stmt *row) {
	const struct refusal_walk *walk = data;
	return walk->each(walk->data, &(struct refusal){.at_ns = sqlite3_column_int64(row, 0),
									  .peer = sqlite_column_span(row, 1),
									  .status = sqlite3_column_int64(row, 2),
									  .reason = sqlite_column_span(row, 3),
									  .line = sqlite_column_span(row, 4)});
}

bool sqlite_each_refusal(struct store *store, int64_t limit,
	bool (*each)(void *, const struct refusal *), void *data, struct error *err) {
	sqlite3_stmt *stmt = sqlite_db_prepare(sqlite_store_of(store)->reader.db,
		"SELECT at_ns, peer, status, reason, line FROM refusal ORDER BY id DESC LIMIT ?1", err);
	if (stmt) {
		sqlite3_bind_int64(stmt, 1, limit > 0 ? limit : STORE_REFUSALS);
	}
	return sqlite_db_each(stmt, give_refusal, &(struct refusal_walk){each, data}, err);
}
