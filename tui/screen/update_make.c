/* Events of one's own: a changed copy of the one under the cursor, and samples of providers. */
#include <stdio.h>
#include <string.h>

#include "common/sample.h"
#include "tui/screen/layout.h"
#include "tui/screen/samples.h"
#include "tui/screen/update_parts.h"

/* --- a changed copy --- */

void edit_event(struct model *model, struct span target) {
	const struct event *event = model_current(model);
	if (!event) {
		model_note(model, true, "there is no event to edit");
		return;
	}
	if (target.len > 0) {
		keep_text(model->replay_target, sizeof model->replay_target, target);
	}
	const char *to = *model->replay_target ? model->replay_target : model->forward.target;
	if (!*to) {
		prompt_open(model, PROMPT_EDIT, span_text(""));
		return;
	}
	struct effect *effect = effects_add(&model->effects, EFFECT_EDIT);
	effect->id = event->id;
	effect->flag = model->as_received;
	buffer_append_text(&effect->text, to);
	log_edit(model, event, to);
}

/* --- samples --- */

/* `to`: of an app; "": the relay. */
static void send(struct model *model, const struct sample *sample, const char *to) {
	struct effect *effect = effects_add(&model->effects, EFFECT_SEND);
	buffer_append_text(&effect->text, sample->provider);
	buffer_append_text(&effect->filter, sample->type);
	buffer_append_text(&effect->body, to);
	log_send(model, sample->provider, sample->type, to);
}

/* Takes " to URL" off the end; false: it says nothing of where. */
static bool cut_target(struct span *text, struct span *url) {
	static const char word[] = " to ";
	size_t len = sizeof word - 1;
	for (size_t at = 0; at + len < text->len; at++) {
		if (memcmp(text->data + at, word, len) == 0) {
			*url = span_after(*text, at + len);
			text->len = at;
			return true;
		}
	}
	return false;
}

void samples_open(struct model *model, struct span text) {
	struct error err = {0};
	char name[64], type[128];
	if (text.len == 0) {
		model->dialog = (struct dialog){.kind = DIALOG_SAMPLES};
		return;
	}
	struct span url = {0};
	if (cut_target(&text, &url)) {
		keep_text(model->replay_target, sizeof model->replay_target, url);
	}
	struct span rest = text, provider = span_cut(&rest, ' ');
	snprintf(name, sizeof name, "%.*s", (int)provider.len, provider.data);
	snprintf(type, sizeof type, "%.*s", (int)rest.len, rest.data ? rest.data : "");
	const struct sample *sample = sample_find(name, *type ? type : NULL, &err);
	if (sample) {
		send(model, sample, url.len > 0 ? model->replay_target : "");
	} else {
		model_note(model, true, "%s", err.text);
	}
}

static int64_t lines_of(const struct model *model, enum action action) {
	size_t rows = layout_above_bar(model).rows;
	int64_t page = rows > 3 ? (int64_t)rows - 2 : 1;
	return rows_of_action(action, page, page, (int64_t)samples_builtin_count);
}

static void choose(struct model *model) {
	const struct sample *sample = samples_row(model->dialog.provider, model->dialog.top);
	if (model->dialog.provider) {
		model->dialog.kind = DIALOG_NONE;
		send(model, sample, model->samples_to_app ? replay_target(model) : "");
	} else {
		model->dialog.provider = sample->provider;
		model->dialog.top = 0;
	}
}

static void back(struct model *model) {
	const char *provider = model->dialog.provider;
	model->dialog.provider = NULL;
	if (!provider) {
		model->dialog.kind = DIALOG_NONE;
		return;
	}
	model->dialog.top = 0;
	while (strcmp(samples_row(NULL, model->dialog.top)->provider, provider) != 0) {
		model->dialog.top++;
	}
}

static void turn_way(struct model *model) {
	if (!*replay_target(model)) {
		model_note(model, true, "no app is known yet: :send PROVIDER TYPE to URL");
		return;
	}
	model->samples_to_app = !model->samples_to_app;
}

/* Keys that move choose, Enter goes on, a says where to, and everything else goes back. */
void samples_key(struct model *model, uint32_t key) {
	int64_t by = lines_of(model, keymap_action(&model->keymap, key, PLACE_LIST));
	if (by != 0) {
		model->dialog.top =
			rows_move(model->dialog.top, by, samples_row_count(model->dialog.provider));
	} else if (key == KEY_ENTER_KEY || key == KEY_RIGHT_ARROW || key == 'l') {
		choose(model);
	} else if (key == 'a') {
		turn_way(model);
	} else {
		back(model);
	}
}
