/* Endpoints and their secrets: few, small, written through the same queue as everything else. */
#include <stdlib.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"

struct endpoint_job {
	struct sqlite_job job; /* first */
	int64_t id;
	struct span name, settings; /* our copies */
	store_endpoint_fn *put;
	store_done_fn *removed;
	void *data;
};

struct secret_job {
	struct sqlite_job job;       /* first */
	struct secret_record record; /* its spans are our copies */
	store_done_fn *done;
	void *data;
};

static struct span copied(struct span span) {
	return (struct span){alloc_text(span.data ? span.data : "", span.len), span.len};
}

static void span_free(struct span span) {
	free((char *)span.data);
}

/* Adds by name, or changes the one with that name. */
static sqlite3_stmt *bind_put(struct sqlite_writer *writer, const struct endpoint_job *put) {
	bool known = put->id != 0;
	sqlite3_stmt *stmt =
		sqlite_writer_statement(writer, known ? STATEMENT_ENDPOINT_CHANGE : STATEMENT_ENDPOINT_ADD);
	if (known) {
		sqlite3_bind_int64(stmt, 1, put->id);
	}
	sqlite_bind_text_span(stmt, known ? 2 : 1, put->name);
	sqlite_bind_text_span(stmt, known ? 3 : 2, put->settings);
	return stmt;
}

static enum sqlite_outcome refuse_put(struct sqlite_writer *writer, struct endpoint_job *put) {
	if ((sqlite3_errcode(writer->db) & 0xff) == SQLITE_CONSTRAINT) {
		return sqlite_job_refuse(&put->job, ERROR_NO, "another endpoint is called \"%.*s\"",
			(int)put->name.len, put->name.data);
	}
	return JOB_FAILED;
}

static enum sqlite_outcome run_put(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct endpoint_job *put = (struct endpoint_job *)job;
	sqlite3_stmt *stmt = bind_put(writer, put);
	int step = sqlite3_step(stmt);
	int64_t id = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	if (step == SQLITE_DONE) {
		return sqlite_job_refuse(job, ERROR_NO, "endpoint %lld does not exist", (long long)put->id);
	}
	if (step != SQLITE_ROW) {
		return refuse_put(writer, put);
	}
	put->id = id;
	stmt = sqlite_writer_statement(writer, STATEMENT_ENDPOINT_COUNT);
	sqlite3_bind_int64(stmt, 1, id);
	return sqlite_step_done(stmt) ? JOB_DONE : JOB_FAILED;
}

static void finish_put(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	struct endpoint_job *put = (struct endpoint_job *)job;
	if (!err) {
		sqlite_reader_set_name(&store->reader, put->id, put->name);
	}
	put->put(put->data, err ? 0 : put->id, err);
	span_free(put->name);
	span_free(put->settings);
	free(put);
}

void sqlite_put_endpoint(struct store *store, const struct endpoint_record *record,
	store_endpoint_fn *done, void *data) {
	struct endpoint_job *put = alloc_zero(1, sizeof *put);
	*put = (struct endpoint_job){.job = {.run = run_put, .finish = finish_put},
		.id = record->id,
		.name = copied(record->name),
		.settings = copied(record->settings),
		.put = done,
		.data = data};
	sqlite_writer_add(&sqlite_store_of(store)->writer, &put->job);
}

static enum sqlite_outcome run_remove(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct endpoint_job *removal = (struct endpoint_job *)job;
	struct sqlite_counter *counter;
	enum sqlite_outcome outcome = sqlite_writer_counter(writer, removal->id, &counter);
	if (outcome == JOB_REFUSED || removal->id == COUNTER_OF_ALL) {
		return sqlite_job_refuse(
			job, ERROR_NO, "endpoint %lld does not exist", (long long)removal->id);
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_ENDPOINT_REMOVE);
	sqlite3_stmt *secrets = sqlite_writer_statement(writer, STATEMENT_SECRETS_REMOVE);
	sqlite3_stmt *retries = sqlite_writer_statement(writer, STATEMENT_RETRIES_REMOVE);
	sqlite3_bind_int64(stmt, 1, removal->id);
	sqlite3_bind_int64(secrets, 1, removal->id);
	sqlite3_bind_int64(retries, 1, removal->id);
	if (outcome != JOB_DONE || !sqlite_step_done(stmt) || !sqlite_step_done(secrets) ||
		!sqlite_step_done(retries)) {
		return JOB_FAILED;
	}
	counter->removed = true;
	writer->purging = true;
	return JOB_DONE;
}

static void finish_remove(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	struct endpoint_job *removal = (struct endpoint_job *)job;
	if (!err) {
		sqlite_reader_set_name(&store->reader, removal->id, (struct span){0});
		sqlite_rollup_again(&store->rollup);
	}
	removal->removed(removal->data, err);
	free(removal);
}

void sqlite_remove_endpoint(struct store *store, int64_t id, store_done_fn *done, void *data) {
	struct endpoint_job *removal = alloc_zero(1, sizeof *removal);
	*removal = (struct endpoint_job){.job = {.run = run_remove, .finish = finish_remove},
		.id = id,
		.removed = done,
		.data = data};
	sqlite_writer_add(&sqlite_store_of(store)->writer, &removal->job);
}

