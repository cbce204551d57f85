#include "relay/store/sqlite_deliveries.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/siphash.h"
#include "common/uuid.h"
#include "relay/store/sqlite_db.h"

#define FEWEST_PLACES 1024
/* So many more than are kept may stand before the oldest are thrown out. */
#define SLACK (DELIVERIES_KEPT / 16)
/* In a run: key and position, eight bytes each, the lowest first. */
#define ENTRY_BYTES 16

static void set_secret(uint64_t secret[2], struct span store_id) {
	struct uuid id = {{0}};
	uuid_parse(&id, store_id);
	memcpy(secret, id.bytes, sizeof id.bytes);
}

static uint64_t key_of(const uint64_t secret[2], int64_t endpoint, struct span provider_id) {
	const uint64_t own[2] = {secret[0] ^ (uint64_t)endpoint, secret[1]};
	return siphash(own, provider_id);
}

uint64_t sqlite_deliveries_key(
	const struct sqlite_deliveries *deliveries, int64_t endpoint, struct span provider_id) {
	return key_of(deliveries->secret, endpoint, provider_id);
}

/* Where `key` stands, or would. There is always a free place. */
static struct sqlite_delivery *place_of(const struct sqlite_deliveries *deliveries, uint64_t key) {
	size_t at = (size_t)((key * deliveries->spread) >> 32) & (deliveries->capacity - 1);
	while (deliveries->places[at].number != 0 && deliveries->places[at].key != key) {
		at = (at + 1) & (deliveries->capacity - 1);
	}
	return deliveries->places + at;
}

static void put(struct sqlite_deliveries *deliveries, struct sqlite_delivery delivery) {
	struct sqlite_delivery *place = place_of(deliveries, delivery.key);
	deliveries->count += place->number == 0;
	*place = delivery;
}

/* Moves those beyond `oldest` into `capacity` new places. */
static void lay_anew(struct sqlite_deliveries *deliveries, size_t capacity, int64_t oldest) {
	struct sqlite_delivery *old = deliveries->places;
	size_t old_capacity = deliveries->capacity;
	deliveries->places = alloc_zero(capacity, sizeof *deliveries->places);
	deliveries->capacity = capacity;
	deliveries->count = 0;
	for (size_t i = 0; i < old_capacity; i++) {
		if (old[i].number > oldest) {
			put(deliveries, old[i]);
		}
	}
	free(old);
}

/* At most five of eight places are taken. */
static void make_room(struct sqlite_deliveries *deliveries) {
	if (deliveries->count >= DELIVERIES_KEPT + SLACK) {
		lay_anew(deliveries, deliveries->capacity, deliveries->newest - DELIVERIES_KEPT);
	} else if (deliveries->count >= deliveries->capacity / 8 * 5) {
		lay_anew(deliveries, deliveries->capacity * 2, 0);
	}
}

int64_t sqlite_deliveries_find(const struct sqlite_deliveries *deliveries, uint64_t key) {
	return place_of(deliveries, key)->position;
}

static void put_next(struct sqlite_deliveries *deliveries, uint64_t key, int64_t position) {
	make_room(deliveries);
	put(deliveries, (struct sqlite_delivery){key, ++deliveries->newest, position});
}

/* --- runs --- */

static void write_word(char *out, uint64_t word) {
	for (int i = 0; i < 8; i++) {
		out[i] = (char)(word >> 8 * i & 0xff);
	}
}

static uint64_t read_word(const char *data) {
	uint64_t word = 0;
	for (int i = 0; i < 8; i++) {
		word |= (uint64_t)(unsigned char)data[i] << 8 * i;
	}
	return word;
}

static void write_entry(char out[ENTRY_BYTES], uint64_t key, int64_t position) {
	write_word(out, key);
	write_word(out + 8, (uint64_t)position);
}

void sqlite_deliveries_put(struct sqlite_deliveries *deliveries, uint64_t key, int64_t position) {
	char entry[ENTRY_BYTES];
	write_entry(entry, key, position);
	put_next(deliveries, key, position);
	buffer_append(&deliveries->unwritten, entry, sizeof entry);
}

bool sqlite_deliveries_are_due(const struct sqlite_deliveries *deliveries, int64_t position) {
	return deliveries->unwritten.len >= (size_t)DELIVERIES_RUN * ENTRY_BYTES ||
	       position - deliveries->written_to >= DELIVERIES_RUN_POSITIONS;
}

void sqlite_deliveries_written(struct sqlite_deliveries *deliveries, int64_t position) {
	buffer_reset(&deliveries->unwritten);
	deliveries->written_to = position;
}

/* With room for those up to number `newest`: nothing is laid anew while they are read. */
static void begin(struct sqlite_deliveries *deliveries, int64_t newest) {
	size_t wanted = newest < DELIVERIES_KEPT ? (size_t)newest : DELIVERIES_KEPT;
	size_t capacity = FEWEST_PLACES;
	while (capacity / 8 * 5 <= wanted + DELIVERIES_RUN) {
		capacity *= 2;
	}
	sqlite_deliveries_free(deliveries);
	sqlite3_randomness(sizeof deliveries->spread, &deliveries->spread);
	deliveries->spread |= 1;
	lay_anew(deliveries, capacity, 0);
}

