/*
 * The one place where foreign bytes become printable. Everything from outside (payloads, headers, answers, error
 * texts, file names) passes here before it reaches a terminal or a log.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"

enum text_flags {
	TEXT_LINE = 0,          /* one line: newline and tab are escaped too */
	TEXT_KEEP_NEWLINES = 1, /* LF stays a line end, a tab becomes blanks; CR is still escaped */
	TEXT_ASCII = 2,         /* the terminal is not UTF-8: everything beyond ASCII is escaped */
};

/*
 * Appends `text` so that it can do no harm on a terminal: printable characters stay (by an allow list of Unicode
 * categories), everything else becomes visible: control bytes, DEL and bytes that are no UTF-8 as \xHH, C1 controls,
 * bidi controls, zero-width, tag characters, variation selectors, private use and unassigned as \u{HEX}, a backslash
 * that would read like one of these as \\. At most 4 combining marks follow one base. Right-to-left runs stay in
 * logical order inside isolates of their own only where `flags` allow UTF-8.
 */
void text_escape(struct buffer *out, struct span text, unsigned flags);

/* The same, cut to `columns` terminal columns (an ellipsis says that it was cut) and padded with blanks to exactly them. */
void text_escape_column(struct buffer *out, struct span text, unsigned flags, size_t columns);

/* Terminal columns of text that has passed text_escape. */
size_t text_width(struct span escaped);

/* Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(struct span text);

/*
 * The one of `count` names nearest to `word`, or NULL when none is near enough to be meant: for "did you mean".
 */
const char *text_nearest(const char *word, const char *const *names, size_t count);
