/* Sending to the app: replay, forwarding, and what came while nothing forwarded. */
#include <stdlib.h>
#include <string.h>

#include "common/alloc.h"
#include "tui/screen/update_parts.h"

/* --- replay --- */

const char *replay_target(const struct model *model) {
	return *model->replay_target ? model->replay_target : model->forward.target;
}

static void replay_event(struct model *model, const struct event *event) {
	struct effect *effect = effects_add(&model->effects, EFFECT_REPLAY);
	effect->id = event->id;
	effect->flag = model->as_received;
	buffer_append_text(&effect->text, replay_target(model));
}

void replay(struct model *model, struct span target) {
	if (!model_current(model)) {
		model_note(model, true, "there is no event to replay");
		return;
	}
	if (target.len > 0) {
		keep_text(model->replay_target, sizeof model->replay_target, target);
	}
	if (!*replay_target(model)) {
		prompt_open(model, PROMPT_REPLAY, span_text(""));
	} else if (model->selected > 0) {
		bulk_open_selected(model, replay_target(model));
	} else {
		replay_event(model, model_current(model));
		log_replay(model, model_current(model), replay_target(model));
	}
}

void replay_ask(struct model *model) {
	prompt_open(model, PROMPT_REPLAY, span_text(replay_target(model)));
}

void replay_as_received(struct model *model, struct span text) {
	if (text.len > 0 && !span_is(text, "on") && !span_is(text, "off")) {
		model_note(model, true, "as-received takes on or off");
		return;
	}
	model->as_received = text.len > 0 ? span_is(text, "on") : !model->as_received;
	model_note(model, false, "%s",
		model->as_received ? "replays are sent as they were received"
						   : "replays are signed anew where a secret is known");
}

static void count_sending(struct model *model, const struct uuid *id, int by) {
	size_t at = window_find(&model->window, id);
	if (at != WINDOW_NONE && model->window.rows[at].sending + by >= 0) {
		model->window.rows[at].sending += by;
	}
}

void replay_waits(struct model *model, const struct uuid *id) {
	size_t at = window_find(&model->window, id);
	struct buffer ref = {0};
	if (at != WINDOW_NONE) {
		const struct event *event = model->window.rows[at].event;
		event_append_ref(&ref, event->endpoint, event->seq);
	}
	model_note(model, false, "%s%san attempt is under way there: the replay waits for its end",
		buffer_text(&ref), ref.len > 0 ? ": " : "");
	buffer_clear(&ref);
}

void replay_begun(struct model *model, const struct uuid *id) {
	model->replays_under_way++;
	count_sending(model, id, 1);
}

static void tell_answer(struct model *model, const struct attempt *attempt) {
	struct buffer ref = {0};
	event_append_ref(&ref, attempt->endpoint, attempt->event_seq);
	if (attempt->status > 0) {
		model_note(model, attempt->status >= 300, "%s answered %lld in %.1f ms", buffer_text(&ref),
			(long long)attempt->status, (double)attempt->took_us / 1000);
	} else {
		model_note(model, true, "%s: %.*s", buffer_text(&ref), (int)attempt->error.len,
			attempt->error.data);
	}
	buffer_clear(&ref);
}

void replay_ended(struct model *model, const struct msg *msg) {
	model->replays_under_way -= model->replays_under_way > 0;
	count_sending(model, msg->id, -1);
	if (msg->error) {
		model_note(model, true, "replay: %s", msg->error->text);
	} else if (msg->attempt) {
		list_attempt(model, msg->attempt);
		detail_attempted(model, msg->attempt);
		tell_answer(model, msg->attempt);
	}
}

/* --- forwarding --- */

static void end_forward(struct model *model) {
	effects_add(&model->effects, EFFECT_FORWARD);
	model->forward.state = FORWARD_OFF;
	missed_forget(model);
}

static void begin_forward(struct model *model, bool by_routes) {
	struct forward_status *forward = &model->forward;
	struct effect *effect = effects_add(&model->effects, EFFECT_FORWARD);
	effect->flag = by_routes;
	buffer_append_text(&effect->text, by_routes ? "" : forward->target);
	log_forward(model);
	forward->good = forward->bad = 0;
	forward->last_status = forward->last_took_us = 0;
	forward->state = FORWARD_ASKING;
	targets_begin(model);
	missed_forget(model);
}

static bool names_one(struct model *model, struct span target) {
	if (model->routes.count > 1) {
		char key[16];
		keymap_key(&model->keymap, key, ACTION_ROUTES, PLACE_LIST);
		model_note(model, true, "there are %zu routes: %s changes them", model->routes.count, key);
		return false;
	}
	keep_text(model->forward.target, sizeof model->forward.target, target);
	routes_forget(model); /* the new table will be told */
	return true;
}

