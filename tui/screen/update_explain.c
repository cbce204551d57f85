/* How an event is signed, and why that is not right: asked of the relay, which has the secrets and provider files, when its pane is looked at. */
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

static void follow_scheme(struct model *model, const struct event *event, bool again) {
	struct told_scheme *told = &model->detail.scheme;
	bool same = uuid_equal(&told->event, &event->id) && told->verdict == event->verdict;
	if (same && told->state != EXPLAINED_NOT && !(again && told->state == EXPLAINED_FAILED)) {
		return;
	}
	scheme_facts_clear(&told->facts);
	told->state = EXPLAINED_ASKED;
	told->event = event->id;
	told->verdict = event->verdict;
	effects_add(&model->effects, EFFECT_SCHEME)->id = event->id;
}

static void follow_why(struct model *model, const struct event *event, bool again) {
	struct told_explanation *told = &model->detail.explanation;
	if (!is_open_question(event->verdict)) {
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

void explanation_follow(struct model *model, bool again) {
	const struct detail *detail = &model->detail;
	if (detail->open && detail->pane == PANE_SIGNATURE && detail->event) {
		follow_scheme(model, detail->event, again);
		follow_why(model, detail->event, again);
	}
}

/* A relay that cannot say leaves what is compiled in. */
void scheme_take(struct model *model, const struct msg *msg) {
	struct told_scheme *told = &model->detail.scheme;
	if (told->state != EXPLAINED_ASKED || !uuid_equal(&told->event, msg->id)) {
		return;
	}
	told->state = msg->error ? EXPLAINED_FAILED : EXPLAINED_TOLD;
	if (!msg->error) {
		scheme_facts_copy(&told->facts, msg->scheme);
		if (model->detail.pane == PANE_SIGNATURE) {
			detail_lay_out(model, true);
		}
	}
}

static void keep(struct told_explanation *told, const struct msg_explanation *told_now) {
	told->state = EXPLAINED_TOLD;
	keep_text(told->sentence, sizeof told->sentence, told_now->sentence);
	told->cause = told_now->cause;
	keep_text(told->secret, sizeof told->secret, told_now->secret);
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
