#include "tui/screen/piped.h"

void piped_clear(struct piped *piped) {
	buffer_clear(&piped->command);
	buffer_clear(&piped->output);
	*piped = (struct piped){0};
}
