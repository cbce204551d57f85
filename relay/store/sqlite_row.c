/* Statements over the two narrow tables, and their rows as entries. */
#include <string.h>

#include "common/same_target.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_read.h"

static const char *const columns[KIND_COUNT] = {
	[KIND_EVENT] = "e.pos, e.endpoint, e.seq, e.id, received_at_ns, path_offset, head_len,"
				   " body_len, trailers_len, answer_status, repeat, verdict, attempts,"
				   " last_status, peer, method, target, provider, type, provider_id, reason,"
				   " secret, handshake, answer, recipe, answer_by, answer_after_us, answer_why,"
				   " origin, parent, parent_seq, marked, note, annotated_by, annotated_at_ns,"
				   " traits FROM event AS e",
	/* CROSS keeps the attempts in the lead: they are what is ordered. */
	[KIND_ATTEMPT] = "a.pos, a.endpoint, a.seq, a.id, e.id, e.seq, number, cause, status,"
					 " answer_head_len, answer_body_len, answer_body_total, started_at_ns, took_us,"
					 " a.target, changes, error, who, late"
					 " FROM attempt AS a CROSS JOIN event AS e ON e.pos = a.event",
};

static const struct {
	const char *where, *key;
} scopes[KIND_COUNT][SCOPE_COUNT] = {
	[KIND_EVENT] = {[SCOPE_ALL] = {"", "e.pos"},
		[SCOPE_ENDPOINT] = {"e.endpoint = ?1 AND ", "e.seq"},
		[SCOPE_ID] = {"e.id = ?1 AND ", "e.pos"}},
	[KIND_ATTEMPT] = {[SCOPE_ALL] = {"", "a.pos"},
		[SCOPE_ENDPOINT] = {"a.endpoint = ?1 AND ", "a.seq"},
		[SCOPE_ID] = {"a.event = (SELECT pos FROM event WHERE id = ?1) AND ", "a.pos"}},
};

sqlite3_stmt *sqlite_rows_statement(struct sqlite_reader *reader, enum sqlite_kind kind,
	enum sqlite_scope scope, bool newest_first, struct error *err) {
	sqlite3_stmt **stmt = &reader->rows[kind][scope][newest_first];
	if (!*stmt) {
		const char *key = scopes[kind][scope].key;
		char sql[1024];
		sqlite3_snprintf(sizeof sql, sql, "SELECT %s WHERE %s%s > ?2 AND %s < ?3 ORDER BY %s%s",
			columns[kind], scopes[kind][scope].where, key, key, key, newest_first ? " DESC" : "");
		*stmt = sqlite_db_prepare(reader->db, sql, err);
	}
	return *stmt;
}

int64_t sqlite_row_position(sqlite3_stmt *row) {
	return sqlite3_column_int64(row, 0);
}

int64_t sqlite_row_seq(sqlite3_stmt *row) {
	return sqlite3_column_int64(row, 2);
}

static struct uuid column_uuid(sqlite3_stmt *row, int at) {
	struct uuid uuid = {{0}};
	struct span bytes = sqlite_column_span(row, at);
	if (bytes.len == sizeof uuid.bytes) {
		memcpy(uuid.bytes, bytes.data, sizeof uuid.bytes);
	}
	return uuid;
}

static void read_event(sqlite3_stmt *row, struct span endpoint, struct event *event) {
	int64_t verdict = sqlite3_column_int64(row, 11), origin = sqlite3_column_int64(row, 28);
	int64_t traits = sqlite3_column_int64(row, 35);
	*event = (struct event){.id = column_uuid(row, 3),
		.endpoint = endpoint,
		.seq = sqlite_row_seq(row),
		.position = sqlite_row_position(row),
		.received_at_ns = sqlite3_column_int64(row, 4),
		.path_offset = sqlite3_column_int64(row, 5),
		.head_len = sqlite3_column_int64(row, 6),
		.body_len = sqlite3_column_int64(row, 7),
		.trailers_len = sqlite3_column_int64(row, 8),
		.answer_status = sqlite3_column_int64(row, 9),
		.repeat = sqlite3_column_int64(row, 10),
		.verdict =
			verdict >= 0 && verdict < VERDICT_COUNT ? (enum verdict)verdict : VERDICT_UNVERIFIED,
		.attempts = sqlite3_column_int64(row, 12),
		.last_status = sqlite3_column_int64(row, 13),
		.peer = sqlite_column_span(row, 14),
		.method = sqlite_column_span(row, 15),
		.target = sqlite_column_span(row, 16),
		.provider = sqlite_column_span(row, 17),
		.type = sqlite_column_span(row, 18),
		.provider_id = sqlite_column_span(row, 19),
		.reason = sqlite_column_span(row, 20),
		.secret = sqlite_column_span(row, 21),
		.handshake = sqlite_column_span(row, 22),
		.answer = sqlite_column_span(row, 23),
		.recipe = sqlite_column_span(row, 24),
		.answer_by = (enum answered_by)sqlite3_column_int64(row, 25),
		.answer_after_us = sqlite3_column_int64(row, 26),
		.answer_why = sqlite_column_span(row, 27),
		.origin = origin >= 0 && origin < ORIGIN_COUNT ? (enum origin)origin : ORIGIN_RECEIVED,
		.parent = column_uuid(row, 29),
		.parent_seq = sqlite3_column_int64(row, 30),
		.annotation = {.marked = sqlite3_column_int64(row, 31) != 0,
			.note = sqlite_column_span(row, 32),
			.who = sqlite_column_span(row, 33),
			.at_ns = sqlite3_column_int64(row, 34)},
		.late = (traits & SQLITE_TRAIT_LATE) != 0,
		.replayed = (traits & SQLITE_TRAIT_REPLAYED) != 0};
	if (event->path_offset < 0 || event->path_offset > (int64_t)event->target.len) {
		event->path_offset = 0;
	}
}

