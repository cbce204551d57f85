/* The help: what stands in it can be searched, and carried out. */
#include "tui/screen/help.h"
#include "tui/screen/layout.h"
#include "tui/screen/update_parts.h"

#define PAGE 10

void help_open(struct model *model) {
	buffer_reset(&model->help.needle);
	model->help.chosen = 0;
	model->dialog = (struct dialog){.kind = DIALOG_HELP};
}

void help_search(struct model *model, struct span needle) {
	help_open(model);
	buffer_append_span(&model->help.needle, needle);
}

/* To the line beside it. */
static void move_across(struct model *model, const struct help *help, bool right) {
	size_t line = 0, wanted = help->chosen + help->high, choice = 0;
	if (!right) {
		wanted = help->chosen >= help->high ? help->chosen - help->high : help->chosen;
	}
	for (; line < help->count && line < wanted; line++) {
		choice += help_can_choose(&help->lines[line]);
	}
	if (wanted < help->count) {
		model->help.chosen = choice;
	}
}

/* What takes something behind its name is asked for it, unless a key does it without. */
static void carry_out(struct model *model, const struct binding *binding) {
	model->dialog.kind = DIALOG_NONE;
	if (keymap_keys(&model->keymap, binding)[0] == 0 && binding->argument) {
		struct buffer text = {0};
		buffer_printf(&text, "%s ", binding->command);
		prompt_open(model, PROMPT_COMMAND, buffer_span(&text));
		buffer_clear(&text);
		return;
	}
	if (binding->places == PLACE_DETAIL && !in_detail(model)) {
		act(model, ACTION_OPEN, (struct span){0});
	} else if (binding->places == PLACE_LIST && in_detail(model)) {
		act(model, ACTION_PANE_LIST, (struct span){0});
	}
	act(model, binding->action, (struct span){0});
}

bool help_is_harmless(const struct model *model) {
	struct help help;
	help_make(&help, model, layout_above_bar(model));
	const struct binding *binding =
		help.chosen < help.count ? help.lines[help.chosen].binding : NULL;
	return binding && !action_changes(binding->action) && binding->action != ACTION_QUIT &&
	       binding->action != ACTION_SUSPEND;
}

/* Any key that does nothing here closes the help and does what it does. */
void help_key(struct model *model, uint32_t key) {
	struct help help;
	help_make(&help, model, layout_above_bar(model));
	enum action action = keymap_action(&model->keymap, key, help.place);
	int64_t by = rows_of_action(action, PAGE, PAGE, HELP_LINES);
	if (by != 0) {
		model->help.chosen = rows_move(model->help.chosen, by, help.choices);
	} else if (key == KEY_LEFT_ARROW || key == KEY_RIGHT_ARROW) {
		move_across(model, &help, key == KEY_RIGHT_ARROW);
	} else if (action == ACTION_FILTER || action == ACTION_FIND) {
		prompt_open(model, PROMPT_HELP, buffer_span(&model->help.needle));
	} else if (key == KEY_ENTER_KEY && help.chosen < help.count) {
		const struct binding *binding = help.lines[help.chosen].binding;
		if (binding) {
			carry_out(model, binding);
		}
	} else if (action == ACTION_BACK && model->help.needle.len > 0) {
		help_open(model);
	} else {
		dialog_leave(model, action, ACTION_HELP);
	}
}
