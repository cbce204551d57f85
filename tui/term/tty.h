/* The terminal as a device: its descriptor, its modes, its size. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#include "common/error.h"

/* Whether standard input and output are a terminal; ERROR_USAGE says what to do without. */
bool tty_is_there(struct error *err);

/*
 * Opens the terminal of standard input and output once more and returns its descriptor, or -1: one of our own can be made not to
 * wait without the shell noticing, which shares the standard ones. ERROR_USAGE when they are no terminal.
 */
int tty_open(struct error *err);

/* Every byte comes as it is typed, none is echoed or turned into a signal, and what is written is not changed. */
void tty_make_raw(int fd, const struct termios *saved);
void tty_set(int fd, const struct termios *modes);

/* Never 0: 80x24 where the terminal does not say. */
void tty_size(int fd, size_t *columns, size_t *rows);
