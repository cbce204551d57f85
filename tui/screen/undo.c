#include "tui/screen/undo.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

void undo_step_clear(struct undo_step *step) {
	for (size_t i = 0; i < step->count; i++) {
		free(step->events[i].note);
	}
	free(step->events);
	buffer_clear(&step->text);
	*step = (struct undo_step){0};
}

void undo_clear(struct undo *undo) {
	while (undo->count > 0) {
		undo_step_clear(&undo->steps[--undo->count]);
	}
}

struct undo_step *undo_add(struct undo *undo, enum undo_kind kind) {
	if (undo->count == UNDO_MOST) {
		undo_step_clear(&undo->steps[0]);
		memmove(undo->steps, undo->steps + 1, (UNDO_MOST - 1) * sizeof *undo->steps);
		undo->count--;
	}
	struct undo_step *step = &undo->steps[undo->count++];
	*step = (struct undo_step){.kind = kind};
	return step;
}

void undo_add_event(struct undo_step *step, const struct uuid *id, bool marked, struct span note) {
	if (step->count == step->capacity) {
		step->capacity = step->capacity ? 2 * step->capacity : 8;
		step->events = alloc_resize(step->events, step->capacity * sizeof *step->events);
	}
	step->events[step->count++] = (struct undo_event){.id = *id,
		.marked = marked,
		.note = note.data ? alloc_text(note.data, note.len) : NULL,
		.note_len = note.len};
}

bool undo_take(struct undo *undo, struct undo_step *step) {
	if (undo->count == 0) {
		return false;
	}
	*step = undo->steps[--undo->count];
	return true;
}

bool undo_has(const struct undo_step *step, const struct uuid *id) {
	for (size_t i = 0; i < step->count; i++) {
		if (uuid_equal(&step->events[i].id, id)) {
			return true;
		}
	}
	return false;
}
