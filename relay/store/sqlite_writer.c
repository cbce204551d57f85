/* The writer's thread and its queue; what a group does is in sqlite_group.c. */
#include "relay/store/sqlite_writer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_group.h"
#include "relay/store/sqlite_purge.h"

/* Jobs nobody waits for: so many are held, so long. */
#define LAZY_JOBS 1024
#define LAZY_MS 200
/* Free space that is kept unless the configuration says another. */
#define FREE_BYTES (8 << 20)
/* After the disk was full: how often a commit is tried although nobody asks. */
#define PROBE_MS 1000

static void queue_init(struct sqlite_queue *queue) {
	*queue = (struct sqlite_queue){0};
	queue->end = &queue->first;
}

static void queue_push(struct sqlite_queue *queue, struct sqlite_job *job) {
	job->next = NULL;
	*queue->end = job;
	queue->end = &job->next;
	queue->count++;
}

static struct sqlite_job *queue_pop(struct sqlite_queue *queue) {
	struct sqlite_job *job = queue->first;
	queue->first = job->next;
	if (!queue->first) {
		queue->end = &queue->first;
	}
	queue->count--;
	return job;
}

/* How long to wait for more; 0: until somebody comes. */
static uint64_t patience_ms(const struct sqlite_writer *writer) {
	if (writer->lazy.first) {
		return LAZY_MS;
	}
	return writer->health.full ? PROBE_MS : 0;
}

/* With the mutex held. */
static void wait_for_work(struct sqlite_writer *writer) {
	while (!writer->queue.first && !writer->closing && !writer->purging) {
		uint64_t patience = patience_ms(writer);
		if (patience == 0) {
			uv_cond_wait(&writer->work, &writer->mutex);
		} else if (uv_cond_timedwait(&writer->work, &writer->mutex, patience * 1000000) != 0) {
			return;
		}
	}
}

/* With the mutex held. The first job always goes, however large. */
static void fill_group(struct sqlite_writer *writer, struct sqlite_group *group) {
	int64_t bytes = 0;
	while (writer->queue.first && group->jobs.count < writer->options.group_entries &&
		   (bytes == 0 ||
			   bytes + (int64_t)writer->queue.first->bytes <= writer->options.group_bytes)) {
		bytes += (int64_t)writer->queue.first->bytes;
		queue_push(&group->jobs, queue_pop(&writer->queue));
	}
	while (writer->lazy.first) {
		queue_push(&group->jobs, queue_pop(&writer->lazy));
	}
}

/* NULL: all is done and the store closes. An empty group: time to purge or to probe. */
static struct sqlite_group *next_group(struct sqlite_writer *writer) {
	struct sqlite_group *group = alloc_zero(1, sizeof *group);
	queue_init(&group->jobs);
	uv_mutex_lock(&writer->mutex);
	wait_for_work(writer);
	fill_group(writer, group);
	bool end = writer->closing && !group->jobs.first;
	uv_mutex_unlock(&writer->mutex);
	if (end) {
		free(group);
		return NULL;
	}
	return group;
}

static void hand_over(struct sqlite_writer *writer, struct sqlite_group *group) {
	if (!group->jobs.first) {
		free(group);
		return;
	}
	uv_mutex_lock(&writer->mutex);
	*writer->done_end = group;
	writer->done_end = &group->next;
	uv_mutex_unlock(&writer->mutex);
	uv_async_send(writer->wake_loop);
}

static void close_all(struct sqlite_writer *writer) {
	sqlite_checkpoint_stop(&writer->checkpoint);
	sqlite_statements_free(&writer->statements);
	sqlite3_close(writer->db);
	uv_mutex_lock(&writer->mutex);
	writer->closed = true;
	uv_mutex_unlock(&writer->mutex);
	uv_async_send(writer->wake_loop);
}

/* Or the first event has to wait: for what is read once, and for a flush that also lays the log's first room. */
static void warm_up(struct sqlite_writer *writer) {
	struct sqlite_group nothing = {0};
	sqlite_deliveries_load(&writer->deliveries, writer->db);
	sqlite_group_commit(writer, &nothing);
}

static void run(void *data) {
	struct sqlite_writer *writer = data;
	warm_up(writer);
	for (struct sqlite_group *group; (group = next_group(writer));) {
		if (group->jobs.first || !writer->purging) {
			sqlite_group_commit(writer, group);
		}
		hand_over(writer, group);
		sqlite_checkpoint_tend(&writer->checkpoint, writer->log_pages);
		if (writer->purging) {
			writer->purging = sqlite_purge_some(writer->db);
		}
	}
	close_all(writer);
}

