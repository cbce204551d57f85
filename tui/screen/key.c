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

/* --- from a name --- */

static bool parse_word(struct span name, uint32_t *key) {
	static const uint32_t words[] = {' ', KEY_UP_ARROW, KEY_DOWN_ARROW, KEY_LEFT_ARROW,
		KEY_RIGHT_ARROW, KEY_PAGE_UP, KEY_PAGE_DOWN, KEY_HOME_KEY, KEY_END_KEY, KEY_ENTER_KEY,
		KEY_TAB, KEY_BACK_TAB, KEY_ESCAPE, KEY_ERASE, KEY_DELETE};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (span_equal_nocase(name, span_text(name_of(words[i])))) {
			*key = words[i];
			return true;
		}
	}
	return false;
}

/* Enter, Tab, Backspace and Esc are such keys to a terminal. */
static bool is_other_key(char letter) {
	return letter == 'm' || letter == 'i' || letter == 'j' || letter == 'h';
}

static bool parse_ctrl(struct span name, uint32_t *key) {
	static const struct span ctrl = {"Ctrl-", 5};
	struct span front = {name.data, name.len < ctrl.len ? name.len : ctrl.len};
	if (name.len != ctrl.len + 1 || !span_equal_nocase(front, ctrl)) {
		return false;
	}
	char letter = name.data[ctrl.len];
	letter = letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
	*key = (uint32_t)letter | KEY_CTRL;
	return is_letter((unsigned char)letter) && !is_other_key(letter);
}

/* One printable character. */
static bool parse_character(struct span name, uint32_t *key) {
	struct text_cursor cursor;
	struct text_piece piece;
	text_begin(&cursor, name, TEXT_LINE);
	if (name.len == 0 || !text_is_utf8(name) || !text_next(&cursor, &piece) || piece.is_escape ||
		piece.source.len != name.len || (name.len > 1 && (unsigned char)name.data[0] < 0xc0)) {
		return false; /* a run of several is one piece, too */
	}
	static const unsigned char lead[] = {0x7f, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t point = (unsigned char)name.data[0] & lead[name.len < 5 ? name.len : 4];
	for (size_t i = 1; i < name.len; i++) {
		point = point << 6 | ((unsigned char)name.data[i] & 0x3f);
	}
	char again[4];
	*key = point;
	return name.len <= 4 && json_encode_utf8(again, point) == name.len;
}

bool key_parse(struct span name, uint32_t *key) {
	return parse_word(name, key) || parse_ctrl(name, key) || parse_character(name, key);
}
