/* Files of a person's own, which nobody else may read: settings, what is remembered. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* "$XDG_STATE_HOME/hookline/NAME" (~/.local/state where that is not set); nothing where neither says where. */
void private_file_state(struct buffer *out, const char *name);

/* Makes the folders above it, as far as that is possible. */
void private_file_folder(const char *file);

/* Writes it beside the old one, then in its place, whole or not at all; who may read it stays as it was, nobody else when it is new. */
bool private_file_replace(const char *file, struct span text, struct error *err);

/* Adds to its end, in one write, which several programs may do at once. */
bool private_file_append(const char *file, struct span text, struct error *err);

/* The last `most` bytes of it; nothing when there is no such file. `*cut`: there are more. */
bool private_file_read_end(
	struct buffer *out, const char *file, size_t most, bool *cut, struct error *err);
