/* The body of the event. */
#include <string.h>

#include "common/http_chars.h"
#include "tui/screen/pane.h"
#include "tui/screen/pane_parts.h"

/* Of a form, so much is shown decoded; all of it stands above as it was received. */
#define FIELDS_MAX 500
#define FORM_LEN_MAX ((size_t)256 * 1024)

static bool is_form(const struct detail *detail) {
	struct span type = pane_header_value(buffer_span(&detail->head), "Content-Type");
	type = span_trim(span_cut(&type, ';'));
	return detail->body.len > 0 && detail->body.len <= FORM_LEN_MAX &&
	       span_equal_nocase(type, span_text("application/x-www-form-urlencoded"));
}

/* '+' is a blank, %HH a byte; what is no such escape stays. */
static void decode(struct buffer *out, struct span text) {
	for (size_t i = 0; i < text.len; i++) {
		int high = i + 2 < text.len ? http_hex_digit(text.data[i + 1]) : -1;
		int low = i + 2 < text.len ? http_hex_digit(text.data[i + 2]) : -1;
		bool escape = text.data[i] == '%' && high >= 0 && low >= 0;
		char plain = text.data[i] == '+' ? ' ' : text.data[i];
		buffer_append_byte(out, escape ? (char)(high * 16 + low) : plain);
		i += escape ? 2 : 0;
	}
}

static void add_field(struct document *document, struct span field) {
	struct buffer name = {0}, value = {0};
	struct span encoded = span_cut(&field, '=');
	decode(&name, encoded);
	decode(&value, field);
	document_add(document, buffer_span(&name), STYLE_NAME);
	document_add(document, span_text(" = "), STYLE_FAINT);
	document_add(document, buffer_span(&value), STYLE_STRING);
	document_end_line(document, 2);
	buffer_clear(&name);
	buffer_clear(&value);
}

static void add_fields(struct document *document, struct span body) {
	pane_heading(document, "decoded");
	for (int i = 0; body.len > 0 && i < FIELDS_MAX; i++) {
		add_field(document, span_cut(&body, '&'));
	}
	if (body.len > 0) {
		document_add(document, span_text("... and more"), STYLE_FAINT);
		document_end_line(document, 0);
	}
}

void pane_payload(struct document *document, const struct detail *detail) {
	struct span body = buffer_span(&detail->body);
	enum document_form form = detail->form_chosen ? detail->form : document_form_of(body);
	pane_body_facts(document, form, buffer_span(&detail->head), body);
	if (form == DOCUMENT_JSON && detail->payload.outline) {
		document_add_tree(document, body, detail->payload.outline, &detail->payload.folds);
	} else {
		document_add_payload(document, form, body);
	}
	if (form == DOCUMENT_TEXT && is_form(detail)) {
		add_fields(document, body);
	}
}
