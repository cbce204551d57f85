/* The sets of colours there are. What a style means does not depend on them (style.h); how it looks does (tui/term/look.h). */
#pragma once

enum theme {
	THEME_AUTO,          /* readable on dark and on light */
	THEME_DARK,          /* brighter, for a dark background */
	THEME_LIGHT,         /* darker, for a light one */
	THEME_MONO,          /* attributes alone, as with NO_COLOR */
	THEME_HIGH_CONTRAST, /* bold, never dim, the strongest of the terminal's own colours */
	THEME_COUNT
};

/* "auto", "dark", "light", "mono", "high-contrast" */
extern const char *const theme_names[THEME_COUNT];
