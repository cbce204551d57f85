#include "common/span.h"

#include <string.h>

struct span span_text(const char *text) {
	return (struct span){text, text ? strlen(text) : 0};
}

bool span_equal(struct span a, struct span b) {
	return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}

static unsigned char lower(char byte) {
	return byte >= 'A' && byte <= 'Z' ? (unsigned char)(byte + ('a' - 'A')) : (unsigned char)byte;
}

bool span_equal_nocase(struct span a, struct span b) {
	if (a.len != b.len) {
		return false;
	}
	for (size_t i = 0; i < a.len; i++) {
		if (lower(a.data[i]) != lower(b.data[i])) {
			return false;
		}
	}
	return true;
}

bool span_is(struct span a, const char *text) {
	return span_equal(a, span_text(text));
}

int span_compare(struct span a, struct span b) {
	size_t least = a.len < b.len ? a.len : b.len;
	int order = least > 0 ? memcmp(a.data, b.data, least) : 0;
	return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

bool span_starts_with(struct span a, struct span prefix) {
	return a.len >= prefix.len && span_equal((struct span){a.data, prefix.len}, prefix);
}

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t';
}

struct span span_trim(struct span a) {
	while (a.len > 0 && is_blank(a.data[0])) {
		a = span_after(a, 1);
	}
	while (a.len > 0 && is_blank(a.data[a.len - 1])) {
		a.len--;
	}
	return a;
}

struct span span_after(struct span a, size_t count) {
	if (count >= a.len) {
		return (struct span){a.data ? a.data + a.len : NULL, 0};
	}
	return (struct span){a.data + count, a.len - count};
}

size_t span_find(struct span a, char byte) {
	const char *found = a.len > 0 ? memchr(a.data, byte, a.len) : NULL;
	return found ? (size_t)(found - a.data) : a.len;
}

struct span span_cut(struct span *rest, char separator) {
	size_t at = span_find(*rest, separator);
	struct span part = {rest->data, at};
	*rest = span_after(*rest, at + 1);
	return part;
}
