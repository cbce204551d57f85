/*
 * The index of business keys. Senders choose the values, so an index in their order would dirty a page for each; here events stand
 * in buckets of neighbouring positions, and in order of their keys only within one. An event is added to the newest bucket, and a
 * question looks into one bucket after the other: 245 for a million events.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "common/filter.h"
#include "common/span.h"
#include "relay/store/sqlite_reader.h"
#include "relay/store/sqlite_scan.h"
#include "relay/store/store.h"

/* Positions in a bucket, as a power of two. */
#define KEYS_BUCKET_BITS 12
#define KEYS_BUCKET ((int64_t)1 << KEYS_BUCKET_BITS)

/* What hashes the keys of a store: senders cannot make values that meet. */
struct sqlite_keys_secret sqlite_keys_secret(const char *store_id);
/* Those of one value stand beside each other, whatever the name: low to high is all of them. Hits are looked at again. */
int64_t sqlite_keys_hash(
	const struct sqlite_keys_secret *secret, struct span name, struct span value);

/* How far the index is, and what it was made with. */
bool sqlite_keys_read_mark(
	struct key_mark *mark, struct sqlite_type_mark *types, sqlite3 *db, struct error *err);
/* Takes the oldest events of a removed endpoint out of the index; within the caller's transaction. */
bool sqlite_keys_purge(sqlite3 *db, int64_t endpoint, int most);

/* --- questions --- */

struct sqlite_keys_scan;
/* For events with positions above `low` and below `high` that may have one of the keys. */
struct sqlite_keys_scan *sqlite_keys_scan_new(struct sqlite_reader *reader,
	const struct filter_keys *wanted, bool newest_first, int64_t low, int64_t high);
/* For those whose type may match, from their index (sqlite_types.h). The filter stays the caller's. */
struct sqlite_keys_scan *sqlite_keys_scan_types(struct sqlite_reader *reader,
	const struct filter *filter, bool newest_first, int64_t low, int64_t high);
void sqlite_keys_scan_free(struct sqlite_keys_scan *scan);

/* The next hit is at `position` or behind it, in the direction of the scan, which never turns back. */
void sqlite_keys_scan_seek(struct sqlite_keys_scan *scan, int64_t position);

/* Where the index has not come yet, every event is a hit. */
enum sqlite_scan sqlite_keys_scan_next(
	struct sqlite_keys_scan *scan, uint64_t deadline, int64_t *position, struct error *err);
