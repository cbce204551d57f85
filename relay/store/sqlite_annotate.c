/* Marks and notes: what people say of an event, written beside it. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"

struct annotate_job {
	struct sqlite_job job; /* first */
	struct annotation_change change;
	char *note, *who;      /* of the change: our copies; no note: it stays */
	char *now;             /* the note as it is now */
	struct annotated said; /* found out on the writer's thread */
	store_annotated_fn *done;
	void *data;
};

static enum sqlite_outcome refuse(struct annotate_job *annotate) {
	return sqlite_job_refuse(&annotate->job, ERROR_NO, "there is no such event");
}

/* Which event an id is of. */
static enum sqlite_outcome find(struct sqlite_writer *writer, struct annotate_job *annotate) {
	struct annotation_change *change = &annotate->change;
	annotate->said.endpoint = change->endpoint;
	annotate->said.seq = change->seq;
	if (!change->by_id) {
		return JOB_DONE;
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_FIND);
	sqlite3_bind_blob(stmt, 1, change->id.bytes, sizeof change->id.bytes, SQLITE_STATIC);
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW) {
		annotate->said.endpoint = sqlite3_column_int64(stmt, 1);
		annotate->said.seq = sqlite3_column_int64(stmt, 2);
	}
	sqlite3_reset(stmt);
	return step == SQLITE_ROW ? JOB_DONE : step == SQLITE_DONE ? refuse(annotate) : JOB_FAILED;
}

/* The row as it is now. */
static void take_row(struct annotate_job *annotate, sqlite3_stmt *row) {
	struct span id = sqlite_column_span(row, 0), note = sqlite_column_span(row, 2);
	if (id.len == sizeof annotate->said.event.bytes) {
		memcpy(annotate->said.event.bytes, id.data, id.len);
	}
	free(annotate->now); /* of a run that was undone */
	annotate->now = alloc_text(note.len > 0 ? note.data : "", note.len);
	annotate->said.annotation = (struct annotation){.marked = sqlite3_column_int64(row, 1) != 0,
		.note = {annotate->now, note.len},
		.who = annotate->change.who,
		.at_ns = annotate->change.at_ns};
}

/* An endpoint that was removed has its entries only until they are cleared away. */
static enum sqlite_outcome look_for_endpoint(
	struct sqlite_writer *writer, struct annotate_job *annotate) {
	struct sqlite_counter *counter;
	enum sqlite_outcome outcome = sqlite_writer_counter(writer, annotate->said.endpoint, &counter);
	return outcome == JOB_REFUSED ? refuse(annotate) : outcome;
}

static enum sqlite_outcome run(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct annotate_job *annotate = (struct annotate_job *)job;
	const struct annotation_change *change = &annotate->change;
	enum sqlite_outcome outcome = find(writer, annotate);
	if (outcome == JOB_DONE) {
		outcome = look_for_endpoint(writer, annotate);
	}
	if (outcome != JOB_DONE) {
		return outcome;
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_ANNOTATE);
	sqlite3_bind_int64(stmt, 1, annotate->said.endpoint);
	sqlite3_bind_int64(stmt, 2, annotate->said.seq);
	sqlite3_bind_null(stmt, 3);
	if (change->marked >= 0) {
		sqlite3_bind_int64(stmt, 3, change->marked);
	}
	sqlite3_bind_null(stmt, 4);
	if (change->note.data) {
		sqlite_bind_text_span(stmt, 4, change->note);
	}
	sqlite_bind_text_span(stmt, 5, change->who);
	sqlite3_bind_int64(stmt, 6, change->at_ns);
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW) {
		take_row(annotate, stmt);
		step = sqlite3_step(stmt);
		sqlite3_reset(stmt);
		return step == SQLITE_DONE ? JOB_DONE : JOB_FAILED;
	}
	sqlite3_reset(stmt);
	return step == SQLITE_DONE ? refuse(annotate) : JOB_FAILED;
}

static void finish(struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	(void)store;
	struct annotate_job *annotate = (struct annotate_job *)job;
	annotate->done(annotate->data, &annotate->said, err);
	free(annotate->note);
	free(annotate->who);
	free(annotate->now);
	free(annotate);
}

void sqlite_annotate(struct store *store, const struct annotation_change *change,
	store_annotated_fn *done, void *data) {
	struct annotate_job *annotate = alloc_zero(1, sizeof *annotate);
	*annotate = (struct annotate_job){
		.job = {.run = run, .finish = finish, .bytes = change->note.len, .needs_space = true},
		.change = *change,
		.who = alloc_text(change->who.len > 0 ? change->who.data : "", change->who.len),
		.done = done,
		.data = data};
	annotate->change.who.data = annotate->who;
	if (change->note.data) {
		annotate->note = alloc_text(change->note.data, change->note.len);
		annotate->change.note.data = annotate->note;
	}
	sqlite_writer_add(&sqlite_store_of(store)->writer, &annotate->job);
}
