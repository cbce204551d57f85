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

/* Combining marks that may follow one base; further ones are escaped. */
#define TEXT_MARKS_MAX 4

/* A tab becomes blanks up to the next multiple of this. */
#define TEXT_TAB_COLUMNS 4

/*
 * Appends `text` so that it can do no harm on a terminal: printable characters stay (by an allow list of Unicode
 * categories), everything else becomes visible: control bytes, DEL and bytes that are no UTF-8 as \xHH, C1 controls,
 * bidi controls, zero-width, tag characters, variation selectors, private use and unassigned as \u{HEX}, and so do
 * combining marks without a base or beyond TEXT_MARKS_MAX. A backslash is doubled where it would read like one of
 * these, so that a typed \x1b and an escape byte differ and nothing is lost: the original can be read back.
 *
 * Right-to-left letters stay as they are, in logical order. No bidi control is ever written, not even an isolate:
 * what the output never holds cannot be misused, and the order in which a terminal shows such a run is its own.
 */
void text_escape(struct buffer *out, struct span text, unsigned flags);

/*
 * The same, cut to `columns` terminal columns (an ellipsis, or ~ with TEXT_ASCII, says that it was cut) and padded
 * with blanks to exactly them. TEXT_KEEP_NEWLINES is not looked at: a column is one line. Looks at no more of the
 * text than it shows.
 */
void text_escape_column(struct buffer *out, struct span text, unsigned flags, size_t columns);

/*
 * What text_escape is made of, for those who draw escapes in a style of their own. A piece is one of: a run of
 * printable ASCII (one column a byte), one character beyond it, one combining mark (no columns: it joins the piece
 * before), one line end "\n" or the blanks of a tab (with TEXT_KEEP_NEWLINES alone), one escape.
 */
struct text_piece {
	struct span
		text; /* printable UTF-8; points into the source or the cursor, valid until the next piece */
	struct span source; /* the bytes it stands for */
	size_t columns;     /* of the terminal; 0 for a line end, too */
	bool is_escape;
};

/* Treat as opaque. */
struct text_cursor {
	struct span rest;
	unsigned flags;
	size_t column;     /* since the last line end, for tabs */
	size_t marks_left; /* that may still follow the last base; 0 when there is none */
	char written[16];
};

void text_begin(struct text_cursor *cursor, struct span text, unsigned flags);

/* False at the end of the text. */
bool text_next(struct text_cursor *cursor, struct text_piece *piece);

/* Terminal columns of text that has passed text_escape; a line end has none. */
size_t text_width(struct span escaped);

/* Whether the bytes are well-formed UTF-8 (no surrogates, no overlong forms). */
bool text_is_utf8(struct span text);

/*
 * The one of `count` names nearest to `word`, or NULL when none is near enough to be meant: for "did you mean".
 * Letter case does not count; a swap of neighbours is one mistake, and about a third of the letters may be wrong.
 */
const char *text_nearest(const char *word, const char *const *names, size_t count);
