/* A payload as text: its line ends are line ends, tabs are blanks, everything else stands there as it is or escaped. */
#include <string.h>

#include "common/text.h"
#include "tui/screen/document_parts.h"

/* Bytes a line can take at most: each column a character with all its marks. More is not looked at. */
static size_t most_bytes(const struct document_line *line) {
	return (line->document->columns + 1) * CELL_BYTES;
}

/* What stands in front of the next line end or tab. */
static struct span run_of(const struct document_line *line, struct span rest) {
	size_t most = most_bytes(line);
	struct span run = {rest.data, rest.len < most ? rest.len : most};
	const char *end = memchr(run.data, '\n', run.len);
	run.len = end ? (size_t)(end - run.data) : run.len;
	const char *tab = memchr(run.data, '\t', run.len);
	run.len = tab ? (size_t)(tab - run.data) : run.len;
	return run;
}

static bool put_tab(struct document_line *line) {
	if (line->used >= line->document->columns && line->begun) {
		return false;
	}
	document_line_skip(line, TEXT_TAB_COLUMNS - line->used % TEXT_TAB_COLUMNS);
	line->begun = true;
	return true;
}

bool document_text_line(struct document_line *line, struct document_place *place) {
	struct span bytes = line->block->bytes;
	while (place->offset < bytes.len) {
		struct span rest = span_after(bytes, place->offset);
		if (rest.data[0] == '\n') {
			place->offset++;
			return place->offset < bytes.len;
		}
		if (rest.data[0] == '\t') {
			if (!put_tab(line)) {
				return true;
			}
			place->offset++;
			continue;
		}
		struct span run = run_of(line, rest);
		size_t len = document_line_put(line, run, STYLE_TEXT);
		place->offset += len;
		if (len < run.len) {
			return true;
		}
	}
	return false;
}
