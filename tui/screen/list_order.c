#include "tui/screen/list_order.h"

#include <string.h>

#include "tui/screen/verdict_style.h"

/* Places of the table that finds the newest delivery of an event: a power of 2, twice the rows. */
#define PLACES (2 * WINDOW_ROWS_MAX)
#define FREE UINT16_MAX

const char *list_sort_name(enum list_sort sort) {
	static const char *const names[LIST_SORT_COUNT] = {
		"age", "size", "status", "provider", "type", "verdict", "tries"};
	return (size_t)sort < LIST_SORT_COUNT ? names[sort] : "";
}

char list_sort_key(enum list_sort sort) {
	static const char keys[LIST_SORT_COUNT] = {0, 's', 'a', 'p', 't', 'v', 'r'};
	return (size_t)sort < LIST_SORT_COUNT ? keys[sort] : '\0';
}

bool list_is_alarming(const struct event *event) {
	return event->verdict == VERDICT_INVALID ||
	       verdict_style_of_status(event->last_status) == STYLE_BAD;
}

/* --- which order --- */

static int by_number(int64_t a, int64_t b) {
	return (a > b) - (a < b);
}

static int by_text(struct span a, struct span b) {
	size_t len = a.len < b.len ? a.len : b.len;
	int order = len > 0 ? memcmp(a.data, b.data, len) : 0;
	return order ? order : by_number((int64_t)a.len, (int64_t)b.len);
}

/* What is worth a look stands first. */
static int rank_of(enum verdict verdict) {
	static const enum verdict ranks[] = {VERDICT_INVALID, VERDICT_EXPIRED, VERDICT_UNSIGNED,
		VERDICT_RESERIALISED, VERDICT_PARTIAL, VERDICT_UNVERIFIED, VERDICT_VALID};
	int rank = 0;
	while (rank + 1 < (int)(sizeof ranks / sizeof *ranks) && ranks[rank] != verdict) {
		rank++;
	}
	return rank;
}

/* No answer at all counts as worse than any status. */
static int64_t status_of(const struct event *event) {
	return event->last_status < 0 ? 1000 : event->last_status;
}

static int by_key(enum list_sort sort, const struct event *a, const struct event *b) {
	switch (sort) {
	case LIST_SORT_SIZE:
		return by_number(b->body_len, a->body_len);
	case LIST_SORT_STATUS:
		return by_number(status_of(b), status_of(a));
	case LIST_SORT_PROVIDER:
		return by_text(a->provider, b->provider);
	case LIST_SORT_TYPE:
		return by_text(a->type, b->type);
	case LIST_SORT_VERDICT:
		return by_number(rank_of(a->verdict), rank_of(b->verdict));
	case LIST_SORT_TRIES:
		return by_number(b->attempts, a->attempts);
	default:
		return by_number(a->position, b->position);
	}
}

int list_order_compare(const struct list_look *look, const struct event *a, const struct event *b) {
	int order = by_key(look->sort, a, b);
	order = look->reversed ? -order : order;
	return order ? order : by_number(b->position, a->position);
}

/* Puts a row where it belongs among those that are there. */
static void insert(struct list_order *order, const struct window *window,
	const struct list_look *look, size_t row) {
	size_t low = 0, high = order->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct event *there = window->rows[order->rows[middle]].event;
		if (list_order_compare(look, there, window->rows[row].event) < 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	memmove(&order->rows[low + 1], &order->rows[low], (order->count - low) * sizeof *order->rows);
	order->rows[low] = (uint16_t)row;
	order->count++;
}

/* --- folding --- */

uint64_t list_group(const struct event *event) {
	uint64_t hash = UINT64_C(14695981039346656037); /* FNV-1a: only finds a place, bytes decide */
	const struct span parts[] = {event->endpoint, event->provider_id};
	if (event->provider_id.len == 0 || event->origin != ORIGIN_RECEIVED) {
		return 0;
	}
	for (size_t i = 0; i < 2; i++) {
		for (size_t k = 0; k < parts[i].len; k++) {
			hash = (hash ^ (unsigned char)parts[i].data[k]) * UINT64_C(1099511628211);
		}
		hash = (hash ^ 0xff) * UINT64_C(1099511628211);
	}
	return hash ? hash : 1;
}

static bool is_same(const struct event *a, const struct event *b) {
	return span_equal(a->provider_id, b->provider_id) && span_equal(a->endpoint, b->endpoint);
}

static bool is_unfolded(const struct list_look *look, uint64_t group) {
	for (size_t i = 0; i < look->unfolded_count; i++) {
		if (look->unfolded[i] == group) {
			return true;
		}
	}
	return false;
}

void list_look_turn(struct list_look *look, uint64_t group) {
	for (size_t i = 0; i < look->unfolded_count; i++) {
		if (look->unfolded[i] == group) {
			look->unfolded[i] = look->unfolded[--look->unfolded_count];
			return;
		}
	}
	if (look->unfolded_count == LIST_UNFOLDED_MAX) {
		memmove(
			look->unfolded, look->unfolded + 1, (LIST_UNFOLDED_MAX - 1) * sizeof *look->unfolded);
		look->unfolded_count--;
	}
	look->unfolded[look->unfolded_count++] = group;
}

/* The newest row of the group of `row`, which is itself when it is the first one seen. */
static size_t newest_of(
	uint16_t table[PLACES], const struct window *window, size_t row, uint64_t group) {
	size_t at = group & (PLACES - 1);
	while (table[at] != FREE && !is_same(window->rows[table[at]].event, window->rows[row].event)) {
		at = (at + 1) & (PLACES - 1);
	}
	if (table[at] == FREE) {
		table[at] = (uint16_t)row;
	}
	return table[at];
}

static bool has_repeats(const struct window *window) {
	for (size_t i = 0; i < window->count; i++) {
		if (window->rows[i].event->repeat > 1) {
			return true;
		}
	}
	return false;
}

/* Marks in `hidden` what is folded away, and counts it with the delivery that stands for it. */
static void fold(struct list_order *order, bool hidden[WINDOW_ROWS_MAX],
	const struct window *window, const struct list_look *look, size_t cursor) {
	uint16_t table[PLACES];
	memset(table, 0xff, sizeof table);
	for (size_t row = window->count; row-- > 0;) {
		const struct row *it = &window->rows[row];
		uint64_t group = list_group(it->event);
		size_t newest = group ? newest_of(table, window, row, group) : row;
		if (newest == row || row == cursor || it->selected || it->event->annotation.marked ||
			is_unfolded(look, group)) {
			continue;
		}
		hidden[row] = true;
		order->folded[newest]++;
		order->failed[newest] += list_is_alarming(it->event);
	}
}

void list_order_make(struct list_order *order, const struct window *window,
	const struct list_look *look, size_t cursor) {
	bool hidden[WINDOW_ROWS_MAX] = {false};
	*order = (struct list_order){0};
	if (!look->all_unfolded && has_repeats(window)) {
		fold(order, hidden, window, look, cursor);
	}
	for (size_t i = 0; i < window->count; i++) {
		size_t row = look->sort == LIST_SORT_AGE && look->reversed ? window->count - 1 - i : i;
		if (hidden[row]) {
			continue;
		}
		if (look->sort == LIST_SORT_AGE) {
			order->rows[order->count++] = (uint16_t)row;
		} else {
			insert(order, window, look, row);
		}
	}
}

size_t list_order_place(const struct list_order *order, size_t row) {
	for (size_t i = 0; i < order->count; i++) {
		if (order->rows[i] == row) {
			return i;
		}
	}
	return 0;
}
