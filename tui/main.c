/* hookline: finds the command and runs it. */
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "tui/commands/command.h"

/* What a shell reports for a program that SIGPIPE ended. */
#define EXIT_PIPE 141

static int run(int argc, char **argv) {
	if (argc < 2 || strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0) {
		command_print_overview(stdout);
		return 0;
	}
	if (strcmp(argv[1], "--version") == 0) {
		puts("hookline " HOOKLINE_VERSION);
		return 0;
	}
	struct error err = {0};
	if (argv[1][0] == '-') {
		error_set(&err, ERROR_USAGE, "unknown option %s", argv[1]);
		return command_fail(NULL, &err);
	}
	const struct command *command = command_find(argv[1], &err);
	return command ? command_main(command, argc - 1, argv + 1) : command_fail(NULL, &err);
}

int main(int argc, char **argv) {
	setlocale(LC_CTYPE, "");
	/* A reader that went away is noticed by EPIPE: connections must not end the program. */
	signal(SIGPIPE, SIG_IGN);
	int code = run(argc, argv);
	if (fflush(stdout) == 0 && !ferror(stdout)) {
		return code;
	}
	if (errno == EPIPE) {
		return EXIT_PIPE;
	}
	fprintf(stderr, "hookline: write to standard output: %s\n", strerror(errno));
	return code ? code : 1;
}
