#include "tui/term/look.h"

#define NONE (-1)

enum { RED = 1, GREEN = 2, YELLOW = 3, BLUE = 4, MAGENTA = 5, CYAN = 6 };

/*
 * `few` of a palette whose eight colours people choose to suit their background. `many` of the fixed 216: with a contrast of about 3
 * or more on white as well as on black. Grey is 244 and not "bright black", which some palettes make the background.
 */
struct row {
	int few, many;
	bool bold, dim, underline, reverse;
};

static const struct row rows[STYLE_COUNT] = {
	[STYLE_TEXT] = {NONE, NONE},
	[STYLE_FAINT] = {NONE, 244, .dim = true},
	[STYLE_TITLE] = {NONE, NONE, .bold = true},
	[STYLE_GOOD] = {GREEN, 34},
	[STYLE_BAD] = {RED, 203, .bold = true},
	[STYLE_WARN] = {YELLOW, 136},
	[STYLE_INFO] = {CYAN, 33},
	[STYLE_ESCAPE] = {MAGENTA, 170, .underline = true},
	[STYLE_NAME] = {CYAN, 31},
	[STYLE_STRING] = {GREEN, 64},
	[STYLE_NUMBER] = {MAGENTA, 133},
	[STYLE_LITERAL] = {YELLOW, 130},
	[STYLE_KEY] = {CYAN, 33, .bold = true},
	[STYLE_MATCH] = {YELLOW, 136, .reverse = true},
	[STYLE_BORDER] = {NONE, 244, .dim = true},
	[STYLE_BAR] = {NONE, NONE, .reverse = true},
	[STYLE_BAR_GOOD] = {GREEN, 34, .reverse = true},
	[STYLE_BAR_BAD] = {RED, 203, .bold = true, .reverse = true},
	[STYLE_BAR_WARN] = {YELLOW, 136, .bold = true, .reverse = true},
};

/* On a dark background: pastel, with a contrast of 7 and more. */
static const struct row dark_rows[STYLE_COUNT] = {
	[STYLE_TEXT] = {NONE, NONE},
	[STYLE_FAINT] = {NONE, 246, .dim = true},
	[STYLE_TITLE] = {NONE, NONE, .bold = true},
	[STYLE_GOOD] = {GREEN, 114},
	[STYLE_BAD] = {RED, 210, .bold = true},
	[STYLE_WARN] = {YELLOW, 221},
	[STYLE_INFO] = {CYAN, 117},
	[STYLE_ESCAPE] = {MAGENTA, 213, .underline = true},
	[STYLE_NAME] = {CYAN, 116},
	[STYLE_STRING] = {GREEN, 150},
	[STYLE_NUMBER] = {MAGENTA, 183},
	[STYLE_LITERAL] = {YELLOW, 216},
	[STYLE_KEY] = {CYAN, 117, .bold = true},
	[STYLE_MATCH] = {YELLOW, 221, .reverse = true},
	[STYLE_BORDER] = {NONE, 242, .dim = true},
	[STYLE_BAR] = {NONE, NONE, .reverse = true},
	[STYLE_BAR_GOOD] = {GREEN, 114, .reverse = true},
	[STYLE_BAR_BAD] = {RED, 210, .bold = true, .reverse = true},
	[STYLE_BAR_WARN] = {YELLOW, 221, .bold = true, .reverse = true},
};

/* On a light background: dark, with a contrast of 5 and more. Yellow of the palette is never used: it is often not readable there. */
static const struct row light_rows[STYLE_COUNT] = {
	[STYLE_TEXT] = {NONE, NONE},
	[STYLE_FAINT] = {NONE, 241, .dim = true},
	[STYLE_TITLE] = {NONE, NONE, .bold = true},
	[STYLE_GOOD] = {GREEN, 22},
	[STYLE_BAD] = {RED, 124, .bold = true},
	[STYLE_WARN] = {MAGENTA, 94},
	[STYLE_INFO] = {BLUE, 25},
	[STYLE_ESCAPE] = {MAGENTA, 90, .underline = true},
	[STYLE_NAME] = {BLUE, 24},
	[STYLE_STRING] = {GREEN, 22},
	[STYLE_NUMBER] = {MAGENTA, 90},
	[STYLE_LITERAL] = {RED, 94},
	[STYLE_KEY] = {BLUE, 25, .bold = true},
	[STYLE_MATCH] = {MAGENTA, 94, .reverse = true},
	[STYLE_BORDER] = {NONE, 246, .dim = true},
	[STYLE_BAR] = {NONE, NONE, .reverse = true},
	[STYLE_BAR_GOOD] = {GREEN, 22, .reverse = true},
	[STYLE_BAR_BAD] = {RED, 124, .bold = true, .reverse = true},
	[STYLE_BAR_WARN] = {MAGENTA, 94, .bold = true, .reverse = true},
};

/* Nothing is dim, what matters is bold, and only what has to differ has a colour. */
static const struct row contrast_rows[STYLE_COUNT] = {
	[STYLE_TEXT] = {NONE, NONE},
	[STYLE_FAINT] = {NONE, NONE},
	[STYLE_TITLE] = {NONE, NONE, .bold = true},
	[STYLE_GOOD] = {GREEN, GREEN, .bold = true},
	[STYLE_BAD] = {RED, RED, .bold = true, .reverse = true},
	[STYLE_WARN] = {NONE, NONE, .bold = true},
	[STYLE_INFO] = {NONE, NONE, .bold = true},
	[STYLE_ESCAPE] = {MAGENTA, MAGENTA, .bold = true, .underline = true},
	[STYLE_NAME] = {NONE, NONE, .bold = true},
	[STYLE_STRING] = {NONE, NONE},
	[STYLE_NUMBER] = {NONE, NONE},
	[STYLE_LITERAL] = {NONE, NONE},
	[STYLE_KEY] = {NONE, NONE, .bold = true},
	[STYLE_MATCH] = {NONE, NONE, .bold = true, .reverse = true},
	[STYLE_BORDER] = {NONE, NONE},
	[STYLE_BAR] = {NONE, NONE, .reverse = true},
	[STYLE_BAR_GOOD] = {NONE, NONE, .reverse = true},
	[STYLE_BAR_BAD] = {RED, RED, .bold = true, .reverse = true},
	[STYLE_BAR_WARN] = {NONE, NONE, .bold = true, .reverse = true},
};

static const struct row *const themes[THEME_COUNT] = {
	[THEME_AUTO] = rows,
	[THEME_DARK] = dark_rows,
	[THEME_LIGHT] = light_rows,
	[THEME_MONO] = rows,
	[THEME_HIGH_CONTRAST] = contrast_rows,
};

struct look look_of(unsigned style, enum theme theme, int colours) {
	unsigned plain = style & STYLE_MASK;
	const struct row *row = &themes[theme][plain < STYLE_COUNT ? plain : STYLE_TEXT];
	colours = theme == THEME_MONO ? 0 : colours;
	/* With more than 256 numbers stand for something else. */
	int colour = colours == 256 ? row->many : colours >= 8 ? row->few : NONE;
	struct look look = {colour, row->bold, row->dim, row->underline, row->reverse};
	if (colour != NONE) {
		look.dim = false; /* the colour says it */
	}
	if (style & STYLE_SELECTED) {
		look.bold = true;
		look.dim = false;
	}
	if (style & STYLE_CURSOR) { /* one bar from end to end, and what stood out in it still does */
		look.colour = NONE;
		look.dim = false;
		look.reverse = !look.reverse;
	}
	return look;
}
