/* Two events side by side (`d`): what the screen knows of them and how they are compared. Part of the model. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "tui/diff/compare.h"
#include "tui/screen/document.h"

/* Bytes that are told of a comparison, and of a value in it. */
#define DIFF_TOLD_MAX (1 << 20)
#define DIFF_VALUE_MAX 2000

struct diff_panel {
	struct side sides[2]; /* old, new */
	const char
		*why; /* the old one is that one: "the last one that went well"; NULL: there is none yet */
	bool loading;
	char error[200]; /* why it could not be had */
	enum compare_part part;
	enum compare_form form;
	bool raw; /* values of JSON as they were written */
	struct ignore ignore;
	struct compare compare; /* under way, then done */
	bool told;              /* it is in the document */
	struct document *document;
	size_t top; /* its first visible line */
};

void diff_panel_clear(struct diff_panel *panel);
