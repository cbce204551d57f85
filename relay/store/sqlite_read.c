/*
 * A read is a place in an order and a direction. Each slice opens the statements there, merges events and attempts,
 * and leaves when its time is up. A filter that turns out to fit little goes on by facets, or by types; one that wants business keys or
 * marks is answered from their index from the start.
 */
#include "relay/store/sqlite_read.h"

#include <stdlib.h>

#include "common/alloc.h"
#include "relay/store/sqlite.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_index.h"
#include "relay/store/sqlite_search.h"

/* How long the loop is held at a time, by all reads together. */
#define SLICE_NS 1000000
/* After so many events of which not one in FEW_HITS fits, a filter is answered from the facets: two look-ups a hit. */
#define ENOUGH_LOOKED_AT 256
#define FEW_HITS 8

struct sqlite_read {
	struct store_read base; /* first */
	struct sqlite_read *next;
	struct sqlite_reader *reader;
	struct store_query query;
	store_each_fn *each;
	store_done_fn *done;
	void *data;
	enum sqlite_scope scope;
	int64_t low, high;       /* keys between, without both, are still to come */
	int64_t newest;          /* positions up to this one were announced when the read began */
	int64_t left;            /* hits the caller still wants */
	int64_t looked_at, hits; /* events, and how many of them fitted the filter */
	int64_t at;              /* position of the row that is looked at */
	int64_t passed;          /* position of the last one that was looked at to its end; 0: none */
	uint64_t told_at;        /* uv_hrtime: how far it has come; 0: not yet */
	struct sqlite_index index;
	struct sqlite_search *search; /* of an event with many bytes */
	uint64_t deadline;            /* of the slice */
	int64_t again;                /* a row of an index that is to be looked at again; 0: none */
	bool paused;                  /* in the middle of a row */
	bool begun, in_slice, stopped;
};

/* Both statements of a slice, each standing on its next row or at its end (NULL). */
struct merge {
	sqlite3_stmt *rows[KIND_COUNT];
};

enum slice { SLICE_PAUSED, SLICE_ENDED, SLICE_STOPPED, SLICE_FAILED };

static int64_t key_of(const struct sqlite_read *read, sqlite3_stmt *row) {
	return read->scope == SCOPE_ENDPOINT ? sqlite_row_seq(row) : sqlite_row_position(row);
}

/* Moves one statement on; at its end it is let go. */
static bool advance(
	const struct sqlite_read *read, struct merge *merge, int kind, struct error *err) {
	switch (sqlite3_step(merge->rows[kind])) {
	case SQLITE_ROW:
		return true;
	case SQLITE_DONE:
		sqlite3_reset(merge->rows[kind]);
		merge->rows[kind] = NULL;
		return true;
	}
	return sqlite_db_fail(read->reader->db, err);
}

static bool open_rows(
	const struct sqlite_read *read, struct merge *merge, int kind, struct error *err) {
	sqlite3_stmt *stmt = sqlite_rows_statement(
		read->reader, (enum sqlite_kind)kind, read->scope, read->query.newest_first, err);
	if (!stmt) {
		return false;
	}
	if (read->scope == SCOPE_ENDPOINT) {
		sqlite3_bind_int64(stmt, 1, read->query.endpoint);
	} else if (read->scope == SCOPE_ID) {
		sqlite3_bind_blob(
			stmt, 1, read->query.id.bytes, sizeof read->query.id.bytes, SQLITE_STATIC);
	}
	sqlite3_bind_int64(stmt, 2, read->low);
	sqlite3_bind_int64(stmt, 3, read->high);
	merge->rows[kind] = stmt;
	return advance(read, merge, kind, err);
}

static bool open_merge(const struct sqlite_read *read, struct merge *merge, struct error *err) {
	return (!read->query.events || open_rows(read, merge, KIND_EVENT, err)) &&
	       (!read->query.attempts || open_rows(read, merge, KIND_ATTEMPT, err));
}

static void close_merge(struct merge *merge) {
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		sqlite3_reset(merge->rows[kind]);
	}
}

