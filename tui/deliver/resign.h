/* Header lines that were signed anew, as they take the place of those captured. Pure. */
#pragma once

#include "common/span.h"

/* All zero: as received, and nothing is said of it. */
struct resign {
	struct span lines; /* with CR LF; empty: as received, */
	struct span how;   /* and this says why; else "signed anew with secret live at ..." */
};

/* The line of that name, without its line end; data NULL: there is none. */
struct span resign_line(const struct resign *resign, struct span name);
/* The name of a line, and its value without the blanks around it. */
struct span resign_name(struct span line);
struct span resign_value(struct span line);
/* Takes the next line off `rest`. False: there is none. */
bool resign_take(struct span *rest, struct span *line);
