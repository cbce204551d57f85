/* Appends: an event or attempt gets its number, its bytes and its place, all in the group's transaction. */
#include <stdlib.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"

struct append_job {
	struct sqlite_job job; /* first */
	struct entry *entry;
	store_stored_fn *stored;
	void *data;
	/* found out on the writer's thread */
	int64_t position, seq;
	int64_t repeat;            /* of an event; 0: it has no id of the provider */
	uint64_t key;              /* of that id */
	int64_t parent_seq;        /* of an event that is a copy */
	int64_t event_seq, number; /* of an attempt */
	bool late;
};

static void bind_uuid(sqlite3_stmt *stmt, int at, const struct uuid *uuid) {
	sqlite3_bind_blob(stmt, at, uuid->bytes, sizeof uuid->bytes, SQLITE_STATIC);
}

/* Takes the next position and the endpoint's next number; they count only once `advance` was called. */
static enum sqlite_outcome take_numbers(struct sqlite_writer *writer, struct append_job *append) {
	struct sqlite_counter *counter;
	enum sqlite_outcome outcome = sqlite_writer_counter(writer, COUNTER_OF_ALL, &counter);
	if (outcome != JOB_DONE) {
		return JOB_FAILED;
	}
	append->position = counter->last_seq + 1;
	outcome = sqlite_writer_counter(writer, append->entry->endpoint, &counter);
	if (outcome == JOB_REFUSED || append->entry->endpoint == COUNTER_OF_ALL) {
		return sqlite_job_refuse(&append->job, ERROR_NO, "endpoint %lld does not exist",
			(long long)append->entry->endpoint);
	}
	if (outcome == JOB_DONE) {
		append->seq = counter->last_seq + 1;
	}
	return outcome;
}

static void advance(struct sqlite_writer *writer, const struct append_job *append) {
	struct sqlite_counter *counter;
	if (sqlite_writer_counter(writer, COUNTER_OF_ALL, &counter) == JOB_DONE) {
		counter->last_seq = append->position;
		counter->touched = true;
	}
	if (sqlite_writer_counter(writer, append->entry->endpoint, &counter) == JOB_DONE) {
		counter->last_seq = append->seq;
		counter->events += append->entry->kind == ENTRY_EVENT;
		counter->touched = true;
	}
}

/*
 * How often the provider has sent this before; the newest one knows. What was made here, the provider did not send: it is no
 * repeat of anything, and nothing is one of it.
 */
static bool count_repeats(struct sqlite_writer *writer, struct append_job *append) {
	const struct event *event = append->entry->event;
	append->repeat = event->provider_id.len > 0 && event->origin == ORIGIN_RECEIVED;
	if (!sqlite_deliveries_load(&writer->deliveries, writer->db)) {
		return false;
	}
	if (append->repeat == 0) {
		return true;
	}
	append->key =
		sqlite_deliveries_key(&writer->deliveries, append->entry->endpoint, event->provider_id);
	int64_t position = sqlite_deliveries_find(&writer->deliveries, append->key);
	if (position == 0) {
		return true;
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_DELIVERY_REPEAT);
	sqlite3_bind_int64(stmt, 1, position);
	sqlite3_bind_int64(stmt, 2, append->entry->endpoint);
	sqlite_bind_text_span(stmt, 3, event->provider_id);
	int step = sqlite3_step(stmt);
	append->repeat += step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return step == SQLITE_ROW || step == SQLITE_DONE;
}

/* The run that ends at `position`; the oldest leave the table with it. */
static bool write_deliveries(struct sqlite_writer *writer, int64_t position) {
	struct sqlite_deliveries *deliveries = &writer->deliveries;
	sqlite3_stmt *add = sqlite_writer_statement(writer, STATEMENT_DELIVERY_RUN_ADD);
	sqlite3_bind_int64(add, 1, deliveries->newest);
	sqlite3_bind_int64(add, 2, position);
	sqlite_bind_blob_span(add, 3, buffer_span(&deliveries->unwritten));
	sqlite3_stmt *trim = sqlite_writer_statement(writer, STATEMENT_DELIVERY_RUN_TRIM);
	sqlite3_bind_int64(trim, 1, deliveries->newest - DELIVERIES_KEPT);
	if (!sqlite_step_done(add) || !sqlite_step_done(trim)) {
		return false;
	}
	sqlite_deliveries_written(deliveries, position);
	return true;
}

