/*
 * How a style looks. The background stays the terminal's own: unless a theme says which it is, colours are those that can be read on dark and on light; where there are none, attributes alone tell styles apart.
 */
#pragma once

#include <stdbool.h>

#include "tui/screen/style.h"
#include "tui/screen/theme.h"

struct look {
	int colour; /* -1: the terminal's own */
	bool bold, dim, underline, reverse;
};

/* `colours` is how many the terminal has (0: none are wanted, or it has none); `style` may have its flags. */
struct look look_of(unsigned style, enum theme theme, int colours);
