/*
 * What was done on the screen, as the command lines that do the same: `@` shows them and copies them. Whatever is done and has a
 * command adds its line here.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/span.h"

/* Lines that are kept, and bytes of all of them together; the oldest go first. A single line beyond the bytes is not kept. */
#define COMMAND_LOG_LINES_MAX 200
#define COMMAND_LOG_BYTES_MAX (256 * 1024)

/* What every line ends with: "--relay wss://relay.example.com --token-file token". */
#define COMMAND_LOG_OPTIONS_LEN 1024

struct model;

struct command_line {
	char *text;    /* as it is typed in a shell, without a line end */
	int64_t at_ms; /* when it was done last */
};

struct command_log {
	struct command_line lines[COMMAND_LOG_LINES_MAX]; /* oldest first */
	size_t count, bytes;
	/* of how hookline was started, quoted already; "" when nothing is needed */
	char relay_options[COMMAND_LOG_OPTIONS_LEN];   /* behind all lines: --relay, --token-file */
	char deliver_options[COMMAND_LOG_OPTIONS_LEN]; /* behind those that deliver: --anywhere */
};

/*
 * Puts a command at the end: "hookline replay stripe#1042 --to localhost:3000". Options that say which relay are put behind it. The
 * same line as the last one stands there once, with the later time.
 */
void command_log_add(struct model *model, const char *line);

/* The same, for what sends to an app: the options of deliveries are put behind it, too. */
void command_log_add_delivery(struct model *model, const char *line);

/* Appends a blank and the word, quoted for a shell where it needs that. */
void command_log_word(struct buffer *line, struct span word);

/* The line that is `nth` from the newest (0), or NULL. */
const struct command_line *command_log_newest(const struct command_log *log, size_t nth);

void command_log_clear(struct command_log *log);
