/* What can be copied of an event. Foreign text is copied escaped, so that a paste does no harm; `raw` is as it arrived. */
#include "common/text.h"
#include "tui/screen/copy.h"
#include "tui/screen/update_parts.h"

/* Facts are there with the row; everything else needs the bytes of the event. */
static bool needs_bytes(char letter) {
	return letter != 'r' && letter != 'i' && letter != 'u';
}

static const char *word_of(char letter) {
	return copy_item_of_letter(letter)->word;
}

static struct buffer *put_copy(struct model *model) {
	return &effects_add(&model->effects, EFFECT_COPY)->text;
}

/* As it is shown: the row in the list has no masked values, also while those of the open event are revealed. */
static void copy_url(struct model *model, const struct event *event) {
	const struct event *open = model->detail.event;
	struct buffer *out = put_copy(model);
	event = open && uuid_equal(&open->id, &event->id) ? open : event;
	buffer_append_text(out, model->link.ingest_url);
	text_escape(out, event->target, TEXT_LINE);
}

static void copy_fact(struct model *model, const struct event *event, char letter) {
	char id[UUID_TEXT_LEN + 1];
	if (letter == 'u') {
		copy_url(model, event);
	} else if (letter == 'r') {
		event_append_ref(put_copy(model), event->endpoint, event->seq);
	} else {
		uuid_format(&event->id, id);
		buffer_append_text(put_copy(model), id);
	}
	model_note(model, false, "copied: %s", word_of(letter));
}

bool copy_stop(struct model *model) {
	bool running = model->escaping.running;
	buffer_clear(&model->escaping.source);
	buffer_clear(&model->escaping.made);
	model->escaping = (struct escaping){0};
	return running;
}

static void hand_out(struct model *model) {
	struct escaping *escaping = &model->escaping;
	bool same = span_equal(buffer_span(&escaping->made), buffer_span(&escaping->source));
	model_note(model, false, same ? "copied: %s" : "copied: %s, with escapes; w copies it raw",
		word_of(escaping->letter));
	*put_copy(model) = escaping->made;
	escaping->made = (struct buffer){0};
	copy_stop(model);
}

bool copy_step(struct model *model, size_t budget) {
	struct escaping *escaping = &model->escaping;
	struct text_piece piece;
	if (!escaping->running) {
		return false;
	}
	size_t all = escaping->source.len, left = escaping->cursor.rest.len;
	size_t until = left > budget ? left - budget : 0;
	while (escaping->cursor.rest.len > until && text_next(&escaping->cursor, &piece)) {
		buffer_append_span(&escaping->made, piece.text);
	}
	if (escaping->cursor.rest.len > 0) {
		size_t done = all - escaping->cursor.rest.len;
		model_note(model, false, "copying: %s, %zu %%; Esc ends it", word_of(escaping->letter),
			done * 100 / all);
		return true;
	}
	hand_out(model);
	return false;
}

static void copy_escaped(struct model *model, struct span bytes, char letter) {
	struct escaping *escaping = &model->escaping;
	copy_stop(model);
	escaping->running = true;
	escaping->letter = letter;
	buffer_append_span(&escaping->source, bytes);
	text_begin(&escaping->cursor, buffer_span(&escaping->source), TEXT_KEEP_NEWLINES);
	copy_step(model, STEP_BYTES);
}

static void copy_answer(struct model *model) {
	const struct detail *detail = &model->detail;
	if (detail->attempt_count == 0) {
		model_note(model, true, "there is no answer of an app yet");
		return;
	}
	copy_escaped(model, buffer_span(&detail->attempts[detail->attempt_shown].body), 'a');
}

/* Of the payload under its cursor. */
static void copy_spot(struct model *model, char letter) {
	struct buffer text = {0};
	if (letter == 'p' ? payload_path(model, &text) : payload_value(model, &text)) {
		copy_escaped(model, buffer_span(&text), letter);
	}
	buffer_clear(&text);
}

static void copy_raw(struct model *model) {
	struct buffer *out = put_copy(model);
	buffer_append_span(out, buffer_span(&model->detail.head));
	buffer_append_span(out, buffer_span(&model->detail.body));
	model_note(model, false, "copied: the request as it arrived");
}

static void copy_bytes(struct model *model, char letter) {
	const struct detail *detail = &model->detail;
	struct effect *effect;
	log_copy(model, detail->event, letter);
	switch (letter) {
	case 'b':
		copy_escaped(model, buffer_span(&detail->body), letter);
		break;
	case 'h':
		copy_escaped(model, buffer_span(&detail->head), letter);
		break;
	case 'a':
		copy_answer(model);
		break;
	case 'c':
		effect = effects_add(&model->effects, EFFECT_COPY_CURL);
		buffer_append_span(&effect->text, buffer_span(&detail->head));
		buffer_append_span(&effect->body, buffer_span(&detail->body));
		model_note(model, false, "copied: curl");
		break;
	case 'v':
	case 'p':
		copy_spot(model, letter);
		break;
	default:
		copy_raw(model);
	}
}

static bool bytes_are_here(const struct model *model, const struct event *event) {
	const struct detail *detail = &model->detail;
	return detail->event && !detail->loading && uuid_equal(&detail->event->id, &event->id);
}

void copy_pending(struct model *model) {
	const struct event *event = model_current(model);
	if (model->copying && event && bytes_are_here(model, event)) {
		char letter = model->copying;
		model->copying = 0;
		copy_bytes(model, letter);
	}
}

bool copy_what(struct model *model, char letter) {
	const struct event *event = model_current(model);
	if (!copy_item_of_letter(letter)) {
		return false;
	}
	if (!event) {
		model_note(model, true, "there is no event to copy from");
	} else if (!needs_bytes(letter)) {
		copy_fact(model, event, letter);
	} else {
		model->copying = letter;
		copy_pending(model);
	}
	return true;
}
