/*
 * Where on the screen the mouse does something, and what. Views note it while they paint, so that a click means what is seen there, and no other
 * place has to know where things stand.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/screen/canvas.h"

enum touch_kind {
	TOUCH_NOTHING, /* the inside of a box */
	TOUCH_KEY,     /* number: as if this key were pressed */
	TOUCH_ROW,     /* number: a row of the dialog, as its cursor counts */
	TOUCH_SORT,    /* number: enum list_sort */
	TOUCH_PART,    /* number: enum compare_part */
	TOUCH_BAR,     /* number: a bar of the overview, of `group`; SIZE_MAX: the group alone */
};

struct touch {
	struct area area;
	enum touch_kind kind;
	size_t number, group;
	bool
		careful; /* TOUCH_KEY: it sends, or cannot be taken back: the first click only chooses it */
};

/* All zero is empty. */
struct touches {
	struct touch *list;
	size_t count, capacity;
};

void touches_clear(struct touches *touches);
/* What was noted last at that cell, or NULL. */
const struct touch *touches_find(const struct touches *touches, size_t x, size_t y);

/* Notes it for whoever asks (canvas->touches). */
void touch_note(struct canvas *canvas, const struct touch *touch);
/* What was noted so far stands beneath a dialog and is out of reach. */
void touch_forget(struct canvas *canvas);

void touch_key(struct canvas *canvas, struct area area, uint32_t key);
/* By the names that stand at the left end of the area: "Enter"; of several ("K/J", "t r e c") each is its own. */
void touch_key_named(struct canvas *canvas, struct area area, const char *name);
/* One that the first click only chooses; `chosen`: it has, and the area is painted as the cursor. */
void touch_key_carefully(struct canvas *canvas, struct area area, uint32_t key, bool chosen);
void touch_row(struct canvas *canvas, struct area area, size_t row);