/* The kind whose row is next, or -1 at the end. */
static int next_kind(const struct sqlite_read *read, const struct merge *merge) {
	sqlite3_stmt *event = merge->rows[KIND_EVENT], *attempt = merge->rows[KIND_ATTEMPT];
	if (!event || !attempt) {
		return event ? KIND_EVENT : attempt ? KIND_ATTEMPT : -1;
	}
	bool event_is_older = key_of(read, event) < key_of(read, attempt);
	return event_is_older != read->query.newest_first ? KIND_EVENT : KIND_ATTEMPT;
}

/* What comes after this row is all that is left, also for a slice that starts later. */
static void pass(struct sqlite_read *read, sqlite3_stmt *row) {
	*(read->query.newest_first ? &read->high : &read->low) = key_of(read, row);
}

/* Candidates from the indexes of keys and marks are of any endpoint. */
static bool matches(const struct sqlite_read *read, const struct sqlite_hit *hit) {
	bool ours = read->query.endpoint == 0 || hit->entry.endpoint == read->query.endpoint;
	return ours && (hit->entry.kind != ENTRY_EVENT || !read->query.filter ||
					   filter_matches_event(read->query.filter, &hit->event));
}

static bool needs_bytes(const struct sqlite_read *read, const struct sqlite_hit *hit) {
	const struct filter *filter = read->query.judge ? read->query.judge : read->query.filter;
	return hit->entry.kind == ENTRY_EVENT && filter && filter_searches(filter) &&
	       (!read->query.judge || filter_matches_event(filter, &hit->event));
}

/* Business keys are looked up only for what may be a hit. */
static bool misses_keys(const struct sqlite_read *read, const struct sqlite_hit *hit) {
	return hit->entry.kind == ENTRY_EVENT && read->query.filter &&
	       filter_needs_keys(read->query.filter) &&
	       !filter_matches_event(read->query.filter, &hit->event);
}

/* Whether a hit goes to the caller; false: it does not, or the read has `paused`. */
static bool judge(struct sqlite_read *read, struct sqlite_hit *hit, bool search) {
	const struct filter *filter = read->query.judge ? read->query.judge : read->query.filter;
	bool judges = read->query.judge && hit->entry.kind == ENTRY_EVENT;
	hit->entry.differs = judges && !filter_matches_event(filter, &hit->event);
	if (judges && !search && !hit->entry.differs && filter_needs_bytes(filter)) {
		const struct span none = {0};
		hit->entry.differs = !filter_matches_bytes(filter, &hit->event, none, none);
	}
	if (!search) {
		return true;
	}
	enum filter_scanned found = sqlite_search_bytes(
		&read->search, filter, &hit->event, read->at, &hit->entry, read->deadline);
	read->paused = found == FILTER_GO_ON;
	hit->entry.differs = judges && found == FILTER_DIFFERS;
	return found == FILTER_MATCHES || (judges && !read->paused);
}

/* With everything it asked for, the hit goes to the caller; false: enough, or `err`. */
static bool hand_out(struct sqlite_read *read, struct sqlite_hit *hit, struct error *err) {
	bool search = needs_bytes(read, hit), begun = sqlite_search_is_at(read->search, read->at);
	if (((search && !begun) || read->query.content) &&
		!sqlite_row_read_content(read->reader, hit, err)) {
		return false;
	}
	if (hit->entry.kind == ENTRY_EVENT && !sqlite_row_read_keys(read->reader, hit, err)) {
		return false;
	}
	if (misses_keys(read, hit)) {
		return true;
	}
	if (!judge(read, hit, search)) {
		return !read->paused;
	}
	bool answers = read->query.target.len > 0 && hit->entry.kind == ENTRY_EVENT;
	if (answers && hit->event.attempts > 0 &&
		!sqlite_row_read_answers(read->reader, hit, read->query.target, err)) {
		return false;
	}
	if (!read->query.content) {
		hit->entry.head = hit->entry.body = hit->entry.trailers = (struct span){0};
	}
	read->left--;
	return read->each(read->data, &hit->entry) && read->left > 0;
}

