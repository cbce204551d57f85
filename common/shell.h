/* Words as a POSIX shell takes them: what is shown to be copied into a terminal does there what it says. */
#pragma once

#include "common/buffer.h"
#include "common/span.h"

/* Appends `text` in single quotes; a single quote in it becomes '\''. Any byte but NUL comes out of the shell as it is. */
void shell_append_quoted(struct buffer *out, struct span text);

/*
 * The same, but without quotes where no shell (not zsh either) would read anything into it: letters, digits and @%+=:,./_-#, not beginning with
 * one of = #. The empty word is ''.
 */
void shell_append_word(struct buffer *out, struct span word);
