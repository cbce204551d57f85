/*
 * What differs between two texts: values of JSON by their place in it, lines, bytes, or headers by name. Pure; nothing is changed or lost
 * on the way, and differences are told in the bytes as they were. Works a slice at a time, so that no key waits, and within limits; a note
 * says where one was met.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/span.h"
#include "tui/diff/ignore.h"

/* Limits: rows that are kept, values of JSON, of one container, and lines of each side that are compared. */
#define DIFF_ROWS_MAX 5000
#define DIFF_VALUES_MAX 500000
#define DIFF_MEMBERS_MAX 100000
#define DIFF_LINES_MAX 200000

enum diff_kind {
	DIFF_JSON,    /* by structure; by line where one of them is no JSON, or has too many values */
	DIFF_LINES,   /* with three lines around each difference */
	DIFF_BYTES,   /* rows of 16 bytes */
	DIFF_HEADERS, /* a head: its first line, then headers by name, and their order */
};

enum diff_mark {
	DIFF_SAME,    /* around a difference: old and new */
	DIFF_CHANGED, /* old and new */
	DIFF_SPELLED, /* the same value in another spelling: old and new */
	DIFF_ADDED,   /* new alone */
	DIFF_REMOVED, /* old alone */
	DIFF_MOVED,   /* it stands elsewhere: place says what, old and new say where */
	DIFF_HEADING, /* place alone: where what follows stands */
	DIFF_MARK_COUNT
};

/* `old` and `new` point into what is compared, or into the diff. */
struct diff_row {
	enum diff_mark mark;
	struct span place; /* ".data.items[3].id", "Content-Type", "00000010" */
	struct span old, new;
};

struct diff;

/* `old`, `new` and `ignore` (NULL: nothing is left out) are borrowed until diff_free. */
struct diff *diff_new(
	enum diff_kind kind, struct span old, struct span new, const struct ignore *ignore);
void diff_free(struct diff *diff);

/* By structure where both are JSON, by line where both are text, else by byte: judged by how they begin. */
enum diff_kind diff_kind_for(struct span old, struct span new);

/* Goes on through about `budget` bytes. True: it is done, and what follows may be asked. */
bool diff_step(struct diff *diff, size_t budget);

/* The kind it was done by in the end. */
enum diff_kind diff_kind_of(const struct diff *diff);
const char *diff_kind_name(enum diff_kind kind);
const struct diff_row *diff_rows(const struct diff *diff, size_t *count);
/* How many differences of a mark there are, also those beyond DIFF_ROWS_MAX. */
size_t diff_count(const struct diff *diff, enum diff_mark mark);
/* Differences that were left out. */
size_t diff_ignored(const struct diff *diff);
/* Nothing differs but what was left out. */
bool diff_is_same(const struct diff *diff);
/* Limits that were met, and what else is to be known, as sentences; empty: nothing. */
struct span diff_note(const struct diff *diff);
/* Appends "2 changed, 1 added, 3 left out", or "the same" ("the same but for 3 left out"). */
void diff_append_summary(struct buffer *out, const struct diff *diff);
/* Appends 16 bytes of a row of DIFF_BYTES: "48 65 6c 6c 6f  |Hello|". */
void diff_append_hex(struct buffer *out, struct span bytes);