/* Who is told of records, for rows. */
struct endpoint_walk {
	bool (*each)(void *data, const struct endpoint_record *record);
	void *data;
};

static bool give_endpoint(void *data, sqlite3_stmt *row) {
	const struct endpoint_walk *walk = data;
	return walk->each(walk->data, &(struct endpoint_record){.id = sqlite3_column_int64(row, 0),
									  .name = sqlite_column_span(row, 1),
									  .settings = sqlite_column_span(row, 2),
									  .last_seq = sqlite3_column_int64(row, 3),
									  .events = sqlite3_column_int64(row, 4),
									  .state = sqlite_column_span(row, 5)});
}

bool sqlite_each_endpoint(struct store *store, bool (*each)(void *, const struct endpoint_record *),
	void *data, struct error *err) {
	static const char sql[] =
		"SELECT id, name, settings, last_seq, events, state FROM endpoint JOIN counter"
		" ON counter.endpoint = endpoint.id WHERE name IS NOT NULL ORDER BY name";
	sqlite3_stmt *stmt = sqlite_db_prepare(sqlite_store_of(store)->reader.db, sql, err);
	return sqlite_db_each(stmt, give_endpoint, &(struct endpoint_walk){each, data}, err);
}

static enum sqlite_outcome run_put_secret(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct secret_job *put = (struct secret_job *)job;
	struct sqlite_counter *counter;
	enum sqlite_outcome outcome = sqlite_writer_counter(writer, put->record.endpoint, &counter);
	if (outcome == JOB_REFUSED || put->record.endpoint == COUNTER_OF_ALL) {
		return sqlite_job_refuse(
			job, ERROR_NO, "endpoint %lld does not exist", (long long)put->record.endpoint);
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_SECRET_PUT);
	sqlite3_bind_int64(stmt, 1, put->record.endpoint);
	sqlite_bind_text_span(stmt, 2, put->record.label);
	sqlite_bind_text_span(stmt, 3, put->record.provider);
	sqlite_bind_blob_span(stmt, 4, put->record.sealed);
	sqlite3_bind_int64(stmt, 5, put->record.added_at_ms);
	return outcome == JOB_DONE && sqlite_step_done(stmt) ? JOB_DONE : JOB_FAILED;
}

static enum sqlite_outcome run_remove_secret(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct secret_job *removal = (struct secret_job *)job;
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_SECRET_REMOVE);
	sqlite3_bind_int64(stmt, 1, removal->record.endpoint);
	sqlite_bind_text_span(stmt, 2, removal->record.label);
	if (!sqlite_step_done(stmt)) {
		return JOB_FAILED;
	}
	if (sqlite3_changes(writer->db) == 0) {
		return sqlite_job_refuse(job, ERROR_NO, "the endpoint has no secret with this label");
	}
	return JOB_DONE;
}

static void finish_secret(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	(void)store;
	struct secret_job *secret = (struct secret_job *)job;
	secret->done(secret->data, err);
	span_free(secret->record.label);
	span_free(secret->record.provider);
	span_free(secret->record.sealed);
	free(secret);
}

void sqlite_put_secret(
	struct store *store, const struct secret_record *record, store_done_fn *done, void *data) {
	struct secret_job *put = alloc_zero(1, sizeof *put);
	*put = (struct secret_job){.job = {.run = run_put_secret, .finish = finish_secret},
		.record = {.endpoint = record->endpoint,
			.label = copied(record->label),
			.provider = copied(record->provider),
			.sealed = copied(record->sealed),
			.added_at_ms = record->added_at_ms},
		.done = done,
		.data = data};
	sqlite_writer_add(&sqlite_store_of(store)->writer, &put->job);
}

void sqlite_remove_secret(
	struct store *store, int64_t endpoint, struct span label, store_done_fn *done, void *data) {
	struct secret_job *removal = alloc_zero(1, sizeof *removal);
	*removal = (struct secret_job){.job = {.run = run_remove_secret, .finish = finish_secret},
		.record = {.endpoint = endpoint, .label = copied(label)},
		.done = done,
		.data = data};
	sqlite_writer_add(&sqlite_store_of(store)->writer, &removal->job);
}

struct secret_walk {
	bool (*each)(void *data, const struct secret_record *record);
	void *data;
};

static bool give_secret(void *data, sqlite3_stmt *row) {
	const struct secret_walk *walk = data;
	return walk->each(walk->data, &(struct secret_record){.endpoint = sqlite3_column_int64(row, 0),
									  .label = sqlite_column_span(row, 1),
									  .provider = sqlite_column_span(row, 2),
									  .sealed = sqlite_column_span(row, 3),
									  .added_at_ms = sqlite3_column_int64(row, 4)});
}

bool sqlite_each_secret(struct store *store, bool (*each)(void *, const struct secret_record *),
	void *data, struct error *err) {
	static const char sql[] = "SELECT endpoint, label, provider, sealed, added_at_ms FROM secret"
							  " ORDER BY endpoint, added_at_ms, label";
	sqlite3_stmt *stmt = sqlite_db_prepare(sqlite_store_of(store)->reader.db, sql, err);
	return sqlite_db_each(stmt, give_secret, &(struct secret_walk){each, data}, err);
}
