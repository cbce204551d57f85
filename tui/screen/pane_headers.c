/* The head of the event as it was received, and what came behind its body. */
#include "tui/screen/pane.h"
#include "tui/screen/pane_parts.h"

void pane_headers(struct document *document, const struct detail *detail) {
	pane_head(document, buffer_span(&detail->head));
	if (detail->trailers.len > 0) {
		pane_heading(document, "trailers");
		document_add(document,
			span_text("came behind the body; they are never used to verify a signature"),
			STYLE_FAINT);
		document_end_line(document, 0);
		pane_header_lines(document, buffer_span(&detail->trailers));
	}
}
