/*
 * The words behind a command, read by its table of options. Parsing, `--help`, the manual page and shell completions
 * all come from that one table.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/error.h"

/* One option; a table of them ends with one whose name is NULL. */
struct option_row {
	const char *name; /* long name without dashes: "token-file" */
	char letter;      /* short form, 0: none */
	const char
		*value; /* what it takes, as the help shows it ("FILE"); NULL: nothing, it is a flag */
	const char *help; /* one line, without a full stop */
};

/* Most tables a command may have (its own, and shared ones), options in all, and options given at once. */
#define ARGUMENTS_TABLES_MAX 5
#define ARGUMENTS_ROWS_MAX 40
#define ARGUMENTS_GIVEN_MAX 256

/* What was given. All texts point into argv. Treat as opaque but for `words`. */
struct arguments {
	char **words; /* what is no option, in order */
	size_t word_count;

	/* private */
	struct {
		const struct option_row *row;
		const char *value;
	} given[ARGUMENTS_GIVEN_MAX];
	size_t given_count;
};

/*
 * Reads `argv[1..]` (argv[0] is the command) by the tables; `tables` ends with NULL. Long names must be written out.
 * ERROR_USAGE: unknown option (with the nearest one), missing or unwanted value, an option given too often.
 */
bool arguments_parse(struct arguments *arguments, int argc, char **argv,
	const struct option_row *const *tables, struct error *err);

/* Whether the option was given. */
bool arguments_has(const struct arguments *arguments, const char *name);

/* The value given last, or `fallback`. */
const char *arguments_text(
	const struct arguments *arguments, const char *name, const char *fallback);

/* The values of an option that may be repeated: `nth` from 0, NULL when there are no more. */
const char *arguments_nth(const struct arguments *arguments, const char *name, size_t nth);

/* A whole number between `least` and `most`; `*value` is left alone when the option was not given. */
bool arguments_int(const struct arguments *arguments, const char *name, int64_t least, int64_t most,
	int64_t *value, struct error *err);

/* "250ms", "10s", "5m", "2h" as milliseconds (a plain number is seconds); left alone when not given. */
bool arguments_duration_ms(const struct arguments *arguments, const char *name, int64_t least_ms,
	int64_t most_ms, int64_t *value_ms, struct error *err);

/*
 * Appends the options of one table as they were given, in its order, blanks between them, quoted for a shell: "--token-file 'my token'". The one
 * named `except` (may be NULL) is left out.
 */
void arguments_append_given(struct buffer *out, const struct arguments *arguments,
	const struct option_row *table, const char *except);
