#include "relay/store/sqlite_rollup.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/moment.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_rollup_parts.h"

/* Positions read at once: each has one event or attempt. */
#define CHUNK 256
/* What is new is taken no more often than this, and all is counted anew so long after the last change of the past. */
#define PAUSE_NS (200 * MOMENT_NS_PER_MS)
#define AGAIN_NS (1000 * MOMENT_NS_PER_MS)

/* Attempts before this one of an event, to know from what it moved the event. */
#define STATUS_BEFORE                                                                              \
	"CASE WHEN a.number > 1 THEN (SELECT b.status FROM attempt AS b WHERE b.event = a.event"       \
	" AND b.pos < a.pos ORDER BY b.pos DESC LIMIT 1) END"
#define EVENT_FACTS "e.received_at_ns, e.endpoint, e.verdict, e.provider, e.type"
#define OF_EVENTS " FROM event AS e WHERE e.pos > ?1 AND e.pos <= ?2"
#define OF_ATTEMPTS                                                                                \
	" FROM attempt AS a CROSS JOIN event AS e ON e.pos = a.event WHERE a.pos > ?1 AND a.pos <= ?2"

enum row_kind { ROW_EVENT, ROW_ATTEMPT };

/* What is counted of an entry; texts are copied. */
struct row {
	enum row_kind kind;
	struct rollup_event event;
	bool took; /* it was answered */
	int64_t started_at_ns, took_us;
	enum counts_status from, to; /* of an event: `to` alone */
	int64_t endpoint, position;  /* of the event an attempt is of */
	char provider[ROLLUP_NAME_LEN + 1], type[ROLLUP_NAME_LEN + 1];
};

struct sqlite_rollup_chunk {
	struct row rows[CHUNK];
	size_t count;
};

/* --- reading --- */

/* Longer names than are counted are cut to one that is too long as well. */
static struct span keep(char out[ROLLUP_NAME_LEN + 1], struct span text) {
	size_t len = text.len <= ROLLUP_NAME_LEN ? text.len : ROLLUP_NAME_LEN + 1;
	if (len > 0) {
		memcpy(out, text.data, len);
	}
	return (struct span){out, len};
}

static bool is_gone(const struct sqlite_rollup *rollup, int64_t endpoint) {
	for (size_t i = 0; i < rollup->gone_count; i++) {
		if (rollup->gone[i] == endpoint) {
			return true;
		}
	}
	return false;
}

/* From column `at` on. */
static void read_event(struct row *row, sqlite3_stmt *stmt, int at) {
	int64_t verdict = sqlite3_column_int64(stmt, at + 2);
	bool known = verdict >= 0 && verdict < VERDICT_COUNT;
	row->endpoint = sqlite3_column_int64(stmt, at + 1);
	row->event = (struct rollup_event){.received_at_ns = sqlite3_column_int64(stmt, at),
		.endpoint = {(const char *)&row->endpoint, sizeof row->endpoint},
		.verdict = known ? (enum verdict)verdict : VERDICT_UNVERIFIED,
		.provider = keep(row->provider, sqlite_column_span(stmt, at + 3)),
		.type = keep(row->type, sqlite_column_span(stmt, at + 4))};
}

static void read_row(struct row *row, enum row_kind kind, sqlite3_stmt *stmt, int64_t now_ns) {
	row->kind = kind;
	read_event(row, stmt, 0);
	row->to = sqlite_status_in(stmt, 5);
	if (kind == ROW_EVENT) {
		return;
	}
	/* the moment is a client's word: it must not take a place of the future */
	int64_t started = sqlite3_column_int64(stmt, 7);
	row->from = sqlite_status_in(stmt, 6);
	row->started_at_ns = started < now_ns ? started : now_ns;
	row->took_us = sqlite3_column_int64(stmt, 8);
	row->took = row->to != COUNTS_FAILED;
	row->position = sqlite3_column_int64(stmt, 9);
}

/* Those behind `low`, up to `high`. What cannot be read is not counted. */
static void read_rows(struct sqlite_rollup *rollup, enum row_kind kind, sqlite3_stmt *stmt,
	int64_t low, int64_t high) {
	struct timespec now;
	struct sqlite_rollup_chunk *chunk = rollup->chunk;
	clock_gettime(CLOCK_REALTIME, &now);
	int64_t now_ns = now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
	sqlite3_bind_int64(stmt, 1, low);
	sqlite3_bind_int64(stmt, 2, high);
	sqlite3_bind_int64(stmt, 3, rollup->split);
	while (chunk->count < CHUNK && sqlite3_step(stmt) == SQLITE_ROW) {
		struct row *row = &chunk->rows[chunk->count];
		read_row(row, kind, stmt, now_ns);
		chunk->count += !is_gone(rollup, row->endpoint);
	}
	sqlite3_reset(stmt);
}

