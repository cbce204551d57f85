/* Files of the source tree that tests read. */
#pragma once

#include "common/buffer.h"

/*
 * Appends the contents of a file, named from the root of the source tree ($HOOKLINE_SOURCE, else the working
 * directory). Ends the program when it cannot be read.
 */
void source_file(struct buffer *out, const char *name);
