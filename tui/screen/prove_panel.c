#include "tui/screen/prove_panel.h"

#include <stdio.h>
#include <string.h>

const struct prove_item prove_items[PROVE_ITEMS] = {
	{'t', "twice", "a repeat changes nothing", false},
	{'r', "reject", "what is forged or broken is refused", false},
	{'e', "retries", "what comes after 3 h down is taken", false},
	{'c', "chaos", "disorder of many is stood", true},
};

void prove_panel_begin(struct prove_panel *panel, const char *title) {
	prove_panel_clear(panel);
	panel->running = true;
	snprintf(panel->title, sizeof panel->title, "%s", title);
}

void prove_panel_add(struct prove_panel *panel, enum prove_mark mark, struct span text) {
	if (panel->count == PROVE_PANEL_LINES) {
		panel->count--;
		memmove(panel->lines, panel->lines + 1, panel->count * sizeof *panel->lines);
	}
	struct prove_panel_line *line = &panel->lines[panel->count++];
	line->mark = mark;
	snprintf(line->text, sizeof line->text, "%.*s",
		(int)(text.len < PROVE_PANEL_TEXT ? text.len : PROVE_PANEL_TEXT), text.data);
}

void prove_panel_clear(struct prove_panel *panel) {
	buffer_clear(&panel->repeat);
	*panel = (struct prove_panel){0};
}