static bool take_gone(void *data, sqlite3_stmt *row) {
	struct sqlite_rollup *rollup = data;
	rollup->gone = alloc_resize(rollup->gone, (rollup->gone_count + 1) * sizeof *rollup->gone);
	rollup->gone[rollup->gone_count++] = sqlite3_column_int64(row, 0);
	return true;
}

static void read_gone(struct sqlite_rollup *rollup) {
	rollup->gone_count = 0;
	sqlite_db_each(
		sqlite_db_prepare(rollup->db, "SELECT id FROM endpoint WHERE name IS NULL", NULL),
		take_gone, rollup, NULL);
}

/* --- counting; with the mutex held --- */

static void count_row(struct rollup *rollup, const struct row *row, bool moves) {
	if (row->kind == ROW_EVENT) {
		rollup_add(rollup, &row->event, row->to);
		return;
	}
	if (moves) {
		rollup_move(rollup, &row->event, row->from, row->to);
	}
	if (row->took) {
		rollup_took(rollup, row->event.provider, row->started_at_ns, row->took_us);
	}
}

static void count_rows(struct rollup *rollup, const struct sqlite_rollup_chunk *chunk, bool moves) {
	for (size_t i = 0; rollup && i < chunk->count; i++) {
		count_row(rollup, &chunk->rows[i], moves);
	}
}

static void show_built(struct sqlite_rollup *rollup) {
	if (rollup->building != rollup->shown) {
		rollup_free(rollup->shown);
		rollup->shown = rollup->building;
	}
	rollup->building = NULL;
	rollup->complete_from_ns = 0;
}

/* --- the thread --- */

static void move_keys(struct sqlite_rollup *rollup) {
	for (size_t i = 0; i < rollup->chunk->count; i++) {
		const struct row *row = &rollup->chunk->rows[i];
		bool failed = counts_is_failure(row->to);
		if (row->kind == ROW_ATTEMPT && failed != counts_is_failure(row->from)) {
			sqlite_rollup_keys_move(
				&rollup->keys, row->position, row->event.received_at_ns, failed);
		}
	}
}

static void take_new(struct sqlite_rollup *rollup, int64_t head) {
	int64_t high = rollup->cursor + CHUNK < head ? rollup->cursor + CHUNK : head;
	rollup->chunk->count = 0;
	read_rows(rollup, ROW_EVENT, rollup->events, rollup->cursor, high);
	read_rows(rollup, ROW_ATTEMPT, rollup->attempts, rollup->cursor, high);
	move_keys(rollup);
	rollup->cursor = high;
	uv_mutex_lock(&rollup->mutex);
	count_rows(rollup->shown, rollup->chunk, true);
	if (rollup->building != rollup->shown) {
		count_rows(rollup->building, rollup->chunk, true);
	}
	uv_mutex_unlock(&rollup->mutex);
}

/* The newest event of the chunk, or 0. */
static int64_t newest_in(const struct sqlite_rollup_chunk *chunk) {
	int64_t newest = 0;
	for (size_t i = 0; i < chunk->count; i++) {
		int64_t at = chunk->rows[i].event.received_at_ns;
		newest = chunk->rows[i].kind == ROW_EVENT && at > newest ? at : newest;
	}
	return newest;
}

static int64_t longest_ago(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return counts_from(COUNTS_WEEK, now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec);
}

static void take_old(struct sqlite_rollup *rollup) {
	int64_t low = rollup->below > CHUNK ? rollup->below - CHUNK : 0;
	rollup->chunk->count = 0;
	read_rows(rollup, ROW_EVENT, rollup->old_events, low, rollup->below);
	int64_t newest = newest_in(rollup->chunk);
	read_rows(rollup, ROW_ATTEMPT, rollup->old_attempts, low, rollup->below);
	rollup->below = newest > 0 && newest < longest_ago() ? 0 : low;
	uv_mutex_lock(&rollup->mutex);
	count_rows(rollup->building, rollup->chunk, false);
	if (rollup->building == rollup->shown && newest > 0) {
		rollup->complete_from_ns = newest;
	}
	if (rollup->below == 0) {
		show_built(rollup);
	}
	uv_mutex_unlock(&rollup->mutex);
}