/* Whether the event of a delivery is one that is asked for; false: `err`. */
static bool look_at_event_of(
	struct sqlite_read *read, struct sqlite_hit *hit, bool *fits, struct error *err) {
	const struct filter *filter = attempt_filter_event(read->query.deliveries);
	*fits = !filter || filter_matches_event(filter, &hit->event);
	if (*fits && filter && filter_needs_keys(filter)) {
		if (!sqlite_row_read_keys(read->reader, hit, err)) {
			return false;
		}
		*fits = filter_matches_event(filter, &hit->event);
	}
	if (!*fits || !filter || !filter_searches(filter)) {
		return true;
	}
	struct sqlite_hit bytes = {.entry = {.position = hit->event.position}};
	if (!sqlite_search_is_at(read->search, read->at) &&
		!sqlite_row_read_content(read->reader, &bytes, err)) {
		return false;
	}
	enum filter_scanned found = sqlite_search_bytes(
		&read->search, filter, &hit->event, read->at, &bytes.entry, read->deadline);
	*fits = found == FILTER_MATCHES;
	read->paused = found == FILTER_GO_ON;
	sqlite3_reset(read->reader->content);
	return !read->paused;
}

/* An attempt goes to the caller with its event; false: enough, or `err`. */
static bool visit_delivery(struct sqlite_read *read, struct sqlite_hit *hit, struct error *err) {
	sqlite3_stmt *row = NULL;
	bool fits = false, more = true;
	if (!attempt_filter_matches(read->query.deliveries, &hit->attempt)) {
		return true;
	}
	if (!sqlite_row_read_event_of(read->reader, hit, &row, err)) {
		return false;
	}
	if (row && !look_at_event_of(read, hit, &fits, err)) {
		more = false;
	} else if (row && fits) {
		read->left--;
		more = read->each(read->data, &hit->entry) && read->left > 0;
	}
	sqlite_row_release_keys(read->reader);
	sqlite3_reset(row);
	return more;
}

/* Looks at a row that is passed; false: enough, `paused`, or `err`. */
static bool visit_passed(
	struct sqlite_read *read, enum sqlite_kind kind, sqlite3_stmt *row, struct error *err) {
	struct sqlite_hit hit;
	if (sqlite_search_is_at(read->search, read->at) &&
		sqlite_search_run(read->search, read->deadline) == FILTER_GO_ON) {
		read->paused = true;
		return false;
	}
	if (read->at > read->newest || !sqlite_row_read(read->reader, kind, row, &hit) ||
		!matches(read, &hit)) {
		return true;
	}
	if (read->query.deliveries) {
		return visit_delivery(read, &hit, err);
	}
	bool more = hand_out(read, &hit, err);
	read->hits += !read->paused;
	sqlite_row_release_keys(read->reader);
	sqlite3_reset(read->reader->content);
	return more;
}

/* Looks at one row; false: enough, `paused` in front of it, or `err`. */
static bool visit(
	struct sqlite_read *read, enum sqlite_kind kind, sqlite3_stmt *row, struct error *err) {
	int64_t low = read->low, high = read->high;
	pass(read, row);
	read->at = sqlite_row_position(row);
	read->paused = false;
	bool more = visit_passed(read, kind, row, err);
	if (read->paused) {
		read->low = low;
		read->high = high;
	} else {
		read->looked_at++;
		read->passed = read->at;
	}
	return more;
}

static enum slice end_of(const struct sqlite_read *read, const struct error *err) {
	enum slice slice = read->paused ? SLICE_PAUSED : SLICE_ENDED;
	return err->code != ERROR_NONE ? SLICE_FAILED : read->stopped ? SLICE_STOPPED : slice;
}

/* The filter has fitted little so far, and an index may do better. */
static bool wants_index(const struct sqlite_read *read) {
	return read->index.may_help && read->looked_at >= ENOUGH_LOOKED_AT &&
	       read->hits < read->looked_at / FEW_HITS;
}

static enum slice run_merge(
	struct sqlite_read *read, struct merge *merge, uint64_t deadline, struct error *err) {
	for (int kind; (kind = next_kind(read, merge)) >= 0;) {
		if (!visit(read, (enum sqlite_kind)kind, merge->rows[kind], err)) {
			return end_of(read, err);
		}
		if (read->stopped) {
			return SLICE_STOPPED;
		}
		if (uv_hrtime() >= deadline || wants_index(read)) {
			return SLICE_PAUSED;
		}
		if (!advance(read, merge, kind, err)) {
			return SLICE_FAILED;
		}
	}
	return SLICE_ENDED;
}

