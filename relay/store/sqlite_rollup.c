#include "relay/store/sqlite_rollup.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/alloc.h"
#include "common/moment.h"
#include "relay/store/sqlite_db.h"

/* Positions read at once: each has one event or attempt. */
#define CHUNK 256
/* What is new is taken no more often than this, and all is counted anew so long after the last change of the past. */
#define PAUSE_NS (200 * MOMENT_NS_PER_MS)
#define AGAIN_NS (1000 * MOMENT_NS_PER_MS)

/* Attempts before this one of an event, to know from what it moved the event. */
#define STATUS_BEFORE                                                                              \
	"CASE WHEN a.number > 1 THEN (SELECT b.status FROM attempt AS b WHERE b.event = a.event"       \
	" AND b.pos < a.pos ORDER BY b.pos DESC LIMIT 1) END"
/* An event as it was at position ?3: attempts behind it are told one by one. */
#define STATUS_THEN                                                                                \
	"CASE WHEN attempts > 0 THEN (SELECT b.status FROM attempt AS b WHERE b.event = e.pos"         \
	" AND b.pos <= ?3 ORDER BY b.pos DESC LIMIT 1) END"
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
	int64_t endpoint;
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

/* An attempt's status; NULL: there was none. */
static enum counts_status status_in(sqlite3_stmt *stmt, int at) {
	if (sqlite3_column_type(stmt, at) == SQLITE_NULL) {
		return COUNTS_NONE;
	}
	int64_t status = sqlite3_column_int64(stmt, at);
	return counts_status_of(status == 0 ? -1 : status);
}

static void read_row(struct row *row, enum row_kind kind, sqlite3_stmt *stmt, int64_t now_ns) {
	row->kind = kind;
	read_event(row, stmt, 0);
	row->to = status_in(stmt, 5);
	if (kind == ROW_EVENT) {
		return;
	}
	/* the moment is a client's word: it must not take a place of the future */
	int64_t started = sqlite3_column_int64(stmt, 7);
	row->from = status_in(stmt, 6);
	row->started_at_ns = started < now_ns ? started : now_ns;
	row->took_us = sqlite3_column_int64(stmt, 8);
	row->took = row->to != COUNTS_FAILED;
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

static void take_new(struct sqlite_rollup *rollup, int64_t head) {
	int64_t high = rollup->cursor + CHUNK < head ? rollup->cursor + CHUNK : head;
	rollup->chunk->count = 0;
	read_rows(rollup, ROW_EVENT, rollup->events, rollup->cursor, high);
	read_rows(rollup, ROW_ATTEMPT, rollup->attempts, rollup->cursor, high);
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
};

/* As long as there is nothing to do; and, so that this never takes all of a processor, at least `rest_ns`. */
static struct work wait_for_work(struct sqlite_rollup *rollup, uint64_t rest_ns) {
	uint64_t from = uv_hrtime();
	uv_mutex_lock(&rollup->mutex);
	for (;;) {
		uint64_t now = uv_hrtime(), again_at = rollup->again_at_ns;
		bool idle = rollup->below == 0 && rollup->head == rollup->cursor;
		bool again = again_at != 0 && again_at <= now;
		if (rollup->closing || ((!idle || again) && now - from >= rest_ns)) {
			break;
		}
		if (idle && again_at == 0) {
			rollup->asleep = true;
			uv_cond_wait(&rollup->work, &rollup->mutex);
			rollup->asleep = false;
		} else {
			uint64_t until =
				idle && !again && again_at > from + rest_ns ? again_at : from + rest_ns;
			uv_cond_timedwait(&rollup->work, &rollup->mutex, until > now ? until - now : 1);
		}
	}
	struct work work = {rollup->closing,
		rollup->again_at_ns != 0 && rollup->again_at_ns <= uv_hrtime(), rollup->head};
	rollup->again_at_ns = work.again ? 0 : rollup->again_at_ns;
	uv_mutex_unlock(&rollup->mutex);
	return work;
}

/* How long to rest: as long as the last chunk took while there is more, else until some are together. */
static uint64_t rest_after(const struct sqlite_rollup *rollup, int64_t head, uint64_t took_ns) {
	bool more = rollup->below > 0 || rollup->cursor < head;
	return more ? took_ns : (uint64_t)PAUSE_NS;
}

static void run(void *data) {
	struct sqlite_rollup *rollup = data;
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
		rest_ns = rest_after(rollup, work.head, uv_hrtime() - from);
	}
}

