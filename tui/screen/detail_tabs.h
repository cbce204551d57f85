/* The line of tabs above an open event, and where one is in it: for painting and for clicks. Pure. */
#pragma once

#include "tui/screen/model.h"

/* The list, and each pane. */
#define DETAIL_TABS (PANE_COUNT + 1)

struct detail_tab {
	enum action action; /* what a click asks for */
	bool current;       /* its pane is shown */
	size_t x, columns;  /* from the left end of the line */
	char text[48];      /* with a bracket or a blank on either side: " 2 payload ", "[2 payload]" */
};

struct detail_tabs {
	struct detail_tab tabs[DETAIL_TABS];
	size_t count;
	char state[64]; /* stands at the right end: "line 120 of 900", "loading ..."; may be empty */
};

/* On a line of `columns`, above a document of which `rows` lines are seen. Words are dropped until both fit. */
struct detail_tabs detail_tabs_of(const struct model *model, size_t columns, size_t rows);
