#include <inttypes.h>
#include <stdio.h>

#include "tui/screen/view_parts.h"

/* How much of `text` stands on a line of `columns`: up to a blank, or all that fits of a long word. */
static size_t line_len(const struct canvas *canvas, size_t columns, struct span text) {
	size_t len = 0;
	while (len < text.len) {
		size_t end = len + 1;
		while (end < text.len && text.data[end] != ' ') {
			end++;
		}
		if (canvas_measure(canvas, (struct span){text.data, end}, columns) > columns) {
			break;
		}
		len = end;
	}
	return len;
}

/* A word that is longer than the line: as many of its bytes as fit, whole characters. */
static size_t word_len(const struct canvas *canvas, size_t columns, struct span text) {
	size_t len = 1;
	for (size_t end = 1; end <= text.len; end++) {
		bool whole = end == text.len || ((unsigned char)text.data[end] & 0xc0) != 0x80;
		if (!whole) {
			continue;
		}
		if (canvas_measure(canvas, (struct span){text.data, end}, columns) > columns) {
			break;
		}
		len = end;
	}
	return len;
}

/* Cuts the next line off `text`. */
static struct span next_line(const struct canvas *canvas, size_t columns, struct span *text) {
	size_t len = line_len(canvas, columns, *text);
	len = len > 0 ? len : word_len(canvas, columns, *text);
	struct span line = {text->data, len};
	*text = span_after(*text, len);
	while (text->len > 0 && text->data[0] == ' ') {
		*text = span_after(*text, 1);
	}
	return line;
}

size_t view_text(struct canvas *canvas, struct area area, struct span text, unsigned style) {
	size_t row = 0;
	while (area.columns > 0 && row < area.rows && text.len > 0) {
		struct span all = text, line = next_line(canvas, area.columns, &text);
		bool last = row + 1 == area.rows;
		canvas_put(canvas, area.x, area.y + row, area.columns, last ? all : line, style);
		row++;
	}
	return row;
}

size_t view_text_rows(const struct canvas *canvas, size_t columns, size_t most, struct span text) {
	size_t rows = 0;
	while (columns > 0 && rows < most && text.len > 0) {
		next_line(canvas, columns, &text);
		rows++;
	}
	return rows;
}

struct span view_short_url(const char *url) {
	struct span text = span_text(url), scheme = span_text("http://");
	if (span_starts_with(text, scheme)) {
		text = span_after(text, scheme.len);
	}
	while (text.len > 0 && text.data[text.len - 1] == '/') {
		text.len--;
	}
	return text;
}

size_t view_ref(struct canvas *canvas, size_t x, size_t y, size_t columns,
	const struct event *event, unsigned style) {
	char number[24];
	snprintf(number, sizeof number, "#%" PRId64, event->seq);
	size_t len = span_text(number).len;
	if (len > columns) {
		return canvas_put(canvas, x, y, columns > 0 ? 1 : 0, span_text("##"), style);
	}
	size_t used = canvas_put(canvas, x, y, columns - len, event->endpoint, style);
	return used + canvas_put(canvas, x + used, y, len, span_text(number), style);
}
