#include "tui/edit/json_set.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/json.h"
#include "common/json_find.h"
#include "common/json_lexer.h"

static bool is_blank(char byte) {
	return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n';
}

/* The value without what may stand around it. */
static struct span trim(struct span json) {
	if (span_starts_with(json, span_text("\xef\xbb\xbf"))) {
		json = span_after(json, 3);
	}
	while (json.len > 0 && is_blank(json.data[0])) {
		json = span_after(json, 1);
	}
	while (json.len > 0 && is_blank(json.data[json.len - 1])) {
		json.len--;
	}
	return json;
}

/* `value` as it is to stand in the payload. */
static void append_value(struct buffer *out, struct span value) {
	if (json_is_whole(value)) {
		buffer_append_span(out, trim(value));
	} else {
		json_append_text(out, value);
	}
}

static void append_until(struct buffer *out, struct span json, const char *end) {
	buffer_append(out, json.data, (size_t)(end - json.data));
}

static void append_from(struct buffer *out, struct span json, const char *begin) {
	buffer_append(out, begin, json.len - (size_t)(begin - json.data));
}

/* Whether `name` is the number behind that of the last element. */
static bool is_next(struct span array, struct span name) {
	char before[24], *end = NULL;
	snprintf(before, sizeof before, "%.*s", (int)name.len, name.data);
	long index = name.len > 0 && name.len < 10 ? strtol(before, &end, 10) : -1;
	if (index < 0 || *end != '\0') {
		return false;
	}
	if (index == 0) {
		return true;
	}
	snprintf(before, sizeof before, "%ld", index - 1);
	return json_find(array, before).data != NULL;
}

/* Whether a member or element `name` may be added at the end of `parent`. */
static bool may_add(struct span parent, struct span name, struct error *err) {
	char first = parent.len > 0 ? parent.data[0] : '\0';
	if (first == '{' || (first == '[' && is_next(parent, name))) {
		return true;
	}
	return first == '[' ? error_set(err, ERROR_NO, "the array ends before that element")
	                    : error_set(err, ERROR_NO, "nothing is there that could hold it");
}

/* Behind the last thing in `parent`, which is an object or an array. */
static void append_added(
	struct buffer *out, struct span json, struct span parent, struct span name, struct span value) {
	struct span inside = trim((struct span){parent.data + 1, parent.len - 2});
	const char *end = inside.len > 0 ? inside.data + inside.len : parent.data + 1;
	append_until(out, json, end);
	buffer_append_text(out, inside.len > 0 ? "," : "");
	if (parent.data[0] == '{') {
		json_append_text(out, name);
		buffer_append_byte(out, ':');
	}
	append_value(out, value);
	append_from(out, json, end);
}

static bool add(
	struct buffer *out, struct span json, const char *path, struct span value, struct error *err) {
	char holder[JSON_SET_PATH_LEN];
	const char *dot = strrchr(path, '.');
	snprintf(holder, sizeof holder, "%.*s", dot ? (int)(dot - path) : 0, path);
	struct span name = span_text(dot ? dot + 1 : path);
	struct span parent = trim(json_find(json, holder));
	if (!may_add(parent, name, err)) {
		return error_prefix(err, ".%s", path);
	}
	append_added(out, json, parent, name, value);
	return true;
}

bool json_set(
	struct buffer *out, struct span json, struct span path, struct span value, struct error *err) {
	char text[JSON_SET_PATH_LEN];
	if (path.len == 0 || path.data[0] != '.' || path.len > sizeof text) {
		return error_set(err, ERROR_USAGE,
			"a path begins with a dot, such as .data.id, not \"%.*s\"",
			(int)(path.len < 60 ? path.len : 60), path.data ? path.data : "");
	}
	if (!json_is_whole(json)) {
		return error_set(err, ERROR_NO, "the body is not JSON");
	}
	struct span dotted = span_after(path, 1);
	snprintf(text, sizeof text, "%.*s", (int)dotted.len, dotted.data);
	struct span old = *text ? json_find(json, text) : trim(json);
	if (!old.data) {
		return add(out, json, text, value, err);
	}
	append_until(out, json, old.data);
	append_value(out, value);
	append_from(out, json, old.data + old.len);
	return true;
}
