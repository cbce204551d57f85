#include "tui/screen/bulk_panel.h"

bool bulk_panel_is_running(const struct bulk_panel *panel) {
	return panel->phase == BULK_PHASE_RUNNING || panel->phase == BULK_PHASE_PAUSED ||
	       panel->phase == BULK_PHASE_STOPPING;
}

void bulk_panel_clear(struct bulk_panel *panel) {
	buffer_clear(&panel->ids);
	buffer_clear(&panel->named);
	buffer_clear(&panel->filter);
	buffer_clear(&panel->told);
	*panel = (struct bulk_panel){0};
}

int64_t bulk_panel_to_send(const struct bulk_panel *panel) {
	return bulk_plan_to_send(&panel->plan, &panel->settings) +
	       (panel->maybe ? panel->plan.maybe : 0);
}

int64_t bulk_panel_left_ms(const struct bulk_panel *panel, int64_t now_ms) {
	int64_t sent = panel->report.sent, left = panel->report.planned - sent;
	int64_t took_ms = now_ms - panel->began_ms;
	if (sent == 0 || left < 0 || took_ms <= 0) {
		return bulk_plan_estimate_ms(&panel->plan, &panel->settings);
	}
	return took_ms * left / sent;
}
