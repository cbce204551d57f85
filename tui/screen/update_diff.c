/* Two events side by side (`d`): which ones, what of them is compared, and the keys in it. */
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

/* What one key press may compare or lay out; the rest is left to update_idle. */
#define DIFF_STEP_BYTES (64 * 1024)

/* --- what is compared, and the lines that tell it --- */

static unsigned style_of(enum compare_tone tone) {
	static const unsigned styles[] = {
		[TONE_PLAIN] = STYLE_TEXT,
		[TONE_SIGN_OLD] = STYLE_BAD,
		[TONE_SIGN_NEW] = STYLE_GOOD,
		[TONE_SIGN] = STYLE_WARN,
		[TONE_PLACE] = STYLE_NAME,
		[TONE_OLD] = STYLE_BAD,
		[TONE_NEW] = STYLE_GOOD,
		[TONE_FAINT] = STYLE_FAINT,
		[TONE_TITLE] = STYLE_TITLE,
	};
	return styles[tone];
}

static void on_piece(void *data, enum compare_tone tone, struct span text, bool end) {
	document_add(data, text, style_of(tone));
	if (end) {
		document_end_line(data, 4);
	}
}

/* Lays out the comparison anew: it is done, or the width is another one. */
static void tell(struct model *model) {
	struct diff_panel *panel = &model->diff;
	size_t columns = diff_area(model).columns;
	document_free(panel->document);
	panel->document = document_new(columns, model->ascii);
	struct compare_telling telling = {.raw = panel->raw,
		.most = DIFF_VALUE_MAX,
		.room = columns,
		.all = DIFF_TOLD_MAX,
		.tell = on_piece,
		.data = panel->document};
	compare_tell(&panel->compare, &telling);
	panel->told = true;
}

static bool is_shown(const struct model *model) {
	return model->dialog.kind == DIALOG_DIFF;
}

bool diff_idle(struct model *model, size_t budget) {
	struct diff_panel *panel = &model->diff;
	if (!is_shown(model) || panel->loading || !panel->sides[0].event || !panel->sides[1].event) {
		return false;
	}
	if (!panel->told) {
		if (!compare_step(&panel->compare, budget)) {
			return true;
		}
		tell(model);
		diff_clamp(model);
	}
	return !document_layout(panel->document, budget);
}

void diff_clamp(struct model *model) {
	struct diff_panel *panel = &model->diff;
	size_t rows = diff_area(model).rows;
	if (!panel->document || !panel->told) {
		panel->top = 0;
		return;
	}
	while (!document_is_complete(panel->document) &&
		   document_lines(panel->document) < panel->top + rows) {
		document_layout(panel->document, DIFF_STEP_BYTES);
	}
	size_t lines = document_lines(panel->document), most = lines > rows ? lines - rows : 0;
	panel->top = panel->top > most ? most : panel->top;
}

/* What is compared is another thing. */
static void begin(struct model *model) {
	struct diff_panel *panel = &model->diff;
	panel->told = false;
	panel->top = 0;
	if (panel->loading || !panel->sides[0].event || !panel->sides[1].event) {
		return;
	}
	compare_begin(&panel->compare, &panel->sides[0], &panel->sides[1], panel->part, panel->form,
		&panel->ignore);
	diff_idle(model, DIFF_STEP_BYTES);
}

void diff_resized(struct model *model) {
	if (is_shown(model) && model->diff.told) {
		tell(model);
		diff_clamp(model);
	}
}

/* --- which ones --- */

/* The other one that is selected; NULL and `count` 0: none is. */
static const struct event *selected_beside(
	const struct model *model, const struct event *event, size_t *count) {
	const struct event *other = NULL;
	*count = 0;
	for (size_t i = 0; i < model->window.count; i++) {
		const struct event *here = model->window.rows[i].event;
		if (model->window.rows[i].selected && !uuid_equal(&here->id, &event->id)) {
			other = here;
			(*count)++;
		}
	}
	return other;
}

