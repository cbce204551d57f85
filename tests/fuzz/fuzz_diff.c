/*
 * Any two texts are compared by every kind within bounds: what is equal is the same, bytes and lines that are not equal differ,
 * whether they differ is the same both ways, and slices change nothing. The input is the old text, a byte 0x01, and the new one.
 */
#include <stdint.h>
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tui/diff/compare.h"
#include "tui/diff/spelling.h"

struct outcome {
	size_t rows, counts[DIFF_MARK_COUNT], ignored, note;
	bool same;
	enum diff_kind kind;
};

static void look_at(const struct diff_row *row, enum diff_kind kind) {
	struct buffer out = {0};
	if (kind == DIFF_JSON && row->mark != DIFF_MOVED) {
		spelling_append_value(&out, row->old, false, 50);
		spelling_append_value(&out, row->new, true, 50);
	} else if (kind == DIFF_BYTES) {
		diff_append_hex(&out, row->old);
	}
	buffer_append_span(&out, row->place);
	buffer_append_span(&out, row->old);
	buffer_append_span(&out, row->new);
	buffer_clear(&out);
}

static struct outcome compared(
	enum diff_kind kind, struct span old, struct span new, bool usual, size_t budget) {
	struct ignore ignore = {.usual = usual};
	struct outcome outcome = {0};
	struct diff *diff = diff_new(kind, old, new, &ignore);
	while (!diff_step(diff, budget)) {
		/* a slice at a time */
	}
	const struct diff_row *rows = diff_rows(diff, &outcome.rows);
	HOLDS(outcome.rows <= DIFF_ROWS_MAX);
	outcome.kind = diff_kind_of(diff);
	for (size_t i = 0; i < outcome.rows; i++) {
		look_at(&rows[i], outcome.kind);
	}
	for (size_t mark = 0; mark < DIFF_MARK_COUNT; mark++) {
		outcome.counts[mark] = diff_count(diff, (enum diff_mark)mark);
	}
	outcome.ignored = diff_ignored(diff);
	outcome.note = diff_note(diff).len;
	outcome.same = diff_is_same(diff);
	diff_free(diff);
	return outcome;
}

static void check(enum diff_kind kind, struct span old, struct span new, bool usual) {
	struct outcome one = compared(kind, old, new, usual, SIZE_MAX / 8);
	struct outcome sliced = compared(kind, old, new, usual, 3);
	struct outcome back = compared(kind, new, old, usual, 1000);
	HOLDS(memcmp(one.counts, sliced.counts, sizeof one.counts) == 0);
	HOLDS(one.rows == sliced.rows && one.ignored == sliced.ignored && one.note == sliced.note);
	HOLDS(one.same == sliced.same && one.kind == sliced.kind);
	HOLDS(one.same == back.same);
	HOLDS(one.same || !span_equal(old, new));
	if (one.kind == DIFF_BYTES || one.kind == DIFF_LINES) {
		HOLDS(one.same == span_equal(old, new));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span new = {(const char *)data, len};
	struct span old = span_cut(&new, '\x01');
	static const enum diff_kind kinds[] = {DIFF_JSON, DIFF_LINES, DIFF_BYTES, DIFF_HEADERS};
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		check(kinds[i], old, new, false);
		check(kinds[i], old, new, true);
	}
	diff_kind_for(old, new);
	return 0;
}
