/* A head: its first line, its headers by name in the order they came, and that order. */
#include <stdio.h>
#include <stdlib.h>

#include "common/alloc.h"
#include "common/header_lines.h"
#include "tui/diff/diff_parts.h"

/* Heads of requests have 256 lines at most; answers may have more, and the rest is told. */
#define HEADERS_MAX 1000

struct field {
	struct span name, value;
	uint32_t partner;
	bool ignored;
};

struct fields {
	struct field *list;
	size_t count;
};

static struct fields read_fields(
	struct diff *diff, struct span *first, struct span head, const char *side) {
	struct fields fields = {alloc_zero(HEADERS_MAX, sizeof *fields.list), 0};
	struct span line;
	if (!header_lines_take(&head, first)) {
		*first = (struct span){0};
	}
	while (header_lines_take(&head, &line) && line.len > 0) {
		if (fields.count == HEADERS_MAX) {
			diff_say(diff, "The %s one has more than %d headers; the rest is not compared.", side,
				HEADERS_MAX);
			break;
		}
		struct span name = header_line_name(line);
		fields.list[fields.count++] = (struct field){
			name, header_line_value(line), ALIGN_NONE, ignore_has_header(diff->ignore, name)};
	}
	return fields;
}

/* The first with the first of that name, the second with the second. */
static void pair(struct fields *old, struct fields *new) {
	for (size_t i = 0; i < old->count; i++) {
		for (size_t k = 0; k < new->count; k++) {
			if (new->list[k].partner == ALIGN_NONE &&
				span_equal_nocase(old->list[i].name, new->list[k].name)) {
				old->list[i].partner = (uint32_t)k;
				new->list[k].partner = (uint32_t)i;
				break;
			}
		}
	}
}

static void add_pair(struct diff *diff, const struct field *old, const struct field *new) {
	bool value = span_equal(old->value, new->value), name = span_equal(old->name, new->name);
	if (value && name) {
		return;
	}
	if (old->ignored) {
		diff->ignored++;
		return;
	}
	diff_add(diff,
		&(struct diff_row){value ? DIFF_SPELLED : DIFF_CHANGED, old->name,
			value ? old->name : old->value, value ? new->name : new->value},
		false);
	if (!value && !name) {
		diff_add(diff, &(struct diff_row){DIFF_SPELLED, old->name, old->name, new->name}, false);
	}
}

static void add_alone(struct diff *diff, const struct field *field, enum diff_mark mark) {
	struct diff_row row = {mark, field->name, {0}, {0}};
	*(mark == DIFF_ADDED ? &row.new : &row.old) = field->value;
	if (field->ignored) {
		diff->ignored++;
	} else {
		diff_add(diff, &row, false);
	}
}

static struct span place_text(struct diff *diff, size_t place) {
	char text[32];
	snprintf(text, sizeof text, "line %zu", place + 2); /* the first one is no header */
	return span_text(arena_text(&diff->arena, text));
}

/* Of those that both have: what does not stand in the order of the others. */
static void add_moved(struct diff *diff, const struct fields *old, const struct fields *new) {
	uint64_t *before = alloc_zero(HEADERS_MAX, sizeof *before);
	uint64_t *after = alloc_zero(HEADERS_MAX, sizeof *after);
	size_t old_count = 0, new_count = 0;
	for (size_t i = 0; i < old->count; i++) {
		before[old_count] = i;
		old_count += old->list[i].partner != ALIGN_NONE;
	}
	for (size_t k = 0; k < new->count; k++) {
		after[new_count] = new->list[k].partner;
		new_count += new->list[k].partner != ALIGN_NONE;
	}
	struct align *align = align_new(before, old_count, after, new_count, DIFF_EFFORT);
	align_step(align, DIFF_EFFORT);
	for (size_t i = 0; i < old_count; i++) {
		const struct field *field = &old->list[before[i]];
		if (align_partners(align)[i] != ALIGN_NONE) {
			continue;
		}
		if (field->ignored) {
			diff->ignored++;
			continue;
		}
		diff_add(diff,
			&(struct diff_row){DIFF_MOVED, field->name, place_text(diff, before[i]),
				place_text(diff, field->partner)},
			false);
	}
	align_free(align);
	free(before);
	free(after);
}

bool diff_headers_step(struct diff *diff, size_t budget) {
	struct span old_first, new_first;
	(void)budget;
	struct fields old = read_fields(diff, &old_first, diff->old, "old");
	struct fields new = read_fields(diff, &new_first, diff->new, "new");
	pair(&old, &new);
	if (!span_equal(old_first, new_first)) {
		diff_add(diff,
			&(struct diff_row){DIFF_CHANGED, span_text("first line"), old_first, new_first}, false);
	}
	for (size_t i = 0; i < old.count; i++) {
		if (old.list[i].partner != ALIGN_NONE) {
			add_pair(diff, &old.list[i], &new.list[old.list[i].partner]);
		} else {
			add_alone(diff, &old.list[i], DIFF_REMOVED);
		}
	}
	for (size_t k = 0; k < new.count; k++) {
		if (new.list[k].partner == ALIGN_NONE) {
			add_alone(diff, &new.list[k], DIFF_ADDED);
		}
	}
	add_moved(diff, &old, &new);
	free(old.list);
	free(new.list);
	return true;
}
