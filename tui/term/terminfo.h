/* The data base of terminals. Apart from painter.c, because <term.h> makes macros of words like "columns". */
#pragma once

#include <stdbool.h>

/* Whether the terminal that TERM names is known and can place text. */
bool terminfo_can_place(void);
