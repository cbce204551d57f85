/*
 * Gives the terminal back when nothing else gets to: on exit() and on signals that end the program. What is to be written is
 * prepared, so that a signal handler only writes.
 */
#pragma once

#include <termios.h>

#include "common/span.h"

/* The most that `text` may be. */
#define RESCUE_TEXT_MAX 512

/*
 * From now on the terminal at `fd` gets `text` and the modes `saved` when the program ends: by exit(), by a crash, or by SIGTERM, SIGINT,
 * SIGQUIT or SIGHUP where nobody else handles them. The signal then goes on to whoever had it before. One at a time.
 */
void rescue_arm(int fd, const struct termios *saved, struct span text);

/* The terminal has been given back. */
void rescue_disarm(void);
