/*
 * The terminal: takes canvases, gives keys. It gets its terminal back as it was on every way out: term_close, exit(), a crash (see
 * rescue.h), and SIGTERM, SIGINT or SIGQUIT where nobody else handles them. ncurses is known to painter.c (and terminfo.c) alone.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <uv.h>

#include "common/error.h"
#include "common/span.h"
#include "tui/screen/canvas.h"
#include "tui/screen/key.h"
#include "tui/screen/theme.h"

struct term;

/* All are called from the loop. */
struct term_events {
	void (*key)(void *data, uint32_t key);
	void (*mouse)(void *data, const struct mouse *mouse);
	/* Pasted at once (bracketed paste); valid during the call. */
	void (*paste)(void *data, struct span text);
	void (*resized)(void *data, size_t columns, size_t rows);
	/* Back from Ctrl-Z, or told to paint everything again. */
	void (*resumed)(void *data);
	/* The terminal is gone (hangup). */
	void (*gone)(void *data);
};

/*
 * Takes over the terminal of standard input and output. ERROR_USAGE when there is none, or when TERM names one that cannot
 * place text (dumb, unknown): the text says to use `hookline listen`. setlocale(LC_CTYPE, "") comes before. Colours are used
 * unless NO_COLOR is set.
 */
struct term *term_open(
	uv_loop_t *loop, const struct term_events *events, void *data, struct error *err);
/* Whether term_open has a chance: for those who do something else first. */
bool term_is_there(struct error *err);
/* Gives it back. Its handles are closed and it is freed in the next turn of the loop. May be called in an event. */
void term_close(struct term *term);

void term_size(const struct term *term, size_t *columns, size_t *rows);
/* The terminal is not UTF-8: canvases for it are to be ASCII. */
bool term_is_ascii(const struct term *term);

/*
 * Shows it; only what changed is written, and never waited for. While the terminal is busy the latest canvas is kept (a copy), and shown once
 * all before it is written: nobody has to try again. Does nothing while suspended.
 */
void term_show(struct term *term, const struct canvas *canvas);
/* The terminal has not taken all of the last frame yet (a slow line, Ctrl-S): painting another one is in vain. */
bool term_is_busy(const struct term *term);

/* Other colours, where there are any; everything is written anew with the next term_show. */
void term_theme(struct term *term, enum theme theme);
/* The title of the window, printable ASCII, cut at TERM_TITLE_LEN; written with the next frame, and the one it had comes back in the end. */
#define TERM_TITLE_LEN 120
void term_title(struct term *term, struct span text);
/* Everything is written anew with the next term_show. */
void term_redraw(struct term *term);

/* Gives the terminal back and stops the program, as Ctrl-Z does elsewhere; `resumed` comes afterwards. */
void term_suspend(struct term *term);

/*
 * Lends the terminal to another program, such as an editor, and takes it back, when `resumed` comes. In between nothing is shown and no
 * key is read; Ctrl-Z stops this program together with the other one.
 */
void term_lend(struct term *term);
void term_take_back(struct term *term);

/*
 * Text to the clipboard, as it is: through the terminal (OSC 52, up to TERM_CLIPBOARD_MAX bytes), which may ignore it without a word; so on a
 * desktop, or when it is longer, also through wl-copy, xclip, xsel or pbcopy, started without a shell. False: neither was possible.
 */
#define TERM_CLIPBOARD_MAX 74994
bool term_copy(struct term *term, struct span text, struct error *err);
