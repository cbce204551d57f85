/*
 * Events and attempts as lines for people. Pure: everything foreign passes text_escape; on a terminal a line never
 * grows beyond its width.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "common/buffer.h"
#include "common/event.h"

/* How lines are written. */
struct line_style {
	size_t
		width; /* columns a line may have, at least those of the terminal; 0: no terminal, nothing is cut */
	unsigned flags; /* of text_escape: TEXT_ASCII where the terminal is not UTF-8 */
	bool colour;
};

/* What fits `out`: its width, its character set (after setlocale), colours unless NO_COLOR or TERM=dumb. */
struct line_style line_style_of(FILE *out);

/* "03:43:41  stripe#1042  stripe  charge.succeeded  valid  1.1 kB  POST /hooks", what was done with a handshake, or that it was made here, and a newline. */
void line_event(struct buffer *out, const struct event *event, const struct line_style *style);

/*
 * "03:43:41  stripe#1042  -> 200  12 ms" and a newline, or what went wrong instead. `who` is told when it is not
 * `self`.
 */
void line_attempt(struct buffer *out, const struct attempt *attempt, const char *self,
	const struct line_style *style);

/* The same two, or (`json`) the JSON that stands for it; a newline behind it. */
void line_event_or_json(
	struct buffer *out, const struct event *event, bool json, const struct line_style *style);
void line_attempt_or_json(struct buffer *out, const struct attempt *attempt, bool json,
	const char *self, const struct line_style *style);

/* The head of the table of `list`, and a row of it. */
void line_list_head(struct buffer *out, const struct line_style *style);
void line_list(struct buffer *out, const struct event *event, const struct line_style *style);

/*
 * The head of the table of `deliveries`, and a row of it: when, event, type, attempt n of m, cause, status, how long it took, who, target, then the error and when
 * the next attempt is due.
 */
struct delivery_row;
void line_delivery_head(struct buffer *out, const struct line_style *style);
void line_delivery(
	struct buffer *out, const struct delivery_row *row, const struct line_style *style);

/* Text in a colour, if `style` has any: 'g'reen, 'r'ed, 'y'ellow, 'd'im, 'b'old. `text` is already escaped. */
void line_append_coloured(
	struct buffer *out, const struct line_style *style, char colour, struct span text);
/* The colour of a verdict, and of what an app answered (0: none yet, -1: failed). */
char line_colour_of_verdict(enum verdict verdict);
char line_colour_of_status(int64_t status);
