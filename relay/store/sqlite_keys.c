/* How the index of business keys is written: a batch of events and how far it is with it, in one job. */
#include "relay/store/sqlite_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/buffer.h"
#include "common/business_key.h"
#include "common/siphash.h"
#include "common/uuid.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_types.h"

/* Bits of the hash that are the name's; the others are the value's. */
#define NAME_BITS 0xffff

struct keys_job {
	struct sqlite_job job; /* first */
	struct key_mark mark;
	struct sqlite_type_mark types; /* with it */
	struct sqlite_keys_secret secret;
	struct key_record *records; /* their spans point into `bytes` */
	size_t count;
	struct buffer bytes;
	bool batch;           /* the mark moves over the records */
	struct place *places; /* what they add to the index; found out on the writer's thread */
	size_t place_count, place_capacity;
	store_done_fn *done;
	void *data;
};

struct place {
	int64_t bucket, key, position;
};

/* Nothing is kept of events outside of these positions. */
struct kept {
	int64_t oldest, newest;
};

struct sqlite_keys_secret sqlite_keys_secret(const char *store_id) {
	struct sqlite_keys_secret secret = {{0}};
	struct uuid id = {{0}};
	uuid_parse(&id, span_text(store_id));
	memcpy(secret.words, id.bytes, sizeof id.bytes);
	return secret;
}

int64_t sqlite_keys_hash(
	const struct sqlite_keys_secret *secret, struct span name, struct span value) {
	uint64_t of_value = siphash(secret->words, value), of_name = siphash(secret->words, name);
	return (int64_t)((of_value & ~(uint64_t)NAME_BITS) | (of_name & NAME_BITS));
}

bool sqlite_keys_read_mark(
	struct key_mark *mark, struct sqlite_type_mark *types, sqlite3 *db, struct error *err) {
	sqlite3_stmt *stmt =
		sqlite_db_prepare(db, "SELECT low, head, version, type_low, type_head FROM key_mark", err);
	*mark = (struct key_mark){0};
	*types = (struct sqlite_type_mark){0};
	if (!stmt) {
		return false;
	}
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW) {
		struct span version = sqlite_column_span(stmt, 2);
		mark->low = sqlite3_column_int64(stmt, 0);
		mark->head = sqlite3_column_int64(stmt, 1);
		types->low = sqlite3_column_int64(stmt, 3);
		types->head = sqlite3_column_int64(stmt, 4);
		snprintf(mark->version, sizeof mark->version, "%.*s", (int)version.len,
			version.len > 0 ? version.data : "");
	}
	sqlite3_finalize(stmt);
	return step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(db, err);
}

static struct place place_of(const struct sqlite_keys_secret *secret, int64_t position,
	struct span name, struct span value) {
	return (struct place){
		position >> KEYS_BUCKET_BITS, sqlite_keys_hash(secret, name, value), position};
}

/* Adds or removes it, whichever the statement does. */
static bool change_place(sqlite3_stmt *stmt, const struct place *place) {
	sqlite3_bind_int64(stmt, 1, place->bucket);
	sqlite3_bind_int64(stmt, 2, place->key);
	sqlite3_bind_int64(stmt, 3, place->position);
	return sqlite_step_done(stmt);
}

static bool remove_places(sqlite3_stmt *remove, const struct sqlite_keys_secret *secret,
	int64_t position, struct span keys) {
	struct span name, value;
	bool ok = true;
	while (ok && business_keys_next(&keys, &name, &value)) {
		struct place place = place_of(secret, position, name, value);
		ok = change_place(remove, &place);
	}
	return ok;
}

static void note_places(struct keys_job *put, const struct key_record *record) {
	struct span keys = record->keys, name, value;
	while (business_keys_next(&keys, &name, &value)) {
		if (put->place_count == put->place_capacity) {
			put->place_capacity = put->place_capacity * 2 + 64;
			put->places = alloc_resize(put->places, put->place_capacity * sizeof *put->places);
		}
		put->places[put->place_count++] = place_of(&put->secret, record->position, name, value);
	}
}

static int compare_places(const void *left, const void *right) {
	const struct place *a = left, *b = right;
	if (a->bucket != b->bucket) {
		return a->bucket < b->bucket ? -1 : 1;
	}
	if (a->key != b->key) {
		return a->key < b->key ? -1 : 1;
	}
	return a->position < b->position ? -1 : a->position > b->position;
}

