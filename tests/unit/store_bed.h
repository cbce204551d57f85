/* A store and the loop it lives on, with calls that wait: what every test of a store needs. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/buffer.h"
#include "relay/store/store.h"

struct store_bed {
	uv_loop_t loop;
	struct store *store;
	char folder[64];
	char file[96]; /* in `folder` */
	char url[160];
};

/* A folder of its own, and a store in it; `in_memory`: no folder is needed. */
void store_bed_make(struct store_bed *bed, bool in_memory);
void store_bed_remove(struct store_bed *bed);

/*
 * The same with the store open, as cmocka wants it: `*state` is the bed, which STORE_BED_CASES takes from a test's file. A
 * test of what every kind of store promises is run for each of them.
 */
int store_bed_in_file(void **state);
int store_bed_in_memory(void **state);
int store_bed_take_away(void **state);
#define STORE_BED_CASES(bed, name)                                                                 \
	{#name ", in a file", name, store_bed_in_file, store_bed_take_away, bed}, {                    \
#name ", in memory", name, store_bed_in_memory, store_bed_take_away, bed                   \
	}

/* Must work. */
void store_bed_open(struct store_bed *bed, const struct store_options *options);
/* Must not work: returns the error. */
struct error store_bed_refused(struct store_bed *bed);
void store_bed_close(struct store_bed *bed);

/* Turns the loop until `*done`. */
void store_bed_wait(struct store_bed *bed, const bool *done);

/* Must work; returns its id. */
int64_t store_bed_endpoint(struct store_bed *bed, const char *name);

/* An entry with all it points to, and how its append went. */
struct store_bed_entry {
	struct entry entry;
	struct event event;
	struct attempt attempt;
	struct error err;
	bool done;
	int64_t order; /* of the callbacks, from 1 */
	int64_t *counter;
};

/* An event with a new id; the rest is the test's to change before it is queued. */
void store_bed_event(struct store_bed_entry *made, int64_t endpoint, const char *body);
/* An attempt to deliver `event`, answered with `status`. */
void store_bed_attempt(
	struct store_bed_entry *made, const struct store_bed_entry *event, int64_t status);
void store_bed_queue(struct store_bed *bed, struct store_bed_entry *made);
/* Queues it and waits; returns its seq, or 0 with `made->err`. */
int64_t store_bed_append(struct store_bed *bed, struct store_bed_entry *made);
/* Stores one more event; must work. Returns its seq. */
int64_t store_bed_add(struct store_bed *bed, int64_t endpoint, const char *body);

/* What a read brought, copied. Free with store_bed_free. */
struct store_bed_hit {
	enum entry_kind kind;
	int64_t position;
	struct event *event;
	struct attempt *attempt;
	struct buffer head, body, trailers;
};
struct store_bed_hits {
	struct store_bed_hit *all;
	size_t count;
	struct error err;
	bool done;
};
struct store_bed_hits store_bed_read(struct store_bed *bed, const struct store_query *query);
void store_bed_free(struct store_bed_hits *hits);

/* Events and attempts of an endpoint; 0: of all. */
struct store_query store_bed_all_of(int64_t endpoint);
/* Makes the endpoints a: e1 a2 e3 and b: e1 e2, stored in the order a1 b1 a2 b2 a3. */
void store_bed_two_endpoints(struct store_bed *bed, int64_t ends[2]);

/* "e1 e2 a3": kinds and seqs in the order they came. Valid until the next call. */
const char *store_bed_order(struct store_bed *bed, const struct store_query *query);

/* For calls that end in a store_done_fn: `err` says how. */
struct store_bed_done {
	struct error err;
	bool done;
};
void store_bed_on_done(void *data, const struct error *err);

/* How SQLite would go about a question: a line a step. */
struct buffer;
void store_bed_plan(const struct store_bed *bed, struct buffer *plan, const char *sql);
/* The number that a question in SQL answers with, asked past the store. */
int64_t store_bed_ask(const struct store_bed *bed, const char *sql);
