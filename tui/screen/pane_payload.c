/* The body of the event: decoded, in the form that suits it, and what a command made of it. */
#include <string.h>

#include "common/http_chars.h"
#include "common/words.h"
#include "tui/decode/coding.h"
#include "tui/screen/image.h"
#include "tui/screen/multipart.h"
#include "tui/screen/pane.h"
#include "tui/screen/pane_parts.h"

/* Of a form, so much is shown decoded; all of it stands above as it was received. */
#define FIELDS_MAX 500
#define FORM_LEN_MAX ((size_t)256 * 1024)

/* Header lines of a part that are shown. */
#define PART_HEADERS_MAX 100

static struct span type_of(const struct detail *detail) {
	return pane_header_value(buffer_span(&detail->head), "Content-Type");
}

static bool is_form(const struct detail *detail, struct span bytes) {
	struct span type = type_of(detail);
	type = span_trim(span_cut(&type, ';'));
	return bytes.len > 0 && bytes.len <= FORM_LEN_MAX &&
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

/* "2.2 kB, PNG image, 640 x 480": of a body, or of a part of one. */
static void add_facts(struct document *document, struct span bytes) {
	struct buffer words = {0};
	words_append_size(&words, (int64_t)bytes.len);
	buffer_append_text(&words, ", ");
	image_append(&words, bytes);
	document_add(document, buffer_span(&words), STYLE_INFO);
	document_end_line(document, 0);
	buffer_clear(&words);
}

static bool is_image(struct span bytes) {
	struct buffer words = {0};
	bool image = image_append(&words, bytes);
	buffer_clear(&words);
	return image;
}

static void add_part_head(struct document *document, struct span head) {
	struct span line;
	int count = 0;
	while (count < PART_HEADERS_MAX && pane_take_line(&head, &line)) {
		pane_header_line(document, line);
		count++;
	}
	if (count == PART_HEADERS_MAX && head.len > 0) {
		document_add(document, span_text("... and more header lines"), STYLE_FAINT);
		document_end_line(document, 0);
	}
}

static void add_parts(struct document *document, const struct body_parts *parts) {
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->list[i];
		document_end_line(document, 0);
		document_print(document, STYLE_TITLE, "part %zu", i + 1);
		document_end_line(document, 0);
		add_part_head(document, part->head);
		if (is_image(part->body)) {
			add_facts(document, part->body);
		}
		document_add_payload(document, document_form_of(part->body), part->body);
	}
	if (parts->complete && body_parts_left(parts) == 0) {
		return;
	}
	document_end_line(document, 0);
	if (!parts->complete) {
		document_add(document, span_text("... looking for more parts"), STYLE_FAINT);
	} else {
		document_print(document, STYLE_FAINT, "... and %zu more bytes: b shows all as they are",
			body_parts_left(parts));
	}
	document_end_line(document, 0);
}

/* What is said of a coding that was undone, or not. */
static void add_coding(struct document *document, const struct payload *payload) {
	struct buffer note = {0};
	coding_append_note(payload->coding, &note);
	bool good = coding_state(payload->coding) <= CODING_DONE;
	document_add(document, buffer_span(&note), good ? STYLE_FAINT : STYLE_WARN);
	if (coding_state(payload->coding) != CODING_UNKNOWN) {
		document_add(document, span_text("; 6 shows it as received"), STYLE_FAINT);
	}
	document_end_line(document, 0);
	buffer_clear(&note);
}

struct span pane_payload_boundary(const struct detail *detail) {
	return multipart_boundary(type_of(detail));
}

static void add_body(struct document *document, const struct detail *detail,
	enum document_form form, struct span bytes) {
	const struct body_parts *parts = detail->payload.parts;
	if (!detail->form_chosen && parts && parts->count > 0) {
		add_parts(document, parts);
		return;
	}
	if (form == DOCUMENT_JSON && detail->payload.outline) {
		document_add_tree(document, bytes, detail->payload.outline, &detail->payload.folds);
	} else {
		document_add_payload(document, form, bytes);
	}
	if (form == DOCUMENT_TEXT && is_form(detail, bytes)) {
		add_fields(document, bytes);
	}
}

void pane_payload(struct document *document, const struct detail *detail) {
	struct span body = buffer_span(&detail->body), bytes = payload_bytes(&detail->payload, body);
	enum document_form form = detail->form_chosen ? detail->form : document_form_of(bytes);
	pane_body_facts(document, form, buffer_span(&detail->head), body);
	if (detail->payload.coding) {
		add_coding(document, &detail->payload);
	}
	if (is_image(bytes)) {
		add_facts(document, bytes);
	}
	add_body(document, detail, form, bytes);
}

void pane_piped(struct document *document, const struct piped *piped) {
	struct span output = buffer_span(&piped->output);
	document_add(document, span_text("| "), STYLE_FAINT);
	document_add(document, buffer_span(&piped->command), STYLE_TITLE);
	document_end_line(document, 2);
	if (piped->running) {
		document_add(document, span_text("running; Esc ends it"), STYLE_WARN);
	} else {
		document_add(document, span_text(piped->end), piped->bad ? STYLE_BAD : STYLE_GOOD);
		document_add(document, span_text("; Esc: back to the payload"), STYLE_FAINT);
	}
	document_end_line(document, 0);
	document_add_payload(document, document_form_of(output), output);
}
