#include "relay/stream/cursors.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

static size_t place_of(const struct cursors *cursors, int64_t endpoint) {
	size_t low = 0, high = cursors->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (cursors->items[middle].endpoint < endpoint) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

struct cursor *cursors_find(const struct cursors *cursors, int64_t endpoint) {
	size_t at = place_of(cursors, endpoint);
	bool found = at < cursors->count && cursors->items[at].endpoint == endpoint;
	return found ? &cursors->items[at] : NULL;
}

struct cursor *cursors_add(struct cursors *cursors, int64_t endpoint, int64_t seq) {
	if (cursors->count == cursors->capacity) {
		cursors->capacity = cursors->capacity ? 2 * cursors->capacity : 4;
		cursors->items = alloc_resize(cursors->items, cursors->capacity * sizeof *cursors->items);
	}
	size_t at = place_of(cursors, endpoint);
	struct cursor *cursor = &cursors->items[at];
	memmove(cursor + 1, cursor, (cursors->count - at) * sizeof *cursor);
	cursors->count++;
	*cursor = (struct cursor){.endpoint = endpoint, .seq = seq, .told = seq};
	return cursor;
}

void cursors_clear(struct cursors *cursors) {
	free(cursors->items);
	*cursors = (struct cursors){0};
}

void cursors_set_gap(
	struct cursors *cursors, struct cursor *cursor, int64_t from, int64_t to, const char *text) {
	cursors->gaps += cursor->gap_text == NULL;
	cursor->gap_from = from;
	cursor->gap_to = to;
	cursor->gap_text = text;
}

bool cursors_take_gap(struct cursors *cursors, struct cursor *out) {
	for (size_t i = 0; cursors->gaps > 0 && i < cursors->count; i++) {
		struct cursor *cursor = &cursors->items[i];
		if (cursor->gap_text) {
			*out = *cursor;
			cursor->gap_text = NULL;
			cursors->gaps--;
			return true;
		}
	}
	return false;
}

void cursors_pass(struct cursors *cursors, struct cursor *cursor, int64_t seq) {
	cursors->passed += (size_t)(seq - cursor->seq);
	cursor->seq = seq;
}

struct cursor *cursors_take_passed(struct cursors *cursors, int64_t most) {
	if ((int64_t)cursors->passed < most) {
		return NULL;
	}
	for (size_t i = 0; i < cursors->count; i++) {
		struct cursor *cursor = &cursors->items[i];
		if (cursor->seq - cursor->told >= most) {
			cursor->told = cursor->seq;
			return cursor;
		}
	}
	cursors->passed = 0;
	return NULL;
}
