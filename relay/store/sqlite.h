/* What the files of the SQLite back end share. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "relay/store/ops.h"
#include "relay/store/sqlite_file.h"
#include "relay/store/sqlite_log.h"
#include "relay/store/sqlite_reader.h"
#include "relay/store/sqlite_rollup.h"
#include "relay/store/sqlite_writer.h"

struct sqlite_store {
	struct store base; /* first */
	char id[UUID_TEXT_LEN + 1];
	struct sqlite_file file;
	struct sqlite_log log;
	struct sqlite_writer writer;
	struct sqlite_reader reader;
	struct sqlite_rollup rollup;
	uv_async_t wake;
	struct store_backlog backlog;
	struct sqlite_observer {
		store_observe_fn *observe;
		void *data;
	} observers[STORE_OBSERVERS];
	int observer_count;
	void (*closed)(void *);
	void *closed_data;
	int open_handles;
};

/* What its attempts have made of an event: bits of `traits`. */
enum sqlite_trait { SQLITE_TRAIT_LATE = 1, SQLITE_TRAIT_REPLAYED = 2 };

static inline struct sqlite_store *sqlite_store_of(struct store *store) {
	return (struct sqlite_store *)store;
}

/* sqlite_entry.c: events and attempts */
void sqlite_append(struct store *store, struct entry *entry, store_stored_fn *stored, void *data);

/* sqlite_endpoint.c: endpoints and their secrets */
void sqlite_put_endpoint(
	struct store *store, const struct endpoint_record *record, store_endpoint_fn *done, void *data);
void sqlite_remove_endpoint(struct store *store, int64_t id, store_done_fn *done, void *data);
bool sqlite_each_endpoint(struct store *store, bool (*each)(void *, const struct endpoint_record *),
	void *data, struct error *err);
void sqlite_put_secret(
	struct store *store, const struct secret_record *record, store_done_fn *done, void *data);
void sqlite_remove_secret(
	struct store *store, int64_t endpoint, struct span label, store_done_fn *done, void *data);
bool sqlite_each_secret(struct store *store, bool (*each)(void *, const struct secret_record *),
	void *data, struct error *err);

/* sqlite_judge.c: what is written about requests afterwards */
void sqlite_set_verdicts(struct store *store, const struct verdict_change *changes, size_t count,
	store_done_fn *done, void *data);
void sqlite_add_refusal(struct store *store, const struct refusal *refusal);
bool sqlite_each_refusal(struct store *store, int64_t limit,
	bool (*each)(void *, const struct refusal *), void *data, struct error *err);

/* sqlite_answer.c: what senders were answered */
void sqlite_set_answer(
	struct store *store, const struct answer_record *record, store_done_fn *done, void *data);
void sqlite_set_endpoint_state(struct store *store, int64_t endpoint, struct span state);
/* Before anything is read: events whose sender waited when the relay ended. */
void sqlite_forsake_waiting(sqlite3 *db);

/* sqlite_annotate.c: marks and notes */
void sqlite_annotate(struct store *store, const struct annotation_change *change,
	store_annotated_fn *done, void *data);

/* sqlite_retry.c: attempts that are still to be made */
void sqlite_put_retry(
	struct store *store, const struct retry_record *record, store_done_fn *done, void *data);
void sqlite_remove_retry(struct store *store, const struct uuid *event, struct span target,
	store_done_fn *done, void *data);
bool sqlite_each_retry(struct store *store, bool (*each)(void *, const struct retry_record *),
	void *data, struct error *err);

/* sqlite_keys.c: the index of business keys */
void sqlite_find_keys(struct store *store, store_find_keys_fn *find, void *data);
struct key_mark sqlite_key_mark(const struct store *store);
void sqlite_put_keys(struct store *store, const struct key_record *records, size_t count,
	const struct key_mark *mark, store_done_fn *done, void *data);
int64_t sqlite_position(const struct store *store);

/* sqlite_read.c */
struct store_read *sqlite_read(struct store *store, const struct store_query *query,
	store_each_fn *each, store_done_fn *done, void *data);
void sqlite_read_stop(struct store_read *read);
