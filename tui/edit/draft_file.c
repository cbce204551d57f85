#include "tui/edit/draft_file.h"

#include <stdio.h>
#include <string.h>

#include "common/message.h"
#include "common/text.h"

bool draft_file_is_apart(const struct draft *draft) {
	struct span body = buffer_span(&draft->body);
	for (size_t i = 0; i < body.len; i++) {
		unsigned char byte = (unsigned char)body.data[i];
		if (byte == 0x7f || (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r')) {
			return true;
		}
	}
	return !text_is_utf8(body);
}

void draft_file_write(struct buffer *out, const struct draft *draft, const char *name) {
	buffer_append_span(out, buffer_span(&draft->head));
	if (draft_file_is_apart(draft)) {
		buffer_printf(out, "< %s\n", name);
	} else {
		buffer_append_span(out, buffer_span(&draft->body));
	}
}

/* The lines of the head with the ends they need; `rest` is what stands behind it. */
struct reading {
	struct span rest;
	struct buffer head;
	size_t lines;
	bool ended; /* by an empty line */
};

static void read_head(struct reading *reading) {
	while (!reading->ended && reading->rest.len > 0) {
		struct span line = span_cut(&reading->rest, '\n');
		line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
		reading->ended = line.len == 0;
		reading->lines += line.len > 0;
		buffer_append_span(&reading->head, line);
		buffer_append_text(&reading->head, "\r\n");
	}
	if (!reading->ended) {
		buffer_append_text(&reading->head, "\r\n");
	}
}

/* The first `lines` lines of a head, with an empty line behind them. */
static void append_lines(struct buffer *out, struct span head, size_t lines) {
	for (size_t i = 0; i < lines; i++) {
		buffer_append_span(out, span_cut(&head, '\n'));
		buffer_append_byte(out, '\n');
	}
	buffer_append_text(out, "\r\n");
}

static bool is_wrong_with(struct span head, size_t lines, const char *why) {
	struct buffer part = {0};
	struct message message = {0};
	struct error err = {0};
	append_lines(&part, head, lines);
	bool wrong = !message_parse(&message, buffer_span(&part), (struct span){0}, &err) &&
	             strcmp(err.text, why) == 0;
	message_clear(&message);
	buffer_clear(&part);
	return wrong;
}

/* The line that makes it wrong: with it, and with all that follow, it is; without it, it is not. */
static size_t wrong_line(const struct reading *reading, const char *why) {
	size_t line = reading->lines;
	while (line > 1 && is_wrong_with(buffer_span(&reading->head), line - 1, why)) {
		line--;
	}
	return line > 0 ? line : 1;
}

static bool check_head(const struct reading *reading, struct error *err) {
	struct message message = {0};
	struct error why = {0};
	bool ok = message_parse(&message, buffer_span(&reading->head), (struct span){0}, &why);
	message_clear(&message);
	return ok ||
	       error_set(err, ERROR_USAGE, "line %zu: %s", wrong_line(reading, why.text), why.text);
}

static bool ends_in_newline(struct span text) {
	return text.len > 0 && text.data[text.len - 1] == '\n';
}

/* Editors end the last line: where the body had no line end, that one is not meant. */
static struct span without_added_end(struct span body, struct span before) {
	if (!ends_in_newline(before) && ends_in_newline(body)) {
		body.len--;
		body.len -= body.len > 0 && body.data[body.len - 1] == '\r' &&
		            !(before.len > 0 && before.data[before.len - 1] == '\r');
	}
	return body;
}

static bool is_reference(struct span body, const char *name) {
	struct buffer line = {0};
	buffer_printf(&line, "< %s", name);
	while (body.len > 0 && strchr("\r\n \t", body.data[body.len - 1])) {
		body.len--;
	}
	bool is = span_equal(body, buffer_span(&line));
	buffer_clear(&line);
	return is;
}

bool draft_file_read(struct draft *draft, const struct draft_file *file, struct error *err) {
	struct reading reading = {.rest = file->text};
	read_head(&reading);
	bool ok = check_head(&reading, err);
	if (ok && !reading.ended && file->before.len > 0) {
		ok = error_set(err, ERROR_USAGE,
			"line %zu: the empty line between head and body is missing", reading.lines + 1);
	}
	if (ok) {
		bool apart = file->name && is_reference(reading.rest, file->name);
		struct span before = file->name ? (struct span){0} : file->before;
		draft_set(draft, buffer_span(&reading.head),
			apart ? file->apart : without_added_end(reading.rest, before));
	}
	buffer_clear(&reading.head);
	return ok;
}
