#include "tui/screen/window.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"

void window_init(struct window *window) {
	*window = (struct window){.rows = alloc_zero(WINDOW_ROWS_MAX, sizeof *window->rows)};
}

void window_empty(struct window *window) {
	for (size_t i = 0; i < window->count; i++) {
		free(window->rows[i].event);
	}
	window->count = 0;
	window->older = window->newer = false;
}

void window_clear(struct window *window) {
	window_empty(window);
	free(window->rows);
	*window = (struct window){0};
}

/* Most events come at the end: looked at first. */
size_t window_place(const struct window *window, int64_t position) {
	size_t low = 0, high = window->count;
	if (high > 0 && window->rows[high - 1].event->position < position) {
		return high;
	}
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (window->rows[middle].event->position < position) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

void window_remove(struct window *window, size_t at) {
	free(window->rows[at].event);
	window->count--;
	memmove(&window->rows[at], &window->rows[at + 1], (window->count - at) * sizeof *window->rows);
}

/* Makes room for one at `at`; returns where that is afterwards. */
static size_t make_room(struct window *window, size_t at, size_t *dropped_front) {
	if (window->count < WINDOW_ROWS_MAX) {
		return at;
	}
	if (at > window->count / 2) {
		window_remove(window, 0);
		window->older = true;
		*dropped_front = 1;
		return at - 1;
	}
	window_remove(window, window->count - 1);
	window->newer = true;
	return at;
}

/* A page may have been read before an attempt that was told live meanwhile. */
static void replace(struct row *row, const struct event *event) {
	struct event *copy = event_copy(event);
	if (row->event->attempts > copy->attempts) {
		copy->attempts = row->event->attempts;
		copy->last_status = row->event->last_status;
	}
	free(row->event);
	row->event = copy;
}

size_t window_put(struct window *window, const struct event *event, size_t *dropped_front) {
	size_t at = window_place(window, event->position);
	*dropped_front = 0;
	if (at < window->count && window->rows[at].event->position == event->position) {
		replace(&window->rows[at], event);
		return at;
	}
	at = make_room(window, at, dropped_front);
	memmove(&window->rows[at + 1], &window->rows[at], (window->count - at) * sizeof *window->rows);
	window->rows[at] = (struct row){.event = event_copy(event)};
	window->count++;
	return at;
}

size_t window_find(const struct window *window, const struct uuid *event) {
	for (size_t i = window->count; i-- > 0;) {
		if (uuid_equal(&window->rows[i].event->id, event)) {
			return i;
		}
	}
	return WINDOW_NONE;
}

size_t window_find_seq(const struct window *window, struct span endpoint, int64_t seq) {
	for (size_t i = window->count; i-- > 0;) {
		const struct event *event = window->rows[i].event;
		if (event->seq == seq && span_equal(event->endpoint, endpoint)) {
			return i;
		}
	}
	return WINDOW_NONE;
}

/* An attempt is told live and stands in a page that was read meanwhile, too: its number says whether it is new. */
size_t window_attempted(struct window *window, const struct attempt *attempt) {
	size_t at = window_find(window, &attempt->event);
	if (at != WINDOW_NONE && window->rows[at].event->attempts < attempt->number) {
		window->rows[at].event->attempts = attempt->number;
		window->rows[at].event->last_status = attempt->status > 0 ? attempt->status : -1;
	}
	return at;
}
