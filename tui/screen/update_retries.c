/* All that is to be tried again (`w`): moved in, narrowed, hurried, paused and cancelled one by one or together, and left for the event of one. */
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* Those of the selected events are chosen; else the cursor is on the next one of the current event. */
static void begin_with_current(struct model *model) {
	struct retries_panel *panel = &model->retries;
	const struct event *event = model_current(model);
	const struct retry *next = event ? dues_next(&model->dues, &event->id) : NULL;
	bool chosen = false;
	for (size_t i = 0; model->selected > 0 && i < panel->count; i++) {
		size_t at = window_find(&model->window, &panel->rows[i].retry->event);
		if (at != WINDOW_NONE && model->window.rows[at].selected) {
			panel->cursor = chosen ? panel->cursor : i;
			chosen = retries_panel_choose(panel, i, true) || chosen;
		}
	}
	if (!chosen && next) {
		retries_panel_go(panel, next);
	}
}

void retries_open(struct model *model, struct span words) {
	model->retries.cursor = 0;
	retries_panel_narrow(&model->retries, &model->dues, words);
	begin_with_current(model);
	model->dialog = (struct dialog){.kind = DIALOG_RETRIES};
	command_log_add(model, "hookline retries");
}

void retries_narrow(struct model *model, struct span words) {
	retries_panel_narrow(&model->retries, &model->dues, words);
	model->dialog = (struct dialog){.kind = DIALOG_RETRIES};
}

void retries_follow(struct model *model, const struct retry *retry, bool is_over) {
	struct retries_panel *panel = &model->retries;
	struct retry_place place = {0};
	const struct retry *before = dues_at(&model->dues, retry);
	if (before) {
		place = retries_panel_take(panel, before);
	}
	if (!is_over) {
		dues_put(&model->dues, retry);
		retries_panel_put(panel, dues_at(&model->dues, retry), place);
	}
}

/* --- what is done --- */

static const struct {
	const char *word, *did;
	enum retry_verb verb;
} verbs[] = {
	{"now", "made due now", RETRY_NOW},
	{"pause", "paused", RETRY_PAUSE},
	{"resume", "going on", RETRY_RESUME},
	{"cancel", "cancelled", RETRY_CANCEL},
};
#define VERB_COUNT (sizeof verbs / sizeof *verbs)

static void log_one(struct model *model, const struct retry *retry, const char *word) {
	struct buffer line = {0}, ref = {0};
	event_append_ref(&ref, retry->endpoint, retry->event_seq);
	buffer_printf(&line, "hookline retries %s", word);
	command_log_word(&line, buffer_span(&ref));
	buffer_append_text(&line, " --to");
	command_log_word(&line, retry->target);
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
	buffer_clear(&ref);
}

static void do_one(struct model *model, const struct retry *retry, size_t index) {
	struct effect *effect = effects_add(&model->effects, EFFECT_RETRY);
	effect->id = retry->event;
	effect->number = verbs[index].verb;
	buffer_append_span(&effect->text, retry->target);
	log_one(model, retry, verbs[index].word);
}

/* To those that are chosen, or to the one under the cursor. */
static void do_to_chosen(struct model *model, size_t index) {
	const struct retries_panel *panel = &model->retries;
	const struct retry *current = retries_panel_current(panel);
	size_t count = panel->chosen;
	if (is_refused(model, ACTION_RETRY)) {
		return;
	}
	for (size_t i = 0; count > 0 && i < panel->count; i++) {
		if (panel->rows[i].chosen) {
			do_one(model, panel->rows[i].retry, index);
		}
	}
	if (count == 0 && current) {
		do_one(model, current, index);
		count = 1;
	}
	model_note(model, count == 0, count == 0 ? "nothing is to be tried again" : "%zu %s", count,
		verbs[index].did);
}

bool retries_do(struct model *model, const struct event *event, struct span word, size_t *count) {
	const struct dues *dues = &model->dues;
	size_t index = 0;
	while (index < VERB_COUNT && !span_is(word, verbs[index].word)) {
		index++;
	}
	for (size_t i = event ? dues_find(dues, &event->id) : dues->count;
		 index < VERB_COUNT && i < dues->count && uuid_equal(&dues->list[i]->event, &event->id);
		 i++) {
		do_one(model, dues->list[i], index);
		++*count;
	}
	return index < VERB_COUNT;
}

