/*
 * Small files under $XDG_STATE_HOME/hookline (~/.local/state/hookline), which nobody else may read: what was copied and fits no
 * clipboard, and which tips were followed.
 */
#pragma once

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/* Appends where a file of this name is, or would be; nothing when there is no home. */
void state_file_path(struct buffer *out, const char *name);

/* Appends what is in it, at most `most` bytes. False: there is none. */
bool state_file_read(const char *name, struct buffer *text, size_t most);

/* Writes all of it anew, whole or not at all; makes the folder. ERROR_IO. */
bool state_file_write(const char *name, struct span text, struct error *err);