/* In the order of the index: neighbours share a page. */
static bool add_places(struct sqlite_writer *writer, struct keys_job *put) {
	sqlite3_stmt *add = sqlite_writer_statement(writer, STATEMENT_KEY_PLACE_ADD);
	bool ok = true;
	if (put->place_count > 0) {
		qsort(put->places, put->place_count, sizeof *put->places, compare_places);
	}
	for (size_t i = 0; i < put->place_count && ok; i++) {
		ok = change_place(add, &put->places[i]);
	}
	return ok;
}

static bool read_kept(struct sqlite_writer *writer, struct kept *kept) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_KEYS_KEPT);
	bool ok = sqlite3_step(stmt) == SQLITE_ROW;
	*kept = (struct kept){sqlite3_column_int64(stmt, 0), sqlite3_column_int64(stmt, 1)};
	sqlite3_reset(stmt);
	return ok;
}

/* Takes away what is kept of the event; `same`: it is what is to be kept, and stays. */
static bool forget(struct sqlite_writer *writer, const struct keys_job *put,
	const struct key_record *record, bool *same) {
	sqlite3_stmt *get = sqlite_writer_statement(writer, STATEMENT_KEYS_FIND);
	sqlite3_bind_int64(get, 1, record->position);
	int step = sqlite3_step(get);
	struct span kept = step == SQLITE_ROW ? sqlite_column_span(get, 0) : (struct span){0};
	*same = span_equal(kept, record->keys);
	bool ok = step == SQLITE_ROW || step == SQLITE_DONE;
	if (ok && !*same && kept.len > 0) {
		sqlite3_stmt *remove = sqlite_writer_statement(writer, STATEMENT_KEYS_REMOVE);
		sqlite3_bind_int64(remove, 1, record->position);
		ok = remove_places(sqlite_writer_statement(writer, STATEMENT_KEY_PLACE_REMOVE),
				 &put->secret, record->position, kept) &&
		     sqlite_step_done(remove);
	}
	sqlite3_reset(get);
	return ok;
}

/* An event that is gone meanwhile gets none. */
static bool put_record(struct sqlite_writer *writer, struct keys_job *put,
	const struct key_record *record, const struct kept *kept) {
	bool same = false;
	if (record->position >= kept->oldest && record->position <= kept->newest &&
		!forget(writer, put, record, &same)) {
		return false;
	}
	if (same || record->keys.len == 0) {
		return true;
	}
	sqlite3_stmt *add = sqlite_writer_statement(writer, STATEMENT_KEYS_ADD);
	sqlite3_bind_int64(add, 1, record->position);
	sqlite_bind_blob_span(add, 2, record->keys);
	bool ok = sqlite_step_done(add);
	if (ok && sqlite3_changes(writer->db) > 0) {
		note_places(put, record);
	}
	return ok;
}

static bool put_records(struct sqlite_writer *writer, struct keys_job *put) {
	struct kept kept;
	bool ok = put->count == 0 || read_kept(writer, &kept);
	put->place_count = 0;
	for (size_t i = 0; i < put->count && ok; i++) {
		ok = put_record(writer, put, &put->records[i], &kept);
	}
	return ok && add_places(writer, put);
}

static enum sqlite_outcome run(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct keys_job *put = (struct keys_job *)job;
	if (!put_records(writer, put)) {
		return JOB_FAILED;
	}
	if (!sqlite_types_follow(writer, &put->mark, put->batch, &put->types)) {
		return JOB_FAILED;
	}
	sqlite3_stmt *mark = sqlite_writer_statement(writer, STATEMENT_KEY_MARK_SET);
	sqlite3_bind_int64(mark, 1, put->mark.low);
	sqlite3_bind_int64(mark, 2, put->mark.head);
	sqlite_bind_text_span(mark, 3, span_text(put->mark.version));
	sqlite3_bind_int64(mark, 4, put->types.low);
	sqlite3_bind_int64(mark, 5, put->types.head);
	return sqlite_step_done(mark) ? JOB_DONE : JOB_FAILED;
}

