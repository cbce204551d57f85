#include "tui/screen/retries_panel.h"

#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "common/event.h"
#include "common/needle.h"
#include "tui/screen/model.h"

/* --- their order --- */

static int by_number(int64_t a, int64_t b) {
	return (a > b) - (a < b);
}

/* Does not depend on what time it is, so that a row stays in its place until it changes. */
static int compare(const struct retry *a, const struct retry *b) {
	int order = (int)a->paused - (int)b->paused;
	order = order != 0 ? order : by_number(a->due_ns, b->due_ns);
	order = order != 0 ? order : span_compare(a->endpoint, b->endpoint);
	order = order != 0 ? order : by_number(a->event_seq, b->event_seq);
	return order != 0 ? order : span_compare(a->target, b->target);
}

static int by_order(const void *a, const void *b) {
	return compare(((const struct retry_shown *)a)->retry, ((const struct retry_shown *)b)->retry);
}

/* Where it stands, or belongs. */
static size_t place_of(const struct retries_panel *panel, const struct retry *retry) {
	size_t low = 0, high = panel->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare(panel->rows[middle].retry, retry) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	return low;
}

static bool is_at(const struct retries_panel *panel, size_t at, const struct retry *retry) {
	return at < panel->count && retry_is_same(panel->rows[at].retry, retry);
}

/* --- which have a row --- */

static bool has_word(struct span text, struct span word) {
	struct needle *needle = needle_new(word, true);
	size_t at;
	bool found = needle_find(needle, text, &at);
	needle_free(needle);
	return found;
}

/* All that is told of it but its time, which goes on. */
static bool has_words(const struct retry *retry, struct span words) {
	struct buffer text = {0};
	bool all = true;
	event_append_ref(&text, retry->endpoint, retry->event_seq);
	buffer_append_byte(&text, '\n');
	buffer_append_span(&text, retry->target);
	buffer_append_byte(&text, '\n');
	buffer_append_span(&text, retry->owner);
	buffer_append_byte(&text, '\n');
	buffer_append_span(&text, retry->reason);
	buffer_append_text(&text, retry->paused ? "\npaused" : "");
	while (all && words.len > 0) {
		struct span word = span_cut(&words, ' ');
		all = word.len == 0 || has_word(buffer_span(&text), word);
	}
	buffer_clear(&text);
	return all;
}

static void make_room(struct retries_panel *panel) {
	if (panel->count == panel->capacity) {
		panel->capacity = panel->capacity ? 2 * panel->capacity : 64;
		panel->rows = alloc_resize(panel->rows, panel->capacity * sizeof *panel->rows);
	}
}

struct retry_place retries_panel_take(struct retries_panel *panel, const struct retry *retry) {
	size_t at = place_of(panel, retry);
	if (!is_at(panel, at, retry)) {
		return (struct retry_place){0};
	}
	struct retry_place place = {panel->rows[at].chosen, at == panel->cursor};
	panel->count--;
	memmove(panel->rows + at, panel->rows + at + 1, (panel->count - at) * sizeof *panel->rows);
	panel->chosen -= place.chosen;
	if (panel->cursor > at || (panel->cursor == panel->count && panel->cursor > 0)) {
		panel->cursor--;
	}
	return place;
}

void retries_panel_put(
	struct retries_panel *panel, const struct retry *retry, struct retry_place place) {
	if (!has_words(retry, buffer_span(&panel->words))) {
		return;
	}
	size_t at = place_of(panel, retry);
	bool first = panel->count == 0;
	make_room(panel);
	memmove(panel->rows + at + 1, panel->rows + at, (panel->count - at) * sizeof *panel->rows);
	panel->rows[at] = (struct retry_shown){retry, place.chosen};
	panel->count++;
	panel->chosen += place.chosen;
	if (place.at_cursor) {
		panel->cursor = at;
	} else if (!first && panel->cursor >= at) {
		panel->cursor++;
	}
}

void retries_panel_narrow(struct retries_panel *panel, const struct dues *dues, struct span words) {
	const struct retry *current = retries_panel_current(panel);
	struct buffer kept = {0};
	buffer_append_span(&kept, words);
	buffer_clear(&panel->words);
	panel->words = kept;
	panel->count = panel->chosen = panel->cursor = 0;
	for (size_t i = 0; i < dues->count; i++) {
		if (has_words(dues->list[i], buffer_span(&panel->words))) {
			make_room(panel);
			panel->rows[panel->count++] = (struct retry_shown){dues->list[i], false};
		}
	}
	if (panel->count > 0) {
		qsort(panel->rows, panel->count, sizeof *panel->rows, by_order);
	}
	if (current) {
		retries_panel_go(panel, current);
	}
}

void retries_panel_clear(struct retries_panel *panel) {
	buffer_clear(&panel->words);
	free(panel->rows);
	*panel = (struct retries_panel){0};
}

/* --- the cursor, and what is chosen --- */

const struct retry *retries_panel_current(const struct retries_panel *panel) {
	return panel->cursor < panel->count ? panel->rows[panel->cursor].retry : NULL;
}

bool retries_panel_go(struct retries_panel *panel, const struct retry *retry) {
	size_t at = place_of(panel, retry);
	bool there = is_at(panel, at, retry);
	panel->cursor = there ? at : panel->cursor;
	return there;
}

bool retries_panel_choose(struct retries_panel *panel, size_t row, bool chosen) {
	if (panel->rows[row].chosen == chosen) {
		return true;
	}
	if (chosen && panel->chosen == SELECTED_MAX) {
		return false;
	}
	panel->rows[row].chosen = chosen;
	panel->chosen += chosen ? 1 : (size_t)-1;
	return true;
}
