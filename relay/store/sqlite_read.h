/* What a read asks the tables, and how a row becomes an entry. */
#pragma once

#include "relay/store/sqlite_reader.h"
#include "relay/store/store.h"

/* A row on its way to the caller: the entry points into the rest. */
struct sqlite_hit {
	struct entry entry;
	struct event event;
	struct attempt attempt;
};

/*
 * The statement for rows of `kind` with ?1 the endpoint or id, and keys (seq, or pos) above ?2 and below ?3, in order.
 * NULL and `err` when it cannot be prepared.
 */
sqlite3_stmt *sqlite_rows_statement(struct sqlite_reader *reader, enum sqlite_kind kind,
	enum sqlite_scope scope, bool newest_first, struct error *err);

/* What orders the row the statement stands on. */
int64_t sqlite_row_position(sqlite3_stmt *row);
int64_t sqlite_row_seq(sqlite3_stmt *row);

/* Fills in the hit from a row; false: its endpoint is removed. Valid until the statement moves. */
bool sqlite_row_read(const struct sqlite_reader *reader, enum sqlite_kind kind, sqlite3_stmt *row,
	struct sqlite_hit *hit);

/* Fills in head, body and trailers; valid until the content statement is reset. */
bool sqlite_row_read_content(
	struct sqlite_reader *reader, struct sqlite_hit *hit, struct error *err);

/*
 * Fills in the event that the attempt of the hit delivered; it is valid until `*row` is reset. `*row` NULL: it is not there.
 */
bool sqlite_row_read_event_of(
	struct sqlite_reader *reader, struct sqlite_hit *hit, sqlite3_stmt **row, struct error *err);

/*
 * Fills in the business keys of the event: those of the index, or found in its bytes where the index has not come yet, which are
 * read for it unless the hit has them. Valid until sqlite_row_release_keys.
 */
bool sqlite_row_read_keys(struct sqlite_reader *reader, struct sqlite_hit *hit, struct error *err);
void sqlite_row_release_keys(struct sqlite_reader *reader);

/* Fills in what attempts of the event to `target` came to. */
bool sqlite_row_read_answers(
	struct sqlite_reader *reader, struct sqlite_hit *hit, struct span target, struct error *err);

/*
 * Where a position stands in the order of an endpoint: entries of a smaller seq than `*seq` stand in front of it, the
 * others there or behind it. Takes as long in a large store as in a small one, whoever's entry stands at the position.
 */
bool sqlite_place_find(int64_t *seq, struct sqlite_reader *reader, int64_t endpoint,
	int64_t position, struct error *err);

/* The other way: the position of the endpoint's first entry from `seq` on, or INT64_MAX past the last one. */
bool sqlite_place_position(int64_t *position, struct sqlite_reader *reader, int64_t endpoint,
	int64_t seq, struct error *err);

/* Frees all reads that go on. */
void sqlite_read_drop_all(struct sqlite_reader *reader);
