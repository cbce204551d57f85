/* The command line of hookline-relay. */
#pragma once

#include <stdbool.h>

#include "common/error.h"

/* Seconds a relay that ends with its clients waits for another one, unless it is told. */
#define OPTIONS_ALONE_S 2

/* What was asked for; NULL and -1 where nothing was said. Points into argv. */
struct options {
	const char *config;
	const char *ingest, *stream, *admin; /* addresses */
	const char *store;
	const char *key_file;
	const char *log_level, *log_format;
	int ready_fd;
	int end_with_clients_s; /* -1: it does not */
	bool check;
};

enum options_outcome { OPTIONS_RUN, OPTIONS_HELP, OPTIONS_VERSION, OPTIONS_WRONG };

/* OPTIONS_WRONG: `err` (ERROR_USAGE) says what and, where close, what was meant. */
enum options_outcome options_parse(
	struct options *options, int argc, char *const *argv, struct error *err);

/* The text of --help. */
const char *options_help(void);
