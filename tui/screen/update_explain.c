/* Why a signature is not right: asked of the relay, which has the secrets, when its pane is looked at. */
#include <stdlib.h>

#include "tui/screen/update_parts.h"

void explanation_clear_told(struct told_explanation *told) {
	buffer_clear(&told->before);
	buffer_clear(&told->received);
	buffer_clear(&told->signed_for);
	buffer_clear(&told->after);
	*told = (struct told_explanation){0};
}

/* What is right, or cannot be computed, says all there is to say by itself. */
static bool is_open_question(enum verdict verdict) {
	return verdict == VERDICT_INVALID || verdict == VERDICT_UNSIGNED ||
	       verdict == VERDICT_EXPIRED || verdict == VERDICT_RESERIALISED;
}

void explanation_follow(struct model *model, bool again) {
	struct detail *detail = &model->detail;
	struct told_explanation *told = &detail->explanation;
	const struct event *event = detail->event;
	if (!detail->open || detail->pane != PANE_SIGNATURE || !event ||
		!is_open_question(event->verdict)) {
		return;
	}
	bool same = uuid_equal(&told->event, &event->id) && told->verdict == event->verdict;
	if (same && told->state != EXPLAINED_NOT && !(again && told->state == EXPLAINED_FAILED)) {
		return;
	}
	explanation_clear_told(told);
	told->state = EXPLAINED_ASKED;
	told->event = event->id;
	told->verdict = event->verdict;
	effects_add(&model->effects, EFFECT_EXPLAIN)->id = event->id;
}

static void keep(struct told_explanation *told, const struct msg_explanation *told_now) {
	told->state = EXPLAINED_TOLD;
	keep_text(told->sentence, sizeof told->sentence, told_now->sentence);
	told->differs = told_now->differs;
	told->at = told_now->at;
	buffer_append_span(&told->before, told_now->before);
	buffer_append_span(&told->received, told_now->received);
	buffer_append_span(&told->signed_for, told_now->signed_for);
	buffer_append_span(&told->after, told_now->after);
}

void explanation_take(struct model *model, const struct msg *msg) {
	struct told_explanation *told = &model->detail.explanation;
	if (told->state != EXPLAINED_ASKED || !uuid_equal(&told->event, msg->id)) {
		return;
	}
	if (msg->error) {
		told->state = EXPLAINED_FAILED;
		keep_text(told->sentence, sizeof told->sentence, span_text(msg->error->text));
	} else {
		keep(told, msg->explanation);
	}
	if (model->detail.pane == PANE_SIGNATURE) {
		detail_lay_out(model, true);
	}
}

void reverify(struct model *model, struct span filter) {
	const struct event *event = model_current(model);
	if (!event) {
		model_note(model, true, "there is no event whose endpoint could be judged again");
		return;
	}
	struct effect *effect = effects_add(&model->effects, EFFECT_REVERIFY);
	buffer_append_span(&effect->text, event->endpoint);
	buffer_append_span(&effect->filter, filter);
	log_reverify(model, event->endpoint, filter);
	model_note(model, false, "the history of %.*s is judged again", (int)event->endpoint.len,
		event->endpoint.data);
}
