/* The request as it was received: nothing is indented, decoded or left out, and what cannot be printed is escaped. */
#include "tui/screen/pane.h"

void pane_raw(struct document *document, const struct detail *detail) {
	struct span body = buffer_span(&detail->body);
	enum document_form form = detail->form_chosen ? detail->form : document_form_of(body);
	document_add_payload(document, DOCUMENT_TEXT, buffer_span(&detail->head));
	document_add_payload(document, form == DOCUMENT_HEX ? DOCUMENT_HEX : DOCUMENT_TEXT, body);
	document_add_payload(document, DOCUMENT_TEXT, buffer_span(&detail->trailers));
}
