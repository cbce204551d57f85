/*
 * Files of a person's own, which nobody else may read: settings, what is remembered from one run to the next, what was copied and fits
 * no clipboard.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* "$XDG_STATE_HOME/hookline/NAME" (~/.local/state where that is not set); nothing where neither says where. */
void private_file_state(struct buffer *out, const char *name);

/*
 * Writes it beside the old one, then in its place, whole or not at all; who may read it stays as it was, nobody else when it is new. Makes
 * the folders above it. ERROR_IO.
 */
bool private_file_replace(const char *file, struct span text, struct error *err);

/* Adds to its end, in one write, which several programs may do at once; makes it, and the folders above it. ERROR_IO. */
bool private_file_append(const char *file, struct span text, struct error *err);

/* The last `most` bytes of it; nothing when there is no such file. `*cut`: there are more. */
bool private_file_read_end(
	struct buffer *out, const char *file, size_t most, bool *cut, struct error *err);

/* The last `most` bytes of what is kept under this name in the state folder. False: there is nothing. */
bool private_file_state_read(struct buffer *out, const char *name, size_t most);

/* The same as private_file_replace, of a file in the state folder. */
bool private_file_state_replace(const char *name, struct span text, struct error *err);
