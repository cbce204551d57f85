/* What a command is given to read. */
#pragma once

#include "common/buffer.h"
#include "common/error.h"

/* Reads a file, or standard input for "-", up to `most` bytes. ERROR_USAGE says what went wrong with which. */
bool input_read(const char *name, size_t most, struct buffer *out, struct error *err);
