/*
 * How rows of the window stand in the list: in which order, and which repeated deliveries are folded into the newest one. The window
 * itself stays a run of events by position; only where its rows are shown changes.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/screen/window.h"

enum list_sort {
	LIST_SORT_AGE, /* as events came: the window moves over all of the history */
	LIST_SORT_SIZE,
	LIST_SORT_STATUS,
	LIST_SORT_PROVIDER,
	LIST_SORT_TYPE,
	LIST_SORT_VERDICT,
	LIST_SORT_TRIES,
	LIST_SORT_COUNT
};

/* So many of the newest that match are looked at for any other order than that of time. */
#define LIST_SORT_SCAN 10000
/* Groups that were unfolded by hand; the first of them is forgotten. */
#define LIST_UNFOLDED_MAX 64

/* How the person wants it. All zero: newest last, folded. */
struct list_look {
	enum list_sort sort;
	bool reversed;
	bool all_unfolded;
	uint64_t unfolded[LIST_UNFOLDED_MAX]; /* list_group of each */
	size_t unfolded_count;
	int64_t looked_at; /* events the order holds over, unless it is that of time */
	bool of_all;       /* those are all that match */
};

struct list_order {
	size_t count;
	uint16_t rows[WINDOW_ROWS_MAX];   /* of the window, as they are shown */
	uint16_t folded[WINDOW_ROWS_MAX]; /* by row of the window: so many are folded into it, */
	uint16_t failed[WINDOW_ROWS_MAX]; /* and so many of those went wrong */
};

/* `cursor`: the row that is looked at, which is never folded away; nor is one that is selected or marked. */
void list_order_make(struct list_order *order, const struct window *window,
	const struct list_look *look, size_t cursor);
/* Where a row is shown; the place of the first when it is not. */
size_t list_order_place(const struct list_order *order, size_t row);

/* Below 0: `a` stands in front of `b`. Events that agree stand newest first. */
int list_order_compare(const struct list_look *look, const struct event *a, const struct event *b);

/* What went wrong with it is to be found first: a wrong signature, an app that failed. */
bool list_is_alarming(const struct event *event);

/* Names the deliveries of one event of a provider; 0: it has no such id. */
uint64_t list_group(const struct event *event);
/* Folds the group, or unfolds it. */
void list_look_turn(struct list_look *look, uint64_t group);

/* "age", "size", ... */
const char *list_sort_name(enum list_sort sort);
/* Its key in the menu of orders; 0 for that of time, which has two. */
char list_sort_key(enum list_sort sort);
