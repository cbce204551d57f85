/* A secret is added, or gets another value, from the open event. What is typed is shown nowhere, kept nowhere, and wiped. */
#include <openssl/crypto.h>
#include <stdio.h>
#include <string.h>

#include "tui/screen/update_parts.h"

static bool is_taken(const struct secret_panel *panel, const char *label) {
	for (size_t i = 0; i < panel->count; i++) {
		if (strcmp(panel->list[i].label, label) == 0) {
			return true;
		}
	}
	return false;
}

/* "default", "new", "new-2", ... */
static void name_new(struct secret_panel *panel) {
	snprintf(panel->chosen, sizeof panel->chosen, panel->count == 0 ? "default" : "new");
	for (int i = 2; is_taken(panel, panel->chosen); i++) {
		snprintf(panel->chosen, sizeof panel->chosen, "new-%d", i);
	}
}

static void ask_value(struct model *model) {
	prompt_open(model, PROMPT_SECRET, (struct span){0});
	/* so that no copy is left behind when it grows */
	buffer_reserve(&model->prompt.text, PROMPT_LEN_MAX);
}

void secret_open(struct model *model, struct span label) {
	struct secret_panel *panel = &model->secrets;
	const struct event *event = model_current(model);
	if (!event) {
		model_note(model, true, "there is no event whose endpoint could have a secret");
		return;
	}
	secret_panel_clear(panel);
	panel->loading = true;
	keep_text(panel->endpoint, sizeof panel->endpoint, event->endpoint);
	if (label.len > 0) {
		keep_text(panel->chosen, sizeof panel->chosen, label);
		ask_value(model);
		return;
	}
	model->dialog = (struct dialog){.kind = DIALOG_SECRET};
	buffer_append_span(&effects_add(&model->effects, EFFECT_SECRETS)->text, event->endpoint);
}

/* The label that a key of the menu stands for; false: none. */
static bool choose(struct secret_panel *panel, uint32_t key) {
	if (key == 'n' || key == 'a') {
		name_new(panel);
	} else if (key >= '1' && key < '1' + panel->count) {
		const struct secret_label *label = &panel->list[key - '1'];
		snprintf(panel->chosen, sizeof panel->chosen, "%s", label->label);
	} else {
		return false;
	}
	return true;
}

static void send(struct model *model, struct buffer *value) {
	struct secret_panel *panel = &model->secrets;
	struct effect *effect = effects_add(&model->effects, EFFECT_SECRET);
	buffer_append_text(&effect->text, panel->endpoint);
	buffer_append_text(&effect->filter, panel->chosen);
	effect->body = *value; /* moved: there is one copy, and it is wiped once it is sent */
	*value = (struct buffer){0};
	model_note(model, false, "%s gets the secret \"%s\", and its history is judged again ...",
		panel->endpoint, panel->chosen);
	log_secret(model);
}

/* What was chosen before the labels came: now it is known what that is. */
static void go_on(struct model *model, uint32_t ahead, struct buffer *held) {
	struct secret_panel *panel = &model->secrets;
	bool typing = model->prompt.kind == PROMPT_SECRET;
	if (!typing && held->len == 0) {
		return; /* it was given up */
	}
	if (!panel->error[0] && choose(panel, ahead)) {
		if (held->len > 0) {
			send(model, held);
		}
		return;
	}
	if (typing) {
		prompt_key(model, KEY_ESCAPE);
	}
	if (panel->error[0]) {
		model_note(model, true, "%s", panel->error);
	} else {
		model_note(
			model, true, "%s has no secret %c: nothing was added", panel->endpoint, (int)ahead);
	}
}

void secret_take(struct model *model, const struct msg *msg) {
	struct secret_panel *panel = &model->secrets;
	struct secret_panel before = *panel;
	if (!panel->loading) {
		return;
	}
	panel->loading = false;
	panel->ahead = 0;
	panel->held = (struct buffer){0};
	if (msg->error) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
	} else if (msg->secrets && strcmp(msg->secrets->endpoint, panel->endpoint) == 0) {
		*panel = *msg->secrets;
	}
	if (before.ahead != 0) {
		go_on(model, before.ahead, &before.held);
	}
	secret_panel_clear(&before);
}

/* What is typed next is hidden; to which label it belongs is found out meanwhile. */
static void choose_ahead(struct model *model, uint32_t key) {
	if (key == 'n' || key == 'a' || (key >= '1' && key <= '9')) {
		model->secrets.ahead = key;
		ask_value(model);
	}
}

void secret_key(struct model *model, uint32_t key) {
	struct secret_panel *panel = &model->secrets;
	bool leaves = key == KEY_ESCAPE || key == 'q' || key == ('c' | KEY_CTRL);
	if (panel->loading && !leaves) {
		choose_ahead(model, key);
		return;
	}
	model->dialog.kind = DIALOG_NONE;
	if (!leaves && !panel->error[0] && choose(panel, key)) {
		ask_value(model);
	}
}

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

void secret_typed(struct model *model) {
	struct secret_panel *panel = &model->secrets;
	struct prompt *prompt = &model->prompt;
	while (prompt->text.len > 0 && is_blank(prompt->text.data[prompt->text.len - 1])) {
		prompt->text.len--; /* what is pasted often ends with a line end */
	}
	while (prompt->text.len > 0 && is_blank(prompt->text.data[0])) {
		buffer_drop_front(&prompt->text, 1);
	}
	if (prompt->text.len == 0) {
		secret_wipe(prompt);
		model_note(model, true, "no secret was added");
		return;
	}
	prompt->at = 0;
	if (panel->loading && panel->ahead != 0) {
		panel->held = prompt->text; /* moved */
		prompt->text = (struct buffer){0};
		model_note(model, false, "the relay is asked for the secrets of %s ...", panel->endpoint);
		return;
	}
	send(model, &prompt->text);
}

void secret_wipe(struct prompt *prompt) {
	if (prompt->text.data) {
		OPENSSL_cleanse(prompt->text.data, prompt->text.capacity);
	}
	prompt->text.len = prompt->at = 0;
}
