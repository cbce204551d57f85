/* The payload through a command: asked for, shown as it writes, ended by Esc. */
#include "common/text.h"
#include "tui/screen/update_parts.h"

/* The pane is made anew: its text has grown, and may stand elsewhere. */
static void show(struct model *model) {
	if (model->detail.document && model->detail.pane == PANE_PAYLOAD) {
		detail_lay_out(model, true);
	}
}

void pipe_to(struct model *model, struct span command) {
	struct detail *detail = &model->detail;
	struct piped *piped = &detail->payload.piped;
	if (!detail->event || detail->loading) {
		model_note(model, true, "there is no payload to pipe: open an event first");
		return;
	}
	if (command.len == 0) {
		prompt_open(model, PROMPT_PIPE, command);
		return;
	}
	struct buffer kept = {0};
	buffer_append_span(&kept, command); /* it may be the one before */
	detail_pane(model, PANE_PAYLOAD);
	piped_clear(piped);
	*piped = (struct piped){.shown = true, .running = true, .run = ++model->last_pipe};
	piped->command = kept;
	struct effect *effect = effects_add(&model->effects, EFFECT_PIPE);
	effect->page = piped->run;
	buffer_append_span(&effect->text, buffer_span(&kept));
	buffer_append_span(&effect->body, payload_bytes(&detail->payload, buffer_span(&detail->body)));
	detail_lay_out(model, false);
}

static void stop(struct model *model) {
	struct piped *piped = &model->detail.payload.piped;
	if (piped->running) {
		effects_add(&model->effects, EFFECT_PIPE_STOP)->page = piped->run;
	}
}

bool pipe_back(struct model *model) {
	struct piped *piped = &model->detail.payload.piped;
	if (!piped->shown || model->detail.pane != PANE_PAYLOAD) {
		return false;
	}
	stop(model);
	if (!piped->running) {
		piped->shown = false;
		detail_lay_out(model, true);
	}
	return true;
}

void pipe_leave(struct model *model) {
	stop(model);
	model->detail.payload.piped.shown = model->detail.payload.piped.running = false;
}

static void take_output(struct model *model, struct span text) {
	struct piped *piped = &model->detail.payload.piped;
	size_t room = PIPED_OUTPUT_MAX - piped->output.len;
	text.len = text.len < room ? text.len : room;
	buffer_append_span(&piped->output, text);
	show(model);
}

static void take_end(struct model *model, const struct msg *msg) {
	struct piped *piped = &model->detail.payload.piped;
	piped->running = false;
	piped->bad = msg->error || !msg->mine;
	keep_text(piped->end, sizeof piped->end, msg->error ? span_text(msg->error->text) : msg->text);
	show(model);
}

bool pipe_message(struct model *model, const struct msg *msg) {
	const struct piped *piped = &model->detail.payload.piped;
	if (msg->type != MSG_PIPE_OUTPUT && msg->type != MSG_PIPE_OVER) {
		return false;
	}
	if (!piped->running || piped->run != msg->page) {
		return true; /* of one that nobody looks at any more */
	}
	if (msg->type == MSG_PIPE_OUTPUT) {
		take_output(model, msg->text);
	} else {
		take_end(model, msg);
	}
	return true;
}
