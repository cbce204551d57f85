/* An attempt with its event as a row of an audit table: JSON Lines and CSV. Pure. (A line for people is in lines.h.) */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "common/buffer.h"
#include "common/event.h"

/* Both borrowed. */
struct delivery_row {
	const struct attempt *attempt;
	const struct event *event;
	int64_t next_at_ns; /* the next attempt is due then; 0: none is */
	bool paused;        /* but it waits for somebody to resume it */
};

/*
 * Appends the object of the attempt, as in frames and exports, with "provider", "event_type", "verdict", "attempts" (of the event so far) and
 * "next_at" (or null) behind its members, and a newline.
 */
void delivery_row_json(struct buffer *out, const struct delivery_row *row);

/*
 * CSV as RFC 4180 has it, a head and rows, lines end in CR LF. A text that a spreadsheet would take for a formula (it begins with one
 * of = + - @, a tab or a line end) gets a single quote in front; bytes that are no printable text stand as text_escape writes them.
 */
void delivery_row_csv_head(struct buffer *out);
void delivery_row_csv(struct buffer *out, const struct delivery_row *row);
