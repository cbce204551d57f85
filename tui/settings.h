/*
 * hookline's own configuration file: $XDG_CONFIG_HOME/hookline/hookline.yaml (~/.config where that is not set), or the one
 * that is named (docs/hookline.5.scd). Read once at the beginning; written only when a person asks for it.
 */
#pragma once

#include <stdbool.h>

#include "common/error.h"
#include "tui/routes.h"
#include "tui/screen_settings.h"

struct settings {
	char *file;                    /* where it is, or would be; NULL: there is no place for one */
	bool found;                    /* there is one */
	struct routes routes;          /* `forward:` */
	struct screen_settings screen; /* everything else */
};

/*
 * `named`: this file, which must be there; NULL: the usual one, which need not. ERROR_CONFIG with file:line:column.
 * settings_clear is to be called in any case.
 */
bool settings_load(struct settings *settings, const char *named, struct error *err);
void settings_clear(struct settings *settings);

/*
 * Writes `forward:` anew and leaves every other byte of the file as it is; makes the file when there is none. The file
 * takes the place of the old one whole or not at all. Refused when the file cannot be read as it is now.
 */
bool settings_save_routes(const char *file, const struct routes *routes, struct error *err);
