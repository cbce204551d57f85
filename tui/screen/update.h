/* What happens, happens here. */
#pragma once

#include "tui/screen/model.h"

/* Changes the model. What is to be done in the world is put into model->effects. Pure: the time is that of the last MSG_TICK. */
void update(struct model *model, const struct msg *msg);

/*
 * Work that is left for when nothing else is to do: laying out a long document, searching in it. About `budget` bytes of source;
 * true: there is more.
 */
bool update_idle(struct model *model, size_t budget);
