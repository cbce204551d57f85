/* What the painting of the overview decides that moving in it has to know. */
#pragma once

#include <stddef.h>

#include "tui/screen/model.h"

/* How many buckets stand for one bar over time on a screen of this size. */
size_t view_overview_step(const struct model *model);
