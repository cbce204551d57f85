/* Proving something of the app: the menu, the panel of what is found, and the command that does the same. */
#include <stdio.h>
#include <string.h>

#include "tui/screen/update_parts.h"

static void append_refs(struct model *model, struct buffer *refs) {
	for (size_t i = 0; i < model->window.count; i++) {
		if (model->window.rows[i].selected) {
			const struct event *event = model->window.rows[i].event;
			buffer_append_text(refs, refs->len > 0 ? " " : "");
			event_append_ref(refs, event->endpoint, event->seq);
		}
	}
}

static void log_prove(struct model *model, const struct prove_item *item, struct span events) {
	struct buffer line = {0};
	buffer_printf(&line, "hookline prove %s", item->word);
	if (model->selected > 0 || !item->many) {
		buffer_append_byte(&line, ' ');
		buffer_append_span(&line, events);
	} else {
		command_log_word(&line, events);
	}
	buffer_append_text(&line, " --to");
	command_log_word(&line, span_text(replay_target(model)));
	command_log_add_delivery(model, buffer_text(&line));
	buffer_clear(&line);
}

/* `events`: references with blanks between them, or a filter. */
static void begin(struct model *model, size_t index, struct span events, bool filter) {
	const struct prove_item *item = &prove_items[index];
	struct buffer title = {0};
	struct effect *effect = effects_add(&model->effects, EFFECT_PROVE);
	effect->number = (int64_t)index;
	buffer_append_text(&effect->text, replay_target(model));
	buffer_append_span(filter ? &effect->filter : &effect->body, events);
	buffer_printf(&title, "%s ", item->word);
	buffer_append_span(&title, events);
	prove_panel_begin(&model->prove, buffer_text(&title));
	if (!filter || index == PROVE_ITEMS - 1) {
		log_prove(model, item, events);
	}
	buffer_clear(&title);
}

static void begin_many(struct model *model, size_t index) {
	struct buffer refs = {0};
	append_refs(model, &refs);
	if (refs.len > 0) {
		begin(model, index, buffer_span(&refs), false);
	} else if (model->filter.len > 0) {
		begin(model, index, buffer_span(&model->filter), true);
	} else {
		model->dialog.kind = DIALOG_NONE;
		model_note(model, true, "select events first (Space, *), or filter them (/)");
	}
	buffer_clear(&refs);
}

static void begin_one(struct model *model, size_t index, const struct event *event) {
	struct buffer ref = {0};
	event_append_ref(&ref, event->endpoint, event->seq);
	begin(model, index, buffer_span(&ref), false);
	buffer_clear(&ref);
}

static void start(struct model *model, size_t index) {
	const struct event *event = model_current(model);
	model->dialog = (struct dialog){.kind = DIALOG_PROVE};
	if (!event) {
		model->dialog.kind = DIALOG_NONE;
		model_note(model, true, "there is no event to prove anything with");
	} else if (!*replay_target(model)) {
		model->prove.wanted = index;
		model->dialog.kind = DIALOG_NONE;
		prompt_open(model, PROMPT_PROVE, span_text(""));
	} else if (prove_items[index].many) {
		begin_many(model, index);
	} else {
		begin_one(model, index, event);
	}
}

void prove_at(struct model *model, struct span target) {
	keep_text(model->replay_target, sizeof model->replay_target, target);
	start(model, model->prove.wanted);
}

void prove_open(struct model *model, struct span word) {
	model->dialog = (struct dialog){.kind = DIALOG_PROVE};
	if (word.len == 0) {
		return;
	}
	for (size_t i = 0; i < PROVE_ITEMS; i++) {
		if (span_is(word, prove_items[i].word) && !model->prove.running) {
			start(model, i);
			return;
		}
	}
	model->dialog.kind = DIALOG_NONE;
	model_note(model, true,
		model->prove.running ? "one proof at a time"
							 : "twice, reject, retries or chaos can be proven");
}

static void stop(struct model *model) {
	effects_add(&model->effects, EFFECT_PROVE_STOP);
	model->prove.running = false;
	model->prove.over = true;
	snprintf(model->prove.verdict, sizeof model->prove.verdict, "stopped");
}

/* While it runs: s stops. Then: y copies the line, a letter proves something else. */
void prove_key(struct model *model, uint32_t key) {
	struct prove_panel *panel = &model->prove;
	if (panel->running) {
		if (key == 's') {
			stop(model);
		} else {
			model->dialog.kind = DIALOG_NONE;
		}
		return;
	}
	if (key == 'y' && panel->repeat.len > 0) {
		buffer_append_span(
			&effects_add(&model->effects, EFFECT_COPY)->text, buffer_span(&panel->repeat));
		model_note(model, false, "copied: the command line that does it again");
		return;
	}
	model->dialog.kind = DIALOG_NONE;
	for (size_t i = 0; i < PROVE_ITEMS; i++) {
		if (key == (uint32_t)prove_items[i].letter) {
			start(model, i);
		}
	}
}

static void take_over(struct model *model, const struct msg *msg) {
	struct prove_panel *panel = &model->prove;
	panel->running = false;
	panel->over = true;
	panel->proven = !msg->error && msg->mine;
	buffer_reset(&panel->repeat);
	if (msg->error) {
		snprintf(panel->verdict, sizeof panel->verdict, "%s", msg->error->text);
	} else {
		snprintf(panel->verdict, sizeof panel->verdict, "%.*s", (int)msg->text.len, msg->text.data);
		buffer_append_span(&panel->repeat, msg->target);
	}
	if (model->dialog.kind != DIALOG_PROVE) {
		model_note(model, !panel->proven, "%s", panel->verdict);
	}
}

bool prove_message(struct model *model, const struct msg *msg) {
	if (msg->type == MSG_PROVE_FOUND) {
		if (model->prove.running) {
			prove_panel_add(&model->prove, (enum prove_mark)msg->number, msg->text);
		}
		return true;
	}
	if (msg->type != MSG_PROVE_OVER) {
		return false;
	}
	take_over(model, msg);
	return true;
}
