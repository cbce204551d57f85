#include "tui/commands/command.h"

#include <stdlib.h>
#include <string.h>

#include "common/text.h"
#include "tui/commands/commands.h"
#include "tui/commands/deliver_flags.h"
#include "tui/commands/route_flags.h"

const struct command *const commands[COMMANDS_MAX + 1] = {
	&command_listen,
	&command_list,
	&command_show,
	&command_diff,
	&command_mark,
	&command_replay,
	&command_edit,
	&command_send,
	&command_retries,
	&command_prove,
	&command_wait,
	&command_test,
	&command_deliveries,
	&command_stats,
	&command_timeline,
	&command_export,
	&command_endpoint,
	&command_explain,
	&command_verify,
	&command_sign,
	&command_provider,
	&command_demo,
	&command_help,
	NULL,
};

const struct option_row command_relay_options[] = {
	{"relay", 0, "URL", "the relay's stream address (HOOKLINE_RELAY, else ws://127.0.0.1:8081)"},
	{"token-file", 0, "FILE", "the token for it; others must not be able to read the file"},
	{"readonly", 0, NULL, "only look: what would change anything is refused"},
	{"ca-file", 0, "FILE", "certificates to trust for wss://, instead of the system's"},
	{NULL},
};

const struct option_row command_common_options[] = {
	{"help", 'h', NULL, "show this"},
	{NULL},
};

const struct command *command_find(const char *name, struct error *err) {
	for (size_t i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, name) == 0) {
			return commands[i];
		}
	}
	const char *names[COMMANDS_MAX];
	size_t count = 0;
	for (; commands[count]; count++) {
		names[count] = commands[count]->name;
	}
	const char *nearest = text_nearest(name, names, count);
	if (nearest) {
		error_set(err, ERROR_USAGE, "unknown command \"%s\", did you mean \"%s\"?", name, nearest);
	} else {
		error_set(err, ERROR_USAGE, "unknown command \"%s\"", name);
	}
	return NULL;
}

void command_tables(
	const struct command *command, const struct option_row *tables[ARGUMENTS_TABLES_MAX + 1]) {
	size_t count = 0;
	if (command->options) {
		tables[count++] = command->options;
	}
	if (command->forwards) {
		tables[count++] = route_option_rows;
	}
	if (command->delivers) {
		tables[count++] = deliver_option_rows;
	}
	if (command->uses_relay) {
		tables[count++] = command_relay_options;
	}
	tables[count++] = command_common_options;
	tables[count] = NULL;
}

/* Behind the last blank of "prove twice". */
static const char *last_word(const struct command *command) {
	const char *blank = strrchr(command->name, ' ');
	return blank ? blank + 1 : command->name;
}

const struct command *command_find_part(
	const struct command *command, const char *word, struct error *err) {
	struct buffer names = {0};
	for (size_t i = 0; command->parts[i]; i++) {
		if (word && strcmp(last_word(command->parts[i]), word) == 0) {
			buffer_clear(&names);
			return command->parts[i];
		}
		buffer_printf(&names, "%s%s", i > 0 ? ", " : "", last_word(command->parts[i]));
	}
	error_set(err, ERROR_USAGE, "say which: %s", buffer_text(&names));
	buffer_clear(&names);
	return NULL;
}

static void print_row(const struct option_row *row, FILE *out) {
	char names[64];
	const char *value = row->value ? row->value : "";
	const char *blank = row->value ? " " : "";
	if (row->letter) {
		snprintf(names, sizeof names, "-%c, --%s%s%s", row->letter, row->name, blank, value);
	} else {
		snprintf(names, sizeof names, "--%s%s%s", row->name, blank, value);
	}
	fprintf(out, "  %-24s %s\n", names, row->help);
}

bool command_is_screen(int argc, char **argv) {
	return argc < 2 || argv[1][0] == '-' || strncmp(argv[1], "ws://", 5) == 0 ||
	       strncmp(argv[1], "wss://", 6) == 0;
}

