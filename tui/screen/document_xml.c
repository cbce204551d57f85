/*
 * A payload as XML: elements on lines of their own, indented by how deep they are; blanks around tags are ours, every other byte stands
 * there as it was written. An element with a short text keeps it on its line. What is no XML is shown all the same: nothing is checked.
 */
#include <string.h>

#include "common/json_run.h"
#include "tui/screen/document_parts.h"

#define INDENT 2

/* Behind the next `end`, which ends with >, in what begins at `from`; looks from `at` on, which is moved, up to `to`. */
static bool find_end(struct span bytes, size_t from, const char *end, size_t *at, size_t to) {
	size_t len = strlen(end);
	while (*at < to) {
		const char *found = memchr(bytes.data + *at, '>', to - *at);
		*at = found ? (size_t)(found - bytes.data) + 1 : to;
		if (found && *at >= from + len && memcmp(found + 1 - len, end, len) == 0) {
			return true;
		}
	}
	return false;
}

/* The same for a tag: a > in quotation marks does not end it. */
static bool find_tag_end(struct span bytes, char *quote, size_t *at, size_t to) {
	while (*at < to) {
		if (*quote) {
			const char *found = memchr(bytes.data + *at, *quote, to - *at);
			*at = found ? (size_t)(found - bytes.data) + 1 : to;
			*quote = found ? '\0' : *quote;
			continue;
		}
		char byte = bytes.data[(*at)++];
		if (byte == '>') {
			return true;
		}
		*quote = byte == '"' || byte == '\'' ? byte : '\0';
	}
	return false;
}

static bool find_markup_end(
	struct span bytes, size_t from, struct document_ahead *ahead, size_t to) {
	struct span rest = span_after(bytes, from);
	if (span_starts_with(rest, span_text("<!--"))) {
		return find_end(bytes, from + 4, "-->", &ahead->at, to);
	}
	if (span_starts_with(rest, span_text("<![CDATA["))) {
		return find_end(bytes, from, "]]>", &ahead->at, to);
	}
	if (span_starts_with(rest, span_text("<?"))) {
		return find_end(bytes, from, "?>", &ahead->at, to);
	}
	return find_tag_end(bytes, &ahead->quote, &ahead->at, to);
}

/* Where the markup that begins at `from` ends. False: it is not all looked through. */
static bool markup_end(struct document_line *line, size_t block, size_t from, size_t *end) {
	struct span bytes = line->block->bytes;
	struct document_ahead ahead = {.block = block, .from = from, .at = from};
	const struct document_long *known = document_long_at(line, block, from);
	if (known) {
		*end = known->end;
		return true;
	}
	if (document_is_ahead(line, block, from)) {
		ahead = *line->ahead;
	}
	size_t left = bytes.len - ahead.at;
	bool slice = line->ahead && left > DOCUMENT_LOOK_BYTES;
	bool found =
		find_markup_end(bytes, from, &ahead, ahead.at + (slice ? DOCUMENT_LOOK_BYTES : left));
	line->stalled = slice && !found;
	if (line->stalled) {
		*line->ahead = ahead;
	}
	*end = ahead.at;
	return !line->stalled;
}

static enum document_xml_kind kind_of(struct span markup) {
	char next = markup.len > 1 ? markup.data[1] : '\0';
	if (next == '!' || next == '?') {
		return XML_OTHER;
	}
	bool empty = markup.len > 1 && markup.data[markup.len - 2] == '/';
	return next == '/' ? XML_CLOSE : empty ? XML_EMPTY : XML_OPEN;
}

/* The next tag or text begins at `at`. False: it is not all looked through. */
static bool begin_whole(struct document_line *line, struct document_place *place, size_t at) {
	struct document_xml *xml = &place->xml;
	struct span bytes = line->block->bytes;
	xml->before = xml->kind;
	xml->begin = at;
	if (bytes.data[at] != '<') {
		const char *end = memchr(bytes.data + at, '<', bytes.len - at);
		xml->kind = XML_TEXT;
		xml->end = end ? (size_t)(end - bytes.data) : bytes.len;
		return true;
	}
	if (!markup_end(line, place->block, at, &xml->end)) {
		return false;
	}
	xml->kind = kind_of((struct span){bytes.data + at, xml->end - at});
	return true;
}

/* The next piece: of one line, of one tag or text. False: only blanks are left. */
static bool begin_piece(struct document_line *line, struct document_place *place) {
	struct document_xml *xml = &place->xml;
	struct span bytes = line->block->bytes;
	size_t at = xml->piece_end;
	at += json_run_blanks(span_after(bytes, at));
	if (at == bytes.len) {
		return false;
	}
	xml->continued = at < xml->end;
	if (!xml->continued && !begin_whole(line, place, at)) {
		return true;
	}
	const char *line_end = memchr(bytes.data + at, '\n', xml->end - at);
	xml->piece_end = line_end ? (size_t)(line_end - bytes.data) : xml->end;
	xml->piece_end -=
		json_run_blanks_back((struct span){bytes.data + at + 1, xml->piece_end - at - 1});
	place->offset = at;
	return true;
}

/* What ends with the piece that was put. */
static void end_piece(struct document_xml *xml, struct span bytes) {
	struct span rest = {bytes.data + xml->piece_end, xml->end - xml->piece_end};
	bool whole = json_run_blanks(rest) == rest.len;
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
	if (xml->kind == XML_NONE && !begin_piece(line, place)) {
		return false;
	}
	if (line->stalled) {
		return true;
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
		if (!begin_piece(line, place)) {
			return false;
		}
		if (line->stalled) {
			return true;
		}
		xml->joined = joins(xml);
		if (!xml->joined) {
			return true;
		}
		xml->depth -= xml->kind == XML_CLOSE && xml->depth > 0;
	}
}
