/* Keys and clicks as the screen sees them, whatever the terminal calls them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/span.h"

/* A key is a Unicode code point, or one of these; with KEY_CTRL for Ctrl and a letter ('c' | KEY_CTRL). */
#define KEY_CTRL 0x1000000u
enum key_code {
	KEYS_BEGIN = 0x2000000,
	KEY_UP_ARROW,
	KEY_DOWN_ARROW,
	KEY_LEFT_ARROW,
	KEY_RIGHT_ARROW,
	KEY_PAGE_UP,
	KEY_PAGE_DOWN,
	KEY_HOME_KEY,
	KEY_END_KEY,
	KEY_ENTER_KEY,
	KEY_TAB,
	KEY_BACK_TAB,
	KEY_ESCAPE,
	KEY_ERASE, /* backspace */
	KEY_DELETE,
};

enum mouse_what {
	MOUSE_CLICK,
	MOUSE_DOUBLE_CLICK,
	MOUSE_WHEEL_UP,
	MOUSE_WHEEL_DOWN,
	MOUSE_DRAG, /* moved with the button held */
	MOUSE_RELEASE,
};

struct mouse {
	enum mouse_what what;
	size_t x, y; /* cell */
};

/* "j", "Ctrl-F", "PgUp", "Enter", "Space": as help and manual write it. `text` needs 16 bytes. */
void key_name(char text[16], uint32_t key);

/*
 * The key of such a name: "j", "Ctrl-F", "PgUp", "Space", "x"; words in any letter case. False when it is none, or one that cannot be told from
 * another one on a terminal (Ctrl-M is Enter).
 */
bool key_parse(struct span name, uint32_t *key);
