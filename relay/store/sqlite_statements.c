/* Text of the writer's statements, in one place beside each other. */
#include "relay/store/sqlite_statements.h"

#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_types.h"

static const char *const texts[STATEMENT_COUNT] = {
	[STATEMENT_BEGIN] = "BEGIN IMMEDIATE",
	[STATEMENT_COMMIT] = "COMMIT",
	/* Changes a value that means nothing: SQLite does not write a page that stays the same. */
	[STATEMENT_PROBE] = "UPDATE counter SET events = 1 - events WHERE endpoint = 0",
	[STATEMENT_COUNTER] =
		"SELECT last_seq, events FROM counter WHERE endpoint = ?1 AND (?1 = 0 OR EXISTS"
		" (SELECT 1 FROM endpoint WHERE id = ?1 AND name IS NOT NULL))",
	[STATEMENT_COUNTER_SET] = "UPDATE counter SET last_seq = ?2, events = ?3 WHERE endpoint = ?1",
	[STATEMENT_DELIVERY_REPEAT] =
		"SELECT repeat FROM event WHERE pos = ?1 AND endpoint = ?2 AND provider_id = ?3",
	/* the same one again where only events without an id came since */
	[STATEMENT_DELIVERY_RUN_ADD] = "INSERT INTO delivery_run(id, pos, entries) VALUES(?1, ?2, ?3)"
								   " ON CONFLICT(id) DO UPDATE SET pos = excluded.pos",
	[STATEMENT_DELIVERY_RUN_TRIM] = "DELETE FROM delivery_run WHERE id <= ?1",
	[STATEMENT_EVENT_ADD] =
		"INSERT INTO event(pos, id, endpoint, seq, received_at_ns, path_offset,"
		" head_len, body_len, trailers_len, answer_status, repeat, verdict, peer,"
		" method, target, provider, type, provider_id, reason, secret, handshake,"
		" answer, recipe, answer_by, answer_why, origin, parent, parent_seq,"
		" attempts, last_status)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
		" ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, 0, 0)",
	[STATEMENT_EVENT_FIND] =
		"SELECT pos, endpoint, seq, attempts, answer_by, last_status FROM event WHERE id = ?1",
	[STATEMENT_EVENT_ANSWERED] =
		"UPDATE event SET answer_status = ?2, answer_by = ?3, answer_after_us = ?4, answer_why = ?5"
		" WHERE id = ?1",
	[STATEMENT_EVENT_TRIED] =
		"UPDATE event SET attempts = ?2, last_status = ?3, traits = traits | ?4 WHERE pos = ?1",
	[STATEMENT_EVENT_ANNOTATE] =
		"UPDATE event SET marked = ifnull(?3, marked), note = ifnull(?4, note), annotated_by = ?5,"
		" annotated_at_ns = ?6 WHERE endpoint = ?1 AND seq = ?2 RETURNING id, marked, note",
	[STATEMENT_EVENT_JUDGE] =
		"UPDATE event SET verdict = ?2, reason = ?3, secret = ?4, provider = ifnull(?5, provider),"
		" recipe = ?6"
		" WHERE id = ?1",
	[STATEMENT_ATTEMPT_ADD] =
		"INSERT INTO attempt(pos, id, event, endpoint, seq, number, cause, status,"
		" answer_head_len, answer_body_len, answer_body_total, started_at_ns,"
		" took_us, target, changes, error, who, late)"
		" VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15,"
		" ?16, ?17, ?18)",
	[STATEMENT_ATTEMPT_FIND] = "SELECT pos FROM attempt WHERE id = ?1",
	[STATEMENT_CONTENT_ADD] =
		"INSERT INTO content(pos, head, body, trailers) VALUES(?1, ?2, ?3, ?4)",
	[STATEMENT_ENDPOINT_ADD] =
		"INSERT INTO endpoint(name, settings) VALUES(?1, ?2)"
		" ON CONFLICT(name) DO UPDATE SET settings = excluded.settings RETURNING id",
	[STATEMENT_ENDPOINT_CHANGE] =
		"UPDATE endpoint SET name = ?2, settings = ?3 WHERE id = ?1 AND name IS NOT NULL"
		" RETURNING id",
	[STATEMENT_ENDPOINT_STATE] =
		"UPDATE endpoint SET state = ?2 WHERE id = ?1 AND name IS NOT NULL",
	[STATEMENT_ENDPOINT_COUNT] =
		"INSERT INTO counter VALUES(?1, 0, 0) ON CONFLICT(endpoint) DO NOTHING",
	[STATEMENT_ENDPOINT_REMOVE] = "UPDATE endpoint SET name = NULL, settings = '' WHERE id = ?1",
	[STATEMENT_SECRET_PUT] = "INSERT INTO secret(endpoint, label, provider, sealed, added_at_ms)"
							 " VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(endpoint, label) DO UPDATE"
							 " SET provider = ?3, sealed = ?4, added_at_ms = ?5",
	[STATEMENT_SECRET_REMOVE] = "DELETE FROM secret WHERE endpoint = ?1 AND label = ?2",
	[STATEMENT_SECRETS_REMOVE] = "DELETE FROM secret WHERE endpoint = ?1",
	[STATEMENT_RETRY_PUT] =
		"INSERT INTO retry(event, target, endpoint, facts) VALUES(?1, ?2, ?3, ?4)"
		" ON CONFLICT(event, target) DO UPDATE SET endpoint = ?3, facts = ?4",
	[STATEMENT_RETRY_REMOVE] = "DELETE FROM retry WHERE event = ?1 AND target = ?2",
	[STATEMENT_RETRIES_REMOVE] = "DELETE FROM retry WHERE endpoint = ?1",
	[STATEMENT_KEYS_KEPT] =
		"SELECT (SELECT min(pos) FROM event_keys), (SELECT max(pos) FROM event_keys)",
	[STATEMENT_KEYS_FIND] = "SELECT keys FROM event_keys WHERE pos = ?1",
	[STATEMENT_KEYS_ADD] = "INSERT INTO event_keys(pos, keys)"
						   " SELECT ?1, ?2 WHERE EXISTS (SELECT 1 FROM event WHERE pos = ?1)",
	[STATEMENT_KEYS_REMOVE] = "DELETE FROM event_keys WHERE pos = ?1",
	[STATEMENT_KEY_PLACE_ADD] =
		"INSERT OR IGNORE INTO key_place(bucket, key, pos) VALUES(?1, ?2, ?3)",
	[STATEMENT_KEY_PLACE_REMOVE] =
		"DELETE FROM key_place WHERE bucket = ?1 AND key = ?2 AND pos = ?3",
	[STATEMENT_KEY_MARK_SET] = "UPDATE key_mark SET low = ?1, head = ?2, version = ?3,"
							   " type_low = ?4, type_head = ?5",
	[STATEMENT_TYPE_MARK] = "SELECT type_low, type_head FROM key_mark",
	[STATEMENT_TYPES_ADD] = SQLITE_TYPES_ADD,
	[STATEMENT_REFUSAL_ADD] =
		"INSERT INTO refusal(at_ns, peer, status, reason, line) VALUES(?1, ?2, ?3, ?4, ?5)",
	[STATEMENT_REFUSAL_TRIM] = "DELETE FROM refusal WHERE id <= ?1",
};

sqlite3_stmt *sqlite_statements_get(
	struct sqlite_statements *statements, sqlite3 *db, enum sqlite_statement which) {
	return sqlite_db_prepare_once(&statements->all[which], db, texts[which], NULL);
}

void sqlite_statements_free(struct sqlite_statements *statements) {
	for (int i = 0; i < STATEMENT_COUNT; i++) {
		sqlite3_finalize(statements->all[i]);
	}
	*statements = (struct sqlite_statements){0};
}
