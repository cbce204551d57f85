/* The screen is a function of the model. */
#pragma once

#include "tui/screen/canvas.h"
#include "tui/screen/model.h"

/* Paints all of it; the canvas is resized to the model's size. Laying out what is visible of a document is the only thing that changes. */
void view(const struct model *model, struct canvas *canvas);

/* How far the help can be scrolled on a screen of this size: the largest dialog.top that shows something new. */
size_t help_top_most(const struct model *model);
