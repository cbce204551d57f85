/*
 * The parts of a multipart body are the same however they are looked for in slices; they stand in the body one behind the other, and none has a
 * delimiter in it. The input is a Content-Type, a line end and a body.
 */
#include <string.h>

#include "common/buffer.h"
#include "common/needle.h"
#include "tests/fuzz/fuzz.h"
#include "tui/screen/body_parts.h"

static struct body_parts *parts_of(struct span body, struct span boundary, size_t budget) {
	struct body_parts *parts = body_parts_new(body, boundary);
	for (size_t slices = 0; !body_parts_read(parts, budget); slices++) {
		HOLDS(slices <= body.len + BODY_PARTS_MAX);
	}
	return parts;
}

static bool has_delimiter(struct span body, struct span boundary) {
	struct buffer delimiter = {0};
	size_t at;
	buffer_append_text(&delimiter, "\n--");
	buffer_append_span(&delimiter, boundary);
	struct needle *needle = needle_new(buffer_span(&delimiter), false);
	bool found = needle_find(needle, body, &at);
	needle_free(needle);
	buffer_clear(&delimiter);
	return found;
}

static void are_in_order(const struct body_parts *parts, struct span body, struct span boundary) {
	const char *at = body.data;
	for (size_t i = 0; i < parts->count; i++) {
		struct span head = parts->list[i].head, content = parts->list[i].body;
		HOLDS(head.data >= at && head.data + head.len <= content.data);
		HOLDS(content.data + content.len <= body.data + body.len);
		HOLDS(head.len <= MULTIPART_HEAD_MAX && !has_delimiter(content, boundary));
		at = content.data + content.len;
	}
	HOLDS(body_parts_left(parts) <= (size_t)(body.data + body.len - at));
}

static void are_the_same(const struct body_parts *a, const struct body_parts *b) {
	HOLDS(a->count == b->count && body_parts_left(a) == body_parts_left(b));
	for (size_t i = 0; i < a->count; i++) {
		HOLDS(memcmp(&a->list[i], &b->list[i], sizeof a->list[i]) == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len) {
	struct span body = {(const char *)data, len}, type = span_cut(&body, '\n');
	struct span boundary = multipart_boundary(type);
	if (boundary.len == 0 || body.len == 0) {
		return 0;
	}
	HOLDS(boundary.data >= type.data && boundary.data + boundary.len <= type.data + type.len);
	struct body_parts *whole = parts_of(body, boundary, SIZE_MAX);
	struct body_parts *sliced = parts_of(body, boundary, 1 + body.len % 7);
	are_in_order(whole, body, boundary);
	are_the_same(whole, sliced);
	body_parts_free(whole);
	body_parts_free(sliced);
	return 0;
}
