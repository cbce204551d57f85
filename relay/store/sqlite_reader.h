/*
 * Reads on the loop, through a connection that cannot write, in slices of about a millisecond. Each slice is a short
 * transaction of its own and goes on by key where the last one ended, so that no old snapshot keeps the log from being
 * carried into the file.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/span.h"
#include "relay/store/sqlite_file.h"
#include "relay/store/store.h"

struct sqlite_read;

enum sqlite_kind { KIND_EVENT, KIND_ATTEMPT, KIND_COUNT };
/* What a statement is limited to, and with it what orders its rows: `seq` for an endpoint, else `pos`. */
enum sqlite_scope { SCOPE_ALL, SCOPE_ENDPOINT, SCOPE_ID, SCOPE_COUNT };

/* An endpoint's name, as hits carry it. */
struct sqlite_name {
	int64_t endpoint;
	char *text;
};

struct sqlite_reader {
	sqlite3 *db;
	sqlite3_stmt
		*rows[KIND_COUNT][SCOPE_COUNT][2]; /* [..][newest first], prepared when first needed */
	sqlite3_stmt *content, *answers;
	/* prepared when first needed */
	sqlite3_stmt *place, *facet_next, *facet_head[2], *marked_next[2]; /* [newest first] */
	uv_idle_t idle;
	struct sqlite_read *first, **end; /* those that go on, in turn */
	struct sqlite_name *names;        /* sorted by endpoint */
	size_t name_count;
	/* business keys (sqlite_keys.h) */
	struct sqlite_keys_secret {
		uint64_t words[2];
	} keys_secret;
	struct key_mark mark;
	/* types (sqlite_types.h): events above `low` up to `head` are in the index */
	struct sqlite_type_mark {
		int64_t low, head;
	} type_mark;
	int marks_pending;             /* on their way to the disk */
	store_find_keys_fn *find_keys; /* where the index has none yet; may be NULL */
	void *find_keys_data;
	struct buffer found_keys;
	/* prepared when first needed */
	sqlite3_stmt *keys, *key_places, *type_next, *type_places;
	sqlite3_stmt *event_next[2]; /* [newest first] */
	int64_t position;            /* what is beyond is committed but not announced yet */
};

/* Opens the connection and reads the endpoints' names; the idle handle is the caller's. */
bool sqlite_reader_open(
	struct sqlite_reader *reader, const struct sqlite_file *file, struct error *err);

/* Stops every read without a word to its caller, and closes the connection. */
void sqlite_reader_close(struct sqlite_reader *reader);

/* Keeps the names up with what is stored. `name` empty: the endpoint is gone. */
void sqlite_reader_set_name(struct sqlite_reader *reader, int64_t endpoint, struct span name);
/* NULL: not there. */
const char *sqlite_reader_name(const struct sqlite_reader *reader, int64_t endpoint);
