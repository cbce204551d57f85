/* The overview (`o`): asked for while it is looked at, moved in by groups and bars, and left for the events that a bar counts. */
#include "tui/screen/update_parts.h"
#include "tui/screen/view_overview.h"

/* How often the numbers are asked for again: they cost the relay nothing, but a slow line the bytes. */
#define AGAIN_MS 2000

static void ask(struct model *model) {
	struct effect *effect = effects_add(&model->effects, EFFECT_STATS);
	buffer_append_text(&effect->text, counts_widths[model->overview.span].name);
	model->overview.asked = true;
	model->overview.asked_at_ms = model->now_ms;
}

/* As many buckets together as the screen needs to show them all. */
static void fit(struct model *model) {
	model->overview.step = view_overview_step(model);
}

void overview_take(struct model *model, const struct msg *msg) {
	struct overview_panel *panel = &model->overview;
	panel->asked = false;
	panel->error[0] = '\0';
	if (msg->error) {
		keep_text(panel->error, sizeof panel->error, span_text(msg->error->text));
	} else if (msg->counts->span == panel->span) {
		overview_panel_take(panel, msg->counts);
		fit(model);
	}
}

void overview_tick(struct model *model) {
	const struct overview_panel *panel = &model->overview;
	bool due = model->now_ms < panel->asked_at_ms || model->now_ms - panel->asked_at_ms >= AGAIN_MS;
	if (model->dialog.kind == DIALOG_OVERVIEW && due && !panel->asked &&
		model->link.state == LINK_LIVE) {
		ask(model);
	}
}

void overview_open(struct model *model, struct span text) {
	struct overview_panel *panel = &model->overview;
	enum counts_span span = panel->span;
	if (text.len > 0 && !counts_span_of(&span, text)) {
		model_note(model, true, "overview 1h, 24h or 7d");
		return;
	}
	panel->span = span;
	if (!panel->loaded) {
		panel->at[OVERVIEW_TIME] = SIZE_MAX / 2; /* now */
	}
	model->dialog = (struct dialog){.kind = DIALOG_OVERVIEW};
	ask(model);
	log_overview(model, counts_widths[span].name);
}

static void change_span(struct model *model, enum counts_span span) {
	if (model->overview.span == span) {
		return;
	}
	model->overview.span = span;
	ask(model);
	log_overview(model, counts_widths[span].name);
}

/* --- moving --- */

static void next_group(struct model *model, int by) {
	struct overview_panel *panel = &model->overview;
	int group = (int)panel->group;
	for (int tries = 0; tries < OVERVIEW_GROUPS; tries++) {
		group = (group + by + OVERVIEW_GROUPS) % OVERVIEW_GROUPS;
		if (overview_panel_count(panel, (enum overview_group)group) > 0) {
			panel->group = (enum overview_group)group;
			return;
		}
	}
}

static void move_by(struct model *model, int64_t bars) {
	struct overview_panel *panel = &model->overview;
	size_t count = overview_panel_count(panel, panel->group), *at = &panel->at[panel->group];
	int64_t step = panel->group == OVERVIEW_TIME && panel->step > 0 ? (int64_t)panel->step : 1;
	int64_t most = (int64_t)count - 1, to = (int64_t)(*at / (size_t)step) * step + bars * step;
	if (count > 0) {
		*at = to < 0 ? 0 : to > most ? (size_t)most : (size_t)to;
	}
}

static bool lies_across(enum overview_group group) {
	return group == OVERVIEW_TIME || group == OVERVIEW_LATENCY;
}

/* Along the bars of a group, or, across them, to the group beside it. */
static bool move(struct model *model, uint32_t key) {
	bool across = lies_across(model->overview.group);
	enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
	int by = key == KEY_LEFT_ARROW || key == 'h' || action == ACTION_UP      ? -1
	         : key == KEY_RIGHT_ARROW || key == 'l' || action == ACTION_DOWN ? 1
	                                                                         : 0;
	bool sideways = key == KEY_LEFT_ARROW || key == 'h' || key == KEY_RIGHT_ARROW || key == 'l';
	if (by != 0 && sideways == across) {
		move_by(model, by);
	} else if (by != 0) {
		next_group(model, by);
	} else if (key == KEY_TAB || key == KEY_BACK_TAB) {
		next_group(model, key == KEY_TAB ? 1 : -1);
	} else if (action == ACTION_FIRST || action == ACTION_LAST) {
		move_by(model, action == ACTION_FIRST ? -COUNTS_BUCKETS_MAX : COUNTS_BUCKETS_MAX);
	} else if (action == ACTION_PAGE_UP || action == ACTION_PAGE_DOWN) {
		move_by(model, action == ACTION_PAGE_UP ? -10 : 10);
	} else {
		return false;
	}
	return true;
}

/* To the events that the chosen bar counts, or, of times, to the deliveries. */
static void go(struct model *model) {
	struct overview_panel *panel = &model->overview;
	struct buffer filter = {0};
	if (overview_panel_filter(&filter, panel)) {
		model->dialog.kind = DIALOG_NONE;
		if (panel->group == OVERVIEW_LATENCY) {
			deliveries_filter(model, buffer_span(&filter));
		} else {
			list_filter(model, buffer_span(&filter));
			log_filter(model, buffer_span(&filter));
		}
	} else if (panel->loaded) {
		model_note(model, true, "no filter shows just these");
	}
	buffer_clear(&filter);
}

static bool span_of_key(uint32_t key, enum counts_span *span) {
	*span = key == '1' ? COUNTS_HOUR : key == '2' ? COUNTS_DAY : COUNTS_WEEK;
	return key == '1' || key == '2' || key == '7';
}

void overview_choose(struct model *model, enum overview_group group, size_t bar) {
	struct overview_panel *panel = &model->overview;
	fit(model);
	size_t step = group == OVERVIEW_TIME && panel->step > 0 ? panel->step : 1;
	bool there = panel->group == group && panel->at[group] / step == bar / step;
	panel->group = group;
	if (there) {
		go(model);
	} else if (bar < overview_panel_count(panel, group)) {
		panel->at[group] = bar;
	}
}

/* 1, 2 and 7 choose the span, Space the next one; a key that means nothing here closes and does what it does. */
void overview_key(struct model *model, uint32_t key) {
	enum counts_span span;
	fit(model);
	if (span_of_key(key, &span)) {
		change_span(model, span);
	} else if (key == ' ') {
		change_span(model, (enum counts_span)((model->overview.span + 1) % COUNTS_SPANS));
	} else if (key == KEY_ENTER_KEY) {
		go(model);
	} else if (!move(model, key)) {
		enum action action = keymap_action(&model->keymap, key, PLACE_LIST);
		dialog_leave(model, action, ACTION_OVERVIEW);
	}
}
