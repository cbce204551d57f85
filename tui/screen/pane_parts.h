/* What several panes say in the same words. */
#pragma once

#include "common/span.h"
#include "tui/screen/document.h"

/* Where what is told stands, behind its name. */
#define PANE_FACT_COLUMNS 12

/* "reason      the signature matches": a name of ours and a text, on a line of its own; nothing when the text is empty. */
void pane_fact(struct document *document, const char *name, struct span text, unsigned style);
/* The name alone, for those who go on with document_add; ends with document_end_line(document, PANE_FACT_COLUMNS). */
void pane_fact_name(struct document *document, const char *name);

/* A heading, with an empty line in front of it. */
void pane_heading(struct document *document, const char *text);

/* The next line of a head or of trailers, without its line end; false at the end, and at the empty line that ends a head. */
bool pane_take_line(struct span *head, struct span *line);

/* The name of a header line: what is in front of its colon; empty for a line that has none. */
struct span pane_header_name(struct span line);

/* Adds one as it was received, name and value in their styles. */
void pane_header_line(struct document *document, struct span line);

/* The value of the first header of that name, in any letter case; empty when there is none. */
struct span pane_header_value(struct span head, const char *name);

/* All lines of a head: the first of them, of request or answer, as a title; then the headers, in order, as received. */
void pane_head(struct document *document, struct span head);
/* Header lines alone. */
void pane_header_lines(struct document *document, struct span lines);

/* A line about a body (size, content type, form). */
void pane_body_facts(
	struct document *document, enum document_form form, struct span head, struct span body);
/* The same, and the body in a form. */
void pane_body(
	struct document *document, enum document_form form, struct span head, struct span body);
