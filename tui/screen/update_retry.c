/* What is tried again: commands for an event or those selected, the policy, and what the relay tells. */
#include "tui/screen/update_parts.h"

/* What is due of the current event, or of those selected; false: `word` is no such thing. */
static bool do_to_all(struct model *model, struct span word) {
	size_t count = 0;
	bool known = false;
	for (size_t i = 0; model->selected > 0 && i < model->window.count; i++) {
		if (model->window.rows[i].selected) {
			known = retries_do(model, model->window.rows[i].event, word, &count);
		}
	}
	if (model->selected == 0) {
		known = retries_do(model, model_current(model), word, &count);
	}
	if (known && count == 0) {
		model_note(model, true, "nothing of that is to be tried again");
	} else if (known) {
		model_note(model, false, "%zu %s", count, retries_did(word));
	}
	return known;
}

void retry_policy(struct model *model, struct span text) {
	buffer_append_span(&effects_add(&model->effects, EFFECT_RETRY_POLICY)->text, text);
}

void retry(struct model *model, struct span text) {
	if (text.len == 0) {
		retries_open(model, text);
	} else if (!do_to_all(model, text)) {
		retry_policy(model, span_is(text, "off") ? span_text("none") : text);
	}
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
	bool mine = span_is(msg->retry->owner, model->who), is_over = msg->text.data != NULL;
	retries_follow(model, msg->retry, is_over);
	if (is_over && dues_remove(&model->dues, msg->retry) && mine) {
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
