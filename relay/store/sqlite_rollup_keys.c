#include "relay/store/sqlite_rollup_keys.h"

#include <string.h>
#include <time.h>
#include <uv.h>

#include "common/moment.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_rollup_parts.h"

/* Positions read at once. */
#define CHUNK 256
/* While there is more to count, what is told is made anew no more often than this. */
#define PUBLISH_NS ((uint64_t)200 * MOMENT_NS_PER_MS)
#define MINUTE_NS (60 * MOMENT_NS_PER_S)

static int64_t least(int64_t a, int64_t b) {
	return a < b ? a : b;
}

static int64_t clock_ns(void) {
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec * MOMENT_NS_PER_S + now.tv_nsec;
}

/* In the open: what is told grows with it. */
static void begin(struct sqlite_rollup_keys *keys, int64_t head) {
	if (keys->building != keys->shown) {
		key_tally_free(keys->building);
	}
	key_tally_free(keys->shown);
	keys->shown = key_tally_new(keys->secret);
	key_tally_advance(keys->shown, clock_ns());
	keys->building = head > 0 ? keys->shown : NULL;
	keys->cursor = keys->below = head;
	keys->from_ns = head > 0 ? INT64_MAX : 0;
	keys->changed = true;
}

void sqlite_rollup_keys_init(
	struct sqlite_rollup_keys *keys, const uint64_t secret[2], const struct key_mark *mark) {
	memcpy(keys->secret, secret, sizeof keys->secret);
	keys->mark = *mark;
	keys->told_from_ns = mark->head > 0 ? INT64_MAX : 0;
	begin(keys, mark->head);
}

bool sqlite_rollup_keys_prepare(struct sqlite_rollup_keys *keys, sqlite3 *db, struct error *err) {
	keys->events = sqlite_db_prepare(db,
		"SELECT k.keys, e.received_at_ns, e.verdict, " SQLITE_STATUS_THEN
		" FROM event_keys AS k CROSS JOIN event AS e ON e.pos = k.pos"
		" WHERE k.pos > ?1 AND k.pos <= ?2"
		" AND e.endpoint NOT IN (SELECT id FROM endpoint WHERE name IS NULL)",
		err);
	keys->one = sqlite_db_prepare(db, "SELECT keys FROM event_keys WHERE pos = ?1", err);
	return keys->events && keys->one;
}

void sqlite_rollup_keys_release(struct sqlite_rollup_keys *keys) {
	sqlite3_finalize(keys->events);
	sqlite3_finalize(keys->one);
	if (keys->building != keys->shown) {
		key_tally_free(keys->building);
	}
	key_tally_free(keys->shown);
	for (size_t span = 0; span < COUNTS_SPANS; span++) {
		counts_clear(&keys->tops[span]);
	}
}

/* --- from the loop --- */

/* What is not to count any more, or was looked for elsewhere, is another index. */
void sqlite_rollup_keys_tell(struct sqlite_rollup_keys *keys, const struct key_mark *mark) {
	bool stepped_back = mark->low > keys->mark.low || mark->head < keys->mark.head ||
	                    strcmp(mark->version, keys->mark.version) != 0;
	keys->restarts += stepped_back;
	keys->mark = *mark;
}

struct sqlite_rollup_mark sqlite_rollup_keys_mark(const struct sqlite_rollup_keys *keys) {
	return (struct sqlite_rollup_mark){keys->mark.low, keys->mark.head, keys->restarts};
}

void sqlite_rollup_keys_read(
	const struct sqlite_rollup_keys *keys, int64_t now_ns, struct counts *counts) {
	const struct counts *top = &keys->tops[counts->span];
	size_t count = top->row_count[COUNTS_KEY];
	struct counts_row *rows = arena_zero(&counts->arena, count > 0 ? count : 1, sizeof *rows);
	for (size_t i = 0; i < count; i++) {
		rows[i] = top->rows[COUNTS_KEY][i];
		rows[i].name.data = arena_text_of(&counts->arena, rows[i].name.data, rows[i].name.len);
		rows[i].value.data = arena_text_of(&counts->arena, rows[i].value.data, rows[i].value.len);
	}
	counts->rows[COUNTS_KEY] = rows;
	counts->row_count[COUNTS_KEY] = count;
	counts->keys_short_by = top->keys_short_by;
	counts->keys_from_ns = least(keys->told_from_ns, now_ns);
}

/* --- counting --- */

static struct key_tally_event event_of(sqlite3_stmt *stmt) {
	int64_t verdict = sqlite3_column_int64(stmt, 2);
	bool known = verdict >= 0 && verdict < VERDICT_COUNT;
	return (struct key_tally_event){.keys = sqlite_column_span(stmt, 0),
		.received_at_ns = sqlite3_column_int64(stmt, 1),
		.failed = counts_is_failure(sqlite_status_in(stmt, 3)),
		.rejected = known && counts_is_rejection((enum verdict)verdict)};
}

/* Those behind `low`, up to `high`, into both where they are two; returns the moment of the newest, or 0. */
static int64_t count_between(struct sqlite_rollup_keys *keys, struct key_tally *first,
	struct key_tally *second, int64_t low, int64_t high, int64_t attempts) {
	int64_t newest = 0;
	sqlite3_bind_int64(keys->events, 1, low);
	sqlite3_bind_int64(keys->events, 2, high);
	sqlite3_bind_int64(keys->events, 3, attempts);
	while (sqlite3_step(keys->events) == SQLITE_ROW) {
		struct key_tally_event event = event_of(keys->events);
		newest = event.received_at_ns > newest ? event.received_at_ns : newest;
		key_tally_add(first, &event);
		if (second && second != first) {
			key_tally_add(second, &event);
		}
	}
	sqlite3_reset(keys->events);
	return newest;
}

