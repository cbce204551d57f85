/* How list and event share the screen: what the person chose, which stays across every resize. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum split_where {
	SPLIT_AUTO,   /* by the width of the screen */
	SPLIT_BESIDE, /* the event beside the list */
	SPLIT_BELOW,
};

/* Percent of the screen that a key moves the divider by, and what either side keeps. */
#define SPLIT_STEP 5
#define SPLIT_LEAST 10
#define SPLIT_MOST 90

struct split {
	enum split_where where;
	size_t beside, below; /* percent the list has, each kept for itself; 0: what suits the screen */
	bool dragging;        /* the divider is held by the mouse */
};

static inline size_t split_clamp(size_t percent) {
	return percent < SPLIT_LEAST ? SPLIT_LEAST : percent > SPLIT_MOST ? SPLIT_MOST : percent;
}
