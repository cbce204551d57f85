/*
 * What is remembered from one run of the screen to the next, under $XDG_STATE_HOME/hookline, readable for nobody else: `history`, a line
 * for each filter and search that was typed ("filter status:5xx"), and `filters`, a line for each that was given a name
 * ("failing status:5xx"). Both are text that people may edit; lines that mean nothing are passed over.
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"
#include "tui/screen/model.h"
#include "tui/screen/saved_filters.h"

/* What of the history is read; it is cut to that when it is twice as long. */
#define REMEMBERED_HISTORY_BYTES 65536

/* Each line of the history, oldest first; NULL: there is nowhere to keep one, which is no error. */
typedef void remembered_line_fn(void *data, enum prompt_kind kind, struct span text);
bool remembered_read(remembered_line_fn *line, void *data, struct error *err);

/* Adds a line. Of prompts whose lines are not remembered nothing is kept. */
bool remembered_add(enum prompt_kind kind, struct span text, struct error *err);

/* All filters that have a name. */
bool remembered_filters(struct saved_filters *filters, struct error *err);

/* Puts one, or (with an empty text) takes it away, in what others may have written meanwhile; `filters` is then what there is. */
bool remembered_save(
	struct saved_filters *filters, struct span name, struct span text, struct error *err);
