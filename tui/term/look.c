#include "tui/term/look.h"

#define NONE (-1)

enum { RED = 1, GREEN = 2, YELLOW = 3, MAGENTA = 5, CYAN = 6 };

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

struct look look_of(unsigned style, int colours) {
	unsigned plain = style & STYLE_MASK;
	const struct row *row = &rows[plain < STYLE_COUNT ? plain : STYLE_TEXT];
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
