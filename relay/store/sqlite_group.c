/*
 * All or nothing: a flush that failed fails its whole group. Only when the disk is not to blame are the jobs tried one by
 * one, so that one that cannot be written does not take the others with it.
 */
#include "relay/store/sqlite_group.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite_db.h"

/* Free space is looked at so often, and when so much was written. */
#define FREE_CHECK_MS 250
#define FREE_CHECK_BYTES (4 << 20)
/* What a group writes beside its bytes: pages of indexes, headers. */
#define PAGES_PER_JOB_BYTES 8192

static int64_t now_ms(void) {
	return (int64_t)(uv_hrtime() / 1000000);
}

/* Where the counter of `endpoint` is, or would be put. */
static size_t place_of(const struct sqlite_writer *writer, int64_t endpoint) {
	size_t low = 0, high = writer->counter_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (writer->counters[middle].endpoint < endpoint) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static struct sqlite_counter *insert_counter(
	struct sqlite_writer *writer, size_t at, struct sqlite_counter counter) {
	if (writer->counter_count == writer->counter_capacity) {
		writer->counter_capacity = writer->counter_capacity * 2 + 16;
		writer->counters =
			alloc_resize(writer->counters, writer->counter_capacity * sizeof *writer->counters);
	}
	struct sqlite_counter *place = writer->counters + at;
	memmove(place + 1, place, (writer->counter_count - at) * sizeof *place);
	*place = counter;
	writer->counter_count++;
	return place;
}

enum sqlite_outcome sqlite_writer_counter(
	struct sqlite_writer *writer, int64_t endpoint, struct sqlite_counter **counter) {
	size_t at = place_of(writer, endpoint);
	if (at < writer->counter_count && writer->counters[at].endpoint == endpoint) {
		*counter = writer->counters + at;
		return (*counter)->removed ? JOB_REFUSED : JOB_DONE;
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_COUNTER);
	sqlite3_bind_int64(stmt, 1, endpoint);
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW) {
		*counter = insert_counter(writer, at,
			(struct sqlite_counter){.endpoint = endpoint,
				.last_seq = sqlite3_column_int64(stmt, 0),
				.events = sqlite3_column_int64(stmt, 1)});
	}
	sqlite3_reset(stmt);
	return step == SQLITE_ROW ? JOB_DONE : step == SQLITE_DONE ? JOB_REFUSED : JOB_FAILED;
}

void sqlite_writer_forget_counters(struct sqlite_writer *writer) {
	writer->counter_count = 0;
}

/* The numbers that were given out, once for the whole transaction. */
static bool write_counters(struct sqlite_writer *writer) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_COUNTER_SET);
	for (size_t i = 0; i < writer->counter_count; i++) {
		const struct sqlite_counter *counter = writer->counters + i;
		if (!counter->touched) {
			continue;
		}
		sqlite3_bind_int64(stmt, 1, counter->endpoint);
		sqlite3_bind_int64(stmt, 2, counter->last_seq);
		sqlite3_bind_int64(stmt, 3, counter->events);
		if (!sqlite_step_done(stmt)) {
			return false;
		}
	}
	return true;
}

/* What is durable now goes to the loop with the group. */
static void publish_counters(struct sqlite_writer *writer, struct sqlite_group *group) {
	for (size_t i = 0; i < writer->counter_count; i++) {
		struct sqlite_counter *counter = writer->counters + i;
		if (!counter->touched) {
			continue;
		}
		counter->touched = false;
		if (counter->endpoint == COUNTER_OF_ALL) {
			group->position = counter->last_seq;
		}
	}
}

static enum sqlite_outcome run_job(struct sqlite_writer *writer, struct sqlite_job *job, bool low) {
	free(job->refusal);
	job->refusal = NULL;
	if (low && job->needs_space) {
		return sqlite_job_refuse(job, ERROR_FULL, "%s", writer->health.trouble);
	}
	return job->run(writer, job);
}

/* Begins, runs `count` jobs from `job` on, and commits. False: `err` is set and all is undone. */
static bool transact(struct sqlite_writer *writer, struct sqlite_group *group,
	struct sqlite_job *job, int64_t count, bool low, struct error *err) {
	bool ok = sqlite_step_done(sqlite_writer_statement(writer, STATEMENT_BEGIN));
	for (; ok && count > 0; count--, job = job->next) {
		ok = run_job(writer, job, low) != JOB_FAILED;
	}
	if (ok && !group->jobs.first) {
		ok = sqlite_step_done(sqlite_writer_statement(writer, STATEMENT_PROBE));
	}
	ok = ok && write_counters(writer) &&
	     sqlite_step_done(sqlite_writer_statement(writer, STATEMENT_COMMIT));
	if (ok) {
		publish_counters(writer, group);
		return true;
	}
	sqlite_db_fail(writer->db, err);
	return false;
}

