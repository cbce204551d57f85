/* `U`: takes the last change of the filter, the selection, marks or notes back. */
#include "tui/screen/update_parts.h"

void undo_remember_filter(struct model *model) {
	struct undo_step *step = undo_add(&model->undo, UNDO_FILTER);
	buffer_append_span(&step->text, buffer_span(&model->filter));
}

void undo_remember_selection(struct model *model) {
	struct undo_step *step = undo_add(&model->undo, UNDO_SELECTION);
	for (size_t i = 0; model->selected > 0 && i < model->window.count; i++) {
		if (model->window.rows[i].selected) {
			undo_add_event(step, &model->window.rows[i].event->id, false, (struct span){0});
		}
	}
}

static void annotate_again(struct model *model, const struct undo_step *step) {
	for (size_t i = 0; i < step->count; i++) {
		const struct undo_event *event = &step->events[i];
		struct effect *effect = effects_add(&model->effects, EFFECT_ANNOTATE);
		effect->id = event->id;
		effect->number = event->marked;
		effect->flag = true;
		buffer_append_span(&effect->text, (struct span){event->note, event->note_len});
	}
}

void undo_last(struct model *model) {
	static const char *const told[] = {
		"the filter is as it was", "what was selected is again", "mark and note are as they were"};
	struct undo_step step;
	if (!undo_take(&model->undo, &step)) {
		model_note(model, true, "nothing to take back: filters, selections, marks and notes are");
		return;
	}
	if (step.kind == UNDO_FILTER) {
		list_filter_again(model, buffer_span(&step.text));
	} else if (step.kind == UNDO_SELECTION) {
		list_select_again(model, &step);
	} else {
		annotate_again(model, &step);
	}
	model_note(model, false, "%s", told[step.kind]);
	undo_step_clear(&step);
}
