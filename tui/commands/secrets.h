/* Secrets come from files (or standard input), never from the command line, where others could read them. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"

#define SECRET_BYTES_MAX 65536

/*
 * Appends the contents of the file ("-": standard input) without the line end behind them. ERROR_CONFIG when it
 * cannot be read, is empty or too long; a file that others can read is told on stderr. Wipe `out` with secret_clear.
 */
bool secret_read(struct buffer *out, const char *path, struct error *err);

/* Overwrites and frees. */
void secret_clear(struct buffer *secret);