void sqlite_rollup_keys_move(
	struct sqlite_rollup_keys *keys, int64_t position, int64_t received_at_ns, bool failed) {
	bool in_building = keys->building && position > keys->below;
	bool in_shown = keys->building != keys->shown || in_building;
	if (position > keys->cursor || !(in_shown || in_building)) {
		return; /* counted later, with what this attempt came to */
	}
	sqlite3_bind_int64(keys->one, 1, position);
	if (sqlite3_step(keys->one) == SQLITE_ROW) {
		struct key_tally_event event = {.keys = sqlite_column_span(keys->one, 0),
			.received_at_ns = received_at_ns,
			.failed = failed};
		if (in_shown) {
			key_tally_move(keys->shown, &event);
		}
		if (in_building && keys->building != keys->shown) {
			key_tally_move(keys->building, &event);
		}
		keys->changed = true;
	}
	sqlite3_reset(keys->one);
}

void sqlite_rollup_keys_again(struct sqlite_rollup_keys *keys) {
	if (keys->building == keys->shown) {
		begin(keys, keys->cursor);
		return;
	}
	key_tally_free(keys->building);
	keys->building = keys->cursor > 0 ? key_tally_new(keys->secret) : NULL;
	keys->below = keys->cursor;
	if (keys->building) {
		key_tally_advance(keys->building, clock_ns());
	}
}

static void show_built(struct sqlite_rollup_keys *keys) {
	if (keys->building != keys->shown) {
		key_tally_free(keys->shown);
		keys->shown = keys->building;
	}
	keys->building = NULL;
	keys->from_ns = 0;
	keys->changed = true;
}

static void take_old(struct sqlite_rollup_keys *keys, int64_t lowest, int64_t attempts) {
	int64_t low = keys->below - CHUNK > lowest ? keys->below - CHUNK : lowest;
	int64_t newest = count_between(keys, keys->building, NULL, low, keys->below, attempts);
	int64_t oldest_wanted = counts_from(COUNTS_WEEK, clock_ns());
	int64_t kept = key_tally_from(keys->building);
	oldest_wanted = kept > oldest_wanted ? kept : oldest_wanted;
	keys->below = newest > 0 && newest < oldest_wanted ? 0 : low;
	if (keys->building == keys->shown && newest > 0) {
		keys->from_ns = newest;
	}
	keys->changed = keys->changed || keys->building == keys->shown;
	if (keys->below == 0) {
		show_built(keys);
	}
}

bool sqlite_rollup_keys_is_idle(
	const struct sqlite_rollup_keys *keys, struct sqlite_rollup_mark mark, int64_t attempts) {
	return keys->again == mark.restarts && keys->cursor >= least(mark.head, attempts) &&
	       (!keys->building || keys->below <= mark.low);
}

void sqlite_rollup_keys_step(
	struct sqlite_rollup_keys *keys, struct sqlite_rollup_mark mark, int64_t attempts) {
	int64_t now_ns = clock_ns(), head = least(mark.head, attempts);
	if (keys->again != mark.restarts) {
		keys->again = mark.restarts;
		begin(keys, mark.head); /* what stands below is not indexed yet, however far attempts are */
	}
	keys->changed = key_tally_advance(keys->shown, now_ns) || keys->changed;
	if (keys->building && keys->building != keys->shown) {
		key_tally_advance(keys->building, now_ns);
	}
	if (keys->cursor < head) {
		int64_t high = least(keys->cursor + CHUNK, head);
		count_between(keys, keys->shown, keys->building, keys->cursor, high, attempts);
		keys->cursor = high;
		keys->changed = true;
	}
	if (keys->building && keys->below > mark.low) {
		take_old(keys, mark.low, attempts);
	}
}

/* --- telling --- */

uint64_t sqlite_rollup_keys_due_ns(const struct sqlite_rollup_keys *keys) {
	return key_tally_is_empty(keys->shown) ? 0 : (uint64_t)(MINUTE_NS - clock_ns() % MINUTE_NS);
}

bool sqlite_rollup_keys_should_publish(const struct sqlite_rollup_keys *keys, bool more) {
	return keys->changed && (!more || uv_hrtime() - keys->published_ns >= PUBLISH_NS);
}

void sqlite_rollup_keys_make(struct sqlite_rollup_keys *keys, struct counts tops[COUNTS_SPANS]) {
	for (int span = 0; span < COUNTS_SPANS; span++) {
		tops[span] = (struct counts){.span = (enum counts_span)span};
		key_tally_top(keys->shown, &tops[span]);
	}
	keys->changed = false;
	keys->published_ns = uv_hrtime();
}

void sqlite_rollup_keys_put(struct sqlite_rollup_keys *keys, struct counts tops[COUNTS_SPANS]) {
	int64_t kept = key_tally_from(keys->shown);
	for (int span = 0; span < COUNTS_SPANS; span++) {
		struct counts old = keys->tops[span];
		keys->tops[span] = tops[span];
		tops[span] = old;
	}
	keys->told_from_ns = keys->from_ns > kept ? keys->from_ns : kept;
}
