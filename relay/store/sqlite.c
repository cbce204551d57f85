/*
 * An SQLite store from the outside: opens and closes its parts in order, and brings back to the loop what the writer has
 * done.
 */
#include "relay/store/sqlite.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_keys.h"
#include "relay/store/sqlite_schema.h"

static const struct store_ops ops;

static void finish_jobs(struct sqlite_store *store, struct sqlite_group *group) {
	for (struct sqlite_job *job = group->jobs.first, *next; job; job = next) {
		next = job->next;
		struct error *refusal = job->refusal;
		job->finish(store, job,
			refusal                         ? refusal
			: group->err.code != ERROR_NONE ? &group->err
											: NULL);
		free(refusal);
	}
}

/* First what is durable becomes readable, then those who wait are told. */
static void finish_group(struct sqlite_store *store, struct sqlite_group *group) {
	if (group->position > store->reader.position) {
		store->reader.position = group->position;
	}
	finish_jobs(store, group);
	sqlite_rollup_tell(&store->rollup, store->reader.position);
	free(group);
}

static void on_handle_closed(uv_handle_t *handle) {
	struct sqlite_store *store = handle->data;
	if (--store->open_handles > 0) {
		return;
	}
	void (*closed)(void *) = store->closed;
	void *data = store->closed_data;
	free(store);
	if (closed) {
		closed(data);
	}
}

static void close_handles(struct sqlite_store *store) {
	store->open_handles = 2;
	store->reader.idle.data = store;
	uv_close((uv_handle_t *)&store->reader.idle, on_handle_closed);
	uv_close((uv_handle_t *)&store->wake, on_handle_closed);
}

/* What a store holds beside its threads; `db` may be closed already. */
static void close_file(struct sqlite_store *store, sqlite3 *db) {
	sqlite3_close(db);
	sqlite_log_unregister(&store->log);
	sqlite_file_close(&store->file);
}

static void on_wake(uv_async_t *wake) {
	struct sqlite_store *store = wake->data;
	bool closed;
	struct sqlite_group *group = sqlite_writer_take_done(&store->writer, &closed);
	while (group) {
		struct sqlite_group *next = group->next;
		finish_group(store, group);
		group = next;
	}
	if (closed) {
		sqlite_writer_join(&store->writer);
		close_file(store, NULL);
		close_handles(store);
	}
}

/* Checks before it changes: a file of another program stays as it is. */
static sqlite3 *open_writing(struct sqlite_store *store, struct error *err) {
	const char *layer = store->file.temporary ? NULL : store->log.name;
	if (layer && !sqlite_log_register(&store->log, err)) {
		return NULL;
	}
	sqlite3 *db = sqlite_db_open(store->file.path, layer, err);
	if (db && (!sqlite_schema_check(db, err) ||
				  !sqlite_db_set_up(db, SQLITE_WRITER, !store->file.temporary, err) ||
				  !sqlite_schema_prepare(db, store->id, err))) {
		sqlite3_close(db);
		return NULL;
	}
	if (db) {
		sqlite_forsake_waiting(db);
	}
	return db;
}

static bool open_file(
	struct sqlite_store *store, const char *name, sqlite3 **db, struct error *err) {
	if (!sqlite_file_open(&store->file, name, err)) {
		return false;
	}
	*db = open_writing(store, err);
	if (*db && sqlite_reader_open(&store->reader, &store->file, err)) {
		store->reader.keys_secret = sqlite_keys_secret(store->id);
		return true;
	}
	sqlite_file_abandon(&store->file);
	close_file(store, *db);
	return false;
}

static bool init_handles(struct sqlite_store *store, uv_loop_t *loop, struct error *err) {
	int code = uv_async_init(loop, &store->wake, on_wake);
	if (code != 0) {
		return error_set(err, ERROR_IO, "open store: %s", uv_strerror(code));
	}
	store->wake.data = store;
	uv_idle_init(loop, &store->reader.idle);
	store->reader.idle.data = &store->reader;
	return true;
}

/* The parts with a thread of their own, which open their connections side by side. False: `db` is closed. */
static bool start_threads(struct sqlite_store *store, sqlite3 *db,
	const struct store_options *options, struct error *err) {
	if (!sqlite_rollup_start(&store->rollup, &store->file, &store->reader, err) ||
		!sqlite_writer_start(&store->writer, db, &store->file, options, &store->wake, err)) {
		sqlite3_close(db);
		sqlite_rollup_stop(&store->rollup);
		return false;
	}
	if (!sqlite_thread_opened(&store->writer.checkpoint.thread, err) ||
		!sqlite_thread_opened(&store->rollup.thread, err)) {
		sqlite_writer_close(&store->writer);
		sqlite_writer_join(&store->writer);
		sqlite_rollup_stop(&store->rollup);
		return false;
	}
	return true;
}

