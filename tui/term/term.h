/*
 * The terminal; the only part that knows ncurses. Takes canvases, gives keys. Restores the terminal on every way out:
 * term_close, exit, and a crash (term_restore is safe in a signal handler).
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
 * place text (dumb, unknown): the text says to use `hookline listen`.
 */
struct term *term_open(
	uv_loop_t *loop, const struct term_events *events, void *data, struct error *err);
void term_close(struct term *term);

void term_size(const struct term *term, size_t *columns, size_t *rows);
/* The terminal is not UTF-8: canvases for it are to be ASCII. */
bool term_is_ascii(const struct term *term);

/* Shows it; only what changed is written. Never blocks for longer than the terminal's own buffer takes: see term_is_busy. */
void term_show(struct term *term, const struct canvas *canvas);

/* Everything is written anew with the next term_show. */
void term_redraw(struct term *term);

/* Gives the terminal back and stops the program, as Ctrl-Z does elsewhere; `resumed` comes afterwards. */
void term_suspend(struct term *term);

/* Text to the clipboard: OSC 52 first (bounded by TERM_CLIPBOARD_MAX), else one of wl-copy, xclip, xsel, pbcopy, started without a shell. */
#define TERM_CLIPBOARD_MAX 74994
bool term_copy(struct term *term, struct span text, struct error *err);