static void print_usage(const struct command *command, FILE *out) {
	const char *rest = command->usage, *blank = *command->name ? " " : "";
	const char *lead = "usage:";
	do {
		size_t len = strcspn(rest, "\n");
		fprintf(out, "%-6s hookline%s%s %.*s\n", lead, blank, command->name, (int)len, rest);
		rest += len + (rest[len] == '\n');
		lead = "";
	} while (*rest);
}

void command_print_help(const struct command *command, FILE *out) {
	if (*command->name) {
		fprintf(out, "hookline %s: %s\n\n", command->name, command->summary);
		print_usage(command, out);
		fputc('\n', out);
	} else {
		command_print_overview(out);
		fputs("\noptions of the screen:\n", out);
	}
	const struct option_row *tables[ARGUMENTS_TABLES_MAX + 1];
	command_tables(command, tables);
	for (size_t i = 0; tables[i]; i++) {
		for (const struct option_row *row = tables[i]; row->name; row++) {
			print_row(row, out);
		}
	}
	for (size_t i = 0; command->parts && command->parts[i]; i++) {
		fprintf(out, "  %-24s %s\n", last_word(command->parts[i]), command->parts[i]->summary);
	}
	if (command->examples) {
		fputs("\nexamples:\n", out);
	}
	for (size_t i = 0; command->examples && command->examples[i]; i++) {
		fprintf(out, "  %s\n", command->examples[i]);
	}
}

void command_print_overview(FILE *out) {
	fputs(
		"hookline: webhooks on your screen, byte for byte, forwarded to localhost and replayed\n\n",
		out);
	print_usage(&command_screen, out);
	fputs("       hookline COMMAND [options]      hookline help COMMAND      hookline --version\n\n"
		  "without a command: the screen; hookline --help has its options\n\n",
		out);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
	}
}

int command_fail(const char *name, const struct error *err) {
	fflush(stdout);
	struct buffer text = {0};
	name = name && *name ? name : NULL;
	text_escape(&text, span_text(err->text), TEXT_LINE);
	fprintf(stderr, "hookline%s%s: %s\n", name ? " " : "", name ? name : "", buffer_text(&text));
	buffer_clear(&text);
	if (err->code == ERROR_USAGE) {
		fprintf(stderr, "try: hookline %s%s\n", name ? "help " : "--help", name ? name : "");
	}
	return error_exit_code(err);
}

bool command_is_readonly(const struct arguments *arguments) {
	const char *value = getenv("HOOKLINE_READONLY");
	bool said = value && *value && strcmp(value, "0") != 0;
	return said || arguments_has(arguments, "readonly");
}

static bool asks_for_help(int argc, char **argv) {
	return argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0);
}

static int main_of_part(const struct command *command, int argc, char **argv) {
	struct error err = {0};
	const struct command *part = command_find_part(command, argc > 1 ? argv[1] : NULL, &err);
	return part ? command_main(part, argc - 1, argv + 1) : command_fail(command->name, &err);
}

int command_main(const struct command *command, int argc, char **argv) {
	const struct option_row *tables[ARGUMENTS_TABLES_MAX + 1];
	if (command->parts && !asks_for_help(argc, argv)) {
		return main_of_part(command, argc, argv);
	}
	command_tables(command, tables);
	struct arguments arguments;
	struct error err = {0};
	if (!arguments_parse(&arguments, argc, argv, tables, &err)) {
		return command_fail(command->name, &err);
	}
	if (arguments_has(&arguments, "help")) {
		command_print_help(command, stdout);
		return 0;
	}
	if (command->changes && command_is_readonly(&arguments)) {
		error_set(&err, ERROR_REFUSED, "this changes things, and only looking is allowed here (%s)",
			arguments_has(&arguments, "readonly") ? "--readonly" : "HOOKLINE_READONLY");
		return command_fail(command->name, &err);
	}
	int code = command->run(&arguments, &err);
	return err.code == ERROR_NONE ? code : command_fail(command->name, &err);
}
