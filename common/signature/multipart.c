#include "common/signature/multipart.h"

#include <string.h>

/* RFC 2046: a boundary has at most 70 characters. */
#define BOUNDARY_MAX 70

static struct span nothing(void) {
	return (struct span){NULL, 0};
}

/* The value of `name` among the parameters of a header, without its quotes: what follows name= at the start of a parameter. */
static struct span parameter(struct span header, const char *name) {
	struct span rest = header;
	while (rest.len > 0) {
		struct span one = span_trim(span_cut(&rest, ';'));
		struct span key = span_cut(&one, '=');
		if (!span_equal_nocase(span_trim(key), span_text(name))) {
			continue;
		}
		if (one.len >= 2 && one.data[0] == '"' && one.data[one.len - 1] == '"') {
			return (struct span){one.data + 1, one.len - 2};
		}
		return one;
	}
	return nothing();
}

/* Where `needle` first stands, or the length. */
static size_t find(struct span text, struct span needle) {
	for (size_t at = 0; at + needle.len <= text.len; at++) {
		const char *next = memchr(text.data + at, needle.data[0], text.len - at - needle.len + 1);
		if (!next) {
			break;
		}
		at = (size_t)(next - text.data);
		if (memcmp(next, needle.data, needle.len) == 0) {
			return at;
		}
	}
	return text.len;
}

/* The head line of a part that names it, read off; `rest` is then the content. */
static struct span part_name(struct span *rest) {
	struct span name = nothing();
	static const char disposition[] = "content-disposition:";
	while (rest->len > 0) {
		size_t end = find(*rest, span_text("\r\n"));
		struct span line = {rest->data, end};
		*rest = span_after(*rest, end + 2);
		if (line.len == 0) {
			return name;
		}
		size_t len = sizeof disposition - 1;
		if (line.len > len &&
			span_equal_nocase((struct span){line.data, len}, span_text(disposition))) {
			name = parameter(span_after(line, len), "name");
		}
	}
	return nothing();
}

struct span multipart_find(const struct message *message, struct span name) {
	struct span boundary = parameter(message_header_value(message, "Content-Type"), "boundary");
	if (boundary.len == 0 || boundary.len > BOUNDARY_MAX) {
		return nothing();
	}
	char text[BOUNDARY_MAX + 4] = "\r\n--";
	memcpy(text + 4, boundary.data, boundary.len);
	struct span delimiter = {text, boundary.len + 4}, first = span_after(delimiter, 2);
	struct span rest = message->body;
	rest = span_starts_with(rest, first) ? span_after(rest, first.len)
	                                     : span_after(rest, find(rest, delimiter) + delimiter.len);
	while (rest.len > 0 && span_starts_with(rest, span_text("\r\n"))) {
		size_t end = find(rest, delimiter);
		struct span part = span_after((struct span){rest.data, end}, 2);
		struct span found = part_name(&part);
		if (found.data && span_equal(found, name)) {
			return part.data ? part : span_text("");
		}
		rest = span_after(rest, end + delimiter.len);
	}
	return nothing();
}