/* --- from the loop --- */

static bool prepare(struct sqlite_rollup *rollup, struct error *err) {
	rollup->events = sqlite_db_prepare(rollup->db, "SELECT " EVENT_FACTS ", NULL" OF_EVENTS, err);
	rollup->old_events =
		sqlite_db_prepare(rollup->db, "SELECT " EVENT_FACTS ", " STATUS_THEN OF_EVENTS, err);
	rollup->attempts = sqlite_db_prepare(rollup->db,
		"SELECT " EVENT_FACTS ", a.status, " STATUS_BEFORE
		", a.started_at_ns, a.took_us" OF_ATTEMPTS,
		err);
	rollup->old_attempts = sqlite_db_prepare(rollup->db,
		"SELECT " EVENT_FACTS ", a.status, NULL, a.started_at_ns, a.took_us" OF_ATTEMPTS, err);
	return rollup->events && rollup->old_events && rollup->attempts && rollup->old_attempts;
}

static void release(struct sqlite_rollup *rollup) {
	sqlite3_finalize(rollup->events);
	sqlite3_finalize(rollup->old_events);
	sqlite3_finalize(rollup->attempts);
	sqlite3_finalize(rollup->old_attempts);
	sqlite3_close(rollup->db);
	if (rollup->building != rollup->shown) {
		rollup_free(rollup->building);
	}
	rollup_free(rollup->shown);
	free(rollup->chunk);
	free(rollup->gone);
	*rollup = (struct sqlite_rollup){0};
}

bool sqlite_rollup_start(
	struct sqlite_rollup *rollup, const struct sqlite_file *file, int64_t head, struct error *err) {
	*rollup = (struct sqlite_rollup){.cursor = head, .split = head, .below = head, .head = head};
	rollup->db = sqlite_db_open(file->path, NULL, err);
	if (!rollup->db || !sqlite_db_set_up(rollup->db, SQLITE_READER, !file->temporary, err) ||
		!prepare(rollup, err)) {
		release(rollup);
		return false;
	}
	read_gone(rollup);
	rollup->chunk = alloc_zero(1, sizeof *rollup->chunk);
	rollup->shown = rollup_new();
	rollup->building = head > 0 ? rollup->shown : NULL;
	rollup->complete_from_ns = head > 0 ? INT64_MAX : 0;
	uv_mutex_init(&rollup->mutex);
	uv_cond_init(&rollup->work);
	rollup->running = uv_thread_create(&rollup->thread, run, rollup) == 0;
	if (!rollup->running) {
		uv_mutex_destroy(&rollup->mutex);
		uv_cond_destroy(&rollup->work);
		release(rollup);
		return error_set(err, ERROR_IO, "no thread for the store can be made");
	}
	return true;
}

void sqlite_rollup_stop(struct sqlite_rollup *rollup) {
	if (!rollup->running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup->closing = true;
	uv_cond_signal(&rollup->work);
	uv_mutex_unlock(&rollup->mutex);
	uv_thread_join(&rollup->thread);
	uv_mutex_destroy(&rollup->mutex);
	uv_cond_destroy(&rollup->work);
	release(rollup);
}

void sqlite_rollup_tell(struct sqlite_rollup *rollup, int64_t head) {
	if (!rollup->running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup->head = head > rollup->head ? head : rollup->head;
	if (rollup->asleep) {
		uv_cond_signal(&rollup->work);
	}
	uv_mutex_unlock(&rollup->mutex);
}

void sqlite_rollup_again(struct sqlite_rollup *rollup) {
	if (!rollup->running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup->again_at_ns = uv_hrtime() + AGAIN_NS;
	uv_cond_signal(&rollup->work);
	uv_mutex_unlock(&rollup->mutex);
}

void sqlite_rollup_read(struct sqlite_rollup *rollup, int64_t now_ns, rollup_name_fn *name,
	const void *data, struct counts *counts) {
	if (!rollup->running) {
		return;
	}
	uv_mutex_lock(&rollup->mutex);
	rollup_read(rollup->shown, now_ns, name, data, counts);
	counts->complete_from_ns =
		rollup->complete_from_ns < now_ns ? rollup->complete_from_ns : now_ns;
	uv_mutex_unlock(&rollup->mutex);
}
