#include "tui/screen/timeline_panel.h"

#include <stdlib.h>

#include "common/business_key.h"

/* What comes first when an event has several. */
static const char *const first_names[] = {"order", "invoice", "campaign", "task", "ticket",
	"booking", "issue", "subscription", "customer"};

void timeline_panel_empty(struct timeline_panel *panel) {
	while (panel->count > 0) {
		free(panel->rows[--panel->count]);
	}
	panel->cursor = 0;
	panel->loaded = false;
}

void timeline_panel_clear(struct timeline_panel *panel) {
	timeline_panel_empty(panel);
	buffer_clear(&panel->name);
	buffer_clear(&panel->value);
	buffer_clear(&panel->keys);
}

const struct event *timeline_panel_at(const struct timeline_panel *panel, size_t place) {
	return place < panel->count ? panel->rows[panel->count - 1 - place] : NULL;
}

size_t timeline_panel_keys(const struct timeline_panel *panel) {
	struct span keys = buffer_span(&panel->keys), name, value;
	size_t count = 0;
	while (business_keys_next(&keys, &name, &value)) {
		count++;
	}
	return count;
}

bool timeline_panel_choose(struct timeline_panel *panel, size_t place) {
	struct span keys = buffer_span(&panel->keys), name, value;
	for (size_t i = 0; business_keys_next(&keys, &name, &value); i++) {
		if (i == place) {
			panel->chosen = place;
			buffer_reset(&panel->name);
			buffer_append_span(&panel->name, name);
			buffer_reset(&panel->value);
			buffer_append_span(&panel->value, value);
			return true;
		}
	}
	return false;
}

void timeline_panel_take_keys(struct timeline_panel *panel, struct span keys) {
	struct span name, value;
	buffer_reset(&panel->keys);
	buffer_append_span(&panel->keys, keys);
	timeline_panel_choose(panel, 0);
	for (size_t wish = 0; wish < sizeof first_names / sizeof *first_names; wish++) {
		struct span rest = buffer_span(&panel->keys);
		for (size_t i = 0; business_keys_next(&rest, &name, &value); i++) {
			if (span_is(name, first_names[wish])) {
				timeline_panel_choose(panel, i);
				return;
			}
		}
	}
}
