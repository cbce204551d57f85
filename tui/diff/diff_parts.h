/* The inside of a diff, for its kinds. */
#pragma once

#include <stdint.h>

#include "common/arena.h"
#include "tui/diff/align.h"
#include "tui/diff/diff.h"
#include "tui/diff/json_tree.h"

struct lines;
struct walk;

/* What two whole texts may cost in comparisons, and two rows of an array. */
#define DIFF_EFFORT 60000000
#define DIFF_EFFORT_OF_ARRAY 2000000
/* Comparisons for a byte of a budget. */
#define DIFF_COMPARISONS_PER_BYTE 2

struct diff {
	enum diff_kind kind;
	struct span old, new;
	const struct ignore *ignore;
	struct diff_row *rows;
	size_t row_count, row_capacity;
	size_t counts[DIFF_MARK_COUNT];
	size_t ignored;
	bool full; /* a row was dropped */
	bool done;
	struct buffer note;
	struct arena arena; /* texts that rows point to */

	/* of the kinds that take their time */
	struct json_tree *old_tree, *new_tree;
	struct walk *walk;
	struct lines *lines;
};

/* Counts a difference, and keeps it while there is room. `place` is copied where `copy`. */
void diff_add(struct diff *diff, const struct diff_row *row, bool copy);
/* One more sentence. */
void diff_say(struct diff *diff, const char *format, ...) __attribute__((format(printf, 2, 3)));
uint64_t diff_hash(struct span bytes);

/* Each of them: true when it is done. */
bool diff_json_step(struct diff *diff, size_t budget);
bool diff_lines_step(struct diff *diff, size_t budget);
bool diff_bytes_step(struct diff *diff, size_t budget);
bool diff_headers_step(struct diff *diff, size_t budget);
void diff_json_clear(struct diff *diff);
void diff_lines_clear(struct diff *diff);