void forward(struct model *model, struct span target) {
	bool on = model->forward.state != FORWARD_OFF;
	if (span_is(target, "off") || (on && target.len == 0)) {
		if (on) {
			end_forward(model);
		}
	} else if (target.len > 0) {
		if (names_one(model, target)) {
			begin_forward(model, false);
		}
	} else if (routes_enabled(model)) {
		begin_forward(model, true);
	} else if (!*model->forward.target) {
		prompt_open(model, PROMPT_FORWARD, span_text(""));
	} else {
		begin_forward(model, false);
	}
}

static void count_sent(struct model *model, const struct attempt *attempt) {
	struct forward_status *forward = &model->forward;
	struct target_status *target = targets_find(model, attempt->target);
	bool good = attempt->status >= 200 && attempt->status < 300;
	forward->good += good;
	forward->bad += !good;
	forward->last_status = attempt->status > 0 ? attempt->status : -1;
	forward->last_took_us = attempt->took_us;
	if (target) {
		target->good += good;
		target->bad += !good;
		target->last_status = forward->last_status;
		target->last_took_us = attempt->took_us;
	}
}

static void forward_sent(struct model *model, const struct msg *msg) {
	count_sent(model, msg->attempt);
	if (msg->error) {
		model_note(model, true, "an attempt is not kept: %s", msg->error->text);
		return;
	}
	list_attempt(model, msg->attempt);
	detail_attempted(model, msg->attempt);
}

static void forward_refused(struct model *model, const struct msg *msg) {
	model->forward.state = FORWARD_OFF;
	if (msg->error) {
		model->forward.target[0] = '\0'; /* it was refused: F asks for another */
		model_note(model, true, "%s", msg->error->text);
	}
}

static void target_changed(struct model *model, const struct msg *msg) {
	struct target_status *target = targets_find(model, msg->target);
	if (!target) {
		return; /* of a route that is gone */
	}
	if (msg->type == MSG_FORWARD_LEASE) {
		target->state = msg->mine ? FORWARD_ON : FORWARD_OTHER;
		keep_text(target->holder, sizeof target->holder, msg->text);
	} else if (msg->error) {
		target->state = FORWARD_AWAY;
		keep_text(target->why, sizeof target->why, span_text(msg->error->text));
	} else if (target->state == FORWARD_AWAY) {
		target->state = FORWARD_ON;
	}
	targets_sum_up(model);
}

void forward_message(struct model *model, const struct msg *msg) {
	if (msg->type == MSG_FORWARD_OFF) {
		forward_refused(model, msg);
	} else if (model->forward.state == FORWARD_OFF) {
		return; /* of what was just ended */
	} else if (msg->type == MSG_FORWARD_SENT) {
		forward_sent(model, msg);
	} else {
		target_changed(model, msg);
	}
}

/* --- what was missed --- */

void missed_forget(struct model *model) {
	for (size_t i = 0; i < model->missed_count; i++) {
		free((char *)(uintptr_t)model->missed[i].endpoint.data);
	}
	free(model->missed);
	model->missed = NULL;
	model->missed_count = 0;
	model->forward.missed = 0;
	model->forward.missed_more = false;
	if (model->dialog.kind == DIALOG_MISSED) {
		model->dialog.kind = DIALOG_NONE;
	}
}

void missed_take(struct model *model, const struct msg_missed *missed) {
	if (model->forward.state == FORWARD_OFF || missed->count == 0) {
		return;
	}
	model->missed = alloc_resize(model->missed, (model->missed_count + 1) * sizeof *model->missed);
	struct msg_missed *kept = &model->missed[model->missed_count++];
	*kept = *missed;
	kept->endpoint = span_text(alloc_text(missed->endpoint.data, missed->endpoint.len));
	model->forward.missed += missed->count;
	model->forward.missed_more = model->forward.missed_more || missed->more;
	if (model->dialog.kind == DIALOG_NONE && model->prompt.kind == PROMPT_NONE) {
		model->dialog.kind = DIALOG_MISSED;
	}
}

void missed_offer(struct model *model) {
	if (model->forward.state == FORWARD_OFF) {
		model_note(model, true, "nothing is forwarded: F begins");
	} else if (model->forward.missed == 0) {
		model_note(model, false, "nothing was missed");
	} else {
		model->dialog.kind = DIALOG_MISSED;
	}
}

void missed_forward(struct model *model) {
	for (size_t i = 0; i < model->missed_count; i++) {
		struct effect *effect = effects_add(&model->effects, EFFECT_FORWARD_MISSED);
		buffer_append_span(&effect->text, model->missed[i].endpoint);
		effect->number = model->missed[i].first_seq;
		effect->limit = model->missed[i].last_seq;
		log_missed(model, &model->missed[i]);
	}
	missed_forget(model);
}
