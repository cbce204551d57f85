#include "common/shell.h"

#include <string.h>

void shell_append_quoted(struct buffer *out, struct span text) {
	buffer_append_byte(out, '\'');
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\'') {
			buffer_append_text(out, "'\\''");
		} else {
			buffer_append_byte(out, text.data[i]);
		}
	}
	buffer_append_byte(out, '\'');
}

static bool is_plain(char byte) {
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || (byte && strchr("@%+=:,./_-#", byte));
}

static bool needs_quotes(struct span word) {
	if (word.len == 0 || word.data[0] == '=' || word.data[0] == '#') {
		return true;
	}
	for (size_t i = 0; i < word.len; i++) {
		if (!is_plain(word.data[i])) {
			return true;
		}
	}
	return false;
}

void shell_append_word(struct buffer *out, struct span word) {
	if (needs_quotes(word)) {
		shell_append_quoted(out, word);
	} else {
		buffer_append_span(out, word);
	}
}
