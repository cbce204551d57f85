/* Filters that have a name, and those that were typed last (`L`). */
#include <string.h>

#include "tui/screen/filters_panel.h"
#include "tui/screen/update_parts.h"

void filters_open(struct model *model) {
	model->dialog = (struct dialog){.kind = DIALOG_FILTERS};
}

void filters_save(struct model *model, struct span name) {
	if (!saved_filter_name_is_valid(name)) {
		model_note(model, true,
			"a filter is saved under a name of letters, digits, - _ and ., at most %d",
			SAVED_FILTER_NAME_MAX);
	} else if (model->filter.len == 0) {
		model_note(model, true, "there is no filter in force that could be saved");
	} else {
		struct effect *effect = effects_add(&model->effects, EFFECT_SAVE_FILTER);
		buffer_append_span(&effect->text, name);
		buffer_append_span(&effect->filter, buffer_span(&model->filter));
		model_note(model, false, "saved as %.*s: L lists what is saved", (int)name.len, name.data);
	}
}

static void remove_chosen(struct model *model) {
	const char *name, *text;
	if (!filters_panel_row(model, model->dialog.top, &name, &text) || !name) {
		model_note(model, true, "only filters that have a name are taken away");
		return;
	}
	struct effect *effect = effects_add(&model->effects, EFFECT_SAVE_FILTER);
	buffer_append_text(&effect->text, name);
	model_note(model, false, "%s was taken away: %.200s", name, text);
}

/* Enter filters by it, e changes it first. */
static void take_chosen(struct model *model, bool at_once) {
	const char *name, *text;
	if (!filters_panel_row(model, model->dialog.top, &name, &text)) {
		return;
	}
	prompt_open(model, PROMPT_FILTER, span_text(text));
	if (at_once) {
		prompt_key(model, KEY_ENTER_KEY); /* a mistake in it is told there, and can be mended */
	}
}

static int64_t rows_of(enum action action) {
	enum { PAGE = 10, ALL = SAVED_FILTERS_MAX + PROMPT_HISTORY };
	return rows_of_action(action, PAGE, PAGE, ALL);
}

static bool change(struct model *model, uint32_t key) {
	switch (key) {
	case KEY_ENTER_KEY:
	case 'e':
		take_chosen(model, key == KEY_ENTER_KEY);
		return true;
	case 's':
		prompt_open(model, PROMPT_COMMAND, span_text("save "));
		return true;
	case 'x':
	case KEY_DELETE:
		remove_chosen(model);
		return true;
	default:
		return false;
	}
}

/* Its own keys and those that move; any other one closes the list and does what it does. */
void filters_key(struct model *model, uint32_t key) {
	enum action action =
		keymap_action(&model->keymap, key, in_detail(model) ? PLACE_DETAIL : PLACE_LIST);
	int64_t by = rows_of(action);
	if (change(model, key)) {
		return;
	}
	if (by != 0) {
		model->dialog.top = rows_move(model->dialog.top, by, filters_panel_count(model));
		return;
	}
	dialog_leave(model, action, ACTION_FILTERS);
}
