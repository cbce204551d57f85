#include "tui/commands/arguments.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/shell.h"
#include "common/text.h"

/* The tables of one command, flattened for getopt_long. */
struct parser {
	const struct option_row *rows[ARGUMENTS_ROWS_MAX];
	size_t count;
	struct option longs[ARGUMENTS_ROWS_MAX + 1];
	char shorts[2 * ARGUMENTS_ROWS_MAX + 2];
};

static void add_row(struct parser *parser, const struct option_row *row) {
	if (parser->count == ARGUMENTS_ROWS_MAX) {
		abort(); /* a table in this program is too long */
	}
	parser->longs[parser->count] =
		(struct option){.name = row->name, .has_arg = row->value ? required_argument : no_argument};
	parser->rows[parser->count++] = row;
	if (row->letter) {
		char *end = parser->shorts + strlen(parser->shorts);
		*end++ = row->letter;
		if (row->value) {
			*end++ = ':';
		}
		*end = '\0';
	}
}

static void flatten(struct parser *parser, const struct option_row *const *tables) {
	*parser = (struct parser){.shorts = ":"};
	for (; *tables; tables++) {
		for (const struct option_row *row = *tables; row->name; row++) {
			add_row(parser, row);
		}
	}
}

static const struct option_row *find_letter(const struct parser *parser, int letter) {
	for (size_t i = 0; i < parser->count; i++) {
		if (parser->rows[i]->letter && parser->rows[i]->letter == letter) {
			return parser->rows[i];
		}
	}
	return NULL;
}

/* The word of argv the option just read was written in. */
static const char *word_read(char **argv) {
	const char *last = argv[optind - 1];
	return optarg == last && optind > 1 ? argv[optind - 2] : last;
}

static bool unknown_option(const struct parser *parser, const char *word, struct error *err) {
	const char *names[ARGUMENTS_ROWS_MAX];
	char name[64];
	for (size_t i = 0; i < parser->count; i++) {
		names[i] = parser->rows[i]->name;
	}
	snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
	const char *nearest = text_nearest(name, names, parser->count);
	if (!nearest) {
		return error_set(err, ERROR_USAGE, "unknown option %s", word);
	}
	return error_set(err, ERROR_USAGE, "unknown option %s, did you mean --%s?", word, nearest);
}

/* getopt_long takes any unambiguous beginning of a name; a later option would then break a script. */
static bool is_written_out(const struct option_row *row, const char *word) {
	size_t len = strlen(row->name);
	return strncmp(word, "--", 2) == 0 && strncmp(word + 2, row->name, len) == 0 &&
	       (word[2 + len] == '\0' || word[2 + len] == '=');
}

static bool take(struct arguments *arguments, const struct option_row *row, struct error *err) {
	if (arguments->given_count == ARGUMENTS_GIVEN_MAX) {
		return error_set(err, ERROR_USAGE, "too many options");
	}
	arguments->given[arguments->given_count].row = row;
	arguments->given[arguments->given_count].value = optarg;
	arguments->given_count++;
	return true;
}

/* What getopt_long stopped at: `result` is ':' or '?'. */
static bool refuse(const struct parser *parser, char **argv, int result, struct error *err) {
	const char *word = argv[optind - 1];
	if (result == ':') {
		return error_set(err, ERROR_USAGE, "%s needs a value", word);
	}
	if (optopt != 0 && strncmp(word, "--", 2) != 0) {
		return error_set(err, ERROR_USAGE, "unknown option -%c", optopt);
	}
	for (size_t i = 0; i < parser->count; i++) {
		if (is_written_out(parser->rows[i], word)) {
			return error_set(err, ERROR_USAGE, "%s takes no value", word);
		}
	}
	return unknown_option(parser, word, err);
}

