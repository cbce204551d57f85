#include "tui/screen/style.h"

#include <ctype.h>
#include <stdbool.h>

char style_letter(unsigned style) {
	static const char letters[] = {
		[STYLE_TEXT] = '.',
		[STYLE_FAINT] = 'f',
		[STYLE_TITLE] = 't',
		[STYLE_GOOD] = 'g',
		[STYLE_BAD] = 'b',
		[STYLE_WARN] = 'w',
		[STYLE_INFO] = 'i',
		[STYLE_ESCAPE] = 'e',
		[STYLE_NAME] = 'n',
		[STYLE_STRING] = 's',
		[STYLE_NUMBER] = 'd',
		[STYLE_LITERAL] = 'l',
		[STYLE_KEY] = 'k',
		[STYLE_MATCH] = 'm',
		[STYLE_BORDER] = '|',
		[STYLE_BAR] = '=',
		[STYLE_BAR_GOOD] = 'o',
		[STYLE_BAR_BAD] = '!',
		[STYLE_BAR_WARN] = '?',
	};
	_Static_assert(sizeof letters == STYLE_COUNT, "every style has its letter");
	unsigned plain = style & STYLE_MASK;
	if (plain >= STYLE_COUNT) {
		return '#';
	}
	if (plain == STYLE_TEXT) {
		return style & STYLE_CURSOR ? '>' : style & STYLE_SELECTED ? '*' : '.';
	}
	bool marked = style & (STYLE_CURSOR | STYLE_SELECTED);
	return (char)(marked ? toupper(letters[plain]) : letters[plain]);
}
