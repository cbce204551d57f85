/* The relay as a whole: puts its parts together, runs them, and takes them apart again. */
#pragma once

#include "common/error.h"
#include "relay/config.h"
#include "relay/options.h"

/*
 * Runs until a signal ends it. SIGTERM and SIGINT stop accepting, answer what is under way (at most 10 s) and end; a
 * second one ends at once. SIGHUP reads the configuration again. Takes `config`. Returns the exit code; `err` says why
 * it could not start.
 */
int relay_run(struct config *config, const struct options *options, struct error *err);
