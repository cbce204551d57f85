/*
 * The index of types. Senders choose them, too, so events stand in the same buckets as those of business keys (sqlite_keys.h), in the order of their types only
 * within one; the same job writes it behind the commit. A type never changes, so it has a mark of its own: that of the keys is taken back when their places change.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/error.h"
#include "common/filter.h"
#include "relay/store/sqlite_reader.h"
#include "relay/store/sqlite_writer.h"

/* As KEYS_BUCKET_BITS, in a statement. */
#define SQLITE_TYPES_BITS "12"

/* Takes the events of positions above ?1 up to ?2 into the index. */
#define SQLITE_TYPES_ADD                                                                           \
	"INSERT OR IGNORE INTO event_type(bucket, type, pos)"                                          \
	" SELECT pos >> " SQLITE_TYPES_BITS ", type, pos FROM event WHERE pos > ?1 AND pos <= ?2"

/*
 * Brings the index to where the keys are: `keys` is their new mark, `batch` whether it only moved over those of a batch. `types` gets the new mark of the
 * types, which is to be written with it.
 */
bool sqlite_types_follow(struct sqlite_writer *writer, const struct key_mark *keys, bool batch,
	struct sqlite_type_mark *types);

/* Sets the bit of each event of the bucket whose type may match. */
bool sqlite_types_load(struct sqlite_reader *reader, const struct filter *filter, int64_t bucket,
	uint64_t *bits, struct error *err);

/* The questions it asks: ?1 the bucket; the next type from ?2 on, and the positions of type ?2. */
extern const char sqlite_types_next_sql[];
extern const char sqlite_types_places_sql[];
