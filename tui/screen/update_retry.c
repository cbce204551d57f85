/* What is tried again: the menu of an event, or of those selected, and the policy. */
#include <stdio.h>

#include "tui/screen/update_parts.h"

static const struct {
	char letter;
	const char *word, *did;
	enum retry_verb verb;
} verbs[] = {
	{'n', "now", "made due now", RETRY_NOW},
	{'p', "pause", "paused", RETRY_PAUSE},
	{'p', "resume", "going on", RETRY_RESUME},
	{'c', "cancel", "cancelled", RETRY_CANCEL},
};
#define VERB_COUNT (sizeof verbs / sizeof *verbs)

/* Calls for what is due of one event; returns how many there are. */
static size_t put_effects(struct model *model, const struct event *event, enum retry_verb verb) {
	const struct dues *dues = &model->dues;
	size_t count = 0;
	for (size_t i = dues_find(dues, &event->id);
		 i < dues->count && uuid_equal(&dues->list[i]->event, &event->id); i++) {
		struct effect *effect = effects_add(&model->effects, EFFECT_RETRY);
		effect->id = event->id;
		effect->number = verb;
		buffer_append_span(&effect->text, dues->list[i]->target);
		count++;
	}
	return count;
}

static void log_retry(struct model *model, const struct event *event, const char *word) {
	struct buffer line = {0}, ref = {0};
	event_append_ref(&ref, event->endpoint, event->seq);
	buffer_printf(&line, "hookline retries %s", word);
	command_log_word(&line, buffer_span(&ref));
	command_log_add(model, buffer_text(&line));
	buffer_clear(&line);
	buffer_clear(&ref);
}

static size_t do_for(struct model *model, const struct event *event, size_t index) {
	size_t count = put_effects(model, event, verbs[index].verb);
	if (count > 0) {
		log_retry(model, event, verbs[index].word);
	}
	return count;
}

static void do_to_all(struct model *model, size_t index) {
	size_t count = 0;
	const struct event *current = model_current(model);
	for (size_t i = 0; model->selected > 0 && i < model->window.count; i++) {
		if (model->window.rows[i].selected) {
			count += do_for(model, model->window.rows[i].event, index);
		}
	}
	if (model->selected == 0 && current) {
		count = do_for(model, current, index);
	}
	if (count == 0) {
		model_note(model, true, "nothing of that is to be tried again");
	} else {
		model_note(model, false, "%zu %s", count, verbs[index].did);
	}
}

/* `p` pauses what goes on, and lets go what is paused. */
static size_t verb_of_letter(const struct model *model, char letter) {
	const struct event *event = model_current(model);
	const struct retry *next = event ? dues_next(&model->dues, &event->id) : NULL;
	for (size_t i = 0; i < VERB_COUNT; i++) {
		bool other = verbs[i].verb == RETRY_PAUSE && next && next->paused;
		if (verbs[i].letter == letter && !other) {
			return i;
		}
	}
	return VERB_COUNT;
}

void retry_key(struct model *model, uint32_t key) {
	model->dialog.kind = DIALOG_NONE;
	if (key == 's') {
		prompt_open(model, PROMPT_RETRY, span_text(model->retry_policy));
		return;
	}
	size_t verb = key < 0x80 ? verb_of_letter(model, (char)key) : VERB_COUNT;
	if (verb < VERB_COUNT) {
		do_to_all(model, verb);
	}
}

void retry_policy(struct model *model, struct span text) {
	buffer_append_span(&effects_add(&model->effects, EFFECT_RETRY_POLICY)->text, text);
}

void retry(struct model *model, struct span text) {
	if (text.len == 0) {
		model->dialog = (struct dialog){.kind = DIALOG_RETRY};
		return;
	}
	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (span_is(text, verbs[i].word)) {
			do_to_all(model, i);
			return;
		}
	}
	retry_policy(model, span_is(text, "off") ? span_text("none") : text);
}

/* What became of it is worth a word when nobody asked for it. */
static void tell_over(struct model *model, const struct msg *msg) {
	struct buffer ref = {0};
	event_append_ref(&ref, msg->retry->endpoint, msg->retry->event_seq);
	bool good = span_starts_with(msg->text, span_text("delivered"));
	model_note(model, !good, "%s: %.*s", buffer_text(&ref), (int)msg->text.len, msg->text.data);
	buffer_clear(&ref);
}

static void take_one(struct model *model, const struct msg *msg) {
	bool mine = span_is(msg->retry->owner, model->who);
	if (!msg->text.data) {
		dues_put(&model->dues, msg->retry);
	} else if (dues_remove(&model->dues, msg->retry) && mine) {
		tell_over(model, msg);
	}
	if (model->detail.event && uuid_equal(&model->detail.event->id, &msg->retry->event)) {
		retry_show(model);
	}
}

bool retry_message(struct model *model, const struct msg *msg) {
	if (msg->type == MSG_RETRY) {
		take_one(model, msg);
		return true;
	}
	if (msg->type != MSG_RETRY_POLICY) {
		return false;
	}
	if (msg->error) {
		model_note(model, true, "%s", msg->error->text);
		return true;
	}
	keep_text(model->retry_policy, sizeof model->retry_policy, msg->text);
	bool none = span_is(msg->text, "none");
	model_note(model, false,
		none ? "what fails is not tried again" : "what fails is tried again: %s",
		model->retry_policy);
	return true;
}

/* The pane says how long it is until then; a search under way keeps its place. */
void retry_show(struct model *model) {
	const struct detail *detail = &model->detail;
	if (detail->open && detail->pane == PANE_ATTEMPTS && detail->event && detail->needle.len == 0) {
		detail_lay_out(model, true);
	}
}

void retry_tick(struct model *model, int64_t before_ms) {
	const struct event *event = model->detail.event;
	if (event && model->now_ms / 1000 != before_ms / 1000 && dues_next(&model->dues, &event->id)) {
		retry_show(model);
	}
}
