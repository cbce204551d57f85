#include "tui/deliver/resign.h"

bool resign_take(struct span *rest, struct span *line) {
	if (rest->len == 0) {
		return false;
	}
	*line = span_cut(rest, '\n');
	line->len -= line->len > 0 && line->data[line->len - 1] == '\r';
	return true;
}

struct span resign_name(struct span line) {
	return span_cut(&line, ':');
}

struct span resign_value(struct span line) {
	span_cut(&line, ':');
	return span_trim(line);
}

struct span resign_line(const struct resign *resign, struct span name) {
	struct span rest = resign->lines, line;
	while (resign_take(&rest, &line)) {
		if (span_equal_nocase(resign_name(line), name)) {
			return line;
		}
	}
	return (struct span){0};
}
