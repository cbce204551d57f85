/*
 * Brings what a bulk replay remembers to the disk, in libuv's pool, one flush at a time: whatever was written meanwhile shares the
 * next one. So a power cut finds written down whatever was sent, and the loop never waits for a disk.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/error.h"
#include "tui/bulk_files.h"

struct bulk_flush;

/* After each, from the loop; `err`: the disk fails. bulk_flush_free is allowed in it. */
typedef void bulk_flushed_fn(void *data, const struct error *err);

/* `files` must stay until bulk_flush_free. */
struct bulk_flush *bulk_flush_new(
	uv_loop_t *loop, struct bulk_files *files, bulk_flushed_fn *flushed, void *data);
/* Lets one that is under way end by itself, without a callback. NULL is allowed. */
void bulk_flush_free(struct bulk_flush *flush);

/* Something was written: it is to be flushed. */
void bulk_flush_ask(struct bulk_flush *flush);
/* Whether the place of that event is on the disk; false when it has none. */
bool bulk_flush_has(const struct bulk_flush *flush, const struct uuid *event);
