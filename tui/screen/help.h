/* The lines of the help, and how they stand on a screen: for update, which carries the chosen one out, and for view. */
#pragma once

#include "tui/screen/badges.h"
#include "tui/screen/canvas.h"
#include "tui/screen/model.h"
#include "tui/screen/verdict_style.h"

#define HELP_LINES 288

/* A heading, a key, a sign of the list, a fact, or nothing. */
struct help_line {
	const char *heading;
	const struct binding *binding;
	const struct verdict_style *sign;
	const struct badge *badge;
	const char *label, *text; /* of a sign, badge or fact */
};

struct help {
	struct help_line lines[HELP_LINES];
	size_t count;
	unsigned place;   /* whose keys come first */
	struct area area; /* of the lines, below the title */
	size_t across;    /* columns of lines */
	size_t high;      /* lines in each */
	size_t top;       /* the first visible one */
	size_t chosen;    /* line, with the cursor; `count`: there is none */
	size_t choices;   /* lines the cursor may be on */
};

/* All that suits what is searched for, on an area. */
void help_make(struct help *help, const struct model *model, struct area area);

/* Whether the cursor may be on it: it is no heading, nor empty. */
bool help_can_choose(const struct help_line *line);

/* "PgDn Ctrl-F", or ":go REF" where there is no key. `text` needs 80 bytes. */
void help_keys(char text[80], const struct keymap *keymap, const struct binding *binding);
