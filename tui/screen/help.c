#include "tui/screen/help.h"

#include <stdio.h>

#include "common/needle.h"
#include "tui/screen/key.h"
#include "tui/screen/layout.h"

/* Enough for most of the table's sentences; a screen gets as many columns as there is room for. */
#define HELP_COLUMN 59

static bool has_key(const struct keymap *keymap, const struct binding *binding) {
	return keymap_keys(keymap, binding)[0] != 0;
}

void help_keys(char text[80], const struct keymap *keymap, const struct binding *binding) {
	const uint32_t *keys = keymap_keys(keymap, binding);
	char key[16];
	size_t len = 0;
	text[0] = '\0';
	if (!keys[0] && binding->command) {
		snprintf(text, 80, ":%s %s", binding->command, binding->argument ? binding->argument : "");
	}
	for (size_t k = 0; k < KEYMAP_KEYS && keys[k]; k++) {
		key_name(key, keys[k]);
		len += (size_t)snprintf(text + len, 80 - len, "%s%s", k > 0 ? " " : "", key);
	}
}

/* --- searching --- */

static bool holds(const struct needle *needle, const char *text) {
	size_t at;
	return needle_find(needle, span_text(text ? text : ""), &at);
}

static bool suits(
	const struct needle *needle, const struct model *model, const struct binding *binding) {
	char keys[80];
	help_keys(keys, &model->keymap, binding);
	return !needle || holds(needle, binding->help) || holds(needle, binding->command) ||
	       holds(needle, binding->group) || holds(needle, keys);
}

/* --- the lines --- */

struct making {
	struct help *help;
	const struct model *model;
	const struct needle *needle; /* NULL: all */
	const char *heading;         /* of the next line, if it is the first below it */
};

static void put(struct help *help, const struct help_line *line) {
	if (help->count < HELP_LINES) {
		help->lines[help->count++] = *line;
	}
}

/* A heading comes with its first line, or not at all. */
static void put_below(struct making *making, const struct help_line *line) {
	if (making->heading) {
		put(making->help, &(struct help_line){0});
		put(making->help, &(struct help_line){.heading = making->heading});
		making->heading = NULL;
	}
	put(making->help, line);
}

static void add_binding(struct making *making, const struct binding *binding) {
	if (suits(making->needle, making->model, binding)) {
		put_below(making, &(struct help_line){.binding = binding});
	}
}

static void add_text(
	struct making *making, const struct verdict_style *sign, const char *label, const char *text) {
	bool found = !making->needle || holds(making->needle, label) || holds(making->needle, text);
	if (text[0] && found) {
		put_below(making, &(struct help_line){.sign = sign, .label = label, .text = text});
	}
}

/* The keys that work here, a heading for each group. */
static void add_keys_here(struct making *making) {
	const char *group = NULL;
	for (size_t i = 0; i < binding_count; i++) {
		if (!has_key(&making->model->keymap, &bindings[i]) ||
			!(bindings[i].places & making->help->place)) {
			continue;
		}
		if (group != bindings[i].group) {
			making->heading = group = bindings[i].group;
		}
		add_binding(making, &bindings[i]);
	}
}

static void add_others(struct making *making, const char *heading, bool keyless) {
	making->heading = heading;
	for (size_t i = 0; i < binding_count; i++) {
		bool keys = has_key(&making->model->keymap, &bindings[i]);
		bool elsewhere = keys && !(bindings[i].places & making->help->place);
		if (keyless ? !keys && bindings[i].command : elsewhere) {
			add_binding(making, &bindings[i]);
		}
	}
}

/* Most of a list is understood without; what the signs in front of a row say is told here. */
static void add_signs(struct making *making) {
	making->heading = "Signs of signatures";
	for (size_t i = 0; i < VERDICT_COUNT; i++) {
		const struct verdict_style *sign = verdict_style((enum verdict)i);
		add_text(making, sign, verdict_name((enum verdict)i), sign->brief);
	}
}

static void add_badge(struct making *making, const struct badge *badge) {
	bool found =
		!making->needle || holds(making->needle, badge->word) || holds(making->needle, badge->help);
	if (found) {
		put_below(
			making, &(struct help_line){.badge = badge, .label = badge->word, .text = badge->help});
	}
}

/* What stands in front of a row and behind its type. */
static void add_badges(struct making *making) {
	static const struct badge in_front[] = {
		{"\u2022", "*", "selected", "what keys then are about"},
		{"\u2605", "#", "marked", "by somebody here, for all to see"},
		{"\u2726", "&", "both", "selected and marked"},
	};
	making->heading = "Signs of events";
	for (size_t i = 0; i < sizeof in_front / sizeof *in_front; i++) {
		add_badge(making, &in_front[i]);
	}
	for (int kind = 0; kind < BADGE_COUNT; kind++) {
		add_badge(making, badge_of((enum badge_kind)kind));
	}
}

static void add_mouse(struct making *making) {
	making->heading = "The mouse";
	add_text(making, NULL, "a row", "chosen; twice: opened");
	add_text(making, NULL, "of a dialog", "does what Enter does there");
	add_text(making, NULL, "what sends", "or changes: only the second click does it");
	add_text(making, NULL, "outside", "of a box: closes it");
	add_text(making, NULL, "a key, a tab", "as if the key were pressed");
	add_text(making, NULL, "a title", "sorts by that column; again: turned round");
	add_text(making, NULL, "the divider", "is dragged; the wheel moves");
}

static void add_places(struct making *making) {
	const struct link_status *link = &making->model->link;
	making->heading = "Where";
	add_text(making, NULL, "webhooks to", link->ingest_url);
	add_text(making, NULL, "the relay", link->relay_url);
	add_text(making, NULL, "events in", link->store);
}

static void add_all(struct making *making) {
	add_keys_here(making);
	add_others(
		making, making->help->place == PLACE_LIST ? "In an open event" : "In the list", false);
	add_others(making, "By name alone", true);
	add_signs(making);
	add_badges(making);
	add_mouse(making);
	add_places(making);
}

/* --- where they stand --- */

bool help_can_choose(const struct help_line *line) {
	return line->binding || line->text;
}

static void choose(struct help *help, size_t wanted) {
	help->chosen = help->count;
	for (size_t i = 0; i < help->count; i++) {
		if (help_can_choose(&help->lines[i]) && help->choices++ <= wanted) {
			help->chosen = i;
		}
	}
}

static void place_lines(struct help *help, struct area area) {
	if (area.rows >= 2 && area.columns >= 4) {
		help->area = layout_inset((struct area){area.x, area.y + 1, area.columns, area.rows - 1});
	}
	size_t across = help->area.columns / HELP_COLUMN;
	help->across = across > 0 ? across : 1;
	help->high = (help->count + help->across - 1) / help->across;
	size_t row = help->high > 0 && help->chosen < help->count ? help->chosen % help->high : 0;
	help->top = row >= help->area.rows ? row + 1 - help->area.rows : 0;
}

void help_make(struct help *help, const struct model *model, struct area area) {
	*help = (struct help){0};
	help->place = model->detail.open && model->detail_focused ? PLACE_DETAIL : PLACE_LIST;
	struct making making = {.help = help, .model = model};
	struct needle *needle = NULL;
	if (model->help.needle.len > 0) {
		needle = needle_new(buffer_span(&model->help.needle), true);
		making.needle = needle;
	}
	add_all(&making);
	needle_free(needle);
	choose(help, model->help.chosen);
	place_lines(help, area);
}
