/*
 * Screens as they are meant to look, in tests/screens/NAME.txt. A test paints one and compares the whole of it; with UPDATE=1 in
 * the environment the file is written instead: read its diff before it is committed.
 */
#pragma once

#include <stdbool.h>

#include "tui/screen/canvas.h"

/*
 * Fails the running test, telling the lines that differ, when the canvas is not what the file says. `styles`: the second
 * block of canvas_dump is compared as well. `name` has no blanks: "list_80x24".
 */
void saved_screen_is(const struct canvas *canvas, const char *name, bool styles);

/* The same for text of any kind. */
void saved_text_is(struct span text, const char *name);