/* After transact has failed. SQLite undoes some failures by itself. */
static void undo(struct sqlite_writer *writer) {
	sqlite_writer_forget_counters(writer);
	sqlite_deliveries_forget(&writer->deliveries);
	if (!sqlite3_get_autocommit(writer->db)) {
		sqlite3_exec(writer->db, "ROLLBACK", NULL, NULL, NULL);
	}
}

/* Whether what failed may lie in one job and not in the disk under all of them. */
static bool may_be_one_job(sqlite3 *db) {
	switch (sqlite3_errcode(db) & 0xff) {
	case SQLITE_CONSTRAINT:
	case SQLITE_TOOBIG:
	case SQLITE_MISMATCH:
	case SQLITE_RANGE:
	case SQLITE_NOMEM:
		return true;
	}
	return false;
}

/* Each job has its own outcome then. False: none could be written, which says nothing about the disk. */
static bool transact_one_by_one(
	struct sqlite_writer *writer, struct sqlite_group *group, bool low) {
	bool any = false;
	for (struct sqlite_job *job = group->jobs.first; job; job = job->next) {
		struct error err = {0};
		if (transact(writer, group, job, 1, low, &err)) {
			any = true;
			continue;
		}
		undo(writer);
		sqlite_job_refuse(job, err.code, "%s", err.text);
	}
	return any;
}

/* A failed flush leaves what was committed before as it was: SQLite writes the same place of the log again. */
static bool commit_jobs(
	struct sqlite_writer *writer, struct sqlite_group *group, bool low, struct error *err) {
	if (!sqlite_file_is_here(writer->file, err)) {
		group->err = *err;
		return false;
	}
	if (transact(writer, group, group->jobs.first, group->jobs.count, low, err)) {
		return true;
	}
	bool single_out = may_be_one_job(writer->db) && group->jobs.count > 0;
	undo(writer);
	if (single_out) {
		*err = (struct error){0};
		return transact_one_by_one(writer, group, low);
	}
	group->err = *err;
	return false;
}

static int64_t bytes_of(const struct sqlite_group *group) {
	int64_t bytes = 0;
	for (const struct sqlite_job *job = group->jobs.first; job; job = job->next) {
		bytes += (int64_t)job->bytes + PAGES_PER_JOB_BYTES;
	}
	return bytes;
}

/* Asking the disk costs a call; what we write ourselves is subtracted meanwhile. */
static bool is_low(struct sqlite_writer *writer, int64_t bytes) {
	if (writer->free_floor <= 0) {
		return false;
	}
	int64_t now = now_ms();
	writer->free_bytes -= bytes;
	if (writer->health.full || now - writer->free_checked_at_ms >= FREE_CHECK_MS ||
		writer->free_bytes < writer->free_floor + FREE_CHECK_BYTES) {
		writer->free_checked_at_ms = now;
		writer->free_bytes = sqlite_file_free_bytes(writer->file, NULL) - bytes;
	}
	return writer->free_bytes < writer->free_floor;
}

/* Cut if need be: what went wrong stands in front. */
static void note_trouble(struct sqlite_health *health, const char *text) {
	size_t len = strnlen(text, sizeof health->trouble - 1);
	memcpy(health->trouble, text, len);
	health->trouble[len] = '\0';
}

/* Only a disk that fails counts towards the end of the relay; one that is full gets better by waiting. */
static void note_failure(struct sqlite_writer *writer, const struct error *err) {
	struct sqlite_health *health = &writer->health;
	health->errors++;
	if (err->code == ERROR_FULL) {
		health->full = true;
	} else {
		health->failing = true;
		health->failed_in_row++;
	}
	note_trouble(health, err->text);
}

static void note_success(
	struct sqlite_writer *writer, const struct sqlite_group *group, bool low, int64_t took_us) {
	struct sqlite_health *health = &writer->health;
	health->failing = false;
	health->failed_in_row = 0;
	health->groups++;
	health->group_entries += group->jobs.count;
	health->commit_us += took_us;
	if (!low) {
		health->full = false;
		health->trouble[0] = '\0';
	}
}

static void note_low(struct sqlite_writer *writer) {
	char text[256];
	snprintf(text, sizeof text, "%s: less than %lld KiB left on the disk", writer->file->path,
		(long long)(writer->free_floor / 1024));
	uv_mutex_lock(&writer->mutex);
	writer->health.full = true;
	note_trouble(&writer->health, text);
	uv_mutex_unlock(&writer->mutex);
}

void sqlite_group_commit(struct sqlite_writer *writer, struct sqlite_group *group) {
	struct error err = {0};
	bool low = is_low(writer, bytes_of(group));
	if (low) {
		note_low(writer);
	}
	uint64_t begun = uv_hrtime();
	bool ok = commit_jobs(writer, group, low, &err);
	int64_t took_us = (int64_t)((uv_hrtime() - begun) / 1000);

	uv_mutex_lock(&writer->mutex);
	if (ok) {
		note_success(writer, group, low, took_us);
	} else if (err.code != ERROR_NONE) {
		note_failure(writer, &err);
	}
	uv_mutex_unlock(&writer->mutex);
}