static void read_attempt(sqlite3_stmt *row, struct span endpoint, struct attempt *attempt) {
	int64_t cause = sqlite3_column_int64(row, 7);
	*attempt = (struct attempt){.id = column_uuid(row, 3),
		.event = column_uuid(row, 4),
		.endpoint = endpoint,
		.seq = sqlite_row_seq(row),
		.position = sqlite_row_position(row),
		.event_seq = sqlite3_column_int64(row, 5),
		.number = sqlite3_column_int64(row, 6),
		.cause = cause >= 0 && cause <= CAUSE_TEST ? (enum cause)cause : CAUSE_FORWARD,
		.status = sqlite3_column_int64(row, 8),
		.answer_head_len = sqlite3_column_int64(row, 9),
		.answer_body_len = sqlite3_column_int64(row, 10),
		.answer_body_total = sqlite3_column_int64(row, 11),
		.started_at_ns = sqlite3_column_int64(row, 12),
		.took_us = sqlite3_column_int64(row, 13),
		.target = sqlite_column_span(row, 14),
		.changes = sqlite_column_span(row, 15),
		.error = sqlite_column_span(row, 16),
		.who = sqlite_column_span(row, 17),
		.late = sqlite3_column_int64(row, 18) != 0};
}

bool sqlite_row_read(const struct sqlite_reader *reader, enum sqlite_kind kind, sqlite3_stmt *row,
	struct sqlite_hit *hit) {
	int64_t endpoint = sqlite3_column_int64(row, 1);
	const char *name = sqlite_reader_name(reader, endpoint);
	if (!name) {
		return false;
	}
	hit->entry = (struct entry){.kind = kind == KIND_EVENT ? ENTRY_EVENT : ENTRY_ATTEMPT,
		.endpoint = endpoint,
		.position = sqlite_row_position(row)};
	if (kind == KIND_EVENT) {
		read_event(row, span_text(name), &hit->event);
		hit->entry.event = &hit->event;
	} else {
		read_attempt(row, span_text(name), &hit->attempt);
		hit->entry.attempt = &hit->attempt;
	}
	return true;
}

bool sqlite_row_read_content(
	struct sqlite_reader *reader, struct sqlite_hit *hit, struct error *err) {
	sqlite3_bind_int64(reader->content, 1, hit->entry.position);
	int step = sqlite3_step(reader->content);
	if (step != SQLITE_ROW) {
		return step == SQLITE_DONE
		           ? error_set(err, ERROR_IO, "%s is damaged: the bytes of entry %lld are missing",
						 sqlite3_db_filename(reader->db, "main"), (long long)hit->entry.position)
		           : sqlite_db_fail(reader->db, err);
	}
	hit->entry.head = sqlite_column_span(reader->content, 0);
	hit->entry.body = sqlite_column_span(reader->content, 1);
	hit->entry.trailers = sqlite_column_span(reader->content, 2);
	return true;
}

bool sqlite_row_read_answers(
	struct sqlite_reader *reader, struct sqlite_hit *hit, struct span target, struct error *err) {
	struct buffer spelled[TARGET_SPELLINGS] = {{0}};
	size_t count = target_spellings(spelled, target);
	sqlite3_bind_int64(reader->answers, 1, hit->entry.position);
	for (size_t i = 0; i < TARGET_SPELLINGS; i++) {
		const struct buffer *one = &spelled[i < count ? i : 0];
		sqlite3_bind_text(reader->answers, 2 + (int)i, one->data, (int)one->len, SQLITE_TRANSIENT);
	}
	bool ok = sqlite3_step(reader->answers) == SQLITE_ROW || sqlite_db_fail(reader->db, err);
	if (ok) {
		hit->event.delivered_at = sqlite3_column_int64(reader->answers, 0);
		hit->event.answered_at = sqlite3_column_int64(reader->answers, 1);
	}
	sqlite3_reset(reader->answers);
	for (size_t i = 0; i < TARGET_SPELLINGS; i++) {
		buffer_clear(&spelled[i]);
	}
	return ok;
}

bool sqlite_row_read_event_of(
	struct sqlite_reader *reader, struct sqlite_hit *hit, sqlite3_stmt **row, struct error *err) {
	struct uuid id = hit->attempt.event;
	sqlite3_stmt *stmt = sqlite_rows_statement(reader, KIND_EVENT, SCOPE_ID, false, err);
	*row = NULL;
	if (!stmt) {
		return false;
	}
	sqlite3_bind_blob(stmt, 1, id.bytes, sizeof id.bytes, SQLITE_TRANSIENT);
	sqlite3_bind_int64(stmt, 2, 0);
	sqlite3_bind_int64(stmt, 3, INT64_MAX);
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW) {
		read_event(stmt, hit->attempt.endpoint, &hit->event);
		hit->entry.event = &hit->event;
		*row = stmt;
		return true;
	}
	sqlite3_reset(stmt);
	return step == SQLITE_DONE || sqlite_db_fail(reader->db, err);
}
