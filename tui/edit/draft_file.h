/*
 * A request as a file for an editor, and back: raw HTTP, as `hookline show --raw` writes and `hookline verify` reads it (head lines, an
 * empty line, the body). A body that is no text stays in a file of its own, and "< NAME" stands in its place, as in the .http files
 * of other tools. Pure.
 */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"
#include "tui/edit/draft.h"

/* Whether the body is put into a file of its own. */
bool draft_file_is_apart(const struct draft *draft);

/* Appends the file. `name`: that of the body's own file, where it has one. */
void draft_file_write(struct buffer *out, const struct draft *draft, const char *name);

/* What an editor left. */
struct draft_file {
	struct span text;
	const char *name;  /* of the body's own file; NULL: there was none */
	struct span apart; /* what is in that */
	struct span
		before; /* the body before: a line end that the editor put behind its last line is taken away again */
};

/*
 * Reads it into `draft`. Lines of the head may end in LF alone, as editors write them. ERROR_USAGE begins with "line N: " and says what
 * cannot stand there.
 */
bool draft_file_read(struct draft *draft, const struct draft_file *file, struct error *err);
