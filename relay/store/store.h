/*
 * Where events, attempts, endpoints and secrets are kept. Asynchronous: what is written is queued, and a writer
 * thread commits all that has queued as one group; a callback on the loop says when it is on disk. One contract test
 * suite (tests/unit/test_store.c) runs against every back end.
 *
 * URLs: sqlite:FILE (WAL, synchronous=FULL, checked at the start) · sqlite::memory: for tests.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/attempt_filter.h"
#include "common/buffer.h"
#include "common/counts.h"
#include "common/error.h"
#include "common/event.h"
#include "common/filter.h"
#include "common/signature/recipe_version.h"
#include "common/span.h"

struct store;

enum entry_kind { ENTRY_EVENT, ENTRY_ATTEMPT };

/* One thing that happened on an endpoint. What it points to is borrowed until the callback of store_append came. */
struct entry {
	enum entry_kind kind;
	int64_t endpoint; /* id, from store_put_endpoint */
	struct event *
		event; /* ENTRY_EVENT: seq, position, repeat and parent_seq are filled in when it is stored */
	struct attempt
		*attempt; /* ENTRY_ATTEMPT: seq, position, event_seq, number and late are filled in, too */
	struct span head; /* the request's head, or the answer's */
	struct span body; /* the request's body, or the answer's */
	struct span trailers;
	int64_t
		position; /* filled in when it is stored and by store_read: where it stands among all, from 1 */
	bool differs; /* filled in by store_read: the query's `judge` does not match it */
};

/*
 * On the loop, once for each append, in the order of the appends. `err` NULL: durable. ERROR_FULL: no space; ERROR_IO: the
 * disk failed; ERROR_NO: this entry cannot be stored (its id is stored already, its endpoint, event or parent does not exist).
 */
typedef void store_stored_fn(void *data, struct entry *entry, const struct error *err);
/* Something else is done. `err` NULL: durable, or complete. */
typedef void store_done_fn(void *data, const struct error *err);
/* One hit; everything is valid during the call. `content` asked for: head and body are filled in. False: enough. */
typedef bool store_each_fn(void *data, const struct entry *entry);

/* How far a read has come that takes its time. */
struct store_progress {
	int64_t looked_at;       /* events and attempts */
	int64_t from, at, until; /* positions: where it began, stands, and would end */
};
/* On the loop, at the first pause of a read and then each STORE_PROGRESS_MS. The read may be stopped in it. */
#define STORE_PROGRESS_MS 100
typedef void store_progress_fn(void *data, const struct store_progress *progress);

/* Options the configuration sets; zero takes the default. */
struct store_options {
	int64_t group_entries; /* most entries in one commit (256) */
	int64_t group_bytes;   /* most bytes in one commit (4 MiB) */
	int64_t wal_bytes;     /* beyond this the writer waits for a checkpoint (64 MiB) */
	int64_t
		free_bytes; /* least free space on the disk, below it appends fail with ERROR_FULL (8 MiB, or a 16th of a smaller disk) */
};

/*
 * ERROR_CONFIG for an unknown scheme, ERROR_IO when it cannot be opened, is damaged, is newer than this program, or
 * is in use ("... is in use by hookline-relay, pid 4711"): the text says what to do. Migrates older schemas.
 */
struct store *store_open(
	uv_loop_t *loop, const char *url, const struct store_options *options, struct error *err);
/* Whether it names a kind of store there is; ERROR_CONFIG. Opens nothing. */
bool store_url_check(const char *url, struct error *err);

/*
 * The UUID this store got when it was made, as text: a cursor of another store means nothing here. Valid until
 * store_close.
 */
const char *store_id(const struct store *store);

/*
 * Commits what is queued, then closes and calls `closed` on the loop. Reads end without a word. No call may follow; not to
 * be called from within a store_each_fn.
 */
void store_close(struct store *store, void (*closed)(void *), void *data);

/* `entry` and all it points to stay as they are until `stored` came. */
void store_append(struct store *store, struct entry *entry, store_stored_fn *stored, void *data);

/* Bytes and entries queued and not yet durable: what back-pressure looks at. */
struct store_backlog {
	int64_t entries, bytes;
};
struct store_backlog store_backlog(const struct store *store);