struct store *sqlite_store_open(
	uv_loop_t *loop, const char *name, const struct store_options *options, struct error *err) {
	/* Nobody asks how much memory SQLite has; to count it took a lock with every piece, which all threads share. */
	sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	/* Pages one by one as they are read, instead of 20 for each connection as it opens. */
	sqlite3_config(SQLITE_CONFIG_PAGECACHE, (void *)NULL, 0, 0);
	struct sqlite_store *store = alloc_zero(1, sizeof *store);
	store->base.ops = &ops;
	sqlite3 *db = NULL;
	if (!open_file(store, name, &db, err)) {
		free(store);
		return NULL;
	}
	if (!init_handles(store, loop, err)) {
		sqlite_reader_close(&store->reader);
		close_file(store, db);
		free(store);
		return NULL;
	}
	if (!start_threads(store, db, options, err)) {
		sqlite_reader_close(&store->reader);
		close_file(store, NULL);
		close_handles(store); /* frees it */
		return NULL;
	}
	sqlite_file_forget(&store->file);
	return &store->base;
}

static const char *id(const struct store *store) {
	return ((const struct sqlite_store *)store)->id;
}

/* The readers go first, so that the last connection, the writer's, carries the whole log into the file. */
static void close_store(struct store *store, void (*closed)(void *), void *data) {
	struct sqlite_store *self = sqlite_store_of(store);
	self->closed = closed;
	self->closed_data = data;
	uv_idle_stop(&self->reader.idle);
	sqlite_reader_close(&self->reader);
	sqlite_rollup_stop(&self->rollup);
	sqlite_writer_close(&self->writer);
}

static struct store_backlog backlog(const struct store *store) {
	return ((const struct sqlite_store *)store)->backlog;
}

static void observe(struct store *store, store_observe_fn *observer, void *data) {
	struct sqlite_store *self = sqlite_store_of(store);
	assert(self->observer_count < STORE_OBSERVERS);
	self->observers[self->observer_count++] = (struct sqlite_observer){observer, data};
}

static struct span name_of_endpoint(const void *data, struct span endpoint) {
	int64_t id;
	memcpy(&id, endpoint.data, sizeof id);
	const char *name = sqlite_reader_name(data, id);
	return name ? span_text(name) : (struct span){0};
}

static void count(struct store *store, int64_t now_ns, struct counts *counts) {
	struct sqlite_store *self = sqlite_store_of(store);
	sqlite_rollup_read(&self->rollup, now_ns, name_of_endpoint, &self->reader, counts);
}

static struct store_state state(const struct store *store) {
	const struct sqlite_store *self = (const struct sqlite_store *)store;
	struct sqlite_health health = sqlite_writer_health((struct sqlite_writer *)&self->writer);
	struct store_state state = {.ready = !health.failing && !health.full,
		.failed_in_row = health.failed_in_row,
		.bytes = sqlite_file_bytes(&self->file),
		.errors = health.errors,
		.groups = health.groups,
		.group_entries = health.group_entries,
		.commit_us = health.commit_us};
	if (!state.ready) {
		snprintf(state.trouble, sizeof state.trouble, "%s", health.trouble);
	}
	return state;
}

static const struct store_ops ops = {
	.id = id,
	.close = close_store,
	.append = sqlite_append,
	.backlog = backlog,
	.read = sqlite_read,
	.read_stop = sqlite_read_stop,
	.observe = observe,
	.put_endpoint = sqlite_put_endpoint,
	.remove_endpoint = sqlite_remove_endpoint,
	.each_endpoint = sqlite_each_endpoint,
	.put_secret = sqlite_put_secret,
	.remove_secret = sqlite_remove_secret,
	.each_secret = sqlite_each_secret,
	.set_verdicts = sqlite_set_verdicts,
	.annotate = sqlite_annotate,
	.put_retry = sqlite_put_retry,
	.remove_retry = sqlite_remove_retry,
	.each_retry = sqlite_each_retry,
	.set_answer = sqlite_set_answer,
	.set_endpoint_state = sqlite_set_endpoint_state,
	.find_keys = sqlite_find_keys,
	.key_mark = sqlite_key_mark,
	.put_keys = sqlite_put_keys,
	.position = sqlite_position,
	.add_refusal = sqlite_add_refusal,
	.each_refusal = sqlite_each_refusal,
	.count = count,
	.state = state,
};
