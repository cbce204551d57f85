/*
 * A disk that fails on demand: SQLite's own file layer with a switch in front. It also remembers what each file held
 * when it was last flushed, so that a power cut can be played.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* Becomes the default layer for stores that are opened from now on. */
void fault_vfs_install(void);
/* After all stores are closed. */
void fault_vfs_remove(void);

enum fault { FAULT_NONE, FAULT_NO_SPACE, FAULT_IO };

/* From now on, writes (or flushes) fail in this way: every one, or one in `one_in`. */
void fault_vfs_fail_writes(enum fault fault, int one_in);
void fault_vfs_fail_syncs(enum fault fault, int one_in);

/* Flushes of write-ahead logs so far. */
int64_t fault_vfs_log_syncs(void);

/*
 * Called at each flush before it happens, on the thread that flushes; NULL: nobody. A power cut may be played from
 * there. To be set while nothing is written: what is there then counts as flushed.
 */
void fault_vfs_on_sync(void (*hook)(void *data), void *data);

/*
 * Writes `to` and `to`-wal as they could be found after a power cut now: what was flushed is there; of what was written
 * since, each sector of 512 bytes is there or not, decided by `seed` (0: none of them).
 */
void fault_vfs_cut_power(const char *to, uint32_t seed);
