/*
 * Keeps counts of what is stored (rollup.h) behind the commits: a thread with a connection of its own that only reads takes what is new a few times a
 * second, and at the start what there was, newest first, until the longest span is full. Neither commits nor the loop ever wait for it.
 *
 * The counts are in memory, not in a table: keeping them durable would write as many pages as the events themselves, and reading them
 * again is a matter of seconds (docs/architecture.md has the figures).
 */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/rollup.h"
#include "relay/store/sqlite_file.h"
#include "relay/store/sqlite_reader.h"
#include "relay/store/sqlite_rollup_keys.h"
#include "relay/store/sqlite_thread.h"

struct sqlite_rollup {
	const struct sqlite_file *file;
	sqlite3 *db; /* the thread's, as all that is not said to be shared */
	sqlite3_stmt *events, *attempts, *old_events, *old_attempts;
	struct sqlite_thread thread;
	struct sqlite_rollup_chunk *chunk; /* rows on their way */
	int64_t cursor;                    /* what stands at a higher position is new */
	int64_t below; /* what stands below this position is still to be counted; 0: nothing */
	int64_t split; /* the cursor when counting began: what came later is told as new */
	int64_t *gone; /* endpoints that were removed */
	size_t gone_count;
	struct sqlite_rollup_keys keys; /* with a part that is shared */

	/* shared, guarded by `mutex` */
	uv_mutex_t mutex;
	uv_cond_t work;
	struct rollup *shown; /* what is told */
	struct rollup *
		building; /* to be shown once it is whole; `shown` itself at the start; NULL: it is whole */
	int64_t complete_from_ns; /* of `shown` */
	int64_t head;             /* the newest position that is durable */
	uint64_t again_at_ns;     /* uv_hrtime: all is counted anew from then on; 0: not */
	bool closing, asleep;
};

/* `reader` knows how far the store and its index of keys are; the file stays the caller's, until sqlite_rollup_stop. Whether it has
 * a connection is told by sqlite_thread_opened. */
bool sqlite_rollup_start(struct sqlite_rollup *rollup, const struct sqlite_file *file,
	const struct sqlite_reader *reader, struct error *err);
/* Ends the thread, waiting for the chunk it reads. Allowed on one that was not started. */
void sqlite_rollup_stop(struct sqlite_rollup *rollup);

/* On the loop: something new is durable, up to this position. */
void sqlite_rollup_tell(struct sqlite_rollup *rollup, int64_t head);
/* On the loop: the index of business keys is that far now. */
void sqlite_rollup_tell_keys(struct sqlite_rollup *rollup, const struct key_mark *mark);
/* On the loop: what was stored has changed (verdicts, endpoints that are gone); a moment after the last such change all is counted anew. */
void sqlite_rollup_again(struct sqlite_rollup *rollup);
/* On the loop; as rollup_read. */
void sqlite_rollup_read(struct sqlite_rollup *rollup, int64_t now_ns, rollup_name_fn *name,
	const void *data, struct counts *counts);
