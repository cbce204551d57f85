/* All deliveries (`D`): asked for a page at a time, moved in, filtered, and left for the event of one. */
#include "common/attempt_filter.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* How often the newest are asked for again while attempts are made. */
#define AGAIN_MS 500

/* --- what is asked for --- */

static void ask(struct model *model, bool fresh) {
	struct deliveries_panel *panel = &model->deliveries;
	struct effect *effect = effects_add(&model->effects, EFFECT_DELIVERIES);
	buffer_append_span(&effect->text, buffer_span(&panel->filter));
	effect->limit = DELIVERIES_PAGE;
	effect->beyond =
		fresh || panel->count == 0 ? 0 : panel->rows[panel->count - 1].attempt->position;
	effect->page = panel->asked = ++panel->last;
	panel->asked_at_ms = model->now_ms;
	panel->fresh = fresh;
	panel->stale = panel->stale && !fresh;
	panel->error[0] = '\0';
}

void deliveries_take(struct model *model, const struct msg *msg) {
	struct deliveries_panel *panel = &model->deliveries;
	if (msg->page != panel->asked) {
		return;
	}
	if (panel->fresh) {
		deliveries_panel_empty(panel);
		panel->fresh = false;
	}
	panel->complete = !deliveries_panel_put(panel, msg->attempt, msg->event);
}

void deliveries_done(struct model *model, const struct msg *msg) {
	struct deliveries_panel *panel = &model->deliveries;
	if (msg->page != panel->asked) {
		return;
	}
	panel->asked = 0;
	if (msg->error) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
		return;
	}
	if (panel->fresh) {
		deliveries_panel_empty(panel);
		panel->fresh = false;
	}
	panel->loaded = true;
	panel->complete = msg->number < DELIVERIES_PAGE || panel->count == DELIVERIES_SHOWN_MAX;
}

void deliveries_attempted(struct model *model) {
	model->deliveries.stale = true;
}

/* Rows move only under a cursor that stays on the newest. */
void deliveries_tick(struct model *model) {
	const struct deliveries_panel *panel = &model->deliveries;
	if (model->dialog.kind == DIALOG_DELIVERIES && panel->stale && panel->asked == 0 &&
		panel->cursor == 0 && model->now_ms - panel->asked_at_ms >= AGAIN_MS) {
		ask(model, true);
	}
}

/* --- opening --- */

bool deliveries_filter_is_right(struct model *model, struct span text) {
	struct error err = {0};
	struct attempt_filter *filter = attempt_filter_parse(text, &err);
	attempt_filter_free(filter);
	if (!filter) {
		keep_text(model->prompt.error, sizeof model->prompt.error, span_text(err.text));
	}
	return filter != NULL;
}

static void show(struct model *model) {
	model->dialog = (struct dialog){.kind = DIALOG_DELIVERIES};
	ask(model, true);
	log_deliveries(model, buffer_span(&model->deliveries.filter));
}

void deliveries_filter(struct model *model, struct span text) {
	struct deliveries_panel *panel = &model->deliveries;
	buffer_reset(&panel->filter);
	buffer_append_span(&panel->filter, text);
	deliveries_panel_empty(panel);
	panel->loaded = false;
	show(model);
}

void deliveries_open(struct model *model, struct span text) {
	if (text.len > 0) {
		prompt_open(model, PROMPT_DELIVERIES, text);
		prompt_key(model, KEY_ENTER_KEY); /* a mistake in it is told there, and can be mended */
	} else {
		show(model);
	}
}

/* --- keys --- */

static int64_t page_of(const struct model *model) {
	size_t rows = layout_above_bar(model).rows;
	return rows > 12 ? (int64_t)rows - 10 : 1;
}

static int64_t lines_of(const struct model *model, enum action action) {
	int64_t page = page_of(model);
	return rows_of_action(action, page, page, DELIVERIES_SHOWN_MAX);
}

static void move_by(struct model *model, int64_t lines) {
	struct deliveries_panel *panel = &model->deliveries;
	panel->cursor = rows_move(panel->cursor, lines, panel->count);
	if (panel->cursor + 1 >= panel->count && panel->loaded && !panel->complete &&
		panel->asked == 0) {
		ask(model, false);
	}
}

/* The event with its attempts, in the list: without its filter where that would hide it. */
static void go(struct model *model) {
	const struct delivery_shown *chosen = deliveries_panel_current(&model->deliveries);
	if (!chosen) {
		return;
	}
	dialog_go(model, chosen->event);
	detail_show_attempt(model, chosen->attempt);
	log_show(model, chosen->event, "");
}

/* Keys that move choose a row, Enter goes to its event, `/` filters; any other one closes the panel and does what it does. */
void deliveries_key(struct model *model, uint32_t key) {
	enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
	int64_t by = lines_of(model, action);
	if (by != 0) {
		move_by(model, by);
	} else if (action == ACTION_OPEN) {
		go(model);
	} else if (action == ACTION_FILTER) {
		prompt_open(model, PROMPT_DELIVERIES, buffer_span(&model->deliveries.filter));
	} else {
		dialog_leave(model, action, ACTION_DELIVERIES);
	}
}
