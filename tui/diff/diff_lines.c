/* By line: read, aligned, and told with three lines around each difference. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/diff/diff_parts.h"

#define CONTEXT 3
#define HASHED_AT_END ((size_t)8 * 1024)

struct text_lines {
	struct span rest;
	struct span *list; /* without their line ends: LF, and a CR in front of it stays */
	uint64_t *hashes;
	size_t count, capacity;
	bool cut; /* there are more */
};

struct lines {
	struct text_lines old, new;
	struct align *align;
};

/* Of a long line its ends and its length: it only proposes what belongs together. */
static uint64_t hash_of_line(struct span line) {
	if (line.len <= 2 * HASHED_AT_END) {
		return diff_hash(line);
	}
	struct span front = {line.data, HASHED_AT_END};
	struct span back = span_after(line, line.len - HASHED_AT_END);
	return diff_hash(front) ^ (diff_hash(back) * 31 + line.len);
}

static void add_line(struct text_lines *lines, struct span line) {
	if (lines->count == lines->capacity) {
		lines->capacity = lines->capacity ? 2 * lines->capacity : 256;
		lines->list = alloc_resize(lines->list, lines->capacity * sizeof *lines->list);
		lines->hashes = alloc_resize(lines->hashes, lines->capacity * sizeof *lines->hashes);
	}
	lines->hashes[lines->count] = hash_of_line(line);
	lines->list[lines->count++] = line;
}

/* True: all of it is read, or as much as is compared. */
static bool read_on(struct text_lines *lines, size_t budget) {
	size_t until = lines->rest.len > budget ? lines->rest.len - budget : 0;
	while (lines->rest.len > until && lines->count < DIFF_LINES_MAX) {
		add_line(lines, span_cut(&lines->rest, '\n'));
	}
	lines->cut = lines->rest.len > 0 && lines->count == DIFF_LINES_MAX;
	return lines->rest.len == 0 || lines->cut;
}

/* --- what is told --- */

/* Old lines from .. to against new ones from .. to: they belong together, or none of them has a partner. */
struct run {
	size_t old_from, old_to, new_from, new_to;
};

static bool are_partners(const struct lines *lines, size_t old, size_t new) {
	return old < lines->old.count &&
	       new < lines->new.count &&align_partners(lines->align)[old] ==
	           new &&span_equal(lines->old.list[old], lines->new.list[new]);
}

/* The next run of lines that differ behind `at`; the lines between are the same. */
static bool next_run(const struct lines *lines, const struct run *at, struct run *run) {
	size_t old = at->old_to, new = at->new_to;
	while (are_partners(lines, old, new)) {
		old++;
		new ++;
	}
	*run = (struct run){old, old, new, new};
	/* old lines up to the next one whose partner is still to come */
	const uint32_t *partners = align_partners(lines->align);
	while (run->old_to < lines->old.count &&
		   (partners[run->old_to] == ALIGN_NONE || partners[run->old_to] < run->new_from ||
			   !are_partners(lines, run->old_to, partners[run->old_to]))) {
		run->old_to++;
	}
	run->new_to = run->old_to < lines->old.count ? partners[run->old_to] : lines->new.count;
	return run->old_to > run->old_from || run->new_to > run->new_from;
}

static void add_heading(struct diff *diff, size_t old, size_t new) {
	struct buffer place = {0};
	buffer_printf(&place, "line %zu", old + 1);
	if (old != new) {
		buffer_printf(&place, ", now %zu", new + 1);
	}
	diff_add(diff, &(struct diff_row){DIFF_HEADING, buffer_span(&place), {0}, {0}}, true);
	buffer_clear(&place);
}

static void add_same(struct diff *diff, size_t old, size_t new, size_t count) {
	for (size_t i = 0; i < count; i++) {
		diff_add(diff,
			&(struct diff_row){
				DIFF_SAME, {0}, diff->lines->old.list[old + i], diff->lines->new.list[new + i]},
			false);
	}
}

static void add_run(struct diff *diff, const struct run *run) {
	for (size_t i = run->old_from; i < run->old_to; i++) {
		diff_add(diff, &(struct diff_row){DIFF_REMOVED, {0}, diff->lines->old.list[i], {0}}, false);
	}
	for (size_t i = run->new_from; i < run->new_to; i++) {
		diff_add(diff, &(struct diff_row){DIFF_ADDED, {0}, {0}, diff->lines->new.list[i]}, false);
	}
}

static void tell(struct diff *diff) {
	const struct lines *lines = diff->lines;
	struct run before = {0}, run;
	bool first = true;
	while (next_run(lines, &before, &run)) {
		size_t between = run.old_from - before.old_to;
		size_t after = first ? 0 : between < CONTEXT ? between : CONTEXT;
		size_t left = between - after, lead = left < CONTEXT ? left : CONTEXT;
		add_same(diff, before.old_to, before.new_to, after);
		if (first || left > lead) {
			add_heading(diff, run.old_from - lead, run.new_from - lead);
		}
		add_same(diff, run.old_from - lead, run.new_from - lead, lead);
		add_run(diff, &run);
		before = run;
		first = false;
	}
	size_t left = lines->old.count - before.old_to;
	if (!first) {
		add_same(diff, before.old_to, before.new_to, left < CONTEXT ? left : CONTEXT);
	}
}

static void say_limits(struct diff *diff) {
	if (diff->lines->old.cut || diff->lines->new.cut) {
		diff_say(diff, "Only the first %d lines are compared.", DIFF_LINES_MAX);
		if (diff_is_same(diff)) {
			diff->counts[DIFF_CHANGED] += !span_equal(diff->lines->old.rest, diff->lines->new.rest);
		}
	}
	if (align_gave_up(diff->lines->align)) {
		diff_say(diff, "They differ so much that some lines which are the same were not found.");
	}
	bool old_end = diff->old.len > 0 && diff->old.data[diff->old.len - 1] == '\n';
	bool new_end = diff->new.len > 0 && diff->new.data[diff->new.len - 1] == '\n';
	if (old_end != new_end && diff->old.len > 0 && diff->new.len > 0) {
		diff_say(diff, "Only the %s one ends with a line end.", old_end ? "old" : "new");
		diff->counts[DIFF_CHANGED]++;
	}
}

bool diff_lines_step(struct diff *diff, size_t budget) {
	if (!diff->lines) {
		diff->lines = alloc_zero(1, sizeof *diff->lines);
		diff->lines->old.rest = diff->old;
		diff->lines->new.rest = diff->new;
	}
	struct lines *lines = diff->lines;
	if (!lines->align) {
		if (read_on(&lines->old, budget) && read_on(&lines->new, budget)) {
			lines->align = align_new(lines->old.hashes, lines->old.count, lines->new.hashes,
				lines->new.count, DIFF_EFFORT);
		}
		return false;
	}
	if (!align_step(lines->align, budget * DIFF_COMPARISONS_PER_BYTE)) {
		return false;
	}
	tell(diff);
	say_limits(diff);
	return true;
}

void diff_lines_clear(struct diff *diff) {
	if (diff->lines) {
		align_free(diff->lines->align);
		free(diff->lines->old.list);
		free(diff->lines->old.hashes);
		free(diff->lines->new.list);
		free(diff->lines->new.hashes);
		free(diff->lines);
		diff->lines = NULL;
	}
}
