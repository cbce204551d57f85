/*
 * What a command is. Each stands in a file of its own and offers one constant (`command_list` in list.c); the table
 * in command.c names them in the order of the help.
 */
#pragma once

#include <stdio.h>

#include "tui/commands/arguments.h"

struct command {
	const char *name;    /* "list"; "": the screen, which is there when no command is named */
	const char *summary; /* one line for the overview, small letter, no full stop */
	const char *usage;   /* behind the name: "[FILTER...] [--limit N]"; lines split by '\n' */
	const char *const *examples;      /* three lines at most, ended by NULL */
	const struct option_row *options; /* ended by a NULL name; may be NULL */
	bool delivers;                    /* takes those of deliver_flags.h, too */
	bool forwards;                    /* takes those of route_flags.h, too */
	bool uses_relay;                  /* takes the options of command_relay_options, too */
	bool changes; /* sends to the app, or changes history: refused with --readonly */
	/* "prove twice", ...: one of them must be named; ended by NULL, or NULL */
	const struct command *const *parts;
	/*
	 * Does it; returns the exit code. When `err` was set it is printed as "hookline NAME: ..." and its own exit
	 * code is used instead. Data goes to stdout, words to stderr.
	 */
	int (*run)(const struct arguments *arguments, struct error *err);
};

#define COMMANDS_MAX 32

/* In the order of the help; ended by NULL. The screen is not among them. */
extern const struct command *const commands[COMMANDS_MAX + 1];

/* What these words ask for: the screen when there are none, or an option or the URL of a relay comes first. */
bool command_is_screen(int argc, char **argv);

/* Options every command that talks to a relay takes, and those that every command takes. */
extern const struct option_row command_relay_options[];
extern const struct option_row command_common_options[];

/* --readonly was given, or HOOKLINE_READONLY says so (anything but nothing and 0). */
bool command_is_readonly(const struct arguments *arguments);

/* NULL when there is none; `err` names the nearest. */
const struct command *command_find(const char *name, struct error *err);

/* The part of a command that `word` names ("twice"), or NULL and `err`. */
const struct command *command_find_part(
	const struct command *command, const char *word, struct error *err);

/* The tables of its options, ended by NULL: for arguments_parse and whatever is made out of them. */
void command_tables(
	const struct command *command, const struct option_row *tables[ARGUMENTS_TABLES_MAX + 1]);

/* The help of one command, and the overview of all: at most one screen. That of the screen has the overview in it. */
void command_print_help(const struct command *command, FILE *out);
void command_print_overview(FILE *out);

/* Parses its words (argv[0] is its name), answers --help, runs it, prints what went wrong; returns the exit code. */
int command_main(const struct command *command, int argc, char **argv);

/* Prints "hookline NAME: text" escaped to stderr (`name` may be NULL) and returns the exit code of `err`. */
int command_fail(const char *name, const struct error *err);
