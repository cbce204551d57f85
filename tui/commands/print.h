/* What several commands print, and how they ask. */
#pragma once

#include <stdbool.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/event.h"
#include "common/span.h"
#include "tui/client.h"
#include "tui/commands/arguments.h"

/* Writes the buffer to stdout and empties it. Failures show when stdout is flushed. */
void print_out(struct buffer *text);

/* Standard output is that file now: failures name it. `path` stays for good, as what stands on the command line does. */
void print_goes_to(const char *path);

/* What a shell reports for a program that SIGPIPE ended. */
#define EXIT_PIPE 141

enum print_outcome {
	PRINT_WRITTEN,
	PRINT_UNREAD, /* nobody reads it any more: no error of ours, and EXIT_PIPE */
	PRINT_FAILED, /* `err` says why */
};
/* Writes out what was printed so far, and says whether all of it was written. */
enum print_outcome print_flush(struct error *err);

/* The words of the command joined by blanks: a filter. Parsed once to refuse a wrong one before anything is asked. */
bool filter_from_words(
	struct buffer *out, const struct arguments *arguments, const char *option, struct error *err);

/* Appends `,"headers":[["Name","value"],...]`, bytes beyond ASCII as Latin-1. */
void json_member_headers(struct buffer *out, struct span head);

/* Appends `,"head_b64":"...","body_b64":"..."` and, when there are any, `,"trailers_b64"`. */
void json_member_bytes_of(struct buffer *out, const struct client_bytes *bytes);

/* Asks for a host to be typed on the terminal; true when it was. Without a terminal: false, and `err` names --yes-to. */
bool ask_host(const char *target, const char *host, struct error *err);

/*
 * Asks "question [y/N] " on the terminal; true for y or yes. Without a terminal on stdin: false, and `err` says that
 * --yes is needed.
 */
bool ask_yes(const char *question, struct error *err);

/* "stripe#0", which names what stands before the first event, counts as a reference here. */
bool position_parse(struct event_ref *ref, struct span text, struct error *err);
