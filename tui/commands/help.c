/* hookline help: the overview, or one command. */
#include "tui/commands/commands.h"

static int run(const struct arguments *arguments, struct error *err) {
	if (arguments->word_count == 0) {
		command_print_overview(stdout);
		return 0;
	}
	const struct command *command = command_find(arguments->words[0], err);
	if (command && command->parts && arguments->word_count > 1) {
		command = command_find_part(command, arguments->words[1], err);
	}
	if (command) {
		command_print_help(command, stdout);
	}
	return 0;
}

static const char *const examples[] = {"hookline help", "hookline help listen", NULL};

const struct command command_help = {
	.name = "help",
	.summary = "how to use a command",
	.usage = "[COMMAND]",
	.examples = examples,
	.run = run,
};
