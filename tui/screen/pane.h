/* What the panes of the detail say, as documents. One file a pane. */
#pragma once

#include "tui/screen/model.h"

/* What is known of the event: the captured bytes are in `detail`. Each fills an empty document. */
void pane_payload(struct document *document, const struct detail *detail);
void pane_headers(struct document *document, const struct detail *detail);
void pane_signature(struct document *document, const struct detail *detail);
/* `now_ms` for ages. The answer of detail->attempt_shown in full, of the others a line or two. */
void pane_attempts(struct document *document, const struct detail *detail, int64_t now_ms);
