/* One line a record to stderr, every foreign byte escaped, floods held back. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum log_level { LOG_ERROR, LOG_WARNING, LOG_INFO, LOG_DEBUG };

/*
 * `json`: one JSON object a line instead of text. Repeats of one message beyond 10 a second are counted and told as one
 * line ("... 2314 more like this"). Never give it a body, a token, a secret or a signature.
 */
void log_setup(enum log_level most, bool json);

/* `message` is constant text, followed by pairs of key and value in `format` ("endpoint=%s seq=%lld"); the whole line is escaped. */
void log_write(enum log_level level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The level that is let through. */
enum log_level log_most(void);
