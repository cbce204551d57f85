#include "tui/screen/model.h"

#include <stdio.h>
#include <stdlib.h>

#include "tui/screen/update_parts.h"

#define DEFAULT_COLUMNS 80
#define DEFAULT_ROWS 24

void model_init(struct model *model, bool ascii, const char *who) {
	*model = (struct model){
		.columns = DEFAULT_COLUMNS, .rows = DEFAULT_ROWS, .ascii = ascii, .following = true};
	snprintf(model->who, sizeof model->who, "%s", who);
	keymap_init(&model->keymap);
	masking_init(&model->masking);
	window_init(&model->window);
	list_begin(model);
}

static void clear_prompt(struct prompt *prompt) {
	for (size_t kind = 0; kind < PROMPT_KINDS; kind++) {
		for (size_t i = 0; i < prompt->history[kind].count; i++) {
			free(prompt->history[kind].lines[i]);
		}
	}
	buffer_clear(&prompt->text);
	buffer_clear(&prompt->kept);
}

void model_clear(struct model *model) {
	list_forget_arrived(model);
	window_clear(&model->window);
	undo_clear(&model->undo);
	buffer_clear(&model->filter);
	detail_drop(&model->detail);
	explanation_clear_told(&model->detail.explanation);
	scheme_facts_clear(&model->detail.scheme.facts);
	buffer_clear(&model->detail.needle);
	missed_forget(model);
	bulk_panel_clear(&model->bulk);
	secret_panel_clear(&model->secrets);
	routes_forget(model);
	dues_clear(&model->dues);
	retries_panel_clear(&model->retries);
	buffer_clear(&model->help.needle);
	buffer_clear(&model->paging.text);
	buffer_clear(&model->escaping.source);
	buffer_clear(&model->escaping.made);
	clear_prompt(&model->prompt);
	saved_filters_clear(&model->saved_filters);
	command_log_clear(&model->command_log);
	deliveries_panel_clear(&model->deliveries);
	timeline_panel_clear(&model->timeline);
	diff_panel_clear(&model->diff);
	overview_panel_clear(&model->overview);
	endpoints_panel_clear(&model->endpoints);
	prove_panel_clear(&model->prove);
	effects_clear(&model->effects);
	*model = (struct model){0};
}

const struct event *model_current(const struct model *model) {
	if (model->cursor < model->window.count) {
		return model->window.rows[model->cursor].event;
	}
	return model->detail.open ? model->detail.event : NULL;
}