/* Of one endpoint the order is `seq`: looks up where in it the position is to go on from. */
static bool begin_beyond(struct sqlite_read *read, struct error *err) {
	const struct store_query *query = &read->query;
	bool newer = !query->newest_first && query->beyond < INT64_MAX;
	int64_t position = newer ? query->beyond + 1 : query->beyond, seq;
	if (!sqlite_place_find(&seq, read->reader, query->endpoint, position, err)) {
		return false;
	}
	if (query->newest_first && seq < read->high) {
		read->high = seq;
	} else if (!query->newest_first && seq - 1 > read->low) {
		read->low = seq - 1;
	}
	return true;
}

static bool begin(struct sqlite_read *read, struct error *err) {
	const struct store_query *query = &read->query;
	read->begun = true;
	if (read->scope == SCOPE_ENDPOINT) {
		read->low = query->after;
		read->high = query->before > 0 ? query->before : INT64_MAX;
		return query->beyond == 0 || begin_beyond(read, err);
	}
	read->high = read->newest + 1;
	if (query->beyond > 0 && query->newest_first && query->beyond < read->high) {
		read->high = query->beyond;
	} else if (query->beyond > 0 && !query->newest_first) {
		read->low = query->beyond;
	}
	return true;
}

/* What is still to come, by position. */
static bool find_bounds(
	const struct sqlite_read *read, int64_t *low_out, int64_t *high_out, struct error *err) {
	const struct store_query *query = &read->query;
	int64_t low = read->low, high = read->high;
	if (read->scope == SCOPE_ENDPOINT) {
		if (!sqlite_place_position(&high, read->reader, query->endpoint, read->high, err) ||
			!sqlite_place_position(&low, read->reader, query->endpoint, read->low + 1, err)) {
			return false;
		}
		low--;
	}
	*low_out = low;
	*high_out = high > read->newest ? read->newest + 1 : high;
	return true;
}

/* Once it is known that an index answers. */
static bool open_index(struct sqlite_read *read, struct error *err) {
	int64_t low, high;
	if (sqlite_index_is_open(&read->index) || !(read->index.answers || wants_index(read))) {
		return true;
	}
	if (!find_bounds(read, &low, &high, err)) {
		return false;
	}
	sqlite_index_open(&read->index, low, high);
	return true;
}

/* The event at `position`; false: enough, or `err`. */
static bool visit_at(struct sqlite_read *read, int64_t position, struct error *err) {
	sqlite3_stmt *row =
		sqlite_rows_statement(read->reader, KIND_EVENT, SCOPE_ALL, read->query.newest_first, err);
	if (!row) {
		return false;
	}
	sqlite3_bind_int64(row, 2, position - 1);
	sqlite3_bind_int64(row, 3, position + 1);
	int step = sqlite3_step(row);
	bool more = step == SQLITE_ROW    ? visit(read, KIND_EVENT, row, err)
	            : step == SQLITE_DONE ? true
	                                  : sqlite_db_fail(read->reader->db, err);
	sqlite3_reset(row);
	return more;
}

static enum slice run_scan(struct sqlite_read *read, uint64_t deadline, struct error *err) {
	while (!read->stopped) {
		int64_t position = read->again;
		switch (
			position > 0 ? SCAN_HIT : sqlite_index_next(&read->index, deadline, &position, err)) {
		case SCAN_HIT:
			break;
		case SCAN_ENDED:
			return SLICE_ENDED;
		case SCAN_PAUSED:
		case SCAN_TOO_MANY:
			return SLICE_PAUSED;
		case SCAN_FAILED:
			return SLICE_FAILED;
		}
		bool more = visit_at(read, position, err);
		read->again = read->paused ? position : 0;
		if (!more) {
			return end_of(read, err);
		}
		if (uv_hrtime() >= deadline) {
			return SLICE_PAUSED;
		}
	}
	return SLICE_STOPPED;
}

static enum slice run_rows(struct sqlite_read *read, uint64_t deadline, struct error *err) {
	struct merge merge = {0};
	enum slice slice =
		open_merge(read, &merge, err) ? run_merge(read, &merge, deadline, err) : SLICE_FAILED;
	close_merge(&merge);
	return slice;
}

