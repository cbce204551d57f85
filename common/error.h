/* An error and its story, told from the inside out. */
#pragma once

#include <stdbool.h>

/* What kind of trouble it was; each has an exit code (see error_exit_code). */
enum error_code {
	ERROR_NONE,
	ERROR_USAGE,       /* the command line is wrong */
	ERROR_CONFIG,      /* a file of ours is wrong; the text begins with file:line:column */
	ERROR_IO,          /* the system said no: disk, socket, permission */
	ERROR_UNREACHABLE, /* no relay answers */
	ERROR_REFUSED,     /* the relay answered: not you, or not that */
	ERROR_APP,         /* the local application cannot be reached */
	ERROR_NO,          /* the answer is no: not found, not valid, not in time */
	ERROR_FULL,        /* a limit or the disk is reached; trying later makes sense */
};

/* Lives on the stack; there is nothing to free. Untouched by calls that succeed. */
struct error {
	enum error_code code;
	char text[512]; /* complete sentence, no newline; foreign bytes in it are not yet escaped */
};

/* Sets code and text; `err` may be NULL. Returns false, so that a failing function can `return error_set(...)`. */
bool error_set(struct error *err, enum error_code code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Puts "<what>: " in front of the text: what the caller was doing. Returns false. */
bool error_prefix(struct error *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The exit code a command ends with: 1 no, 2 usage, 3 unreachable, 4 refused, 5 configuration, 6 app; 1 for the rest. */
int error_exit_code(const struct error *err);
