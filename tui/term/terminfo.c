#include "tui/term/terminfo.h"

#include <curses.h>
/* behind curses.h, which it needs */
#include <term.h>
#include <unistd.h>

bool terminfo_can_place(void) {
	int found = 0;
	if (setupterm(NULL, STDOUT_FILENO, &found) == ERR) {
		return false; /* asked first, since newterm() would lose memory here */
	}
	bool can = cursor_address && !hard_copy;
	del_curterm(cur_term);
	return can;
}