static int count_log_pages(void *data, sqlite3 *db, const char *name, int pages) {
	(void)db;
	(void)name;
	((struct sqlite_writer *)data)->log_pages = pages;
	return SQLITE_OK;
}

/* By default a small disk keeps a sixteenth of itself free. */
static int64_t free_floor(const struct sqlite_file *file, int64_t wanted) {
	int64_t total = 0;
	if (file->temporary) {
		return 0;
	}
	if (wanted > 0 || sqlite_file_free_bytes(file, &total) == INT64_MAX) {
		return wanted;
	}
	return total / 16 < FREE_BYTES ? total / 16 : FREE_BYTES;
}

bool sqlite_writer_start(struct sqlite_writer *writer, sqlite3 *db, struct sqlite_file *file,
	const struct store_options *options, uv_async_t *wake_loop, struct error *err) {
	*writer = (struct sqlite_writer){.file = file,
		.options = *options,
		.wake_loop = wake_loop,
		.db = db,
		.purging = true,
		.done_end = &writer->done};
	writer->free_floor = free_floor(file, options->free_bytes);
	char sql[80];
	sqlite3_snprintf(sizeof sql, sql, "PRAGMA journal_size_limit = %lld", options->wal_bytes);
	if (!sqlite_db_run(db, sql, err) ||
		!sqlite_checkpoint_start(&writer->checkpoint, file, options->wal_bytes, err)) {
		return false;
	}
	sqlite3_wal_hook(db, count_log_pages, writer);
	queue_init(&writer->queue);
	queue_init(&writer->lazy);
	uv_mutex_init(&writer->mutex);
	uv_cond_init(&writer->work);
	if (uv_thread_create(&writer->thread, run, writer) == 0) {
		return true;
	}
	sqlite_checkpoint_stop(&writer->checkpoint);
	return error_set(err, ERROR_IO, "no thread for the store can be made");
}

void sqlite_writer_add(struct sqlite_writer *writer, struct sqlite_job *job) {
	uv_mutex_lock(&writer->mutex);
	bool first = !writer->queue.first;
	queue_push(&writer->queue, job);
	uv_mutex_unlock(&writer->mutex);
	if (first) {
		uv_cond_signal(&writer->work);
	}
}

bool sqlite_writer_add_lazily(struct sqlite_writer *writer, struct sqlite_job *job) {
	uv_mutex_lock(&writer->mutex);
	bool room = writer->lazy.count < LAZY_JOBS;
	if (room) {
		queue_push(&writer->lazy, job);
	}
	uv_mutex_unlock(&writer->mutex);
	uv_cond_signal(&writer->work);
	return room;
}

struct sqlite_group *sqlite_writer_take_done(struct sqlite_writer *writer, bool *closed) {
	uv_mutex_lock(&writer->mutex);
	struct sqlite_group *done = writer->done;
	writer->done = NULL;
	writer->done_end = &writer->done;
	*closed = writer->closed;
	uv_mutex_unlock(&writer->mutex);
	return done;
}

void sqlite_writer_close(struct sqlite_writer *writer) {
	uv_mutex_lock(&writer->mutex);
	writer->closing = true;
	uv_mutex_unlock(&writer->mutex);
	uv_cond_signal(&writer->work);
}

void sqlite_writer_join(struct sqlite_writer *writer) {
	uv_thread_join(&writer->thread);
	uv_mutex_destroy(&writer->mutex);
	uv_cond_destroy(&writer->work);
	free(writer->counters);
	sqlite_deliveries_free(&writer->deliveries);
}

struct sqlite_health sqlite_writer_health(struct sqlite_writer *writer) {
	uv_mutex_lock(&writer->mutex);
	struct sqlite_health health = writer->health;
	uv_mutex_unlock(&writer->mutex);
	return health;
}

sqlite3_stmt *sqlite_writer_statement(struct sqlite_writer *writer, enum sqlite_statement which) {
	return sqlite_statements_get(&writer->statements, writer->db, which);
}

enum sqlite_outcome sqlite_job_refuse(
	struct sqlite_job *job, enum error_code code, const char *format, ...) {
	char text[sizeof job->refusal->text];
	va_list args;
	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	if (!job->refusal) {
		job->refusal = alloc_zero(1, sizeof *job->refusal);
	}
	error_set(job->refusal, code, "%s", text);
	return JOB_REFUSED;
}
