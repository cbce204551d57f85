#include "tui/screen/deliveries_panel.h"

#include <stdlib.h>

bool deliveries_panel_put(
	struct deliveries_panel *panel, const struct attempt *attempt, const struct event *event) {
	if (panel->count == DELIVERIES_SHOWN_MAX) {
		return false;
	}
	panel->rows[panel->count++] = (struct delivery_shown){attempt_copy(attempt), event_copy(event)};
	return true;
}

void deliveries_panel_empty(struct deliveries_panel *panel) {
	while (panel->count > 0) {
		panel->count--;
		free(panel->rows[panel->count].attempt);
		free(panel->rows[panel->count].event);
	}
	panel->cursor = 0;
}

void deliveries_panel_clear(struct deliveries_panel *panel) {
	deliveries_panel_empty(panel);
	buffer_clear(&panel->filter);
}

const struct delivery_shown *deliveries_panel_current(const struct deliveries_panel *panel) {
	return panel->cursor < panel->count ? &panel->rows[panel->cursor] : NULL;
}
