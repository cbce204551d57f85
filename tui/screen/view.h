/* The screen is a function of the model. */
#pragma once

#include "tui/screen/canvas.h"
#include "tui/screen/model.h"

/* Paints all of it; the canvas is resized to the model's size. Laying out what is visible of a document is the only thing that changes. */
void view(const struct model *model, struct canvas *canvas);
