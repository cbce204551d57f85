#include "tui/screen/diff_panel.h"

void diff_panel_clear(struct diff_panel *panel) {
	compare_clear(&panel->compare);
	side_empty(&panel->sides[0]);
	side_empty(&panel->sides[1]);
	ignore_clear(&panel->ignore);
	document_free(panel->document);
	*panel = (struct diff_panel){0};
}
