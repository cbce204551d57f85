#include "tui/screen/badges.h"

#include <inttypes.h>

/* Beyond this it is told that there are more: a number that is cut would be another one. */
#define REPEAT_TOLD INT64_C(999)

static const struct badge all[BADGE_COUNT] = {
	[BADGE_REPEAT] = {"\u00d7N", "xN", "duplicate", "the Nth delivery of the provider's event"},
	[BADGE_HANDSHAKE] = {"\u21c4", "<>", "handshake", "the provider asked, the relay answered"},
	[BADGE_EDITED] = {"\u270e", "~", "edited", "a changed copy, made here"},
	[BADGE_SENT] = {"\u2191", "^", "sent", "a sample, made here"},
	[BADGE_LATE] = {"\u25f7", "%", "late", "the app answered when its sender had gone"},
	[BADGE_REPLAYED] = {"\u21bb", "@", "replayed", "somebody sent it again by hand"},
	[BADGE_NOTE] = {"\u00b6", "\"", "note", "somebody wrote a note to it"},
};

const struct badge *badge_of(enum badge_kind kind) {
	return &all[kind];
}

static bool has(const struct event *event, enum badge_kind kind) {
	switch (kind) {
	case BADGE_REPEAT:
		return event->repeat > 1;
	case BADGE_HANDSHAKE:
		return event->handshake.len > 0;
	case BADGE_EDITED:
		return event->origin == ORIGIN_EDITED;
	case BADGE_SENT:
		return event->origin == ORIGIN_SENT;
	case BADGE_LATE:
		return event->late;
	case BADGE_REPLAYED:
		return event->replayed;
	default:
		return event->annotation.note.len > 0;
	}
}

size_t badges_of(enum badge_kind kinds[BADGE_COUNT], const struct event *event) {
	size_t count = 0;
	for (int kind = 0; kind < BADGE_COUNT; kind++) {
		if (has(event, (enum badge_kind)kind)) {
			kinds[count++] = (enum badge_kind)kind;
		}
	}
	return count;
}

static void append_repeat(struct buffer *out, int64_t repeat, bool ascii) {
	bool many = repeat > REPEAT_TOLD;
	buffer_printf(out, "%s%" PRId64 "%s", ascii ? "x" : "\u00d7", many ? REPEAT_TOLD : repeat,
		many ? "+" : "");
}

void badge_append(struct buffer *out, const struct event *event, enum badge_kind kind, bool ascii,
	bool in_words) {
	if (kind == BADGE_REPEAT) {
		append_repeat(out, event->repeat, ascii);
	} else if (!in_words) {
		buffer_append_text(out, ascii ? all[kind].ascii : all[kind].glyph);
	} else {
		bool made = kind == BADGE_EDITED || kind == BADGE_SENT;
		buffer_append_text(out, made ? event_badge(event) : all[kind].word);
	}
}

void badges_append_words(struct buffer *out, const struct event *event, bool ascii) {
	enum badge_kind kinds[BADGE_COUNT];
	size_t count = badges_of(kinds, event);
	for (size_t i = 0; i < count; i++) {
		buffer_append_text(out, i > 0 ? ", " : "");
		badge_append(out, event, kinds[i], ascii, true);
	}
}
