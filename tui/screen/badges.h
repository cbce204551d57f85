/* What is to be seen at once of an event beside its type: that it was sent before, made here, answered too late ... */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/event.h"

enum badge_kind {
	BADGE_REPEAT, /* "×3": the third delivery of it */
	BADGE_HANDSHAKE,
	BADGE_EDITED,
	BADGE_SENT,
	BADGE_LATE,
	BADGE_REPLAYED,
	BADGE_NOTE,
	BADGE_COUNT
};

/* How a badge looks; never by its colour alone. */
struct badge {
	const char *glyph; /* columns as characters */
	const char *ascii; /* the same where the terminal is not UTF-8 */
	const char *word;
	const char *help; /* what it says, for the help */
};

const struct badge *badge_of(enum badge_kind kind);

/* Those an event has, in the order of enum badge_kind; returns how many. */
size_t badges_of(enum badge_kind kinds[BADGE_COUNT], const struct event *event);

/* One badge of an event: its sign ("×3", "x3"), or its word ("late", "unsigned edit"; of a repeat the sign). */
void badge_append(
	struct buffer *out, const struct event *event, enum badge_kind kind, bool ascii, bool in_words);

/* All of them in words, "×3, late", for where there is room. */
void badges_append_words(struct buffer *out, const struct event *event, bool ascii);