const char *retries_did(struct span word) {
	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (span_is(word, verbs[i].word)) {
			return verbs[i].did;
		}
	}
	return "";
}

/* `p` pauses what goes on, and lets go what is paused: as the one under the cursor, or the first that is chosen, is. */
static size_t index_of_key(const struct retries_panel *panel, uint32_t key) {
	const struct retry *first = retries_panel_current(panel);
	for (size_t i = 0; panel->chosen > 0 && i < panel->count; i++) {
		if (panel->rows[i].chosen) {
			first = panel->rows[i].retry;
			break;
		}
	}
	bool resumes = first && first->paused;
	return key == 'n' ? 0 : key == 'p' ? (resumes ? 2 : 1) : key == 'c' ? 3 : VERB_COUNT;
}

/* --- choosing, and going --- */

static void choose(struct model *model) {
	struct retries_panel *panel = &model->retries;
	if (panel->cursor >= panel->count) {
		return;
	}
	if (!retries_panel_choose(panel, panel->cursor, !panel->rows[panel->cursor].chosen)) {
		model_note(model, true, "no more than %d can be chosen", SELECTED_MAX);
		return;
	}
	panel->cursor = rows_move(panel->cursor, 1, panel->count);
}

static void choose_all(struct model *model) {
	struct retries_panel *panel = &model->retries;
	bool all = panel->chosen < panel->count && panel->chosen < SELECTED_MAX;
	for (size_t i = 0; i < panel->count; i++) {
		retries_panel_choose(panel, i, all);
	}
}

static void narrow_to_target(struct model *model) {
	const struct retry *current = retries_panel_current(&model->retries);
	if (current && model->retries.words.len == 0) {
		struct buffer words = {0};
		buffer_append_span(&words, current->target);
		retries_panel_narrow(&model->retries, &model->dues, buffer_span(&words));
		buffer_clear(&words);
	} else {
		retries_panel_narrow(&model->retries, &model->dues, (struct span){0});
	}
}

/* To the event, with its attempts; one that is not in the list is asked for. */
static void go(struct model *model) {
	const struct retry *current = retries_panel_current(&model->retries);
	if (!current) {
		return;
	}
	struct buffer ref = {0};
	size_t at = window_find(&model->window, &current->event);
	event_append_ref(&ref, current->endpoint, current->event_seq);
	model->dialog.kind = DIALOG_NONE;
	model->detail.pane = PANE_ATTEMPTS;
	if (at != WINDOW_NONE) {
		list_go(model, model->window.rows[at].event);
		act(model, ACTION_PANE_ATTEMPTS, (struct span){0});
	} else {
		if (model->filter.len > 0) { /* it may be what hides it */
			list_filter(model, (struct span){0});
		}
		model->detail.open = model->detail_focused = true;
		act(model, ACTION_GO, buffer_span(&ref));
	}
	buffer_clear(&ref);
}

/* --- keys --- */

static int64_t page_of(const struct model *model) {
	size_t rows = layout_above_bar(model).rows;
	return rows > 12 ? (int64_t)rows - 10 : 1;
}

static bool take_action(struct model *model, enum action action) {
	switch (action) {
	case ACTION_OPEN:
		go(model);
		return true;
	case ACTION_SELECT:
		choose(model);
		return true;
	case ACTION_SELECT_ALL:
		choose_all(model);
		return true;
	case ACTION_FILTER:
		prompt_open(model, PROMPT_RETRIES, buffer_span(&model->retries.words));
		return true;
	default:
		return false;
	}
}

/* Keys that move choose a row, n p c do something to it or to those chosen; any other one closes the panel and does what it does. */
void retries_key(struct model *model, uint32_t key) {
	struct retries_panel *panel = &model->retries;
	size_t index = index_of_key(panel, key);
	enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
	int64_t page = page_of(model);
	int64_t by = rows_of_action(action, page, page, RETRIES_MAX);
	if (index < VERB_COUNT) {
		do_to_chosen(model, index);
	} else if (key == 's') {
		if (!is_refused(model, ACTION_RETRY)) {
			prompt_open(model, PROMPT_RETRY, span_text(model->retry_policy));
		}
	} else if (key == '=') {
		narrow_to_target(model);
	} else if (by != 0) {
		panel->cursor = rows_move(panel->cursor, by, panel->count);
	} else if (!take_action(model, action)) {
		dialog_leave(model, action, ACTION_RETRIES);
	}
}
