/* The time line of a business key (`t`): of the event under the cursor, or one that is named. */
#include "common/business_key.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

static struct effect *ask(struct model *model) {
	struct timeline_panel *panel = &model->timeline;
	struct effect *effect = effects_add(&model->effects, EFFECT_TIMELINE);
	effect->page = panel->asked = ++panel->last;
	panel->error[0] = '\0';
	return effect;
}

static void ask_for_events(struct model *model) {
	struct timeline_panel *panel = &model->timeline;
	timeline_panel_empty(panel);
	panel->learning = false;
	struct effect *effect = ask(model);
	effect->limit = TIMELINE_SHOWN_MAX;
	business_key_append_filter(
		&effect->text, buffer_span(&panel->name), buffer_span(&panel->value));
	log_timeline(model, buffer_span(&panel->name), buffer_span(&panel->value));
}

/* Live events come without their keys: the relay knows them. */
static void ask_for_keys(struct model *model, const struct event *event) {
	struct timeline_panel *panel = &model->timeline;
	timeline_panel_empty(panel);
	panel->learning = true;
	struct effect *effect = ask(model);
	buffer_append_span(&effect->text, event->endpoint);
	effect->number = event->seq;
	effect->limit = 1;
}

static void begin(struct model *model) {
	struct timeline_panel *panel = &model->timeline;
	model->dialog = (struct dialog){.kind = DIALOG_TIMELINE};
	buffer_reset(&panel->name);
	buffer_reset(&panel->value);
	buffer_reset(&panel->keys);
	panel->from = (struct uuid){{0}};
}

/* "order 42", "order:42" */
static void open_named(struct model *model, struct span text) {
	struct span value = text;
	bool colon = span_find(text, ':') < span_find(text, ' ');
	struct span name = span_cut(&value, colon ? ':' : ' ');
	value = span_trim(value);
	if (!business_key_name_is_valid(name) || value.len == 0) {
		model_note(model, true, "expected a key and its value, such as :timeline order 42");
		return;
	}
	begin(model);
	buffer_append_span(&model->timeline.name, name);
	buffer_append_span(&model->timeline.value, value);
	ask_for_events(model);
}

void timeline_open(struct model *model, struct span text) {
	const struct event *event = model_current(model);
	if (text.len > 0) {
		open_named(model, text);
		return;
	}
	if (!event) {
		model_note(model, true, "no event is chosen; :timeline order 42 asks by name");
		return;
	}
	begin(model);
	model->timeline.from = event->id;
	if (event->keys.len > 0) {
		timeline_panel_take_keys(&model->timeline, event->keys);
		ask_for_events(model);
	} else {
		ask_for_keys(model, event);
	}
}

void timeline_take(struct model *model, const struct msg *msg) {
	struct timeline_panel *panel = &model->timeline;
	if (msg->page != panel->asked) {
		return;
	}
	if (panel->learning) {
		timeline_panel_take_keys(panel, msg->event->keys);
	} else if (panel->count < TIMELINE_SHOWN_MAX) {
		panel->rows[panel->count++] = event_copy(msg->event);
	}
}

/* Where it was opened from, else on the newest. */
static void place_cursor(struct timeline_panel *panel) {
	panel->cursor = panel->count > 0 ? panel->count - 1 : 0;
	for (size_t i = 0; i < panel->count; i++) {
		if (uuid_equal(&timeline_panel_at(panel, i)->id, &panel->from)) {
			panel->cursor = i;
		}
	}
}

void timeline_done(struct model *model, const struct msg *msg) {
	struct timeline_panel *panel = &model->timeline;
	if (msg->page != panel->asked) {
		return;
	}
	panel->asked = 0;
	if (msg->error) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
	} else if (panel->learning && panel->name.len > 0) {
		ask_for_events(model);
	} else {
		panel->loaded = true;
		place_cursor(panel);
	}
}

/* --- keys --- */

static int64_t page_of(const struct model *model) {
	size_t rows = layout_above_bar(model).rows;
	return rows > 4 ? (int64_t)rows - 3 : 1;
}

static int64_t lines_of(const struct model *model, enum action action) {
	int64_t page = page_of(model);
	return rows_of_action(action, page, page, TIMELINE_SHOWN_MAX);
}

static void next_key(struct model *model) {
	struct timeline_panel *panel = &model->timeline;
	size_t count = timeline_panel_keys(panel);
	if (count > 1 && timeline_panel_choose(panel, (panel->chosen + 1) % count)) {
		ask_for_events(model);
	}
}

/* The event in the list: without its filter where that would hide it. */
static void go(struct model *model) {
	const struct event *event = timeline_panel_at(&model->timeline, model->timeline.cursor);
	if (!event) {
		return;
	}
	dialog_go(model, event);
	log_show(model, event, "");
}

/* Keys that move choose an event, Enter opens it, Tab takes the next key; any other one closes the panel and does what it does. */
void timeline_key(struct model *model, uint32_t key) {
	struct timeline_panel *panel = &model->timeline;
	enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
	int64_t by = lines_of(model, action);
	if (by != 0) {
		panel->cursor = rows_move(panel->cursor, by, panel->count);
	} else if (action == ACTION_OPEN) {
		go(model);
	} else if (action == ACTION_NEXT_PANE) {
		next_key(model);
	} else {
		dialog_leave(model, action, ACTION_TIMELINE);
	}
}
