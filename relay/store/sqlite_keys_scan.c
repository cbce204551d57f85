/*
 * Questions to the indexes of business keys and of types. A scan stands between two positions and moves one of them: through the events that the
 * index does not have yet one by one, through the others bucket by bucket.
 */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "relay/store/sqlite_db.h"
#include "relay/store/sqlite_keys.h"
#include "relay/store/sqlite_types.h"

/* Keys between both, hashed. */
struct range {
	int64_t low, high;
};

struct sqlite_keys_scan {
	struct sqlite_reader *reader;
	const struct filter *types; /* asked about types; NULL: about these keys */
	struct range wanted[FILTER_KEYS_MAX];
	size_t count;
	bool newest_first;
	int64_t low, high;               /* what is between, without both, is still to come */
	int64_t bucket;                  /* whose hits are in `hits`; -1: none */
	struct sqlite_type_mark mark;    /* of the index when they were looked up */
	uint64_t hits[KEYS_BUCKET / 64]; /* a bit for each position */
};

struct sqlite_keys_scan *sqlite_keys_scan_new(struct sqlite_reader *reader,
	const struct filter_keys *wanted, bool newest_first, int64_t low, int64_t high) {
	struct sqlite_keys_scan *scan = alloc_zero(1, sizeof *scan);
	scan->reader = reader;
	scan->newest_first = newest_first;
	scan->low = low;
	scan->high = high;
	scan->bucket = -1;
	for (size_t i = 0; i < wanted->count; i++) {
		int64_t hash = sqlite_keys_hash(&reader->keys_secret, wanted->name, wanted->values[i]);
		bool any = wanted->name.len == 0;
		scan->wanted[scan->count++] =
			(struct range){any ? hash & ~(int64_t)0xffff : hash, any ? hash | 0xffff : hash};
	}
	return scan;
}

struct sqlite_keys_scan *sqlite_keys_scan_types(struct sqlite_reader *reader,
	const struct filter *filter, bool newest_first, int64_t low, int64_t high) {
	const struct filter_keys none = {.count = 0};
	struct sqlite_keys_scan *scan = sqlite_keys_scan_new(reader, &none, newest_first, low, high);
	scan->types = filter;
	return scan;
}

void sqlite_keys_scan_free(struct sqlite_keys_scan *scan) {
	free(scan);
}

static bool load_range(struct sqlite_keys_scan *scan, struct range range, struct error *err) {
	struct sqlite_reader *reader = scan->reader;
	sqlite3_stmt *stmt = sqlite_db_prepare_once(&reader->key_places, reader->db,
		"SELECT pos FROM key_place WHERE bucket = ?1 AND key BETWEEN ?2 AND ?3", err);
	if (!stmt) {
		return false;
	}
	sqlite3_bind_int64(stmt, 1, scan->bucket);
	sqlite3_bind_int64(stmt, 2, range.low);
	sqlite3_bind_int64(stmt, 3, range.high);
	int step;
	while ((step = sqlite3_step(stmt)) == SQLITE_ROW) {
		size_t bit = (size_t)(sqlite3_column_int64(stmt, 0) & (KEYS_BUCKET - 1));
		scan->hits[bit / 64] |= (uint64_t)1 << bit % 64;
	}
	sqlite3_reset(stmt);
	return step == SQLITE_DONE || sqlite_db_fail(reader->db, err);
}

/* How far the index is that is asked. */
static struct sqlite_type_mark mark_of(const struct sqlite_keys_scan *scan) {
	const struct sqlite_reader *reader = scan->reader;
	const struct sqlite_type_mark of_keys = {reader->mark.low, reader->mark.head};
	return scan->types ? reader->type_mark : of_keys;
}

/* The index may have grown since, also within the bucket. */
static bool is_loaded(const struct sqlite_keys_scan *scan, int64_t bucket) {
	struct sqlite_type_mark mark = mark_of(scan);
	return scan->bucket == bucket && scan->mark.low == mark.low && scan->mark.head == mark.head;
}

static bool load_bucket(struct sqlite_keys_scan *scan, int64_t bucket, struct error *err) {
	bool ok = true;
	scan->bucket = bucket;
	scan->mark = mark_of(scan);
	memset(scan->hits, 0, sizeof scan->hits);
	if (scan->types) {
		return sqlite_types_load(scan->reader, scan->types, bucket, scan->hits, err);
	}
	for (size_t i = 0; i < scan->count && ok; i++) {
		ok = load_range(scan, scan->wanted[i], err);
	}
	return ok;
}

