/* Marks and notes: asked for here, told by the relay to all who look. */
#include <stdlib.h>

#include "tui/screen/update_parts.h"

/* `note` NULL data: stays. */
static void annotate(struct model *model, const struct event *event, int marked, struct span note) {
	struct effect *effect = effects_add(&model->effects, EFFECT_ANNOTATE);
	effect->id = event->id;
	effect->number = marked;
	effect->flag = note.data != NULL;
	buffer_append_span(&effect->text, note);
}

/* Those that are selected, else the current one. */
static bool is_meant(const struct model *model, size_t row) {
	return model->selected > 0 ? model->window.rows[row].selected : row == model->cursor;
}

static bool all_are_marked(const struct model *model) {
	bool all = true;
	for (size_t i = 0; i < model->window.count && all; i++) {
		all = !is_meant(model, i) || model->window.rows[i].event->annotation.marked;
	}
	return all;
}

void marks_toggle(struct model *model) {
	bool mark = !all_are_marked(model);
	struct undo_step *step = NULL;
	for (size_t i = 0; i < model->window.count; i++) {
		const struct event *event = model->window.rows[i].event;
		if (is_meant(model, i) && event->annotation.marked != mark) {
			step = step ? step : undo_add(&model->undo, UNDO_ANNOTATION);
			undo_add_event(step, &event->id, !mark, event->annotation.note);
			annotate(model, event, mark, (struct span){0});
			log_mark(model, event, mark, (struct span){0});
		}
	}
}

void marks_ask_note(struct model *model) {
	const struct event *event = model_current(model);
	if (event) {
		prompt_open(model, PROMPT_NOTE, event->annotation.note);
	}
}

void marks_note(struct model *model, struct span text) {
	if (text.len > ANNOTATION_NOTE_MAX) {
		model_note(model, true, "a note has at most %d bytes", ANNOTATION_NOTE_MAX);
		return;
	}
	struct span note = {text.len > 0 ? text.data : "", text.len};
	struct undo_step *step = NULL;
	for (size_t i = 0; i < model->window.count; i++) {
		const struct event *event = model->window.rows[i].event;
		if (is_meant(model, i) && !span_equal(event->annotation.note, note)) {
			step = step ? step : undo_add(&model->undo, UNDO_ANNOTATION);
			undo_add_event(step, &event->id, event->annotation.marked, event->annotation.note);
			annotate(model, event, -1, note);
			log_mark(model, event, event->annotation.marked, note);
		}
	}
}

/* Takes the place of the event with what is said of it now. */
static void replace(struct event **event, const struct annotation *annotation) {
	struct event changed = **event;
	changed.annotation = *annotation;
	struct event *copy = event_copy(&changed);
	free(*event);
	*event = copy;
}

void marks_take(struct model *model, const struct uuid *id, const struct annotation *annotation) {
	struct detail *detail = &model->detail;
	size_t row = window_find(&model->window, id);
	if (row != WINDOW_NONE) {
		replace(&model->window.rows[row].event, annotation);
	}
	for (size_t i = 0; i < model->arrived_count; i++) {
		if (uuid_equal(&model->arrived[i]->id, id)) {
			replace(&model->arrived[i], annotation);
		}
	}
	if (detail->event && uuid_equal(&detail->event->id, id)) {
		replace(&detail->event, annotation);
		if (detail->open && detail->pane == PANE_SIGNATURE) {
			detail_lay_out(model, true);
		}
	}
	model->stale =
		model->stale || list_filter_has(model, "marked") || list_filter_has(model, "note");
}
