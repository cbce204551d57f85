/* Boxes that ask something. */
#include "tui/screen/update_parts.h"

static bool is_yes(uint32_t key) {
	return key == 'y' || key == 'Y' || key == KEY_ENTER_KEY;
}

static bool is_no(uint32_t key) {
	return key == 'n' || key == 'N' || key == 'q' || key == KEY_ESCAPE || key == ('c' | KEY_CTRL);
}

static void copy_key(struct model *model, uint32_t key) {
	model->dialog.kind = DIALOG_NONE;
	if (!is_no(key) && (key > 'z' || !copy_what(model, (char)key))) {
		model_note(model, true, "nothing was copied");
	}
}

/* Yes and no only: a key pressed by mistake decides nothing. */
static void ask_key(struct model *model, uint32_t key) {
	enum dialog_kind kind = model->dialog.kind;
	if (!is_yes(key) && !is_no(key) && !(kind == DIALOG_QUIT && key == 'Q')) {
		return;
	}
	bool yes =
		kind == DIALOG_QUIT ? !is_no(key) || key == 'q' || key == ('c' | KEY_CTRL) : is_yes(key);
	model->dialog.kind = DIALOG_NONE;
	if (!yes) {
		return;
	}
	if (kind == DIALOG_MISSED) {
		missed_forward(model);
	} else {
		model->quitting = true;
		effects_add(&model->effects, EFFECT_QUIT);
	}
}

/* What a click has chosen is done by a second one, or by Enter; any other key forgets it. */
static uint32_t without_touched(struct model *model, uint32_t key) {
	size_t touched = model->dialog.touched;
	bool of_key = model->dialog.kind == DIALOG_RETRIES || model->dialog.kind == DIALOG_PROVE;
	model->dialog.touched = 0;
	return key == KEY_ENTER_KEY && of_key && touched != 0 ? (uint32_t)touched : key;
}

/* Where its cursor is; NULL: it has none that rows count by. */
static size_t *cursor_of(struct model *model) {
	switch (model->dialog.kind) {
	case DIALOG_HELP:
		return &model->help.chosen;
	case DIALOG_ENDPOINTS:
		return &model->endpoints.cursor;
	case DIALOG_DELIVERIES:
		return &model->deliveries.cursor;
	case DIALOG_RETRIES:
		return &model->retries.cursor;
	case DIALOG_TIMELINE:
		return &model->timeline.cursor;
	case DIALOG_LOG:
	case DIALOG_ROUTES:
	case DIALOG_FILTERS:
	case DIALOG_SAMPLES:
		return &model->dialog.top;
	default:
		return NULL;
	}
}

/* What Enter does to the chosen row sends nothing and changes nothing. */
static bool is_harmless(const struct model *model) {
	switch (model->dialog.kind) {
	case DIALOG_HELP:
		return help_is_harmless(model);
	case DIALOG_ROUTES:
		return false; /* chosen, it is switched, moved and removed, too */
	case DIALOG_SAMPLES:
		return model->dialog.provider == NULL;
	default:
		return true;
	}
}

void dialog_choose(struct model *model, size_t row) {
	size_t *cursor = cursor_of(model);
	if (!cursor) {
		return;
	}
	bool chosen = model->dialog.touched == row + 1;
	*cursor = row;
	if (!chosen && !is_harmless(model)) {
		model->dialog.touched = row + 1;
		return;
	}
	/* those that open an event or an endpoint do it by the key that opens one in the list */
	bool opens = cursor != &model->dialog.top && cursor != &model->help.chosen;
	dialog_key(model,
		opens ? keymap_first(&model->keymap, ACTION_OPEN, PLACE_LIST) : (uint32_t)KEY_ENTER_KEY);
}

void dialog_key(struct model *model, uint32_t key) {
	key = without_touched(model, key);
	if (model->dialog.kind == DIALOG_HELP) {
		help_key(model, key);
	} else if (model->dialog.kind == DIALOG_QR) {
		model->dialog.kind = DIALOG_NONE;
	} else if (model->dialog.kind == DIALOG_ROUTES) {
		routes_key(model, key);
	} else if (model->dialog.kind == DIALOG_FILTERS) {
		filters_key(model, key);
	} else if (model->dialog.kind == DIALOG_OVERVIEW) {
		overview_key(model, key);
	} else if (model->dialog.kind == DIALOG_ENDPOINTS) {
		endpoints_key(model, key);
	} else if (model->dialog.kind == DIALOG_DELIVERIES) {
		deliveries_key(model, key);
	} else if (model->dialog.kind == DIALOG_RETRIES) {
		retries_key(model, key);
	} else if (model->dialog.kind == DIALOG_SECRET) {
		secret_key(model, key);
	} else if (model->dialog.kind == DIALOG_TIMELINE) {
		timeline_key(model, key);
	} else if (model->dialog.kind == DIALOG_DIFF) {
		diff_key(model, key);
	} else if (model->dialog.kind == DIALOG_SAMPLES) {
		samples_key(model, key);
	} else if (model->dialog.kind == DIALOG_LOG) {
		log_key(model, key);
	} else if (model->dialog.kind == DIALOG_BULK) {
		bulk_key(model, key);
	} else if (model->dialog.kind == DIALOG_PROVE) {
		prove_key(model, key);
	} else if (model->dialog.kind == DIALOG_SORT) {
		sort_key(model, key);
	} else if (model->dialog.kind == DIALOG_COPY) {
		copy_key(model, key);
	} else {
		ask_key(model, key);
	}
}

void quit(struct model *model) {
	bool forwards = model->forward.state == FORWARD_ON || model->forward.state == FORWARD_AWAY;
	if (forwards || model->replays_under_way > 0 || bulk_panel_is_running(&model->bulk)) {
		model->dialog.kind = DIALOG_QUIT;
		return;
	}
	model->quitting = true;
	effects_add(&model->effects, EFFECT_QUIT);
}
