/* What the program is like to work with: colours. */
#include "tui/screen/update_parts.h"

static void choose_theme(struct model *model, struct span name) {
	enum theme chosen = (model->theme + 1) % THEME_COUNT;
	for (int i = 0; name.len > 0 && i <= THEME_COUNT; i++) {
		if (i == THEME_COUNT) {
			model_note(model, true, "theme auto, dark, light, mono, or high-contrast");
			return;
		}
		if (span_is(name, theme_names[i])) {
			chosen = (enum theme)i;
			break;
		}
	}
	model->theme = chosen;
	effects_add(&model->effects, EFFECT_THEME)->number = chosen;
	model_note(model, false, "theme %s", theme_names[chosen]);
}

bool act_comfort(struct model *model, enum action action, struct span text) {
	switch (action) {
	case ACTION_THEME:
		choose_theme(model, text);
		return true;
	default:
		return false;
	}
}
