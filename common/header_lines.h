/* A run of header lines with CR LF, such as a signer makes: one after the other, and the parts of each. Pure. */
#pragma once

#include "common/span.h"

/* Takes the next line off `rest`, without its line end. False: there is none. */
bool header_lines_take(struct span *rest, struct span *line);
/* The first line of that name in any letter case, without its line end; data NULL: there is none. */
struct span header_lines_find(struct span lines, struct span name);
/* The name of a line, and its value without the blanks around it. */
struct span header_line_name(struct span line);
struct span header_line_value(struct span line);
