/* The options of commands that forward: where events go. */
#pragma once

#include "tui/commands/arguments.h"
#include "tui/settings.h"

/* A table of options, ended by a NULL name: --forward, --route, --match, --no-forward, --config. */
extern const struct option_row route_option_rows[];

/*
 * The routes of the command line, or, where it has none, of the configuration file, which is read in any case.
 * settings_clear is to be called in any case.
 */
bool routes_from_arguments(
	struct settings *settings, const struct arguments *arguments, bool anywhere, struct error *err);