/* The nearest one that is marked, those before it first; NULL: none of those in sight of the list is. */
static const struct event *marked_beside(const struct model *model, const struct event *event) {
	const struct event *before = NULL, *behind = NULL;
	for (size_t i = 0; i < model->window.count; i++) {
		const struct event *here = model->window.rows[i].event;
		if (!here->annotation.marked || uuid_equal(&here->id, &event->id)) {
			continue;
		}
		if (here->position < event->position) {
			before = !before || here->position > before->position ? here : before;
		} else {
			behind = !behind || here->position < behind->position ? here : behind;
		}
	}
	return before ? before : behind;
}

static void ask(
	struct model *model, const struct event *event, struct span other, const char *why) {
	struct diff_panel *panel = &model->diff;
	struct effect *effect = effects_add(&model->effects, EFFECT_DIFF);
	compare_clear(&panel->compare);
	side_empty(&panel->sides[0]);
	side_empty(&panel->sides[1]);
	panel->loading = true;
	panel->told = false;
	panel->error[0] = '\0';
	panel->why = why;
	panel->top = 0;
	effect->id = event->id;
	effect->beyond = event->position;
	buffer_append_span(&effect->text, other);
	if (other.len == 0) {
		side_append_good_filter(&effect->filter, event);
	}
	model->dialog = (struct dialog){.kind = DIALOG_DIFF};
}

static void ask_event(
	struct model *model, const struct event *event, const struct event *other, const char *why) {
	struct buffer ref = {0};
	event_append_ref(&ref, other->endpoint, other->seq);
	ask(model, event, buffer_span(&ref), why);
	buffer_clear(&ref);
}

/* The attempt that is looked at against the one before it, of the same event. */
static bool open_attempts(struct model *model, const struct event *event) {
	struct diff_panel *panel = &model->diff;
	const struct detail *detail = &model->detail;
	size_t shown = detail->attempt_shown;
	if (!in_detail(model) || detail->pane != PANE_ATTEMPTS || shown == 0 ||
		shown >= detail->attempt_count || !detail->event ||
		!uuid_equal(&detail->event->id, &event->id)) {
		return false;
	}
	panel->sides[0].number = detail->attempts[shown - 1].attempt->number;
	panel->sides[1].number = detail->attempts[shown].attempt->number;
	panel->part = COMPARE_ANSWERS;
	ask_event(model, event, event, "the attempt before");
	return true;
}

static void open_named(struct model *model, const struct event *event, struct span text) {
	struct error err = {0};
	struct event_ref ref;
	int64_t number;
	if (!side_ref_parse(&ref, &number, text, &err)) {
		model_note(model, true, "%s", err.text);
		return;
	}
	model->diff.sides[0].number = number;
	while (number > 0 && text.data[--text.len] != '@') {
		/* the number of the attempt is no part of the event's name */
	}
	ask(model, event, text, "the one that was named");
}

void diff_open(struct model *model, struct span text) {
	const struct event *event = model_current(model);
	size_t count;
	if (!event) {
		model_note(model, true, "there is no event to compare");
		return;
	}
	model->diff.sides[0].number = model->diff.sides[1].number = 0;
	model->diff.part = COMPARE_BODY;
	const struct event *other = selected_beside(model, event, &count);
	if (text.len > 0) {
		open_named(model, event, text);
	} else if (count == 1) {
		ask_event(model, event, other, "the one that is selected");
	} else if (count > 1) {
		model_note(model, true, "%zu others are selected: select the one to compare with", count);
	} else if (open_attempts(model, event)) {
		return;
	} else if ((other = marked_beside(model, event))) {
		ask_event(model, event, other, "the one that is marked");
	} else {
		ask(model, event, (struct span){0}, "the last one that went well");
	}
}

