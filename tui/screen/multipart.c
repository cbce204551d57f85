#include "tui/screen/multipart.h"

#include <string.h>

#include "common/buffer.h"

/* Longest boundary (RFC 2046 allows 70). */
#define BOUNDARY_LEN_MAX 200

/* The value of a parameter, in quotation marks or not. */
static struct span parameter(struct span text) {
	if (text.len > 1 && text.data[0] == '"') {
		text = span_after(text, 1);
		return (struct span){text.data, span_find(text, '"')};
	}
	return span_trim(text);
}

struct span multipart_boundary(struct span type) {
	struct span rest = type, kind = span_trim(span_cut(&rest, '/'));
	if (!span_equal_nocase(kind, span_text("multipart"))) {
		return (struct span){NULL, 0};
	}
	span_cut(&rest, ';');
	while (rest.len > 0) {
		struct span value = span_cut(&rest, ';'), name = span_trim(span_cut(&value, '='));
		if (span_equal_nocase(name, span_text("boundary"))) {
			struct span boundary = parameter(span_trim(value));
			return boundary.len <= BOUNDARY_LEN_MAX ? boundary : (struct span){NULL, 0};
		}
	}
	return (struct span){NULL, 0};
}

void multipart_begin(struct multipart *multipart, struct span body, struct span boundary) {
	struct buffer delimiter = {0};
	buffer_append_text(&delimiter, "\n--");
	buffer_append_span(&delimiter, boundary);
	struct span first = span_after(buffer_span(&delimiter), 1);
	*multipart = (struct multipart){.rest = body,
		.needle = needle_new(buffer_span(&delimiter), false),
		.delimiter_len = first.len,
		.begun = span_starts_with(body, first)};
	buffer_clear(&delimiter);
}

void multipart_clear(struct multipart *multipart) {
	needle_free(multipart->needle);
	*multipart = (struct multipart){0};
}

/* Without the line end it ends with. */
static struct span without_line_end(struct span text) {
	text.len -= text.len > 0 && text.data[text.len - 1] == '\n';
	text.len -= text.len > 0 && text.data[text.len - 1] == '\r';
	return text;
}

/* Lines up to the empty one are the head. */
static void part_of(struct span part, struct span *head, struct span *body) {
	size_t most = part.len < MULTIPART_HEAD_MAX ? part.len : MULTIPART_HEAD_MAX;
	struct span rest = {part.data, most};
	*head = (struct span){part.data, 0};
	while (rest.len > 0) {
		struct span line = without_line_end(span_cut(&rest, '\n'));
		if (line.len == 0) {
			break;
		}
		head->len = (size_t)(line.data + line.len - part.data);
	}
	*body = span_after(part, most - rest.len);
}

/* Where the next delimiter begins in `hay`, its line end counted; MULTIPART_END: nowhere. */
static enum multipart_found seek(
	struct multipart *multipart, struct span hay, size_t *budget, size_t *at) {
	struct span left = span_after(hay, multipart->sought);
	size_t reach = needle_len(multipart->needle) - 1;
	bool all = left.len <= reach || left.len - reach <= *budget;
	left.len = all ? left.len : *budget + reach;
	bool found = needle_find(multipart->needle, left, at);
	size_t looked = found ? *at : all ? left.len : left.len - reach;
	*at += multipart->sought;
	*budget -= looked < *budget ? looked : *budget;
	multipart->sought = found ? 0 : multipart->sought + looked;
	return found ? MULTIPART_PART : all ? MULTIPART_END : MULTIPART_GO_ON;
}

static enum multipart_found begin(struct multipart *multipart, size_t *budget) {
	size_t at;
	enum multipart_found found = seek(multipart, multipart->rest, budget, &at);
	if (found == MULTIPART_PART) {
		multipart->rest = span_after(multipart->rest, at + 1);
		multipart->begun = true;
	}
	return found;
}

enum multipart_found multipart_next(
	struct multipart *multipart, size_t *budget, struct span *head, struct span *body) {
	enum multipart_found found = multipart->begun ? MULTIPART_PART : begin(multipart, budget);
	if (found != MULTIPART_PART) {
		return found;
	}
	struct span rest = span_after(multipart->rest, multipart->delimiter_len);
	if (rest.len == 0 || span_starts_with(rest, span_text("--"))) {
		return MULTIPART_END;
	}
	span_cut(&rest, '\n');
	size_t at = 0;
	/* a part may be empty: then the delimiter begins where the part would */
	struct span from = {rest.data - 1, rest.len + 1};
	found = rest.len > 0 ? seek(multipart, from, budget, &at) : MULTIPART_END;
	if (found == MULTIPART_GO_ON) {
		return found;
	}
	bool more = found == MULTIPART_PART;
	struct span part = {rest.data, more ? (at > 0 ? at - 1 : 0) : rest.len};
	part.len -= more && part.len > 0 && part.data[part.len - 1] == '\r';
	multipart->rest = more ? span_after(from, at + 1) : (struct span){NULL, 0};
	part_of(part, head, body);
	return MULTIPART_PART;
}
