/* What is written about answers: the one a sender got, and what an endpoint's script has left. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"

struct answer_job {
	struct sqlite_job job; /* first */
	struct answer_record record;
	store_done_fn *done;
	void *data;
	char why[]; /* of the record */
};

struct state_job {
	struct sqlite_job job; /* first */
	int64_t endpoint;
	size_t len;
	char state[];
};

/* An event that is gone meanwhile is passed over. */
static enum sqlite_outcome run_answer(struct sqlite_writer *writer, struct sqlite_job *job) {
	const struct answer_record *record = &((struct answer_job *)job)->record;
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_ANSWERED);
	sqlite3_bind_blob(stmt, 1, record->event.bytes, sizeof record->event.bytes, SQLITE_STATIC);
	sqlite3_bind_int64(stmt, 2, record->status);
	sqlite3_bind_int64(stmt, 3, record->by);
	sqlite3_bind_int64(stmt, 4, record->after_us);
	sqlite_bind_text_span(stmt, 5, record->why);
	return sqlite_step_done(stmt) ? JOB_DONE : JOB_FAILED;
}

static void finish_answer(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	(void)store;
	struct answer_job *answer = (struct answer_job *)job;
	answer->done(answer->data, err);
	free(answer);
}

void sqlite_set_answer(
	struct store *store, const struct answer_record *record, store_done_fn *done, void *data) {
	size_t len = record->why.len;
	struct answer_job *answer = alloc_zero(1, sizeof *answer + len + 1);
	answer->job = (struct sqlite_job){.run = run_answer, .finish = finish_answer, .bytes = len};
	answer->record = *record;
	answer->record.why = (struct span){answer->why, len};
	if (len > 0) {
		memcpy(answer->why, record->why.data, len);
	}
	answer->done = done;
	answer->data = data;
	/* An app's answer comes with its attempt, which is about to be stored: one flush for both. */
	struct sqlite_writer *writer = &sqlite_store_of(store)->writer;
	bool with_others =
		record->by == ANSWERED_BY_APP && sqlite_writer_add_lazily(writer, &answer->job);
	if (!with_others) {
		sqlite_writer_add(writer, &answer->job);
	}
}

static enum sqlite_outcome run_state(struct sqlite_writer *writer, struct sqlite_job *job) {
	const struct state_job *state = (struct state_job *)job;
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_ENDPOINT_STATE);
	sqlite3_bind_int64(stmt, 1, state->endpoint);
	sqlite_bind_text_span(stmt, 2, (struct span){state->state, state->len});
	return sqlite_step_done(stmt) ? JOB_DONE : JOB_FAILED;
}

static void finish_state(
	struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	(void)store;
	(void)err;
	free(job);
}

void sqlite_set_endpoint_state(struct store *store, int64_t endpoint, struct span text) {
	struct state_job *state = alloc_zero(1, sizeof *state + text.len + 1);
	state->job = (struct sqlite_job){.run = run_state, .finish = finish_state, .bytes = text.len};
	state->endpoint = endpoint;
	state->len = text.len;
	if (text.len > 0) {
		memcpy(state->state, text.data, text.len);
	}
	sqlite_writer_add(&sqlite_store_of(store)->writer, &state->job);
}

/* Whoever waited when the relay ended was left without an answer. A disk too full for that is told the next time. */
void sqlite_forsake_waiting(sqlite3 *db) {
	sqlite3_exec(db,
		"UPDATE event SET answer_by = 8, answer_why = 'the relay ended before it could answer'"
		" WHERE answer_by = 7",
		NULL, NULL, NULL);
}