static void begin_again(struct sqlite_rollup *rollup) {
	read_gone(rollup);
	sqlite_rollup_keys_again(&rollup->keys);
	rollup->below = rollup->split = rollup->cursor;
	uv_mutex_lock(&rollup->mutex);
	if (rollup->building != rollup->shown) {
		rollup_free(rollup->building);
	}
	rollup->building = rollup_new();
	if (rollup->below == 0) {
		show_built(rollup);
	}
	uv_mutex_unlock(&rollup->mutex);
}

/* What is to be done next, with the mutex held. */
struct work {
	bool closing, again;
	int64_t head;
	struct sqlite_rollup_mark mark;
};

static bool has_more(const struct sqlite_rollup *rollup, const struct work *work) {
	return rollup->below > 0 || work->head != rollup->cursor ||
	       !sqlite_rollup_keys_is_idle(&rollup->keys, work->mark, rollup->cursor);
}

/* With the mutex held. */
static struct work look(const struct sqlite_rollup *rollup) {
	uint64_t again_at = rollup->again_at_ns;
	return (struct work){.closing = rollup->closing,
		.again = again_at != 0 && again_at <= uv_hrtime(),
		.head = rollup->head,
		.mark = sqlite_rollup_keys_mark(&rollup->keys)};
}

static void rest_until(struct sqlite_rollup *rollup, uint64_t until) {
	uint64_t now = uv_hrtime();
	uv_cond_timedwait(&rollup->work, &rollup->mutex, until > now ? until - now : 1);
}

/* Until this time, or until somebody has something to tell; 0: for the latter alone. With the mutex held. */
static void sleep_until(struct sqlite_rollup *rollup, uint64_t until) {
	rollup->asleep = true;
	if (until == 0) {
		uv_cond_wait(&rollup->work, &rollup->mutex);
	} else {
		rest_until(rollup, until);
	}
	rollup->asleep = false;
}

/* As long as there is nothing to do; and, so that this never takes all of a processor, at least `rest_ns`. */
static struct work wait_for_work(struct sqlite_rollup *rollup, uint64_t rest_ns) {
	uint64_t rested = uv_hrtime() + rest_ns, due_ns = sqlite_rollup_keys_due_ns(&rollup->keys);
	uint64_t due = due_ns > 0 ? rested + due_ns : 0;
	uv_mutex_lock(&rollup->mutex);
	struct work work = look(rollup);
	for (; !work.closing; work = look(rollup)) {
		uint64_t now = uv_hrtime(), again_at = rollup->again_at_ns;
		bool wanted = has_more(rollup, &work) || work.again || (due != 0 && now >= due);
		if (wanted && now >= rested) {
			break;
		}
		if (wanted) {
			rest_until(rollup, rested);
		} else {
			sleep_until(rollup, again_at != 0 && (due == 0 || again_at < due) ? again_at : due);
		}
	}
	rollup->again_at_ns = work.again ? 0 : rollup->again_at_ns;
	uv_mutex_unlock(&rollup->mutex);
	return work;
}

static void publish(struct sqlite_rollup *rollup) {
	struct counts tops[COUNTS_SPANS];
	sqlite_rollup_keys_make(&rollup->keys, tops);
	uv_mutex_lock(&rollup->mutex);
	sqlite_rollup_keys_put(&rollup->keys, tops);
	uv_mutex_unlock(&rollup->mutex);
	for (int span = 0; span < COUNTS_SPANS; span++) {
		counts_clear(&tops[span]);
	}
}

static void count_on(struct sqlite_rollup *rollup) {
	uint64_t rest_ns = 0;
	for (;;) {
		struct work work = wait_for_work(rollup, rest_ns);
		uint64_t from = uv_hrtime();
		if (work.closing) {
			return;
		}
		if (work.again) {
			begin_again(rollup);
		}
		if (rollup->cursor < work.head) {
			take_new(rollup, work.head);
		}
		if (rollup->below > 0) {
			take_old(rollup);
		}
		sqlite_rollup_keys_step(&rollup->keys, work.mark, rollup->cursor);
		/* as long as that took while there is more, else until some are together */
		bool more = has_more(rollup, &work);
		if (sqlite_rollup_keys_should_publish(&rollup->keys, more)) {
			publish(rollup);
		}
		rest_ns = more ? uv_hrtime() - from : (uint64_t)PAUSE_NS;
	}
}