static bool read_run(void *data, sqlite3_stmt *row) {
	struct sqlite_deliveries *deliveries = data;
	struct span entries = sqlite_column_span(row, 2);
	deliveries->written_to = sqlite3_column_int64(row, 1);
	deliveries->newest = sqlite3_column_int64(row, 0) - (int64_t)(entries.len / ENTRY_BYTES);
	for (; entries.len >= ENTRY_BYTES; entries = span_after(entries, ENTRY_BYTES)) {
		put_next(deliveries, read_word(entries.data), (int64_t)read_word(entries.data + 8));
	}
	return true;
}

static bool read_event(void *data, sqlite3_stmt *row) {
	struct sqlite_deliveries *deliveries = data;
	uint64_t key =
		sqlite_deliveries_key(deliveries, sqlite3_column_int64(row, 1), sqlite_column_span(row, 2));
	sqlite_deliveries_put(deliveries, key, sqlite3_column_int64(row, 0));
	return true;
}

static bool read_rows(sqlite3 *db, const char *sql, int64_t from, sqlite_row_fn *each,
	struct sqlite_deliveries *deliveries) {
	struct error err = {0};
	sqlite3_stmt *stmt = sqlite_db_prepare(db, sql, &err);
	if (stmt) {
		sqlite3_bind_int64(stmt, 1, from);
	}
	return sqlite_db_each(stmt, each, deliveries, &err);
}

/* Oldest first, so that of two with the same key the newer one stays. */
static bool read_all(struct sqlite_deliveries *deliveries, sqlite3 *db, int64_t newest) {
	return read_rows(db, "SELECT id, pos, entries FROM delivery_run WHERE id > ?1 ORDER BY id",
			   newest - DELIVERIES_KEPT, read_run, deliveries) &&
	       read_rows(db,
			   "SELECT pos, endpoint, provider_id FROM event WHERE pos > ?1"
			   " AND provider_id IS NOT NULL AND origin = 0 ORDER BY pos",
			   deliveries->written_to, read_event, deliveries);
}

static bool read_secret(struct sqlite_deliveries *deliveries, sqlite3 *db) {
	sqlite3_stmt *stmt = sqlite_db_prepare(db, "SELECT id FROM store", NULL);
	bool ok = stmt && sqlite3_step(stmt) == SQLITE_ROW;
	if (ok) {
		set_secret(deliveries->secret, sqlite_column_span(stmt, 0));
	}
	sqlite3_finalize(stmt);
	return ok;
}

bool sqlite_deliveries_load(struct sqlite_deliveries *deliveries, sqlite3 *db) {
	int64_t newest = 0;
	if (!deliveries->loaded &&
		sqlite_db_get_int(db, "SELECT ifnull(max(id), 0) FROM delivery_run", &newest, NULL)) {
		begin(deliveries, newest);
		deliveries->loaded = read_secret(deliveries, db) && read_all(deliveries, db, newest);
	}
	return deliveries->loaded;
}

void sqlite_deliveries_forget(struct sqlite_deliveries *deliveries) {
	deliveries->loaded = false;
}

void sqlite_deliveries_free(struct sqlite_deliveries *deliveries) {
	free(deliveries->places);
	buffer_clear(&deliveries->unwritten);
	*deliveries = (struct sqlite_deliveries){0};
}

static void delivery_key(sqlite3_context *context, int count, sqlite3_value **values) {
	(void)count;
	uint64_t secret[2];
	const char *id = (const char *)sqlite3_value_text(values[0]);
	const char *provider_id = sqlite3_value_blob(values[2]);
	set_secret(secret, span_text(id ? id : ""));
	struct span text = {provider_id, (size_t)sqlite3_value_bytes(values[2])};
	sqlite3_result_int64(context, (int64_t)key_of(secret, sqlite3_value_int64(values[1]), text));
}

static void delivery_entry(sqlite3_context *context, int count, sqlite3_value **values) {
	(void)count;
	char entry[ENTRY_BYTES];
	write_entry(entry, (uint64_t)sqlite3_value_int64(values[1]), sqlite3_value_int64(values[0]));
	sqlite3_result_blob(context, entry, sizeof entry, SQLITE_TRANSIENT);
}

static bool register_one(sqlite3 *db, const char *name, int count,
	void (*function)(sqlite3_context *, int, sqlite3_value **)) {
	return sqlite3_create_function(db, name, count, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL, function,
			   NULL, NULL) == SQLITE_OK;
}

bool sqlite_deliveries_register(sqlite3 *db, struct error *err) {
	return (register_one(db, "delivery_key", 3, delivery_key) &&
			   register_one(db, "delivery_entry", 2, delivery_entry)) ||
	       sqlite_db_fail(db, err);
}
