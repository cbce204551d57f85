#include "common/header_lines.h"

bool header_lines_take(struct span *rest, struct span *line) {
	if (rest->len == 0) {
		return false;
	}
	*line = span_cut(rest, '\n');
	line->len -= line->len > 0 && line->data[line->len - 1] == '\r';
	return true;
}

struct span header_line_name(struct span line) {
	return span_cut(&line, ':');
}

struct span header_line_value(struct span line) {
	span_cut(&line, ':');
	return span_trim(line);
}

struct span header_lines_find(struct span lines, struct span name) {
	struct span line;
	while (header_lines_take(&lines, &line)) {
		if (span_equal_nocase(header_line_name(line), name)) {
			return line;
		}
	}
	return (struct span){0};
}
