#include "tui/screen/masking.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tui/screen/masking_parts.h"
#include "tui/screen/multipart.h"
#include "tui/screen/pane_parts.h"

/* Of providers, those whose "signature" is a password that is sent along; and what proxies and apps take for one. */
static const char *const usual[] = {"Authorization", "Proxy-Authorization", "Cookie", "Set-Cookie",
	"X-Api-Key", "Api-Key", "X-Auth-Token", "X-Access-Token", "X-Gitlab-Token",
	"X-Telegram-Bot-Api-Secret-Token", "X-Goog-Channel-Token", "X-Webhook-Secret"};

void masking_init(struct masking *masking) {
	struct error err;
	*masking = (struct masking){0};
	for (size_t i = 0; i < sizeof usual / sizeof *usual; i++) {
		masking_add_header(masking, usual[i], &err);
	}
}

static bool is_long(const char *text, struct error *err) {
	size_t len = strlen(text);
	return (len == 0 || len >= MASKING_NAME_LEN) &&
	       !error_set(err, ERROR_CONFIG, "expected 1 to %d bytes", MASKING_NAME_LEN - 1);
}

bool masking_add_header(struct masking *masking, const char *name, struct error *err) {
	if (is_long(name, err)) {
		return false;
	}
	if (masking->header_count == MASKING_MOST) {
		return error_set(err, ERROR_CONFIG, "more than %d headers are masked", MASKING_MOST);
	}
	snprintf(masking->headers[masking->header_count++], MASKING_NAME_LEN, "%s", name);
	return true;
}

/* --- paths --- */

/* "[*]" or "[3]" at `at`; returns what is behind it, NULL when it is neither. */
static const char *read_index(const char *at, struct masking_step *step) {
	if (strncmp(at, "[*]", 3) == 0) {
		step->kind = MASK_ANY_INDEX;
		return at + 3;
	}
	char *end;
	step->kind = MASK_INDEX;
	step->index = strtol(at + 1, &end, 10);
	return at[1] >= '0' && at[1] <= '9' && *end == ']' ? end + 1 : NULL;
}

/* ".name" or ".*" */
static const char *read_name(const char *text, const char *at, struct masking_step *step) {
	size_t len = strcspn(at + 1, ".[");
	step->kind = len == 1 && at[1] == '*' ? MASK_ANY_NAME : MASK_NAME;
	step->from = (unsigned char)(at + 1 - text);
	step->len = (unsigned char)len;
	return len > 0 ? at + 1 + len : NULL;
}

static bool read_path(struct masking_field *field) {
	const char *at = field->text;
	while (at && *at && field->count < MASKING_STEPS) {
		struct masking_step *step = &field->steps[field->count++];
		at = *at == '.'   ? read_name(field->text, at, step)
		     : *at == '[' ? read_index(at, step)
		                  : NULL;
	}
	return at && !*at;
}

bool masking_add_field(struct masking *masking, const char *text, struct error *err) {
	if (is_long(text, err)) {
		return false;
	}
	if (masking->field_count == MASKING_MOST) {
		return error_set(err, ERROR_CONFIG, "more than %d fields are masked", MASKING_MOST);
	}
	struct masking_field *field = &masking->fields[masking->field_count];
	*field = (struct masking_field){0};
	snprintf(field->text, sizeof field->text, "%s", text);
	if ((*text == '.' || *text == '[') && !read_path(field)) {
		return error_set(err, ERROR_CONFIG,
			"\"%s\" is no path: expected one such as .data.items[*].email, or a name", text);
	}
	masking->field_count++;
	return true;
}

/* --- headers --- */

bool masking_has_header(const struct masking *masking, struct span name) {
	for (size_t i = 0; i < masking->header_count; i++) {
		if (span_equal_nocase(name, span_text(masking->headers[i]))) {
			return true;
		}
	}
	return false;
}

/* The scheme of an authorization is no secret, and worth knowing. */
static size_t scheme_len(struct span name, struct span value) {
	size_t blank = span_find(value, ' ');
	bool authorizes = span_equal_nocase(name, span_text("Authorization")) ||
	                  span_equal_nocase(name, span_text("Proxy-Authorization"));
	return authorizes && blank < value.len ? blank + 1 : 0;
}

