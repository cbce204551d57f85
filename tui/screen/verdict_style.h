/* How verdicts and answers look and what they mean: one table for the list and for the panes. */
#pragma once

#include <stdint.h>

#include "common/signature/verdict.h"
#include "tui/screen/style.h"

struct verdict_style {
	const char *glyph; /* one column, for canvas_glyph */
	char ascii;
	enum style style;
	const char *brief; /* what it means, in at most 43 columns */
	const char
		*meaning; /* a sentence without its full stop: "right signature over what was received" */
};

const struct verdict_style *verdict_style(enum verdict verdict);

/* Of what an app answered: 0 none yet, -1 failed without an answer. 3xx is a warning, too: redirects are not followed. */
enum style verdict_style_of_status(int64_t status);
