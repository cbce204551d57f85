/* Header lines that were signed anew, as they take the place of those captured (common/header_lines.h). */
#pragma once

#include "common/span.h"

/* All zero: as received, and nothing is said of it. */
struct resign {
	struct span lines; /* with CR LF; empty: as received, */
	struct span how;   /* and this says why; else "signed anew with secret live at ..." */
};