/* "POST /in?token=*** HTTP/1.1": up to the last blank, as nobody can tell where a target with blanks ends. */
static size_t mask_first_line(struct buffer *out, const struct masking *masking, struct span line) {
	size_t end = line.len;
	while (end > 0 && line.data[end - 1] != ' ') {
		end--;
	}
	end -= end > 0;
	size_t count = masking_target(out, masking, (struct span){line.data, end});
	buffer_append_span(out, span_after(line, end));
	return count;
}

static size_t mask_header(
	struct buffer *out, const struct masking *masking, struct span name, struct span line) {
	struct span value = span_trim(span_after(line, name.len + 1));
	if (!masking_has_header(masking, name)) {
		buffer_append(out, line.data, (size_t)(value.data - line.data));
		return masking_header_value(out, masking, value);
	}
	buffer_append_span(out, name);
	buffer_append_text(out, ": ");
	buffer_append(out, value.data, scheme_len(name, value));
	buffer_append_text(out, MASKING_TEXT);
	return 1;
}

/* "GET http://host:80/ HTTP/1.1" has a colon, too, but no name of a header has a blank; ":path" is one that some proxies write. */
static struct span name_of(struct span line) {
	bool pseudo = line.len > 0 && line.data[0] == ':';
	size_t len = span_find(span_after(line, pseudo), ':') + pseudo;
	struct span name = {line.data, len < line.len ? len : 0};
	return span_find(name, ' ') < name.len ? (struct span){0} : name;
}

/* Without its end: LF, or CR and LF. */
static struct span without_end(struct span line) {
	line.len -= line.len > 0 && line.data[line.len - 1] == '\n';
	line.len -= line.len > 0 && line.data[line.len - 1] == '\r';
	return line;
}

/* Lines are taken as they are, with their ends; the first one of a head has no name. */
static size_t mask_lines(struct buffer *out, const struct masking *masking, struct span head) {
	size_t count = 0;
	while (head.len > 0) {
		size_t end = span_find(head, '\n');
		struct span whole = {head.data, end < head.len ? end + 1 : head.len};
		struct span line = without_end(whole), name = name_of(line);
		head = span_after(head, whole.len);
		count += name.len > 0 ? mask_header(out, masking, name, line)
		                      : mask_first_line(out, masking, line);
		buffer_append_span(out, span_after(whole, line.len));
	}
	return count;
}

static size_t mask_head(
	struct buffer *out, const struct masking *masking, struct span *shown, struct span head) {
	size_t count = mask_lines(out, masking, head);
	if (count > 0) {
		*shown = buffer_span(out);
	}
	return count;
}

size_t masking_text(struct buffer *out, const struct masking *masking, struct span text) {
	struct span rest = text, line;
	while (pane_take_line(&rest, &line)) {
	}
	struct span head = {text.data, text.len - rest.len};
	size_t count = mask_lines(out, masking, head);
	return count + masking_json(out, masking, rest);
}

static size_t mask_body(
	struct buffer *out, const struct masking *masking, struct span head, struct span body) {
	struct span whole_type = pane_header_value(head, "Content-Type"), type = whole_type;
	struct span boundary = multipart_boundary(whole_type);
	type = span_trim(span_cut(&type, ';'));
	if (boundary.len > 0) {
		return masking_multipart(out, masking, body, boundary);
	}
	return masking_fields(out, masking, body,
		span_equal_nocase(type, span_text("application/x-www-form-urlencoded")));
}

void masking_apply(
	const struct masking *masking, const struct msg_bytes *bytes, struct masked *masked) {
	*masked = (struct masked){.shown = *bytes};
	masked->count = mask_head(&masked->head, masking, &masked->shown.head, bytes->head) +
	                mask_head(&masked->trailers, masking, &masked->shown.trailers, bytes->trailers);
	if (masking->field_count == 0 || bytes->body.len == 0) {
		return;
	}
	size_t count = mask_body(&masked->body, masking, bytes->head, bytes->body);
	masked->count += count;
	if (count > 0) {
		masked->shown.body = buffer_span(&masked->body);
	}
}

void masked_clear(struct masked *masked) {
	buffer_clear(&masked->head);
	buffer_clear(&masked->body);
	buffer_clear(&masked->trailers);
}
