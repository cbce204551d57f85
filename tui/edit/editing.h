/*
 * A request in a person's editor, until it is one that can be sent or is given up: the file, the editor, what is wrong with what it
 * left, and the editor again with the text kept. The files are in a folder that nobody else may open, and go with it.
 */
#pragma once

#include <uv.h>

#include "common/error.h"
#include "common/event.h"
#include "tui/edit/draft.h"

/* Largest file that is read back. */
#define EDITING_FILE_MAX ((size_t)64 << 20)

/*
 * `edited` is what the editor left, its Content-Length right; valid during the call. NULL: nothing is to be sent, and `err` says why
 * (ERROR_NO: it was given up, or nothing was changed).
 */
typedef void editing_done_fn(void *data, const struct draft *edited, const struct error *err);

struct editing;

/*
 * Begins with a copy of `draft`; the file is called by the event it is of ("stripe-1042"). NULL and `err` when there is no place for the file or
 * no editor. `done` comes from the loop; editing_free is allowed in it.
 */
struct editing *editing_begin(uv_loop_t *loop, const struct draft *draft, const struct event *event,
	editing_done_fn *done, void *data, struct error *err);

/* Removes the files. NULL is allowed. */
void editing_free(struct editing *editing);