/* What store_read looks for. */
struct store_query {
	int64_t endpoint;      /* id; 0: every endpoint */
	bool events, attempts; /* which kinds */
	bool content;          /* head and body, too */
	bool newest_first;     /* else oldest first */
	int64_t after, before; /* of one endpoint: seq > after, seq < before (0: open) */
	int64_t
		beyond; /* only what stands behind this position, in the direction of the query; 0: all */
	int64_t limit;               /* most hits; 0: all */
	const struct filter *filter; /* events only; NULL: everything; kept until done */
	const struct filter
		*judge; /* in its place: all events come, and say whether it matches; kept until done */
	/* attempts alone, each with the event it delivered in `event` of its entry; NULL: not so; kept until done */
	const struct attempt_filter *deliveries;
	struct span target; /* events tell what attempts to it came to; empty: not; kept until done */
	store_progress_fn *progress; /* NULL: nobody asks; gets the `data` of the read */
	bool by_id; /* only the event with this id (or, with `attempts`, the attempts of this event) */
	struct uuid id;
};

/*
 * Hits come on the loop, some at a time, so that a long search never holds it up; over all endpoints in the order they
 * were stored. `done` comes once, last, not after store_read_stop.
 */
struct store_read;
struct store_read *store_read(struct store *store, const struct store_query *query,
	store_each_fn *each, store_done_fn *done, void *data);
void store_read_stop(struct store_read *read);

/*
 * Called on the loop for each entry that is durable now, in the order of their positions, before its `stored` callback. At most
 * STORE_OBSERVERS, called in the order they came.
 */
#define STORE_OBSERVERS 4
typedef void store_observe_fn(void *data, const struct entry *entry);
void store_observe(struct store *store, store_observe_fn *observe, void *data);

/* An endpoint as it is kept. `settings` and `state` are JSON objects only the relay reads. */
struct endpoint_record {
	int64_t id; /* 0 in store_put_endpoint: a new one */
	struct span name;
	struct span settings;
	struct span
		state; /* as store_set_endpoint_state left it; not looked at by store_put_endpoint */
	int64_t last_seq;
	int64_t events;
};
typedef void store_endpoint_fn(void *data, int64_t id, const struct error *err);

/* Adds or changes an endpoint (by name). Its id is what entries refer to. */
void store_put_endpoint(
	struct store *store, const struct endpoint_record *record, store_endpoint_fn *done, void *data);
/* What changes with its events: copied, nobody waits for it, durable before whatever is appended after it. */
void store_set_endpoint_state(struct store *store, int64_t endpoint, struct span state);
/* Takes the endpoint away with its events, attempts and secrets. */
void store_remove_endpoint(struct store *store, int64_t id, store_done_fn *done, void *data);
/* All endpoints, at once (there are few); for the start. */
bool store_each_endpoint(struct store *store, bool (*each)(void *, const struct endpoint_record *),
	void *data, struct error *err);

/* A secret as it is kept: sealed by relay/vault before it comes here. */
struct secret_record {
	int64_t endpoint;
	struct span label;    /* unique within the endpoint */
	struct span provider; /* only for this provider; empty: the endpoint's */
	struct span sealed;
	int64_t added_at_ms;
};
void store_put_secret(
	struct store *store, const struct secret_record *record, store_done_fn *done, void *data);
void store_remove_secret(
	struct store *store, int64_t endpoint, struct span label, store_done_fn *done, void *data);
bool store_each_secret(struct store *store, bool (*each)(void *, const struct secret_record *),
	void *data, struct error *err);

/* Another judgement of an event that is kept. */
struct verdict_change {
	struct uuid event;
	struct judgement judgement;
	char provider[64];                   /* recognised now; empty: as it was */
	char recipe[RECIPE_VERSION_LEN + 1]; /* the recipes it was judged with; empty: none */
};
/* All of them or none; `changes` is copied. Events that are gone are passed over. Some thousands at most hold nobody up. */
void store_set_verdicts(struct store *store, const struct verdict_change *changes, size_t count,
	store_done_fn *done, void *data);

/*
 * What the sender of an event was answered, where that is known only after it was stored. Copied; an event that is gone is
 * passed over. Written before whatever is appended after it, but for ANSWERED_BY_APP, which may take a moment longer. An event that was stored as ANSWERED_BY_WAITING and for which this never came is ANSWERED_BY_NOBODY when
 * the store is opened again.
 */
