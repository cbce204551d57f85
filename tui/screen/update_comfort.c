/* What the program is like to work with: colours, what is masked, and that nothing is changed by who only looks. */
#include <string.h>

#include "tui/screen/update_parts.h"

static void choose_theme(struct model *model, struct span name) {
	enum theme chosen = (model->theme + 1) % THEME_COUNT;
	for (int i = 0; name.len > 0 && i <= THEME_COUNT; i++) {
		if (i == THEME_COUNT) {
			model_note(model, true, "theme auto, dark, light, mono, or high-contrast");
			return;
		}
		if (span_is(name, theme_names[i])) {
			chosen = (enum theme)i;
			break;
		}
	}
	model->theme = chosen;
	effects_add(&model->effects, EFFECT_THEME)->number = chosen;
	model_note(model, false, "theme %s", theme_names[chosen]);
}

/* --- only looking --- */

bool action_changes(enum action action) {
	switch (action) {
	case ACTION_REPLAY:
	case ACTION_REPLAY_TO:
	case ACTION_BULK:
	case ACTION_REVERIFY:
	case ACTION_FORWARD:
	case ACTION_ROUTE:
	case ACTION_PROVE:
	case ACTION_RETRY:
	case ACTION_MISSED:
	case ACTION_EDIT:
	case ACTION_SEND:
	case ACTION_DEMO:
	case ACTION_KEEP_RELAY:
	case ACTION_MARK:
	case ACTION_SECRET:
	case ACTION_NOTE:
		return true;
	default:
		return false;
	}
}

bool is_refused(struct model *model, enum action action) {
	if (!model->readonly || !action_changes(action)) {
		return false;
	}
	model_note(model, true, "only looking is allowed here: nothing is sent or changed");
	return true;
}

/* --- what is masked --- */

/* The bytes come again, with all of them or without. */
static void ask_again(struct model *model) {
	memset(&model->detail.wanted, 0, sizeof model->detail.wanted);
	model->detail.asked_at_ms = 0; /* at once, also where the newest event is followed */
}

static bool is_revealing(const struct model *model) {
	static const struct uuid none;
	return !uuid_equal(&model->revealed, &none);
}

static void hide(struct model *model) {
	memset(&model->revealed, 0, sizeof model->revealed);
	detail_drop(&model->detail);
	ask_again(model);
}

void masking_follow(struct model *model) {
	const struct event *event = model_current(model);
	bool there = model->detail.open && event && uuid_equal(&event->id, &model->revealed);
	if (is_revealing(model) && !there) {
		hide(model);
	}
}

static void reveal(struct model *model) {
	const struct event *event = model_current(model);
	if (is_revealing(model)) {
		hide(model);
	} else if (!model->detail.open || !event || model->detail.masked == 0) {
		model_note(model, false, "nothing of an open event is masked");
	} else if (model->readonly) {
		model_note(model, true, "what is masked is not shown to who may only look");
	} else {
		model->revealed = event->id;
		ask_again(model);
		model_note(model, false, "shown until this event is left");
	}
}

/* --- tips --- */

static const struct tip tips[] = {
	{ACTION_OPEN, "opens the event under the cursor"},
	{ACTION_PANE_SIGNATURE, "says why its signature is not right, and what would mend it"},
	{ACTION_REPLAY, "sends this event to your app again"},
	{ACTION_FILTER, "shows only events that match, such as verdict:invalid"},
	{ACTION_HELP, "shows all keys, and does what its lines say"},
};
#define TIP_COUNT (sizeof tips / sizeof *tips)
#define TIPS_ALL ((1u << TIP_COUNT) - 1)

static bool is_wrong(const struct event *event) {
	return event && (event->verdict == VERDICT_INVALID || event->verdict == VERDICT_EXPIRED ||
						event->verdict == VERDICT_UNSIGNED);
}

static bool fits(const struct model *model, enum action action) {
	bool open = model->detail.open;
	switch (action) {
	case ACTION_OPEN:
		return !open && model->window.count > 0;
	case ACTION_PANE_SIGNATURE:
		return open && is_wrong(model_current(model));
	case ACTION_REPLAY:
		return open && !model->readonly;
	case ACTION_FILTER:
		return !open && model->window.count > 1;
	default:
		return true;
	}
}

const struct tip *tips_now(const struct model *model) {
	for (size_t i = 0; model->tips.on && i < TIP_COUNT; i++) {
		if (!(model->tips.learned & 1u << i) && fits(model, tips[i].action)) {
			return &tips[i];
		}
	}
	return NULL;
}

static void remember_tips(struct model *model) {
	model->tips.on = model->tips.on && model->tips.learned != TIPS_ALL;
	struct buffer *text = &effects_add(&model->effects, EFFECT_TIPS)->text;
	if (model->tips.on) {
		buffer_printf(text, "%u\n", model->tips.learned);
	} else {
		buffer_append_text(text, "off\n");
	}
}

void tips_follow(struct model *model, enum action action) {
	for (size_t i = 0; model->tips.on && i < TIP_COUNT; i++) {
		if (tips[i].action == action && !(model->tips.learned & 1u << i)) {
			model->tips.learned |= 1u << i;
			remember_tips(model);
		}
	}
}

static void choose_tips(struct model *model, struct span text) {
	bool on = text.len > 0 ? span_is(text, "on") : !model->tips.on;
	if (text.len > 0 && !on && !span_is(text, "off")) {
		model_note(model, true, "tips on, or tips off");
		return;
	}
	model->tips = (struct tips){.on = on};
	remember_tips(model);
	model_note(model, false, on ? "tips are shown until they were followed" : "no more tips");
}

bool act_comfort(struct model *model, enum action action, struct span text) {
	switch (action) {
	case ACTION_THEME:
		choose_theme(model, text);
		return true;
	case ACTION_TIPS:
		choose_tips(model, text);
		return true;
	case ACTION_QR:
		qr_open(model, text);
		return true;
	case ACTION_PAGER:
		pager_open(model);
		return true;
	case ACTION_REVEAL:
		reveal(model);
		return true;
	default:
		return false;
	}
}
