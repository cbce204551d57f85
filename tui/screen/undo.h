/* What `U` takes back: the last changes of the filter, of what is selected, and of marks and notes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/uuid.h"

/* So many changes are remembered. */
#define UNDO_MOST 32

enum undo_kind { UNDO_FILTER, UNDO_SELECTION, UNDO_ANNOTATION };

/* How an event was before. */
struct undo_event {
	struct uuid id;
	bool marked;
	char *note; /* owned; NULL for UNDO_SELECTION */
	size_t note_len;
};

struct undo_step {
	enum undo_kind kind;
	struct buffer text;        /* UNDO_FILTER: the filter that was in force */
	struct undo_event *events; /* the others: those that were selected, or that were changed */
	size_t count, capacity;
};

/* All zero is empty. */
struct undo {
	struct undo_step steps[UNDO_MOST]; /* the oldest first */
	size_t count;
};

/* A new step, the oldest is forgotten at the limit; valid until the next one. */
struct undo_step *undo_add(struct undo *undo, enum undo_kind kind);
/* One more event of it. The note is copied. */
void undo_add_event(struct undo_step *step, const struct uuid *id, bool marked, struct span note);
/* Moves the newest step out; to be cleared by the caller. False: there is none. */
bool undo_take(struct undo *undo, struct undo_step *step);
/* Whether the event is one of it. */
bool undo_has(const struct undo_step *step, const struct uuid *id);
void undo_step_clear(struct undo_step *step);
void undo_clear(struct undo *undo);
