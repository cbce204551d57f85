/* The options of commands that deliver to an app. */
#pragma once

#include "tui/commands/arguments.h"
#include "tui/deliver/deliver.h"

/* A table of options, ended by a NULL name. */
extern const struct option_row deliver_option_rows[];

/* Reads them; `who` is kept borrowed. */
bool deliver_options_read(struct deliver_options *options, const struct arguments *arguments,
	const char *who, struct error *err);