void diff_take(struct model *model, const struct msg *msg) {
	struct diff_panel *panel = &model->diff;
	struct side *side = &panel->sides[msg->number ? 1 : 0];
	if (!panel->loading) {
		return;
	}
	bool event = msg->type == MSG_DIFF_EVENT;
	struct masked masked;
	detail_mask(model, event ? &msg->event->id : &msg->attempt->event, msg->bytes, &masked);
	if (event) {
		side_take_event(side, msg->event, masked.shown.head, masked.shown.body);
	} else {
		side_take_attempt(side, msg->attempt, masked.shown.head, masked.shown.body);
	}
	masked_clear(&masked);
}

void diff_done(struct model *model, const struct error *err) {
	struct diff_panel *panel = &model->diff;
	if (!panel->loading) {
		return;
	}
	panel->loading = false;
	if (err) {
		keep_text(panel->error, sizeof panel->error, span_text(err->text));
		return;
	}
	log_diff(model);
	begin(model);
}

/* --- keys --- */

static int64_t lines_of(const struct model *model, enum action action) {
	size_t rows = diff_area(model).rows;
	int64_t page = rows > 1 ? (int64_t)rows - 1 : 1;
	return rows_of_action(action, page, (page + 1) / 2, DIFF_TOLD_MAX);
}

static void scroll(struct model *model, int64_t lines) {
	int64_t top = (int64_t)model->diff.top + lines;
	model->diff.top = top > 0 ? (size_t)top : 0;
	diff_clamp(model);
}

void diff_show(struct model *model, enum compare_part part) {
	model->diff.part = part;
	begin(model);
}

static void turn(struct model *model, int by) {
	int part = ((int)model->diff.part + by + COMPARE_PART_COUNT) % COMPARE_PART_COUNT;
	diff_show(model, (enum compare_part)part);
}

/* False: the key is none of the dialog's own. */
static bool take_own_key(struct model *model, uint32_t key) {
	struct diff_panel *panel = &model->diff;
	switch (key) {
	case KEY_TAB:
	case KEY_RIGHT_ARROW:
	case 'l':
		turn(model, 1);
		return true;
	case KEY_BACK_TAB:
	case KEY_LEFT_ARROW:
	case 'h':
		turn(model, -1);
		return true;
	case 'b':
		panel->form = (enum compare_form)((panel->form + 1) % COMPARE_FORM_COUNT);
		begin(model);
		return true;
	case 'i':
		panel->ignore.usual = !panel->ignore.usual;
		begin(model);
		return true;
	case 'I':
		prompt_open(model, PROMPT_IGNORE, (struct span){0});
		model->dialog.kind = DIALOG_DIFF; /* it stays beneath */
		return true;
	case 'w':
		panel->raw = !panel->raw;
		diff_resized(model);
		return true;
	case 'y':
		log_diff(model);
		log_copy_newest(model);
		return true;
	default:
		return false;
	}
}

bool diff_ignore_is_right(struct model *model, struct span text) {
	struct ignore tried = {0};
	struct error err = {0};
	bool ok = text.len == 0 || (ignore_add(&tried, text, &err));
	if (!ok || model->diff.ignore.count == IGNORE_MAX) {
		keep_text(model->prompt.error, sizeof model->prompt.error,
			span_text(ok ? "no more can be left out: an empty line begins anew" : err.text));
		ok = text.len == 0;
	}
	ignore_clear(&tried);
	return ok;
}

/* One more pattern; an empty line leaves nothing out any more. */
void diff_ignore(struct model *model, struct span text) {
	struct diff_panel *panel = &model->diff;
	struct error err = {0};
	compare_clear(&panel->compare);
	if (text.len > 0) {
		ignore_add(&panel->ignore, text, &err);
	} else {
		ignore_clear(&panel->ignore);
	}
	begin(model);
}

void diff_key(struct model *model, uint32_t key) {
	enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
	int64_t by = lines_of(model, action);
	if (take_own_key(model, key)) {
		return;
	}
	if (by != 0) {
		scroll(model, by);
		return;
	}
	dialog_leave(model, action, ACTION_DIFF);
}
