/*
 * Turns canvases into what a terminal is to be sent; the only part that knows ncurses. It writes to memory and never to the
 * terminal: a terminal that does not read would make ncurses wait, and with it the loop.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "common/buffer.h"
#include "common/error.h"
#include "tui/screen/canvas.h"
#include "tui/screen/theme.h"

struct painter;

/*
 * For the terminal that TERM names. ERROR_USAGE when it is not known or cannot place text. `colour` false: attributes
 * alone. One at a time: ncurses has state of its own.
 */
struct painter *painter_new(size_t columns, size_t rows, bool colour, struct error *err);
void painter_free(struct painter *painter);

/* Other colours; THEME_AUTO to begin with. All of it is painted anew. */
void painter_theme(struct painter *painter, enum theme theme);

/* The terminal has another size; all of it is painted anew. */
void painter_resize(struct painter *painter, size_t columns, size_t rows);
/* All of it is painted anew with the next painter_paint. */
void painter_redraw(struct painter *painter);

/* Appends what makes the terminal show the canvas; takes the terminal over at first, and after painter_leave. */
void painter_paint(struct painter *painter, const struct canvas *canvas, struct buffer *out);

/* Appends what asks for the mouse and for marks around pasted text, where the terminal knows them. */
void painter_ask(const struct painter *painter, struct buffer *out);
/* Appends what gives the terminal back as it was. */
void painter_leave(struct painter *painter, struct buffer *out);
/* The same without a look at what is on the screen: for when nothing is left but to write a few bytes. */
void painter_rescue(const struct painter *painter, struct buffer *out);

/*
 * Appends what gives the terminal's window a title, where it has one; painter_leave gives it back the one it had. The text has to be
 * printable ASCII.
 */
void painter_title(const struct painter *painter, struct span text, struct buffer *out);

/* The terminal understands sequences that begin with ESC [ and ESC ]. */
bool painter_is_ansi(const struct painter *painter);
