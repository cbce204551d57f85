#include "relay/admin/query.h"

#include <stdlib.h>

struct span query_split(struct span target, struct span *query) {
	struct span path = target;
	if (path.len > 0 && path.data[0] != '/') {
		for (size_t i = 0; i + 2 < path.len; i++) {
			if (path.data[i] == '/' && path.data[i + 1] == '/') {
				path = span_after(path, i + 2);
				path = span_after(path, span_find(path, '/'));
				break;
			}
		}
	}
	*query = path;
	path = span_cut(query, '?');
	return path;
}

static int digit(char byte) {
	if (byte >= '0' && byte <= '9') {
		return byte - '0';
	}
	if (byte >= 'a' && byte <= 'f') {
		return byte - 'a' + 10;
	}
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

bool query_decode(struct buffer *out, struct span text, bool plus) {
	for (size_t i = 0; i < text.len; i++) {
		char byte = text.data[i];
		if (byte == '%') {
			int high = i + 2 < text.len ? digit(text.data[i + 1]) : -1;
			int low = i + 2 < text.len ? digit(text.data[i + 2]) : -1;
			if (high < 0 || low < 0) {
				return false;
			}
			byte = (char)(high * 16 + low);
			i += 2;
		} else if (byte == '+' && plus) {
			byte = ' ';
		}
		buffer_append_byte(out, byte);
	}
	return true;
}

bool query_get(struct span query, const char *name, struct buffer *value, struct error *err) {
	while (query.len > 0) {
		struct span text = span_cut(&query, '&');
		struct span key = span_cut(&text, '=');
		if (span_is(key, name)) {
			return query_decode(value, text, true) ||
			       error_set(err, ERROR_USAGE,
					   "%s: a percent sign has two hexadecimal digits behind it (%%25 is the sign "
					   "itself)",
					   name);
		}
	}
	return false;
}

bool query_get_int(struct span query, const char *name, int64_t least, int64_t most,
	int64_t otherwise, int64_t *value, struct error *err) {
	struct buffer text = {0};
	struct error why = {0};
	*value = otherwise;
	if (!query_get(query, name, &text, &why)) {
		buffer_clear(&text);
		if (why.code) {
			*err = why;
		}
		return why.code == ERROR_NONE;
	}
	char *end;
	long long number = strtoll(buffer_text(&text), &end, 10);
	bool ok = text.len > 0 && *end == '\0' && number >= least && number <= most;
	buffer_clear(&text);
	*value = number;
	return ok || error_set(err, ERROR_USAGE, "%s is a number from %lld to %lld", name,
					 (long long)least, (long long)most);
}