static void finish(struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	struct keys_job *put = (struct keys_job *)job;
	/* one that is still to be written knows better */
	if (--store->reader.marks_pending == 0 && !err) {
		store->reader.mark = put->mark;
		sqlite_rollup_tell_keys(&store->rollup, &put->mark);
	}
	if (!err) {
		store->reader.type_mark = put->types;
	}
	put->done(put->data, err);
	buffer_clear(&put->bytes);
	free(put->places);
	free(put->records);
	free(put);
}

/* What is not to count any more does not count from now on. */
static void narrow(struct key_mark *mark, const struct key_mark *to) {
	if (to->low > mark->low) {
		mark->low = to->low < mark->head ? to->low : mark->head;
	}
}

void sqlite_put_keys(struct store *base, const struct key_record *records, size_t count,
	const struct key_mark *mark, store_done_fn *done, void *data) {
	struct sqlite_store *store = sqlite_store_of(base);
	struct keys_job *put = alloc_zero(1, sizeof *put);
	*put = (struct keys_job){.job = {.run = run, .finish = finish, .needs_space = count > 0},
		.mark = *mark,
		.secret = sqlite_keys_secret(store->id),
		.records = alloc_zero(count ? count : 1, sizeof *records),
		.count = count,
		.batch = records != NULL,
		.done = done,
		.data = data};
	for (size_t i = 0; i < count; i++) {
		put->records[i] = records[i];
		buffer_append_span(&put->bytes, records[i].keys);
	}
	size_t at = 0;
	for (size_t i = 0; i < count; i++) {
		put->records[i].keys.data = put->bytes.data + at;
		at += put->records[i].keys.len;
	}
	put->job.bytes = put->bytes.len;
	narrow(&store->reader.mark, mark);
	store->reader.marks_pending++;
	sqlite_writer_add(&store->writer, &put->job);
}

void sqlite_find_keys(struct store *base, store_find_keys_fn *find, void *data) {
	struct sqlite_reader *reader = &sqlite_store_of(base)->reader;
	reader->find_keys = find;
	reader->find_keys_data = data;
}

struct key_mark sqlite_key_mark(const struct store *base) {
	return ((const struct sqlite_store *)base)->reader.mark;
}

int64_t sqlite_position(const struct store *base) {
	return ((const struct sqlite_store *)base)->reader.position;
}

/* --- events that go --- */

static bool purge_rows(sqlite3 *db, sqlite3_stmt *oldest, sqlite3_stmt *remove,
	const struct sqlite_keys_secret *secret) {
	int step;
	bool ok = true;
	while (ok && (step = sqlite3_step(oldest)) == SQLITE_ROW) {
		ok = remove_places(
			remove, secret, sqlite3_column_int64(oldest, 0), sqlite_column_span(oldest, 1));
	}
	return (ok && step == SQLITE_DONE) || sqlite_db_fail(db, NULL);
}

static bool read_secret(sqlite3 *db, struct sqlite_keys_secret *secret) {
	sqlite3_stmt *stmt = sqlite_db_prepare(db, "SELECT id FROM store", NULL);
	bool ok = stmt && sqlite3_step(stmt) == SQLITE_ROW;
	if (ok) {
		*secret = sqlite_keys_secret((const char *)sqlite3_column_text(stmt, 0));
	}
	sqlite3_finalize(stmt);
	return ok;
}

bool sqlite_keys_purge(sqlite3 *db, int64_t endpoint, int most) {
	struct sqlite_keys_secret secret;
	sqlite3_stmt *oldest = sqlite_db_prepare(db,
		"SELECT pos, keys FROM event_keys WHERE pos IN"
		" (SELECT pos FROM event WHERE endpoint = ?1 ORDER BY seq LIMIT ?2)",
		NULL);
	sqlite3_stmt *remove = sqlite_db_prepare(
		db, "DELETE FROM key_place WHERE bucket = ?1 AND key = ?2 AND pos = ?3", NULL);
	bool ok = oldest && remove && read_secret(db, &secret);
	if (ok) {
		sqlite3_bind_int64(oldest, 1, endpoint);
		sqlite3_bind_int(oldest, 2, most);
		ok = purge_rows(db, oldest, remove, &secret);
	}
	sqlite3_finalize(oldest);
	sqlite3_finalize(remove);
	return ok;
}
