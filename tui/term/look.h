/*
 * How a style looks. Colours are those that can be read on a dark and on a light background, which stays the
 * terminal's own; where there are none, attributes alone tell styles apart.
 */
#pragma once

#include <stdbool.h>

#include "tui/screen/style.h"

struct look {
	int colour; /* -1: the terminal's own */
	bool bold, dim, underline, reverse;
};

/* `colours` is how many the terminal has (0: none are wanted, or it has none); `style` may have its flags. */
struct look look_of(unsigned style, int colours);