/* So that the next one with its id is known as a repeat. */
static bool add_delivery(struct sqlite_writer *writer, const struct append_job *append) {
	if (append->repeat > 0) {
		sqlite_deliveries_put(&writer->deliveries, append->key, append->position);
	}
	return !sqlite_deliveries_are_due(&writer->deliveries, append->position) ||
	       write_deliveries(writer, append->position);
}

static bool add_event(struct sqlite_writer *writer, const struct append_job *append) {
	const struct entry *entry = append->entry;
	const struct event *event = entry->event;
	struct span parent = {
		(const char *)event->parent.bytes, append->parent_seq > 0 ? sizeof event->parent.bytes : 0};
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_ADD);
	sqlite3_bind_int64(stmt, 1, append->position);
	bind_uuid(stmt, 2, &event->id);
	sqlite3_bind_int64(stmt, 3, entry->endpoint);
	sqlite3_bind_int64(stmt, 4, append->seq);
	sqlite3_bind_int64(stmt, 5, event->received_at_ns);
	sqlite3_bind_int64(stmt, 6, event->path_offset);
	sqlite3_bind_int64(stmt, 7, (int64_t)entry->head.len);
	sqlite3_bind_int64(stmt, 8, (int64_t)entry->body.len);
	sqlite3_bind_int64(stmt, 9, (int64_t)entry->trailers.len);
	sqlite3_bind_int64(stmt, 10, event->answer_status);
	sqlite3_bind_int64(stmt, 11, append->repeat);
	sqlite3_bind_int64(stmt, 12, event->verdict);
	sqlite_bind_text_span(stmt, 13, event->peer);
	sqlite_bind_text_span(stmt, 14, event->method);
	sqlite_bind_text_span(stmt, 15, event->target);
	sqlite_bind_text_span(stmt, 16, event->provider);
	sqlite_bind_text_span(stmt, 17, event->type);
	sqlite_bind_text_or_null(stmt, 18, event->provider_id);
	sqlite_bind_text_span(stmt, 19, event->reason);
	sqlite_bind_text_span(stmt, 20, event->secret);
	sqlite_bind_text_span(stmt, 21, event->handshake);
	sqlite_bind_text_span(stmt, 22, event->answer);
	sqlite_bind_text_span(stmt, 23, event->recipe);
	sqlite3_bind_int64(stmt, 24, event->answer_by);
	sqlite_bind_text_span(stmt, 25, event->answer_why);
	sqlite3_bind_int64(stmt, 26, event->origin);
	sqlite_bind_blob_span(stmt, 27, parent);
	sqlite3_bind_int64(stmt, 28, append->parent_seq);
	return sqlite_step_done(stmt);
}

static bool add_content(struct sqlite_writer *writer, const struct append_job *append) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_CONTENT_ADD);
	sqlite3_bind_int64(stmt, 1, append->position);
	sqlite_bind_blob_span(stmt, 2, append->entry->head);
	sqlite_bind_blob_span(stmt, 3, append->entry->body);
	sqlite_bind_blob_span(stmt, 4, append->entry->trailers);
	return sqlite_step_done(stmt);
}

/* Asked only when an insert failed: was it because the id is there already? */
static bool is_stored(struct sqlite_writer *writer, enum sqlite_statement find, struct uuid id) {
	if ((sqlite3_errcode(writer->db) & 0xff) != SQLITE_CONSTRAINT) {
		return false;
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, find);
	bind_uuid(stmt, 1, &id);
	bool found = sqlite3_step(stmt) == SQLITE_ROW;
	sqlite3_reset(stmt);
	return found;
}

