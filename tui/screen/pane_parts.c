#include "tui/screen/pane_parts.h"

#include "common/words.h"

/* Further lines of a wrapped header are set in a little, so that they do not look like one. */
#define HEADER_INDENT 2

void pane_fact_name(struct document *document, const char *name) {
	document_print(document, STYLE_FAINT, "%-*s", PANE_FACT_COLUMNS, name);
}

void pane_fact(struct document *document, const char *name, struct span text, unsigned style) {
	if (text.len > 0) {
		pane_fact_name(document, name);
		document_add(document, text, style);
		document_end_line(document, PANE_FACT_COLUMNS);
	}
}

void pane_heading(struct document *document, const char *text) {
	document_end_line(document, 0);
	document_add(document, span_text(text), STYLE_TITLE);
	document_end_line(document, 0);
}

bool pane_take_line(struct span *head, struct span *line) {
	if (head->len == 0) {
		return false;
	}
	*line = span_cut(head, '\n');
	line->len -= line->len > 0 && line->data[line->len - 1] == '\r';
	return line->len > 0;
}

struct span pane_header_name(struct span line) {
	size_t colon = span_find(line, ':');
	return (struct span){line.data, colon < line.len ? colon : 0};
}

void pane_header_line(struct document *document, struct span line) {
	struct span name = pane_header_name(line);
	document_add(document, name, STYLE_NAME);
	document_add(document, span_after(line, name.len), STYLE_TEXT);
	document_end_line(document, HEADER_INDENT);
}

struct span pane_header_value(struct span head, const char *name) {
	struct span line;
	while (pane_take_line(&head, &line)) {
		struct span here = pane_header_name(line);
		if (here.len > 0 && span_equal_nocase(here, span_text(name))) {
			return span_trim(span_after(line, here.len + 1));
		}
	}
	return (struct span){NULL, 0};
}

void pane_header_lines(struct document *document, struct span lines) {
	struct span line;
	while (pane_take_line(&lines, &line)) {
		pane_header_line(document, line);
	}
}

void pane_head(struct document *document, struct span head) {
	struct span line;
	if (pane_take_line(&head, &line)) {
		document_add(document, line, STYLE_TITLE);
		document_end_line(document, HEADER_INDENT);
		pane_header_lines(document, head);
	}
}

void pane_body_facts(
	struct document *document, enum document_form form, struct span head, struct span body) {
	static const char *const forms[] = {[DOCUMENT_JSON] = "as JSON",
		[DOCUMENT_TEXT] = "as text",
		[DOCUMENT_HEX] = "as bytes",
		[DOCUMENT_XML] = "as XML"};
	struct span type = pane_header_value(head, "Content-Type");
	struct buffer size = {0};
	words_append_size(&size, (int64_t)body.len);
	document_add(document, body.len > 0 ? buffer_span(&size) : span_text("no body"), STYLE_FAINT);
	buffer_clear(&size);
	document_add(document, span_text(type.len > 0 ? "  " : "  no content type"), STYLE_FAINT);
	document_add(document, type, STYLE_FAINT);
	if (body.len > 0) {
		document_print(document, STYLE_FAINT, "  %s", forms[form]);
	}
	document_end_line(document, 0);
}

void pane_body(
	struct document *document, enum document_form form, struct span head, struct span body) {
	pane_body_facts(document, form, head, body);
	document_add_payload(document, form, body);
}