static bool prepare(struct sqlite_rollup *rollup, struct error *err) {
	rollup->events = sqlite_db_prepare(rollup->db, "SELECT " EVENT_FACTS ", NULL" OF_EVENTS, err);
	rollup->old_events =
		sqlite_db_prepare(rollup->db, "SELECT " EVENT_FACTS ", " SQLITE_STATUS_THEN OF_EVENTS, err);
	rollup->attempts = sqlite_db_prepare(rollup->db,
		"SELECT " EVENT_FACTS ", a.status, " STATUS_BEFORE
		", a.started_at_ns, a.took_us, a.event" OF_ATTEMPTS,
		err);
	rollup->old_attempts = sqlite_db_prepare(rollup->db,
		"SELECT " EVENT_FACTS ", a.status, NULL, a.started_at_ns, a.took_us, a.event" OF_ATTEMPTS,
		err);
	return rollup->events && rollup->old_events && rollup->attempts && rollup->old_attempts &&
	       sqlite_rollup_keys_prepare(&rollup->keys, rollup->db, err);
}

static bool open_db(void *data, struct error *err) {
	struct sqlite_rollup *rollup = data;
	rollup->db = sqlite_db_open(rollup->file->path, NULL, err);
	return rollup->db &&
	       sqlite_db_set_up(rollup->db, SQLITE_READER, !rollup->file->temporary, err) &&
	       prepare(rollup, err);
}

static void work(void *data) {
	struct sqlite_rollup *rollup = data;
	read_gone(rollup);
	count_on(rollup);
}

/* --- from the loop --- */

static void close_all(struct sqlite_rollup *rollup) {
	uv_mutex_destroy(&rollup->mutex);
	uv_cond_destroy(&rollup->work);
	sqlite3_finalize(rollup->events);
	sqlite3_finalize(rollup->old_events);
	sqlite3_finalize(rollup->attempts);
	sqlite3_finalize(rollup->old_attempts);
	sqlite_rollup_keys_release(&rollup->keys);
	sqlite3_close(rollup->db);
	if (rollup->building != rollup->shown) {
		rollup_free(rollup->building);
	}
	rollup_free(rollup->shown);
	free(rollup->chunk);
	free(rollup->gone);
	*rollup = (struct sqlite_rollup){0};
}

bool sqlite_rollup_start(struct sqlite_rollup *rollup, const struct sqlite_file *file,
	const struct sqlite_reader *reader, struct error *err) {
	int64_t head = reader->position;
	*rollup = (struct sqlite_rollup){
		.file = file, .cursor = head, .split = head, .below = head, .head = head};
	rollup->chunk = alloc_bytes(sizeof *rollup->chunk);
	rollup->chunk->count = 0;
	rollup->shown = rollup_new();
	rollup->building = head > 0 ? rollup->shown : NULL;
	rollup->complete_from_ns = head > 0 ? INT64_MAX : 0;
	sqlite_rollup_keys_init(&rollup->keys, reader->keys_secret.words, &reader->mark);
	uv_mutex_init(&rollup->mutex);
	uv_cond_init(&rollup->work);
	if (!sqlite_thread_start(&rollup->thread, open_db, work, rollup, err)) {
		close_all(rollup);
		return false;
	}
	return true;
}

void sqlite_rollup_stop(struct sqlite_rollup *rollup) {
	if (!rollup->thread.running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup->closing = true;
	uv_cond_signal(&rollup->work);
	uv_mutex_unlock(&rollup->mutex);
	sqlite_thread_join(&rollup->thread);
	close_all(rollup);
}

void sqlite_rollup_tell(struct sqlite_rollup *rollup, int64_t head) {
	if (!rollup->thread.running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup->head = head > rollup->head ? head : rollup->head;
	if (rollup->asleep) {
		uv_cond_signal(&rollup->work);
	}
	uv_mutex_unlock(&rollup->mutex);
}

void sqlite_rollup_tell_keys(struct sqlite_rollup *rollup, const struct key_mark *mark) {
	if (!rollup->thread.running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	sqlite_rollup_keys_tell(&rollup->keys, mark);
	if (rollup->asleep) {
		uv_cond_signal(&rollup->work);
	}
	uv_mutex_unlock(&rollup->mutex);
}

void sqlite_rollup_again(struct sqlite_rollup *rollup) {
	if (!rollup->thread.running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup->again_at_ns = uv_hrtime() + AGAIN_NS;
	uv_cond_signal(&rollup->work);
	uv_mutex_unlock(&rollup->mutex);
}

void sqlite_rollup_read(struct sqlite_rollup *rollup, int64_t now_ns, rollup_name_fn *name,
	const void *data, struct counts *counts) {
	if (!rollup->thread.running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	sqlite_rollup_keys_read(&rollup->keys, now_ns, counts);
	rollup_read(rollup->shown, now_ns, name, data, counts);
	counts->complete_from_ns =
		rollup->complete_from_ns < now_ns ? rollup->complete_from_ns : now_ns;
	uv_mutex_unlock(&rollup->mutex);
}