/* Finds the event it is a copy of, if it is one. */
static enum sqlite_outcome find_parent(struct sqlite_writer *writer, struct append_job *append) {
	static const struct uuid none;
	const struct event *event = append->entry->event;
	if (uuid_equal(&event->parent, &none)) {
		return JOB_DONE;
	}
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_FIND);
	bind_uuid(stmt, 1, &event->parent);
	int step = sqlite3_step(stmt);
	if (step == SQLITE_ROW && sqlite3_column_int64(stmt, 1) == append->entry->endpoint) {
		append->parent_seq = sqlite3_column_int64(stmt, 2);
	}
	sqlite3_reset(stmt);
	if (step != SQLITE_ROW && step != SQLITE_DONE) {
		return JOB_FAILED;
	}
	return append->parent_seq > 0
	           ? JOB_DONE
	           : sqlite_job_refuse(&append->job, ERROR_NO,
					 "the event this is a copy of is not stored on its endpoint");
}

static enum sqlite_outcome run_event(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct append_job *append = (struct append_job *)job;
	enum sqlite_outcome outcome = take_numbers(writer, append);
	if (outcome == JOB_DONE) {
		outcome = find_parent(writer, append);
	}
	if (outcome != JOB_DONE) {
		return outcome;
	}
	if (!count_repeats(writer, append)) {
		return JOB_FAILED;
	}
	if (!add_event(writer, append)) {
		return is_stored(writer, STATEMENT_EVENT_FIND, append->entry->event->id)
		           ? sqlite_job_refuse(job, ERROR_NO, "an event with this id is stored already")
		           : JOB_FAILED;
	}
	if (!add_content(writer, append) || !add_delivery(writer, append)) {
		return JOB_FAILED;
	}
	advance(writer, append);
	return JOB_DONE;
}

/* The app answers its first time an event whose sender was answered in its place. */
static bool is_late(const struct attempt *attempt, sqlite3_stmt *event) {
	bool counts = attempt->cause == CAUSE_FORWARD || attempt->cause == CAUSE_RETRY;
	return counts && attempt->status > 0 &&
	       sqlite3_column_int64(event, 4) == ANSWERED_BY_FALLBACK &&
	       sqlite3_column_int64(event, 5) <= 0;
}

/* `event` becomes the position of the event that was tried. */
static enum sqlite_outcome find_event(
	struct sqlite_writer *writer, struct append_job *append, int64_t *event) {
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_FIND);
	bind_uuid(stmt, 1, &append->entry->attempt->event);
	int step = sqlite3_step(stmt);
	bool found = step == SQLITE_ROW && sqlite3_column_int64(stmt, 1) == append->entry->endpoint;
	if (found) {
		*event = sqlite3_column_int64(stmt, 0);
		append->event_seq = sqlite3_column_int64(stmt, 2);
		append->number = sqlite3_column_int64(stmt, 3) + 1;
		append->late = is_late(append->entry->attempt, stmt);
	}
	sqlite3_reset(stmt);
	if (step != SQLITE_ROW && step != SQLITE_DONE) {
		return JOB_FAILED;
	}
	return found ? JOB_DONE
	             : sqlite_job_refuse(
					   &append->job, ERROR_NO, "the event of this attempt is not stored here");
}

static bool add_attempt(
	struct sqlite_writer *writer, const struct append_job *append, int64_t event) {
	const struct entry *entry = append->entry;
	const struct attempt *attempt = entry->attempt;
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_ATTEMPT_ADD);
	sqlite3_bind_int64(stmt, 1, append->position);
	bind_uuid(stmt, 2, &attempt->id);
	sqlite3_bind_int64(stmt, 3, event);
	sqlite3_bind_int64(stmt, 4, entry->endpoint);
	sqlite3_bind_int64(stmt, 5, append->seq);
	sqlite3_bind_int64(stmt, 6, append->number);
	sqlite3_bind_int64(stmt, 7, attempt->cause);
	sqlite3_bind_int64(stmt, 8, attempt->status);
	sqlite3_bind_int64(stmt, 9, (int64_t)entry->head.len);
	sqlite3_bind_int64(stmt, 10, (int64_t)entry->body.len);
	sqlite3_bind_int64(stmt, 11, attempt->answer_body_total);
	sqlite3_bind_int64(stmt, 12, attempt->started_at_ns);
	sqlite3_bind_int64(stmt, 13, attempt->took_us);
	sqlite_bind_text_span(stmt, 14, attempt->target);
	sqlite_bind_text_span(stmt, 15, attempt->changes);
	sqlite_bind_text_span(stmt, 16, attempt->error);
	sqlite_bind_text_span(stmt, 17, attempt->who);
	sqlite3_bind_int64(stmt, 18, append->late);
	return sqlite_step_done(stmt);
}