bool arguments_parse(struct arguments *arguments, int argc, char **argv,
	const struct option_row *const *tables, struct error *err) {
	struct parser parser;
	flatten(&parser, tables);
	*arguments = (struct arguments){0};
	opterr = 0;
	optind = 0; /* GNU and musl: begin anew, forgetting an earlier line */
	for (;;) {
		int index = -1;
		int result = getopt_long(argc, argv, parser.shorts, parser.longs, &index);
		if (result == -1) {
			break;
		}
		if (result == '?' || result == ':') {
			return refuse(&parser, argv, result, err);
		}
		const struct option_row *row =
			result == 0 ? parser.rows[index] : find_letter(&parser, result);
		if (result == 0 && !is_written_out(row, word_read(argv))) {
			return unknown_option(&parser, word_read(argv), err);
		}
		if (!take(arguments, row, err)) {
			return false;
		}
	}
	arguments->words = argv + optind;
	arguments->word_count = (size_t)(argc - optind);
	return true;
}

bool arguments_has(const struct arguments *arguments, const char *name) {
	return arguments_nth(arguments, name, 0) != NULL;
}

const char *arguments_text(
	const struct arguments *arguments, const char *name, const char *fallback) {
	for (size_t i = arguments->given_count; i > 0; i--) {
		if (strcmp(arguments->given[i - 1].row->name, name) == 0) {
			return arguments->given[i - 1].value;
		}
	}
	return fallback;
}

const char *arguments_nth(const struct arguments *arguments, const char *name, size_t nth) {
	for (size_t i = 0; i < arguments->given_count; i++) {
		if (strcmp(arguments->given[i].row->name, name) == 0 && nth-- == 0) {
			return arguments->given[i].value ? arguments->given[i].value : "";
		}
	}
	return NULL;
}

bool arguments_int(const struct arguments *arguments, const char *name, int64_t least, int64_t most,
	int64_t *value, struct error *err) {
	const char *text = arguments_text(arguments, name, NULL);
	if (!text) {
		return true;
	}
	char *end;
	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (end == text || *end || errno || number < least || number > most) {
		return error_set(err, ERROR_USAGE, "--%s: expected a number from %lld to %lld, not \"%s\"",
			name, (long long)least, (long long)most, text);
	}
	*value = number;
	return true;
}

/* Milliseconds of a unit, 0: not one. */
static int64_t unit_ms(const char *unit) {
	static const struct {
		const char *name;
		int64_t ms;
	} units[] = {{"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60000}, {"h", 3600000}};
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(unit, units[i].name) == 0) {
			return units[i].ms;
		}
	}
	return 0;
}

bool arguments_duration_ms(const struct arguments *arguments, const char *name, int64_t least_ms,
	int64_t most_ms, int64_t *value_ms, struct error *err) {
	const char *text = arguments_text(arguments, name, NULL);
	if (!text) {
		return true;
	}
	char *end;
	double number = strtod(text, &end);
	double ms = number * (double)unit_ms(end);
	if (end == text || !(ms >= (double)least_ms) || !(ms <= (double)most_ms)) {
		return error_set(err, ERROR_USAGE,
			"--%s: expected a time from %lldms to %lldms such as 250ms, 10s or 5m, not \"%s\"",
			name, (long long)least_ms, (long long)most_ms, text);
	}
	*value_ms = (int64_t)ms;
	return true;
}

static void append_option(struct buffer *out, const struct option_row *row, const char *value) {
	buffer_printf(out, "%s--%s", out->len > 0 ? " " : "", row->name);
	if (row->value) {
		buffer_append_byte(out, ' ');
		shell_append_word(out, span_text(value));
	}
}

void arguments_append_given(struct buffer *out, const struct arguments *arguments,
	const struct option_row *table, const char *except) {
	for (; table->name; table++) {
		if (arguments_has(arguments, table->name) &&
			!(except && strcmp(except, table->name) == 0)) {
			append_option(out, table, arguments_text(arguments, table->name, ""));
		}
	}
}