struct answer_record {
	struct uuid event;
	int64_t status;
	enum answered_by by;
	int64_t after_us;
	struct span why;
};
void store_set_answer(
	struct store *store, const struct answer_record *record, store_done_fn *done, void *data);

/* What is to be said of an event from now on. */
struct annotation_change {
	bool by_id;
	struct uuid id;   /* with `by_id`; else */
	int64_t endpoint; /* id, */
	int64_t seq;      /* and number on it */
	int marked;       /* 1, 0; -1: stays as it is */
	struct span note; /* NULL data: stays as it is */
	struct span who;
	int64_t at_ns;
};
/* An event with its annotation as it is now. */
struct annotated {
	struct uuid event;
	int64_t endpoint, seq;
	struct annotation annotation; /* valid during the call */
};
/* On the loop. `err` NULL: durable. ERROR_NO: there is no such event; `annotated` is then not to be looked at. */
typedef void store_annotated_fn(
	void *data, const struct annotated *annotated, const struct error *err);
/* Copied. */
void store_annotate(struct store *store, const struct annotation_change *change,
	store_annotated_fn *done, void *data);

/* An attempt that is still to be made (common/retry.h). `facts` is a JSON object only relay/stream/retries reads. */
struct retry_record {
	struct uuid event;
	struct span target;
	int64_t endpoint; /* it goes with its endpoint */
	struct span facts;
};
/* Adds it, or takes the place of the one of the same event and target. All is copied. */
void store_put_retry(
	struct store *store, const struct retry_record *record, store_done_fn *done, void *data);
/* One that is not there is no error. */
void store_remove_retry(struct store *store, const struct uuid *event, struct span target,
	store_done_fn *done, void *data);
/* All of them, at once; for the start. */
bool store_each_retry(struct store *store, bool (*each)(void *, const struct retry_record *),
	void *data, struct error *err);

/*
 * Business keys (common/business_key.h) are found and written behind the commit, by relay/after/key_index. The index has the events
 * at positions above `low` up to `head`; those in front and behind are looked into when a question comes to them.
 */
struct key_mark {
	int64_t low, head;
	char version[17]; /* of the places the keys were looked for at; "": no index was made */
};
struct key_record {
	int64_t position;
	struct span keys; /* a run; empty: it has none */
};
/* Appends the keys of an event as a run; head and body are those of the event. On the loop. */
typedef void store_find_keys_fn(void *data, const struct entry *entry, struct buffer *keys);
/* Who finds keys where the index has none yet; before the first read. NULL: nobody. */
void store_find_keys(struct store *store, store_find_keys_fn *find, void *data);
/* What is durable. */
struct key_mark store_key_mark(const struct store *store);
/* Each takes the place of what is kept for the position; all of it with the mark, or none. Copied. `records` NULL: only the mark, which may be anywhere. */
void store_put_keys(struct store *store, const struct key_record *records, size_t count,
	const struct key_mark *mark, store_done_fn *done, void *data);
/* Of the newest entry that a read finds. */
int64_t store_position(const struct store *store);

/* A request that was refused before it became an event. The newest `STORE_REFUSALS` are kept. */
#define STORE_REFUSALS 10000
struct refusal {
	int64_t at_ns;
	struct span peer;
	int64_t status; /* 0: the connection was cut without an answer */
	struct span reason;
	struct span line; /* the beginning of the request line, raw */
};
/* Nobody waits for it. */
void store_add_refusal(struct store *store, const struct refusal *refusal);
/* Newest first, at once. */
bool store_each_refusal(struct store *store, int64_t limit,
	bool (*each)(void *, const struct refusal *), void *data, struct error *err);

/*
 * How many events there were in the span that `counts` names (it is all zero but for that), up to now: at once, from counts that are kept up
 * within a second of each commit and never hold one up. After the start the past is counted newest first: `complete_from_ns` says how far
 * that is. Free with counts_clear.
 */
void store_count(struct store *store, int64_t now_ns, struct counts *counts);

/* For /readyz and /metrics. */
struct store_state {
	bool ready; /* the last group was committed, or none failed yet */
	int64_t
		failed_in_row; /* groups the disk failed since the last good one; a full disk does not count */
	char trouble[256]; /* why it is not ready */
	int64_t bytes;     /* file and WAL */
	int64_t errors;    /* failed groups in all */
	int64_t groups, group_entries,
		commit_us; /* totals: groups committed, entries in them, time spent */
};
struct store_state store_state(const struct store *store);
