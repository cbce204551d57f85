/* What is copied, being made harmless on a terminal: a slice at a time, however long it is. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/text.h"

/* All zero: nothing is. */
struct escaping {
	bool running;
	char letter; /* in the menu */
	struct buffer source, made;
	struct text_cursor cursor; /* in the source */
};