static bool is_hit(const struct sqlite_keys_scan *scan, int64_t position) {
	size_t bit = (size_t)(position & (KEYS_BUCKET - 1));
	return scan->hits[bit / 64] >> bit % 64 & 1;
}

/* The positions of one stretch: both are in it. */
struct stretch {
	int64_t first, last;
	bool indexed;
};

static int64_t least(int64_t a, int64_t b) {
	return a < b ? a : b;
}

static int64_t greatest(int64_t a, int64_t b) {
	return a > b ? a : b;
}

/* What comes next and is either in one bucket of the index or not in the index. */
static struct stretch next_stretch(const struct sqlite_keys_scan *scan) {
	const struct sqlite_type_mark mark = mark_of(scan);
	int64_t first = scan->low + 1, last = scan->high - 1;
	int64_t at = scan->newest_first ? last : first;
	struct stretch stretch = {first, last, at > mark.low && at <= mark.head};
	if (stretch.indexed) {
		int64_t begin = at & ~(KEYS_BUCKET - 1);
		stretch.first = greatest(greatest(first, mark.low + 1), begin);
		stretch.last = least(least(last, mark.head), begin + KEYS_BUCKET - 1);
	} else if (at > mark.head) {
		stretch.first = greatest(first, mark.head + 1);
	} else {
		stretch.last = least(last, mark.low);
	}
	return stretch;
}

/* Behind a position, in the direction of the scan. */
static void pass(struct sqlite_keys_scan *scan, int64_t position) {
	if (scan->newest_first) {
		scan->high = position;
	} else {
		scan->low = position;
	}
}

void sqlite_keys_scan_seek(struct sqlite_keys_scan *scan, int64_t position) {
	if (scan->newest_first ? position + 1 < scan->high : position - 1 > scan->low) {
		pass(scan, scan->newest_first ? position + 1 : position - 1);
	}
}

/* The next hit of the stretch, or 0 with all of it passed. */
static int64_t next_in_bucket(struct sqlite_keys_scan *scan, const struct stretch *stretch) {
	int64_t step = scan->newest_first ? -1 : 1;
	int64_t at = scan->newest_first ? stretch->last : stretch->first;
	for (; at >= stretch->first && at <= stretch->last; at += step) {
		if (is_hit(scan, at)) {
			pass(scan, at);
			return at;
		}
	}
	pass(scan, scan->newest_first ? stretch->first : stretch->last);
	return 0;
}

/* The next event of the stretch, or 0 with all of it passed; false: `err`. */
static bool next_event(struct sqlite_keys_scan *scan, const struct stretch *stretch,
	int64_t *position, struct error *err) {
	static const char *const sql[] = {
		"SELECT pos FROM event WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos LIMIT 1",
		"SELECT pos FROM event WHERE pos BETWEEN ?1 AND ?2 ORDER BY pos DESC LIMIT 1"};
	struct sqlite_reader *reader = scan->reader;
	sqlite3_stmt *stmt = sqlite_db_prepare_once(
		&reader->event_next[scan->newest_first], reader->db, sql[scan->newest_first], err);
	if (!stmt) {
		return false;
	}
	sqlite3_bind_int64(stmt, 1, stretch->first);
	sqlite3_bind_int64(stmt, 2, stretch->last);
	int step = sqlite3_step(stmt);
	*position = step == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	int64_t end = scan->newest_first ? stretch->first : stretch->last;
	pass(scan, *position ? *position : end);
	return step == SQLITE_ROW || step == SQLITE_DONE || sqlite_db_fail(reader->db, err);
}

enum sqlite_scan sqlite_keys_scan_next(
	struct sqlite_keys_scan *scan, uint64_t deadline, int64_t *position, struct error *err) {
	while (scan->low + 1 < scan->high) {
		struct stretch stretch = next_stretch(scan);
		int64_t bucket = stretch.first >> KEYS_BUCKET_BITS;
		if (!stretch.indexed) {
			if (!next_event(scan, &stretch, position, err)) {
				return SCAN_FAILED;
			}
		} else {
			if (!is_loaded(scan, bucket) && !load_bucket(scan, bucket, err)) {
				return SCAN_FAILED;
			}
			*position = next_in_bucket(scan, &stretch);
		}
		if (*position > 0) {
			return SCAN_HIT;
		}
		if (uv_hrtime() >= deadline) {
			return SCAN_PAUSED;
		}
	}
	return SCAN_ENDED;
}
