/* What the panes of the detail say, as documents. One file a pane. */
#pragma once

#include "tui/screen/model.h"

/* What is known of the event: the captured bytes are in `detail`. Each fills an empty document. */
void pane_payload(struct document *document, const struct detail *detail);
/* The boundary of its parts, which are shown one by one as long as no form is chosen; empty: it has none. */
struct span pane_payload_boundary(const struct detail *detail);
/* In its place: a command that was given the payload, and what it wrote. */
void pane_piped(struct document *document, const struct piped *piped);
/* Head and body as they came, line ends of the head included. */
void pane_raw(struct document *document, const struct detail *detail);
void pane_headers(struct document *document, const struct detail *detail);
void pane_signature(struct document *document, const struct detail *detail);
/* Tries of the day of `now_ms` are told without their day. detail->attempt_shown comes first, with its answer in full; of the others what happened. */
/* When the event is tried again; in front of the attempts. */
void pane_due(
	struct document *document, const struct dues *dues, const struct uuid *event, int64_t now_ms);
void pane_attempts(struct document *document, const struct detail *detail,
	const struct keymap *keymap, int64_t now_ms);
