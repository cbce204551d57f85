/*
 * Text on its way to the clipboard: through the terminal (OSC 52), which reaches the person's own machine over ssh as well, or through
 * a program of the desktop.
 */
#pragma once

#include <stdbool.h>
#include <uv.h>

#include "common/buffer.h"
#include "common/error.h"
#include "common/span.h"

/*
 * Appends what makes a terminal put `text` on its clipboard. `through_tmux`: once more, wrapped for the terminal around tmux,
 * in case tmux does not pass it on by itself.
 */
void clipboard_sequence(struct buffer *out, struct span text, bool through_tmux);

/* Whether a program of the desktop can reach the clipboard of the person in front of it. */
bool clipboard_has_desktop(void);

/*
 * Starts the first of wl-copy, xclip, xsel and pbcopy there is, without a shell, and hands it the text (copied). It is not
 * waited for; at most CLIPBOARD_PROGRAMS at once. ERROR_NO: none is installed; ERROR_FULL: the ones before still run.
 */
#define CLIPBOARD_PROGRAMS 4
struct clipboard;
struct clipboard *clipboard_new(uv_loop_t *loop);
void clipboard_free(struct clipboard *clipboard);
bool clipboard_start(struct clipboard *clipboard, struct span text, struct error *err);