static bool mark_event(
	struct sqlite_writer *writer, const struct append_job *append, int64_t event) {
	int64_t status = append->entry->attempt->status;
	sqlite3_stmt *stmt = sqlite_writer_statement(writer, STATEMENT_EVENT_TRIED);
	sqlite3_bind_int64(stmt, 1, event);
	sqlite3_bind_int64(stmt, 2, append->number);
	sqlite3_bind_int64(stmt, 3, status == 0 ? -1 : status);
	sqlite3_bind_int64(stmt, 4,
		(append->late ? SQLITE_TRAIT_LATE : 0) |
			(append->entry->attempt->cause == CAUSE_REPLAY ? SQLITE_TRAIT_REPLAYED : 0));
	return sqlite_step_done(stmt);
}

static enum sqlite_outcome run_attempt(struct sqlite_writer *writer, struct sqlite_job *job) {
	struct append_job *append = (struct append_job *)job;
	int64_t event = 0;
	enum sqlite_outcome outcome = take_numbers(writer, append);
	if (outcome == JOB_DONE) {
		outcome = find_event(writer, append, &event);
	}
	if (outcome != JOB_DONE) {
		return outcome;
	}
	if (!add_attempt(writer, append, event)) {
		return is_stored(writer, STATEMENT_ATTEMPT_FIND, append->entry->attempt->id)
		           ? sqlite_job_refuse(job, ERROR_NO, "an attempt with this id is stored already")
		           : JOB_FAILED;
	}
	if (!add_content(writer, append) || !mark_event(writer, append, event)) {
		return JOB_FAILED;
	}
	advance(writer, append);
	return JOB_DONE;
}

static void fill_in(const struct append_job *append) {
	struct entry *entry = append->entry;
	entry->position = append->position;
	if (entry->kind == ENTRY_EVENT) {
		entry->event->seq = append->seq;
		entry->event->position = append->position;
		entry->event->repeat = append->repeat;
		entry->event->parent_seq = append->parent_seq;
		return;
	}
	entry->attempt->seq = append->seq;
	entry->attempt->position = append->position;
	entry->attempt->event_seq = append->event_seq;
	entry->attempt->number = append->number;
	entry->attempt->late = append->late;
}

static void finish(struct sqlite_store *store, struct sqlite_job *job, const struct error *err) {
	struct append_job *append = (struct append_job *)job;
	store->backlog.entries--;
	store->backlog.bytes -= (int64_t)job->bytes;
	if (!err) {
		fill_in(append);
		for (int i = 0; i < store->observer_count; i++) {
			store->observers[i].observe(store->observers[i].data, append->entry);
		}
	}
	append->stored(append->data, append->entry, err);
	free(append);
}

void sqlite_append(struct store *store, struct entry *entry, store_stored_fn *stored, void *data) {
	struct sqlite_store *self = sqlite_store_of(store);
	struct append_job *append = alloc_zero(1, sizeof *append);
	*append =
		(struct append_job){.job = {.run = entry->kind == ENTRY_EVENT ? run_event : run_attempt,
								.finish = finish,
								.bytes = entry->head.len + entry->body.len + entry->trailers.len,
								.needs_space = true},
			.entry = entry,
			.stored = stored,
			.data = data};
	self->backlog.entries++;
	self->backlog.bytes += (int64_t)append->job.bytes;
	sqlite_writer_add(&self->writer, &append->job);
}
