/* hookline: finds the command and runs it; without one, the screen. */
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "common/standard_streams.h"
#include "tui/commands/commands.h"
#include "tui/commands/print.h"

static int run(int argc, char **argv) {
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		puts("hookline " HOOKLINE_VERSION);
		return 0;
	}
	if (command_is_screen(argc, argv)) {
		return command_main(&command_screen, argc, argv);
	}
	struct error err = {0};
	const struct command *command = command_find(argv[1], &err);
	return command ? command_main(command, argc - 1, argv + 1) : command_fail(NULL, &err);
}

int main(int argc, char **argv) {
	standard_streams_hold();
	setlocale(LC_CTYPE, "");
	/* A reader that went away is noticed by EPIPE: connections must not end the program. */
	signal(SIGPIPE, SIG_IGN);
	int code = run(argc, argv);
	struct error err = {0};
	switch (print_flush(&err)) {
	case PRINT_UNREAD:
		return EXIT_PIPE;
	case PRINT_FAILED:
		return code ? code : command_fail(NULL, &err);
	case PRINT_WRITTEN:
		break;
	}
	return code;
}
