/*
 * Which provider's ids came lately, so that a delivery that is repeated is counted. An index over all of them would cost
 * every event a page somewhere in the middle of it, more than the event itself; so the newest DELIVERIES_KEPT stand in
 * memory. On disk they stand in runs, one row for many; those behind the last run are read from the events themselves. A
 * provider that sends something again after more deliveries than that is counted from one.
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* Deliveries with an id, of all endpoints together: one and a half megabytes of memory, and a millisecond of each start. */
#define DELIVERIES_KEPT 32768
/* In a run. A shorter one is written after so many positions without it, so that no start looks through more events. */
#define DELIVERIES_RUN 1024
#define DELIVERIES_RUN_POSITIONS 16384

struct sqlite_delivery {
	uint64_t key;
	int64_t number; /* in the order they came, from 1; 0: a free place */
	int64_t position;
};

/* The writer's own. Zero is empty and not loaded. */
struct sqlite_deliveries {
	bool loaded;
	uint64_t secret[2]; /* the store's: senders cannot make keys that meet */
	uint64_t spread;    /* of this run: nor keys that crowd the places */
	struct sqlite_delivery *places;
	size_t capacity, count;
	int64_t newest;          /* number */
	struct buffer unwritten; /* the newest, as they are to stand in a run */
	int64_t written_to;      /* the runs have all up to this position */
};

/* Reads what is kept. False: SQLite said no; the next call tries again. */
bool sqlite_deliveries_load(struct sqlite_deliveries *deliveries, sqlite3 *db);
/* To be read again from the table: what was put may not have been committed. */
void sqlite_deliveries_forget(struct sqlite_deliveries *deliveries);
void sqlite_deliveries_free(struct sqlite_deliveries *deliveries);

/* What stands for a provider's id on an endpoint. */
uint64_t sqlite_deliveries_key(
	const struct sqlite_deliveries *deliveries, int64_t endpoint, struct span provider_id);
/* The position of the newest one with this key, or 0. Keys may meet: the event itself has the last word. */
int64_t sqlite_deliveries_find(const struct sqlite_deliveries *deliveries, uint64_t key);
/* What is beyond those kept is forgotten now and then. */
void sqlite_deliveries_put(struct sqlite_deliveries *deliveries, uint64_t key, int64_t position);

/* Whether a run is to be written behind `position`: `newest` as its id, the position, and what is unwritten. */
bool sqlite_deliveries_are_due(const struct sqlite_deliveries *deliveries, int64_t position);
void sqlite_deliveries_written(struct sqlite_deliveries *deliveries, int64_t position);

/* For the schema, in SQL: delivery_key(store's id, endpoint, provider's id), the key as above; delivery_entry(position, key), a run of one. */
bool sqlite_deliveries_register(sqlite3 *db, struct error *err);