static enum slice run_slice(struct sqlite_read *read, uint64_t deadline, struct error *err) {
	read->in_slice = true;
	read->paused = false;
	read->deadline = deadline;
	bool ok = (read->begun || begin(read, err)) && open_index(read, err);
	bool scans = sqlite_index_is_open(&read->index);
	enum slice slice = SLICE_FAILED;
	if (ok) {
		slice = scans ? run_scan(read, deadline, err) : run_rows(read, deadline, err);
	}
	read->in_slice = false;
	return slice;
}

static void read_free(struct sqlite_read *read) {
	sqlite_index_clear(&read->index);
	sqlite_search_free(read->search);
	free(read);
}

static void push(struct sqlite_reader *reader, struct sqlite_read *read) {
	read->next = NULL;
	*reader->end = read;
	reader->end = &read->next;
}

static void take(struct sqlite_reader *reader, struct sqlite_read *read) {
	struct sqlite_read **place = &reader->first;
	while (*place && *place != read) {
		place = &(*place)->next;
	}
	if (!*place) {
		return;
	}
	*place = read->next;
	if (!read->next) {
		reader->end = place;
	}
}

static void tell_progress(struct sqlite_read *read) {
	const struct store_query *query = &read->query;
	uint64_t now = uv_hrtime();
	if (!query->progress || now - read->told_at < STORE_PROGRESS_MS * UINT64_C(1000000)) {
		return;
	}
	int64_t newest = query->beyond > 0 ? query->beyond : read->newest + 1;
	int64_t from = query->newest_first ? newest : query->beyond;
	const struct store_progress progress = {.looked_at = read->looked_at,
		.from = from,
		.at = read->passed > 0 ? read->passed : from,
		.until = query->newest_first ? 0 : read->newest};
	read->told_at = now;
	read->in_slice = true;
	query->progress(read->data, &progress);
	read->in_slice = false;
}

/* Runs the read whose turn it is, and puts it behind the others if it is not done. */
static void run_first(struct sqlite_reader *reader, uint64_t deadline) {
	struct error err = {0};
	struct sqlite_read *read = reader->first;
	take(reader, read);
	enum slice slice = run_slice(read, deadline, &err);
	if (slice == SLICE_PAUSED && !read->stopped) {
		tell_progress(read);
	}
	if (read->stopped) {
		slice = SLICE_STOPPED;
	}
	if (slice == SLICE_PAUSED) {
		push(reader, read);
		return;
	}
	if (slice != SLICE_STOPPED) {
		read->done(read->data, slice == SLICE_FAILED ? &err : NULL);
	}
	read_free(read);
}

static void on_idle(uv_idle_t *idle) {
	struct sqlite_reader *reader = idle->data;
	uint64_t deadline = uv_hrtime() + SLICE_NS;
	while (reader->first) {
		run_first(reader, deadline);
		if (uv_hrtime() >= deadline) {
			break;
		}
	}
	if (!reader->first) {
		uv_idle_stop(idle);
	}
}

struct store_read *sqlite_read(struct store *store, const struct store_query *query,
	store_each_fn *each, store_done_fn *done, void *data) {
	struct sqlite_reader *reader = &sqlite_store_of(store)->reader;
	struct sqlite_read *read = alloc_zero(1, sizeof *read);
	bool is_search = query->events && !query->attempts && !query->by_id && query->filter;
	*read = (struct sqlite_read){.base = {.store = store},
		.reader = reader,
		.query = *query,
		.each = each,
		.done = done,
		.data = data,
		.scope = query->by_id           ? SCOPE_ID
	             : query->endpoint != 0 ? SCOPE_ENDPOINT
	                                    : SCOPE_ALL,
		.newest = reader->position,
		.left = query->limit > 0 ? query->limit : INT64_MAX};
	sqlite_index_init(&read->index, reader, &read->query, is_search);
	push(reader, read);
	uv_idle_start(&reader->idle, on_idle);
	return &read->base;
}

void sqlite_read_stop(struct store_read *base) {
	struct sqlite_read *read = (struct sqlite_read *)base;
	if (read->in_slice) {
		read->stopped = true;
		return;
	}
	take(read->reader, read);
	read_free(read);
}

void sqlite_read_drop_all(struct sqlite_reader *reader) {
	while (reader->first) {
		struct sqlite_read *read = reader->first;
		reader->first = read->next;
		read_free(read);
	}
	reader->end = &reader->first;
}
