/*
 * Runs a person's editor on a file: $VISUAL, else $EDITOR, else vi, or another program, with the terminal that is ours. Whoever paints on it has to have
 * given it back before. Ctrl-C and Ctrl-\ are for the editor alone meanwhile, and Ctrl-Z stops both.
 */
#pragma once

#include <uv.h>

#include "common/error.h"

struct editor_options {
	const char *file;
	const char *command;   /* words for a shell: instead of the editor; NULL: the editor */
	const char *complaint; /* told before, until Enter is pressed; printable; NULL: nothing is */
};

/* `err` NULL: the editor has ended well. ERROR_NO: it was given up, or ended with a failure. */
typedef void editor_done_fn(void *data, const struct error *err);

struct editor;

/* NULL and `err` when it cannot be started. `done` comes from the loop, and may free it. */
struct editor *editor_run(uv_loop_t *loop, const struct editor_options *options,
	editor_done_fn *done, void *data, struct error *err);

/* Waits for nothing: an editor that is still there is told to end. NULL is allowed. */
void editor_free(struct editor *editor);
