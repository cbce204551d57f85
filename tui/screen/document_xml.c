/*
 * A payload as XML: elements on lines of their own, indented by how deep they are; blanks around tags are ours, every other byte stands
 * there as it was written. An element with a short text keeps it on its line. What is no XML is shown all the same: nothing is checked.
 */
#include <string.h>

#include "tui/screen/document_parts.h"

#define INDENT 2

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\n' || byte == '\r' || byte == '\t';
}

/* Behind the next `end` from `at` on, or the end of all. */
static size_t behind(struct span bytes, size_t at, const char *end) {
	size_t len = strlen(end);
	while (at + len <= bytes.len) {
		const char *found = memchr(bytes.data + at, end[0], bytes.len - at);
		if (!found) {
			break;
		}
		at = (size_t)(found - bytes.data);
		if (at + len <= bytes.len && memcmp(found, end, len) == 0) {
			return at + len;
		}
		at++;
	}
	return bytes.len;
}

/* A > in quotation marks does not end a tag. */
static size_t behind_tag(struct span bytes, size_t at) {
	char quote = '\0';
	for (; at < bytes.len; at++) {
		char byte = bytes.data[at];
		if (quote) {
			quote = byte == quote ? '\0' : quote;
		} else if (byte == '"' || byte == '\'') {
			quote = byte;
		} else if (byte == '>') {
			return at + 1;
		}
	}
	return bytes.len;
}

static void begin_markup(struct document_xml *xml, struct span bytes, size_t at) {
	struct span rest = span_after(bytes, at);
	xml->kind = XML_OTHER;
	if (span_starts_with(rest, span_text("<!--"))) {
		xml->end = behind(bytes, at + 4, "-->");
	} else if (span_starts_with(rest, span_text("<![CDATA["))) {
		xml->end = behind(bytes, at, "]]>");
	} else if (span_starts_with(rest, span_text("<?"))) {
		xml->end = behind(bytes, at, "?>");
	} else {
		bool other = rest.len > 1 && rest.data[1] == '!';
		bool close = rest.len > 1 && rest.data[1] == '/';
		xml->end = behind_tag(bytes, at);
		bool empty = xml->end >= at + 2 && bytes.data[xml->end - 2] == '/';
		xml->kind = other ? XML_OTHER : close ? XML_CLOSE : empty ? XML_EMPTY : XML_OPEN;
	}
}

/* The next piece: of one line, of one tag or text. False: only blanks are left. */
static bool begin_piece(struct document_place *place, struct span bytes) {
	struct document_xml *xml = &place->xml;
	size_t at = xml->piece_end;
	while (at < bytes.len && is_blank(bytes.data[at])) {
		at++;
	}
	if (at == bytes.len) {
		return false;
	}
	xml->continued = at < xml->end;
	if (!xml->continued) {
		xml->before = xml->kind;
		if (bytes.data[at] == '<') {
			begin_markup(xml, bytes, at);
		} else {
			xml->kind = XML_TEXT;
			const char *end = memchr(bytes.data + at, '<', bytes.len - at);
			xml->end = end ? (size_t)(end - bytes.data) : bytes.len;
		}
	}
	const char *line_end = memchr(bytes.data + at, '\n', xml->end - at);
	xml->piece_end = line_end ? (size_t)(line_end - bytes.data) : xml->end;
	while (xml->piece_end > at + 1 && is_blank(bytes.data[xml->piece_end - 1])) {
		xml->piece_end--;
	}
	place->offset = at;
	return true;
}

/* What ends with the piece that was put. */
static void end_piece(struct document_xml *xml, struct span bytes) {
	size_t at = xml->piece_end;
	while (at < xml->end && is_blank(bytes.data[at])) {
		at++;
	}
	bool whole = at == xml->end;
	if (whole && xml->kind == XML_OPEN) {
		xml->depth++;
	}
	xml->open_line = whole && (xml->kind == XML_OPEN || (xml->kind == XML_TEXT && xml->joined));
}

/* Whether the piece goes on the line of the one before. */
static bool joins(const struct document_xml *xml) {
	return xml->open_line && !xml->continued &&
	       ((xml->kind == XML_TEXT && xml->before == XML_OPEN) || xml->kind == XML_CLOSE);
}

static void indent(struct document_line *line, const struct document_xml *xml) {
	size_t columns = (xml->depth + (xml->continued || xml->wrapped)) * INDENT;
	size_t most = line->document->columns / 2;
	document_line_skip(line, columns < most ? columns : most);
}

bool document_xml_line(struct document_line *line, struct document_place *place) {
	static const unsigned styles[] = {[XML_NONE] = STYLE_TEXT,
		[XML_OPEN] = STYLE_NAME,
		[XML_CLOSE] = STYLE_NAME,
		[XML_EMPTY] = STYLE_NAME,
		[XML_TEXT] = STYLE_TEXT,
		[XML_OTHER] = STYLE_FAINT};
	struct document_xml *xml = &place->xml;
	struct span bytes = line->block->bytes;
	if (xml->kind == XML_NONE && !begin_piece(place, bytes)) {
		return false;
	}
	if (xml->kind == XML_CLOSE && !xml->continued && !xml->wrapped && xml->depth > 0) {
		xml->depth--;
	}
	indent(line, xml);
	for (;;) {
		struct span rest = {bytes.data + place->offset, xml->piece_end - place->offset};
		size_t len = document_line_put(line, rest, styles[xml->kind]);
		place->offset += len;
		xml->wrapped = len < rest.len;
		if (xml->wrapped) {
			return true;
		}
		end_piece(xml, bytes);
		if (!begin_piece(place, bytes)) {
			return false;
		}
		xml->joined = joins(xml);
		if (!xml->joined) {
			return true;
		}
		xml->depth -= xml->kind == XML_CLOSE && xml->depth > 0;
	}
}
