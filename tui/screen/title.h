/* What the window of the terminal is called. */
#pragma once

#include "tui/screen/model.h"

/* "hookline 127.0.0.1:8081, to localhost:3000": the relay, and what one wants to know without looking. Printable ASCII, nothing of any event. */
void title_append(struct buffer *out, const struct model *model);
