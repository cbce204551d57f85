#include "tui/screen/key.h"

#include <stdio.h>
#include <string.h>

#include "common/json_lexer.h"
#include "common/text.h"

static const char *name_of(uint32_t key) {
	switch (key) {
	case ' ':
		return "Space";
	case KEY_UP_ARROW:
		return "Up";
	case KEY_DOWN_ARROW:
		return "Down";
	case KEY_LEFT_ARROW:
		return "Left";
	case KEY_RIGHT_ARROW:
		return "Right";
	case KEY_PAGE_UP:
		return "PgUp";
	case KEY_PAGE_DOWN:
		return "PgDn";
	case KEY_HOME_KEY:
		return "Home";
	case KEY_END_KEY:
		return "End";
	case KEY_ENTER_KEY:
		return "Enter";
	case KEY_TAB:
		return "Tab";
	case KEY_BACK_TAB:
		return "Shift-Tab";
	case KEY_ESCAPE:
		return "Esc";
	case KEY_ERASE:
		return "Backspace";
	case KEY_DELETE:
		return "Del";
	default:
		return NULL;
	}
}

static bool is_letter(uint32_t key) {
	return key >= 'a' && key <= 'z';
}

/* A character that was typed is as foreign as any other byte. */
static void append_character(struct buffer *name, uint32_t point) {
	char utf8[4];
	size_t len = point <= 0x10ffff ? json_encode_utf8(utf8, point) : 0;
	text_escape(name, (struct span){utf8, len}, TEXT_LINE);
}

void key_name(char text[16], uint32_t key) {
	struct buffer name = {0};
	bool ctrl = key & KEY_CTRL;
	uint32_t plain = key & ~KEY_CTRL;
	const char *word = name_of(plain);
	buffer_append_text(&name, ctrl ? "Ctrl-" : "");
	if (word) {
		buffer_append_text(&name, word);
	} else {
		append_character(&name, ctrl && is_letter(plain) ? plain - 'a' + 'A' : plain);
	}
	snprintf(text, 16, "%s", buffer_text(&name));
	buffer_clear(&name);
}
