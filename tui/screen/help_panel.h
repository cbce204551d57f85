/* What is looked at in the help. */
#pragma once

#include "common/buffer.h"

struct help_panel {
	size_t chosen;        /* which of the lines, headings not counted */
	struct buffer needle; /* only lines with this in them; empty: all */
};
